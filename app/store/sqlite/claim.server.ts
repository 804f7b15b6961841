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
const CROWD = `
  SELECT r."id" AS "id",
    EXISTS (
      SELECT 1 FROM "Event" o WHERE o."shopId" = r."shopId" AND o."customerKey" = r."customerKey"
        AND o."orderId" IS NOT NULL AND o."eventTime" BETWEEN r."eventTime" - 600000 AND r."eventTime" + 600000
    ) AS "ordered",
    (SELECT count(*) FROM "Event" n WHERE n."shopId" = r."shopId" AND n."datasetId" = r."datasetId"
      AND n."name" = 'CompleteRegistration' AND n."eventTime" BETWEEN r."eventTime" - 30000 AND r."eventTime" + 30000) AS "sameMinute"
  FROM json_each(?) AS w CROSS JOIN "Event" AS r ON r."id" = w.value`;

/** What happened around some registrations. */
export function registrationCrowd(
  connection: Connection,
  rows: readonly { id: number }[],
): Map<number, RegistrationNeighbours> {
  if (rows.length === 0) return new Map();
  return new Map(
    connection
      .all<{ id: number; ordered: number; sameMinute: number }>(CROWD, JSON.stringify(rows.map(({ id }) => id)))
      .map(({ id, ordered, sameMinute }) => [id, { ordered: ordered === 1, sameMinute }]),
  );
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
