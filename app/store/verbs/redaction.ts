import type { BrowserCopy } from "../rows";
import { all, run, type Sql, type Work } from "../statement";
import { eraseOfLedger } from "./ledger";
import { FORGET_ANSWERS } from "./retention";
import { bumpVersion } from "./shops";

const LOCK: Sql = ({ values, forUpdate }) => `
  SELECT "id", "lease" FROM "Event" WHERE "id" IN ${values("?1", "integer")} ORDER BY "id" ${forUpdate}`;

/** What counts are counted in, milliseconds: app/outbox/rollup.ts */
const BUCKET_MS = 15 * 60_000;

// What happened stays, to whom does not: the row keeps its place in the counts, under an id that is nobody's, at the quarter of
// an hour that it counts in and without what it was worth: the two together would tell an order. What waited ends here; the
// drain counts it.
const REDACT: Sql = ({ values }) => `
  UPDATE "Event" SET "eventId" = 'redacted.' || "id", "purchaseOrderId" = NULL, "orderId" = NULL, "checkoutToken" = NULL,
    "customerKey" = NULL, "webhookId" = NULL, "facts" = NULL, "matchKeys" = NULL, "browser" = NULL, "bytes" = NULL,
    "bytesHash" = NULL, "hold" = NULL, "forgotten" = 'facts', "settledAt" = coalesce("settledAt", ?2),
    "eventTime" = "eventTime" - "eventTime" % ${BUCKET_MS}, "countedSum" = CASE WHEN "outcome" = 'waiting' THEN "countedSum" END,
    "reason" = CASE WHEN "outcome" = 'waiting' THEN 'redacted' ELSE "reason" END,
    "runAt" = CASE WHEN "outcome" = 'waiting' OR "countedAs" IS NULL THEN CAST(?2 AS BIGINT) END,
    "outcome" = CASE WHEN "outcome" = 'waiting' THEN 'withheld' ELSE "outcome" END
  WHERE "id" IN ${values("?1", "integer")}`;

/**
 * Takes away all that tells whose these events were. False: one of them is under a lease, at Meta perhaps in this moment, and
 * nothing was done.
 */
export function* redactEvents(ids: readonly number[], now: number): Work<boolean> {
  const list = JSON.stringify(ids);
  const rows = yield* all<{ lease: string | null }>(LOCK, list);
  if (rows.some(({ lease }) => lease !== null)) return false;
  yield* run(FORGET_ANSWERS, list);
  yield* run(REDACT, list, now);
  yield* eraseOfLedger(list);
  return true;
}

const FORGET_COPIES: Sql = ({ rows, rowId, keyByKey }) => `
  DELETE FROM "BrowserCopy" WHERE ${rowId} IN (
    SELECT b.${rowId} FROM ${rows("?1", { datasetId: "integer", name: "text", eventId: "text" })} AS w
    ${keyByKey} "BrowserCopy" AS b
      ON b."datasetId" = w."datasetId" AND b."name" = w."name" AND b."eventId" = w."eventId")`;

export type CopyName = Pick<BrowserCopy, "datasetId" | "name" | "eventId">;

/** Forgets what the pixel said of the browser's own copies of some events; answers of how many. */
export function forgetBrowserCopies(copies: readonly CopyName[]): Work<number> {
  return run(FORGET_COPIES, JSON.stringify(copies.map(({ datasetId, name, eventId }) => [datasetId, name, eventId])));
}

const FORGET_CONTEXTS: Sql = ({ values }) => `
  DELETE FROM "BrowserContext" WHERE "shopId" = ?1 AND "key" IN ${values("?2", "text")}`;

/** Forgets what is remembered under these keys; answers how much it was. */
export function forgetContexts(shopId: number, keys: readonly string[]): Work<number> {
  return run(FORGET_CONTEXTS, shopId, JSON.stringify(keys));
}

// What somebody holds is waited for: passed over, it would look like nothing left.
const SHOPS_EVENTS: Sql = ({ forUpdate }) => `
  SELECT "id" FROM "Event" WHERE "shopId" = ?1 ORDER BY "id" LIMIT ?2 ${forUpdate}`;
const DELETE_EVENTS: Sql = ({ values }) => `DELETE FROM "Event" WHERE "id" IN ${values("?1", "integer")}`;
const DELETE_ATTEMPT_EVENTS: Sql = ({ values }) => `
  DELETE FROM "AttemptEvent" WHERE "eventRowId" IN ${values("?1", "integer")}`;

/** What hangs on a shop's datasets, and on the shop itself, besides its events. */
const BY_DATASET = ["Attempt", "BrowserCopy", "CopiesToCount", "DatasetQuality", "QualityReading"];
const BY_SHOP = [
  "BrowserContext",
  "Product",
  "Rollup",
  "Coverage",
  "LedgerLine",
  "LedgerHead",
  "OrderSweep",
  "Alert",
  "AlertMessage",
];

const ofDatasets = (table: string): Sql => {
  return ({ rowId, keyByKey }) => `
    DELETE FROM "${table}" WHERE ${rowId} IN (
      SELECT t.${rowId} FROM "Dataset" AS d ${keyByKey} "${table}" AS t ON t."datasetId" = d."id"
      WHERE d."shopId" = ?1 LIMIT ?2)`;
};
const ofShop = (table: string): Sql => {
  return ({ rowId }) => `
    DELETE FROM "${table}" WHERE ${rowId} IN (SELECT ${rowId} FROM "${table}" WHERE "shopId" = ?1 LIMIT ?2)`;
};

const PORTIONS = [...BY_DATASET.map(ofDatasets), ...BY_SHOP.map(ofShop)];

/** Deletes some of what a shop has, `limit` rows of a table at the most; answers how many it was: none means that it is bare. */
export function* eraseOfShop(shopId: number, limit: number): Work<number> {
  const events = yield* all<{ id: number }>(SHOPS_EVENTS, shopId, limit);
  if (events.length > 0) {
    const ids = JSON.stringify(events.map(({ id }) => id));
    yield* run(DELETE_ATTEMPT_EVENTS, ids);
    return yield* run(DELETE_EVENTS, ids);
  }
  for (const portion of PORTIONS) {
    const rows = yield* run(portion, shopId, limit);
    if (rows > 0) return rows;
  }
  return 0;
}

/**
 * Deletes a bare shop with its data key, its datasets with their tokens, and its sessions; of its notices only the one that
 * asked for it stays.
 */
export function* dropShop(shopId: number, noticeId: number): Work<void> {
  yield* run(`DELETE FROM "Session" WHERE "shop" IN (SELECT "domain" FROM "Shop" WHERE "id" = ?)`, shopId);
  yield* run(`DELETE FROM "Notice" WHERE "shopId" = ? AND "id" <> ?`, shopId, noticeId);
  yield* run(`DELETE FROM "Dataset" WHERE "shopId" = ?`, shopId);
  yield* run(`DELETE FROM "Shop" WHERE "id" = ?`, shopId);
  yield* bumpVersion();
}
