import { metaWindow } from "../../events/meta-window";
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

// What has been due for longest comes first.
const LONGEST_DUE = `
  SELECT "id", "runAt", "eventTime", "actionSource" FROM "Event"
  WHERE "datasetId" = ?1 AND "outcome" = 'waiting' AND "runAt" <= ?2 AND ${FREE} AND ("runAt", "id") > (?3, ?4)
  ORDER BY "runAt", "id" LIMIT ?5`;

const CLAIM_THESE: Sql = ({ values }) => `
  UPDATE "Event" SET "lease" = ?2, "runAt" = ?3
  WHERE "id" IN ${values("?1", "integer")} AND "outcome" = 'waiting' AND ${FREE}
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

/** A row of Event as the databases give it. */
export interface EventRow extends Omit<StoredEvent, "reopened"> {
  reopened: number | boolean;
}

/** Oldest first. */
export function storedEvents(rows: EventRow[]): StoredEvent[] {
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
    return storedEvents(yield* all<EventRow>(sql, datasetId, now, limit, lease, leaseUntil));
  };
}

/** Takes what is due, oldest first; attempts + 1, so that a crash counts. */
export const claimDue = claimWith(CLAIM);

/** A place among what is due, in the order of how long it has been. */
export interface DuePlace {
  runAt: number;
  id: number;
}

/** Before all that is due. */
export const FRONT: DuePlace = { runAt: -1, id: 0 };

/** So many rows are looked at in one transaction: nobody else may write meanwhile on SQLite. */
const LOOKED_AT = 5_000;

/**
 * Takes what Meta no longer accepts, of the few thousand that come after a place: all that may happen to a dataset on hold.
 * Answers the place to go on from; null: there is no more. All are to be seen: what was tried for long
 * is due late, however old it is.
 */
export function* claimTooOld(
  { datasetId, now, limit, lease, leaseUntil }: Claim,
  after: DuePlace,
): Work<{ rows: StoredEvent[]; next: DuePlace | null }> {
  const looked = yield* all<DuePlace & Pick<StoredEvent, "eventTime" | "actionSource">>(
    LONGEST_DUE,
    datasetId,
    now,
    after.runAt,
    after.id,
    LOOKED_AT,
  );
  const tooOld = looked.filter(({ eventTime, actionSource }) => eventTime < now - metaWindow(actionSource));
  const ids = tooOld.slice(0, limit).map(({ id }) => id);
  const rows = ids.length === 0 ? [] : yield* all<EventRow>(CLAIM_THESE, JSON.stringify(ids), lease, leaseUntil);
  const last = looked.length < LOOKED_AT ? undefined : looked.at(-1);
  const onwards = last === undefined ? null : { runAt: last.runAt, id: last.id };
  return { rows: storedEvents(rows), next: tooOld.length > limit ? after : onwards };
}

/** Takes all that waits, due or not: for a dataset that nothing is sent to any more. */
export function* claimWaiting({ datasetId, limit, lease, leaseUntil }: Claim): Work<StoredEvent[]> {
  return storedEvents(yield* all<EventRow>(CLAIM_WAITING, datasetId, limit, lease, leaseUntil));
}

/** Takes what has ended but is still to be counted, or to be forgotten. */
export const claimEnded = claimWith(CLAIM_ENDED);

const RENEW: Sql = ({ values, unindexed }) => `
  UPDATE "Event" SET "runAt" = ?3 WHERE ${unindexed(`"lease"`)} = ?1 AND "id" IN ${values("?2", "integer")} RETURNING "id"`;

/** Keeps rows that take longer than a lease lasts; answers those that were still held under it. */
export function* renewLease(lease: string, ids: number[], until: number): Work<number[]> {
  return (yield* all<{ id: number }>(RENEW, lease, JSON.stringify(ids), until)).map(({ id }) => id);
}
