import type { KnownContext, StoredEvent } from "../rows";
import type { Connection } from "./connection.server";

// A lease is a runAt in the future: when its holder is killed, the row simply falls due again.
const CLAIM = `
  UPDATE "Event" SET "attempts" = "attempts" + 1, "lease" = ?4, "runAt" = ?5
  WHERE "id" IN (
    SELECT "id" FROM "Event"
    WHERE "datasetId" = ?1 AND "outcome" = 'waiting' AND "runAt" <= ?2
    ORDER BY "runAt" LIMIT ?3)
  RETURNING *`;

const CLAIM_TOO_OLD = `
  UPDATE "Event" SET "lease" = ?4, "runAt" = ?5
  WHERE "id" IN (
    SELECT "id" FROM "Event"
    WHERE "datasetId" = ?1 AND "outcome" = 'waiting' AND "runAt" <= ?2
      AND "eventTime" < CASE "actionSource" WHEN 'physical_store' THEN ?2 - 62 * 86400000 ELSE ?2 - 7 * 86400000 END
    LIMIT ?3)
  RETURNING *`;

const ENDED = "('skipped', 'withheld', 'rejected', 'expired', 'dead')";

// An ended row with a runAt has something to come: to be counted at once, or to be forgotten when Meta's window closes.
const CLAIM_ENDED = `
  UPDATE "Event" SET "lease" = ?4
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

/** Takes what is due, oldest first; attempts + 1, so that a crash counts. */
export function claimDue(connection: Connection, claim: Claim): StoredEvent[] {
  return storedEvents(
    connection.all<Row>(CLAIM, claim.datasetId, claim.now, claim.limit, claim.lease, claim.leaseUntil),
  );
}

/** Takes only what Meta no longer accepts: all that may happen to a dataset on hold. */
export function claimTooOld(connection: Connection, claim: Claim): StoredEvent[] {
  return storedEvents(
    connection.all<Row>(CLAIM_TOO_OLD, claim.datasetId, claim.now, claim.limit, claim.lease, claim.leaseUntil),
  );
}

/** Takes what has ended but is still to be counted, or to be forgotten. */
export function claimEnded(connection: Connection, claim: Claim): StoredEvent[] {
  return storedEvents(connection.all<Row>(CLAIM_ENDED, claim.datasetId, claim.now, claim.limit, claim.lease));
}

const RENEW = `
  UPDATE "Event" SET "runAt" = ?3 WHERE "lease" = ?1 AND "id" IN (SELECT value FROM json_each(?2))`;

/** Keeps rows that take longer than a lease lasts; answers how many were still ours. */
export function renewLease(connection: Connection, lease: string, ids: number[], until: number): number {
  return connection.run(RENEW, lease, JSON.stringify(ids), until);
}

const CONTEXTS = `
  SELECT "key", "browser", "matchKeys", "consent", "beacon", "receivedAt" FROM "BrowserContext"
  WHERE "shopId" = ? AND "key" IN (SELECT value FROM json_each(?))`;

export interface StoredContext extends KnownContext {
  key: string;
  beacon: boolean;
  receivedAt: number;
}

/** What is known of the browsers behind these keys. */
export function contextsOf(connection: Connection, shopId: number, keys: string[]): StoredContext[] {
  if (keys.length === 0) return [];
  return connection
    .all<Omit<StoredContext, "beacon"> & { beacon: number }>(CONTEXTS, shopId, JSON.stringify(keys))
    .map((row) => ({ ...row, beacon: row.beacon === 1 }));
}

const HAS_DUE = `
  SELECT EXISTS (SELECT 1 FROM "Event" WHERE "datasetId" = ?1 AND "outcome" = 'waiting' AND "runAt" <= ?2)
      OR EXISTS (SELECT 1 FROM "Event" WHERE "datasetId" = ?1 AND "outcome" IN ${ENDED} AND "runAt" <= ?2) AS "due"`;

/** Whether a dataset has anything for the drain; two index seeks. */
export function hasDue(connection: Connection, datasetId: number, now: number): boolean {
  return connection.all<{ due: number }>(HAS_DUE, datasetId, now)[0]?.due === 1;
}
