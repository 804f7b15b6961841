import type { StoredEvent } from "../rows";
import { all, type Sql, type Work } from "../statement";

// A claimed row is its holder's until it is settled, or taken back when the lease has run out (reclaim.ts).
const FREE = `"lease" IS NULL`;

// Chosen once: as part of a join the choice might be made anew for each row, and pass over the limit.
const CLAIM: Sql = (dialect) => `
  WITH "due" AS MATERIALIZED (
    SELECT "id" FROM "Event"
    WHERE "datasetId" = ?1 AND "outcome" = 'waiting' AND "runAt" <= ?2 AND ${FREE}
    ORDER BY "runAt" LIMIT ?3 ${dialect.skipLocked})
  UPDATE "Event" SET "attempts" = "attempts" + 1, "lease" = ?4, "runAt" = ?5
  WHERE "id" IN (SELECT "id" FROM "due")
  RETURNING *`;

// Looks at the first few thousand only: what is too old has been due for longest, and the writer must not stand still.
const CLAIM_TOO_OLD: Sql = (dialect) => `
  UPDATE "Event" SET "lease" = ?4, "runAt" = ?5
  WHERE "id" IN (
    SELECT "id" FROM (
      SELECT "id", "eventTime", "actionSource" FROM "Event"
      WHERE "datasetId" = ?1 AND "outcome" = 'waiting' AND "runAt" <= ?2 AND ${FREE}
      ORDER BY "runAt" LIMIT 5000 ${dialect.skipLocked}) AS "due"
    WHERE "eventTime" < CASE "actionSource" WHEN 'physical_store' THEN ?2 - 5356800000 ELSE ?2 - 604800000 END
    LIMIT ?3)
  RETURNING *`;

// Also what is not due yet; what is on its way to Meta right now keeps its lease and its own ending.
const CLAIM_WAITING: Sql = (dialect) => `
  UPDATE "Event" SET "lease" = ?3, "runAt" = ?4
  WHERE "id" IN (
    SELECT "id" FROM "Event"
    WHERE "datasetId" = ?1 AND "outcome" = 'waiting' AND "runAt" IS NOT NULL AND ${FREE} LIMIT ?2 ${dialect.skipLocked})
  RETURNING *`;

/** The outcomes of a row that waits no more, as a list for IN. */
export const ENDED = "('accepted', 'skipped', 'withheld', 'rejected', 'expired', 'dead')";

// An ended row with a runAt has something to come: to be counted at once, or to be forgotten when Meta's window closes.
const CLAIM_ENDED: Sql = (dialect) => `
  UPDATE "Event" SET "lease" = ?4, "runAt" = ?5
  WHERE "id" IN (
    SELECT "id" FROM "Event"
    WHERE "datasetId" = ?1 AND "outcome" IN ${ENDED} AND "runAt" <= ?2 AND ${FREE}
    LIMIT ?3 ${dialect.skipLocked})
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
export function* claimWaiting({ datasetId, limit, lease, leaseUntil }: Claim): Work<StoredEvent[]> {
  return storedEvents(yield* all<Row>(CLAIM_WAITING, datasetId, limit, lease, leaseUntil));
}

/** Takes what has ended but is still to be counted, or to be forgotten. */
export const claimEnded = claimWith(CLAIM_ENDED);

const RENEW: Sql = ({ values, unindexed }) => `
  UPDATE "Event" SET "runAt" = ?3 WHERE ${unindexed(`"lease"`)} = ?1 AND "id" IN ${values("?2", "integer")} RETURNING "id"`;

/** Keeps rows that take longer than a lease lasts; answers those that were still held under it. */
export function* renewLease(lease: string, ids: number[], until: number): Work<number[]> {
  return (yield* all<{ id: number }>(RENEW, lease, JSON.stringify(ids), until)).map(({ id }) => id);
}
