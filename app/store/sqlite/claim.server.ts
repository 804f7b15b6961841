import type { KnownContext, KnownPurchase, RegistrationNeighbours, StoredEvent } from "../rows";
import type { Connection } from "./connection.server";

// A lease is a runAt in the future: when its holder is killed, the row simply falls due again.
const CLAIM = `
  UPDATE "Event" SET "attempts" = "attempts" + 1, "lease" = ?4, "runAt" = ?5
  WHERE "id" IN (
    SELECT "id" FROM "Event"
    WHERE "datasetId" = ?1 AND "outcome" = 'waiting' AND "runAt" <= ?2
    ORDER BY "runAt" LIMIT ?3)
  RETURNING *`;

// Looks at the first few thousand only: what is too old has been due for longest, and the writer must not stand still.
const CLAIM_TOO_OLD = `
  UPDATE "Event" SET "lease" = ?4, "runAt" = ?5
  WHERE "id" IN (
    SELECT "id" FROM (
      SELECT "id", "eventTime", "actionSource" FROM "Event"
      WHERE "datasetId" = ?1 AND "outcome" = 'waiting' AND "runAt" <= ?2 ORDER BY "runAt" LIMIT 5000)
    WHERE "eventTime" < CASE "actionSource" WHEN 'physical_store' THEN ?2 - 62 * 86400000 ELSE ?2 - 7 * 86400000 END
    LIMIT ?3)
  RETURNING *`;

// Also what is not due yet; what is on its way to Meta right now keeps its lease and its own ending.
const CLAIM_WAITING = `
  UPDATE "Event" SET "lease" = ?4, "runAt" = ?5
  WHERE "id" IN (
    SELECT "id" FROM "Event"
    WHERE "datasetId" = ?1 AND "outcome" = 'waiting' AND ("lease" IS NULL OR "runAt" <= ?2) LIMIT ?3)
  RETURNING *`;

const ENDED = "('accepted', 'skipped', 'withheld', 'rejected', 'expired', 'dead')";

// An ended row with a runAt has something to come: to be counted at once, or to be forgotten when Meta's window closes.
const CLAIM_ENDED = `
  UPDATE "Event" SET "lease" = ?4, "runAt" = ?5
  WHERE "id" IN (
    SELECT "id" FROM "Event" WHERE "datasetId" = ?1 AND "outcome" IN ${ENDED} AND "runAt" <= ?2 LIMIT ?3)
  RETURNING *`;

interface Row extends Omit<StoredEvent, "reopened"> {
  reopened: number;
}

function storedEvents(rows: Row[]): StoredEvent[] {
  return rows
    .map((row) => ({ ...row, reopened: row.reopened === 1 }))
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

function claimWith(sql: string): (connection: Connection, claim: Claim) => StoredEvent[] {
  return (connection, { datasetId, now, limit, lease, leaseUntil }) =>
    storedEvents(connection.all<Row>(sql, datasetId, now, limit, lease, leaseUntil));
}

/** Takes what is due, oldest first; attempts + 1, so that a crash counts. */
export const claimDue = claimWith(CLAIM);

/** Takes only what Meta no longer accepts: all that may happen to a dataset on hold. */
export const claimTooOld = claimWith(CLAIM_TOO_OLD);

/** Takes all that waits, due or not: for a dataset that nothing is sent to any more. */
export const claimWaiting = claimWith(CLAIM_WAITING);

/** Takes what has ended but is still to be counted, or to be forgotten. */
export const claimEnded = claimWith(CLAIM_ENDED);

const RENEW = `
  UPDATE "Event" SET "runAt" = ?3 WHERE "lease" = ?1 AND "id" IN (SELECT value FROM json_each(?2)) RETURNING "id"`;

/** Keeps rows that take longer than a lease lasts; answers those that were still held under it. */
export function renewLease(connection: Connection, lease: string, ids: number[], until: number): number[] {
  return connection.all<{ id: number }>(RENEW, lease, JSON.stringify(ids), until).map(({ id }) => id);
}

const CONTEXTS = `
  SELECT "key", "browser", "matchKeys", "consent", "beacon", "receivedAt" FROM "BrowserContext"
  WHERE "shopId" = ? AND "key" IN (SELECT value FROM json_each(?)) AND "receivedAt" >= ?`;

export interface StoredContext extends KnownContext {
  key: string;
  beacon: boolean;
  receivedAt: number;
}

/** What is known of the browsers behind these keys, as far as they were heard of since. */
export function contextsOf(connection: Connection, shopId: number, keys: string[], since: number): StoredContext[] {
  if (keys.length === 0) return [];
  return connection
    .all<Omit<StoredContext, "beacon"> & { beacon: number }>(CONTEXTS, shopId, JSON.stringify(keys), since)
    .map((row) => ({ ...row, beacon: row.beacon === 1 }));
}

const PURCHASES = `
  SELECT "orderId", "outcome", "runAt", "facts", "matchKeys", "browser", "checkoutToken", "customerKey" FROM "Event"
  WHERE "datasetId" = ? AND "purchaseOrderId" IN (SELECT value FROM json_each(?))`;

/** The Purchases of some orders; `orderIds`: digits. */
export function purchasesOf(connection: Connection, datasetId: number, orderIds: string[]): KnownPurchase[] {
  return connection.all<KnownPurchase>(PURCHASES, datasetId, JSON.stringify(orderIds));
}

// An order within ten minutes, before or after: the customer came to be by it.
const ORDERED = `
  SELECT r."id", r."eventTime",
    EXISTS (
      SELECT 1 FROM "Event" o WHERE o."shopId" = r."shopId" AND o."customerKey" = r."customerKey"
        AND o."orderId" IS NOT NULL AND o."eventTime" BETWEEN r."eventTime" - 600000 AND r."eventTime" + 600000
    ) AS "ordered"
  FROM json_each(?) AS w CROSS JOIN "Event" AS r ON r."id" = w.value`;

// All at once: to count around each registration by itself would walk all of them each time.
const REGISTERED = `
  SELECT n."eventTime" FROM "Event" AS r JOIN "Event" AS n
    ON n."shopId" = r."shopId" AND n."datasetId" = r."datasetId" AND n."name" = 'CompleteRegistration'
  WHERE r."id" = ?1 AND n."eventTime" BETWEEN ?2 AND ?3 ORDER BY n."eventTime"`;

const HALF_A_MINUTE_MS = 30_000;

/** What happened around some registrations for one dataset. */
export function registrationCrowd(
  connection: Connection,
  rows: readonly { id: number }[],
): Map<number, RegistrationNeighbours> {
  const [one] = rows;
  if (one === undefined) return new Map();
  const found = connection.all<{ id: number; eventTime: number; ordered: number }>(
    ORDERED,
    JSON.stringify(rows.map(({ id }) => id)),
  );
  const times = found.map(({ eventTime }) => eventTime);
  const [from, to] = [Math.min(...times) - HALF_A_MINUTE_MS, Math.max(...times) + HALF_A_MINUTE_MS];
  const all = connection.all<{ eventTime: number }>(REGISTERED, one.id, from, to).map(({ eventTime }) => eventTime);
  return new Map(
    found.map(({ id, eventTime, ordered }) => {
      const sameMinute =
        countUntil(all, eventTime + HALF_A_MINUTE_MS) - countUntil(all, eventTime - HALF_A_MINUTE_MS - 1);
      return [id, { ordered: ordered === 1, sameMinute }];
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
      ELSE 0 END
    OR EXISTS (
      SELECT 1 FROM "Event" e WHERE e."datasetId" = d."id" AND e."outcome" IN ${ENDED} AND e."runAt" <= ?1)
    OR EXISTS (SELECT 1 FROM "BrowserCopy" b WHERE b."uncounted" = 1 AND b."datasetId" = d."id")`;

/** The datasets that have something for the drain: a few index seeks each. */
export function dueDatasets(connection: Connection, now: number): number[] {
  return connection.all<{ id: number }>(DUE, now).map(({ id }) => id);
}
