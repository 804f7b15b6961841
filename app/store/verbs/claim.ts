import type { KnownContext, KnownPurchase, RegistrationNeighbours, StoredEvent } from "../rows";
import { all, type Sql, type Work } from "../statement";

// A lease is a runAt in the future: when its holder is killed, the row simply falls due again.
const CLAIM: Sql = ({ skipLocked }) => `
  UPDATE "Event" SET "attempts" = "attempts" + 1, "lease" = ?4, "runAt" = ?5
  WHERE "id" IN (
    SELECT "id" FROM "Event"
    WHERE "datasetId" = ?1 AND "outcome" = 'waiting' AND "runAt" <= ?2
    ORDER BY "runAt" LIMIT ?3 ${skipLocked})
  RETURNING *`;

// Looks at the first few thousand only: what is too old has been due for longest, and the writer must not stand still.
const CLAIM_TOO_OLD: Sql = ({ skipLocked }) => `
  UPDATE "Event" SET "lease" = ?4, "runAt" = ?5
  WHERE "id" IN (
    SELECT "id" FROM (
      SELECT "id", "eventTime", "actionSource" FROM "Event"
      WHERE "datasetId" = ?1 AND "outcome" = 'waiting' AND "runAt" <= ?2 ORDER BY "runAt" LIMIT 5000
      ${skipLocked}) AS "due"
    WHERE "eventTime" < CASE "actionSource" WHEN 'physical_store' THEN ?2 - 5356800000 ELSE ?2 - 604800000 END
    LIMIT ?3)
  RETURNING *`;

// Also what is not due yet; what is on its way to Meta right now keeps its lease and its own ending.
const CLAIM_WAITING: Sql = ({ skipLocked }) => `
  UPDATE "Event" SET "lease" = ?4, "runAt" = ?5
  WHERE "id" IN (
    SELECT "id" FROM "Event"
    WHERE "datasetId" = ?1 AND "outcome" = 'waiting' AND ("lease" IS NULL OR "runAt" <= ?2) LIMIT ?3 ${skipLocked})
  RETURNING *`;

const ENDED = "('accepted', 'skipped', 'withheld', 'rejected', 'expired', 'dead')";

// An ended row with a runAt has something to come: to be counted at once, or to be forgotten when Meta's window closes.
const CLAIM_ENDED: Sql = ({ skipLocked }) => `
  UPDATE "Event" SET "lease" = ?4, "runAt" = ?5
  WHERE "id" IN (
    SELECT "id" FROM "Event" WHERE "datasetId" = ?1 AND "outcome" IN ${ENDED} AND "runAt" <= ?2 LIMIT ?3 ${skipLocked})
  RETURNING *`;

interface Row extends Omit<StoredEvent, "reopened"> {
  reopened: number | boolean;
}

function storedEvents(rows: Row[]): StoredEvent[] {
  return rows
    .map((row) => ({ ...row, reopened: Boolean(row.reopened) }))
    .sort((a, b) => a.eventTime - b.eventTime || a.id - b.id);
}

export interface Claim {
  datasetId: number;
  now: number;
  limit: number;
  /** A word no other claim uses. */
  lease: string;
  leaseUntil: number;
}

function claimWith(sql: Sql): (claim: Claim) => Work<StoredEvent[]> {
  return function* ({ datasetId, now, limit, lease, leaseUntil }) {
    return storedEvents(yield* all<Row>(sql, datasetId, now, limit, lease, leaseUntil));
  };
}

/** Takes what is due, oldest first; attempts + 1, so that a crash counts. */
export const claimDue = claimWith(CLAIM);

/** Takes only what Meta no longer accepts: all that may happen to a dataset on hold. */
export const claimTooOld = claimWith(CLAIM_TOO_OLD);

/** Takes all that waits, due or not: for a dataset that nothing is sent to any more. */
export const claimWaiting = claimWith(CLAIM_WAITING);

/** Takes what has ended but is still to be counted, or to be forgotten. */
export const claimEnded = claimWith(CLAIM_ENDED);

const RENEW: Sql = ({ values }) => `
  UPDATE "Event" SET "runAt" = ?3 WHERE "lease" = ?1 AND "id" IN ${values("?2", "integer")} RETURNING "id"`;

/** Keeps rows that take longer than a lease lasts; answers those that were still held under it. */
export function* renewLease(lease: string, ids: number[], until: number): Work<number[]> {
  return (yield* all<{ id: number }>(RENEW, lease, JSON.stringify(ids), until)).map(({ id }) => id);
}

const CONTEXTS: Sql = ({ values }) => `
  SELECT "key", "browser", "matchKeys", "consent", "beacon", "receivedAt" FROM "BrowserContext"
  WHERE "shopId" = ?1 AND "key" IN ${values("?2", "text")} AND "receivedAt" >= ?3`;

export interface StoredContext extends KnownContext {
  key: string;
  beacon: boolean;
  receivedAt: number;
}

/** What is known of the browsers behind these keys, as far as they were heard of since. */
export function* contextsOf(shopId: number, keys: string[], since: number): Work<StoredContext[]> {
  if (keys.length === 0) return [];
  const rows = yield* all<Omit<StoredContext, "beacon"> & { beacon: number | boolean }>(
    CONTEXTS,
    shopId,
    JSON.stringify(keys),
    since,
  );
  return rows.map((row) => ({ ...row, beacon: Boolean(row.beacon) }));
}

const PURCHASES: Sql = ({ values }) => `
  SELECT "orderId", "outcome", "runAt", "facts", "matchKeys", "browser", "checkoutToken", "customerKey" FROM "Event"
  WHERE "datasetId" = ?1 AND "purchaseOrderId" IN ${values("?2", "text")}`;

/** The Purchases of some orders; `orderIds`: digits. */
export function* purchasesOf(datasetId: number, orderIds: string[]): Work<KnownPurchase[]> {
  return yield* all<KnownPurchase>(PURCHASES, datasetId, JSON.stringify(orderIds));
}

// An order within ten minutes, before or after: the customer came to be by it.
const ORDERED: Sql = ({ rows, keyByKey }) => `
  SELECT r."id", r."eventTime",
    EXISTS (
      SELECT 1 FROM "Event" o WHERE o."shopId" = r."shopId" AND o."customerKey" = r."customerKey"
        AND o."orderId" IS NOT NULL AND o."eventTime" BETWEEN r."eventTime" - 600000 AND r."eventTime" + 600000
    ) AS "ordered"
  FROM ${rows("?1", { id: "integer" })} AS w ${keyByKey} "Event" AS r ON r."id" = w."id"`;

// All at once: to count around each registration by itself would walk all of them each time.
const REGISTERED = `
  SELECT n."eventTime" FROM "Event" AS r JOIN "Event" AS n
    ON n."shopId" = r."shopId" AND n."datasetId" = r."datasetId" AND n."name" = 'CompleteRegistration'
  WHERE r."id" = ?1 AND n."eventTime" BETWEEN ?2 AND ?3 ORDER BY n."eventTime"`;

const HALF_A_MINUTE_MS = 30_000;

/** What happened around some registrations for one dataset. */
export function* registrationCrowd(rows: readonly { id: number }[]): Work<Map<number, RegistrationNeighbours>> {
  const [one] = rows;
  if (one === undefined) return new Map();
  const found = yield* all<{ id: number; eventTime: number; ordered: number | boolean }>(
    ORDERED,
    JSON.stringify(rows.map(({ id }) => [id])),
  );
  const times = found.map(({ eventTime }) => eventTime);
  const [from, to] = [Math.min(...times) - HALF_A_MINUTE_MS, Math.max(...times) + HALF_A_MINUTE_MS];
  const registered = (yield* all<{ eventTime: number }>(REGISTERED, one.id, from, to)).map(
    ({ eventTime }) => eventTime,
  );
  return new Map(
    found.map(({ id, eventTime, ordered }) => {
      const sameMinute =
        countUntil(registered, eventTime + HALF_A_MINUTE_MS) - countUntil(registered, eventTime - HALF_A_MINUTE_MS - 1);
      return [id, { ordered: Boolean(ordered), sameMinute }];
    }),
  );
}

/** How many of the sorted instants are not after `at`. */
function countUntil(sorted: readonly number[], at: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

const DUE = `
  SELECT d."id" FROM "Dataset" d JOIN "Shop" s ON s."id" = d."shopId"
  WHERE CASE
      WHEN d."disconnectedAt" IS NOT NULL OR s."uninstalledAt" IS NOT NULL THEN
        EXISTS (SELECT 1 FROM "Event" e WHERE e."datasetId" = d."id" AND e."outcome" = 'waiting')
      WHEN d."heldReason" IS NULL AND coalesce(d."pausedUntil", 0) <= ?1 THEN
        EXISTS (SELECT 1 FROM "Event" e WHERE e."datasetId" = d."id" AND e."outcome" = 'waiting' AND e."runAt" <= ?1)
      ELSE false END
    OR EXISTS (
      SELECT 1 FROM "Event" e WHERE e."datasetId" = d."id" AND e."outcome" IN ${ENDED} AND e."runAt" <= ?1)
    OR EXISTS (SELECT 1 FROM "BrowserCopy" b WHERE b."uncounted" = true AND b."datasetId" = d."id")`;

/** The datasets that have something for the drain: a few index seeks each. */
export function* dueDatasets(now: number): Work<number[]> {
  return (yield* all<{ id: number }>(DUE, now)).map(({ id }) => id);
}
