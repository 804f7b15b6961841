import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { expect, it, onTestFinished } from "vitest";
import { DAY } from "../support/clock";
import { inPostgres } from "../support/psql";
import { openOutbox, withheld, writeOf } from "./support/outbox";

/** Somebody who inserts the browser's copy of an event and does not commit: who does the same after him waits. */
async function holdingBack(url: string, [name, eventId]: readonly [string, string]): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  onTestFinished(() => client.end());
  await client.query("BEGIN");
  const copy = `INSERT INTO "BrowserCopy" ("shopId", "datasetId", "name", "eventId", "tr", "receivedAt")
    VALUES (1, 1, $1, $2, 'resolved', 0)`;
  await client.query(copy, [name, eventId]);
  return async () => void (await client.query("ROLLBACK"));
}

function somebodyWaits(url: string): boolean {
  const waiting = `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
  return inPostgres(url, waiting) !== "0";
}

it.each([
  [true, { outcome: "waiting", reason: null, reopened: 1 }],
  [false, { outcome: "withheld", reason: "consent_refused" }],
] as const)("what a browser says (marketing: %s) counts although it is not committed before its order is withheld, and looked before", async (marketing, ending) => {
  const { path, store, shopId, datasetId, ingest, purchase, context, claim, settle, rows } = await openOutbox();
  await ingest(purchase());
  const [row] = await claim("a");
  if (row === undefined) throw new Error("the order is not there to be claimed");

  const copy = {
    shopId,
    datasetId,
    name: "Purchase",
    eventId: row.eventId,
    tr: "resolved",
    receivedAt: DAY,
    told: null,
    keyAccount: "",
    device: "",
  } as const;
  const letGo = await holdingBack(path, [copy.name, copy.eventId]);
  const said = { browser: "sealed browser", matchKeys: null, consent: JSON.stringify({ marketing }) };
  const spoken = context({ consenting: marketing, refusing: !marketing, join: () => said });
  const speaking = store.ingest(writeOf({ contexts: [spoken], browserCopies: [copy] }));
  while (!somebodyWaits(path)) await sleep(5);

  const settling = settle("a", [withheld(row.id, "no_consent_signal")]);
  await Promise.race([settling, sleep(300)]);
  await letGo();
  await Promise.all([speaking, settling]);
  expect(rows()).toMatchObject([ending]);
});
