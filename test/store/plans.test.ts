import { expect, it, onTestFinished } from "vitest";
import { copyCounts } from "~/outbox/coverage";
import { freshness } from "~/outbox/freshness";
import { nothingWritten } from "~/store/rows";
import { type Connection, openConnection } from "~/store/sqlite/connection.server";
import { openSqliteWriter } from "~/store/sqlite/writer.server";
import { FRONT, storeOn } from "~/store/store.server";
import { DAY } from "../support/clock";
import { openOutbox, TOKEN } from "./support/outbox";

/** Remembers every statement it is given. */
function listening(connection: Connection, heard: Set<string>): Connection {
  return {
    ...connection,
    all: (sql, ...parameters) => connection.all(heard.add(sql) && sql, ...parameters),
    run: (sql, ...parameters) => connection.run(heard.add(sql) && sql, ...parameters),
  };
}

it("no statement of the way of an event walks all that waits: an outage must not slow down what arrives", async () => {
  const { path, shopId, datasetId, purchase, context } = await openOutbox();
  const heard = new Set<string>();
  const store = storeOn(openSqliteWriter(listening(openConnection(path), heard)));
  onTestFinished(() => store.close());
  const knowledge = { matchKeys: null, browser: null, fillBrowser: null };
  for (const repeat of [1, 2]) {
    await store.ingest({
      ...nothingWritten(),
      events: [purchase({ webhookId: `w${repeat}` })],
      contexts: [context({ consenting: true }), context({ refusing: true })],
      enrichments: [
        { shopId, name: "Purchase", orderId: "5550001", checkoutToken: null, ...knowledge },
        { shopId, name: "Purchase", orderId: null, checkoutToken: TOKEN, ...knowledge },
      ],
      browserCopies: [
        {
          shopId,
          datasetId,
          name: "PageView",
          eventId: "pv.1",
          tr: "resolved",
          receivedAt: DAY,
          told: null,
          keyAccount: "",
          device: "",
        },
      ],
      upsells: [{ shopId, datasetId, orderId: "5550001", rowOf: () => null }],
      cancellations: [{ shopId, orderId: "4", at: DAY }],
    });
  }
  const claim = { datasetId, now: DAY + 1, limit: 10, lease: "l", leaseUntil: DAY + 45_000 };
  const rows = await store.claimDue(claim);
  await store.renewLease("l", [1], DAY + 50_000);
  for (const verb of [store.claimEnded, store.claimWaiting]) await verb(claim);
  await store.claimTooOld(claim, FRONT);
  await store.contextsOf(shopId, ["a"], 0);
  await store.purchasesOf(datasetId, ["5550001"]);
  await store.registrationCrowd(rows);
  await store.settle({ shopId, datasetId, lease: "l", now: DAY, attempts: [], contexts: [], settlements: [] });
  await store.dueDatasets(DAY, DAY, freshness(1_000));
  await store.uncountedDatasets(DAY);
  await store.countBrowserCopies(datasetId, 10, copyCounts(null));
  await store.reclaim(datasetId, DAY, DAY);
  await store.replay([1], DAY, DAY);
  await store.replayedUntil(shopId, DAY);
  await store.causesOf(shopId, DAY);
  await store.unpaidOrders(datasetId, DAY, DAY, 10);
  await store.eventsOf(shopId, [1]);
  await store.faredSince(shopId, DAY);
  await store.stuckOf(datasetId, DAY, 10);
  await store.latestLegs(shopId, 10);
  await store.latestOrderCopies(shopId, 0, 10);
  await store.copiesOfRow(shopId, 1);
  await store.waitingOf(datasetId, DAY, 10);
  await store.requestsOf(datasetId, 0, 10);
  await store.sentSince({ shopId, datasetId, since: 0 }, { events: 10, lines: 10 });
  for (const what of ["bytes", "browser_copies", "browser_contexts"] as const) await store.forget(what, DAY, 10);

  const connection = openConnection(path);
  onTestFinished(() => connection.close());
  const walks = [...heard].flatMap((sql) =>
    connection
      .all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`)
      .filter(({ detail }) =>
        /SCAN "?(?:Event|Attempt|BrowserContext|BrowserCopy|CopiesToCount|n|r|o|c|b|e|a)\b|shopId_outcome_id/.test(
          detail,
        ),
      )
      .map(({ detail }) => `${detail}: ${sql.trim()}`),
  );
  expect(heard.size).toBeGreaterThan(15);
  expect(walks).toEqual([]);
});
