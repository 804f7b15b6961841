import { all, run, type Sql, type Work } from "../statement";

export interface StoredNotice {
  id: number;
  shopId: number;
  topic: string;
  triggeredAt: number | null;
  receivedAt: number;
  body: string;
}

const OPEN: Sql = ({ values }) => `
  SELECT "id", "shopId", "topic", "triggeredAt", "receivedAt", "body" FROM "Notice"
  WHERE "closedAt" IS NULL AND "topic" IN ${values("?1", "text")}
  ORDER BY CASE WHEN "topic" LIKE 'customers/%' THEN 1 ELSE 0 END, "id" LIMIT ?2`;

/**
 * Notices of these topics that nobody has acted on, oldest first; those about a shop before those about customers, of which
 * many may stay open at once.
 */
export function* openNotices(topics: readonly string[], limit: number): Work<StoredNotice[]> {
  return yield* all<StoredNotice>(OPEN, JSON.stringify(topics), limit);
}

/** How a notice was acted on. */
export interface Closing {
  id: number;
  /** Epoch milliseconds. */
  now: number;
  /** JSON that names nobody; null: nothing is to be said. */
  receipt: string | null;
  /** Whether whom it is about is still needed. */
  keepBody: boolean;
}

export function* closeNotice({ id, now, receipt, keepBody }: Closing): Work<void> {
  yield* run(
    `UPDATE "Notice" SET "closedAt" = ?2, "receipt" = ?3, "body" = CASE WHEN ?4 THEN "body" ELSE '' END WHERE "id" = ?1`,
    id,
    now,
    receipt,
    keepBody,
  );
}

const EMPTY: Sql = ({ values }) => `UPDATE "Notice" SET "body" = '' WHERE "id" IN ${values("?1", "integer")}`;

/** Forgets whom some notices were about. */
export function* emptyNotices(ids: readonly number[]): Work<void> {
  yield* run(EMPTY, JSON.stringify(ids));
}

const TO_SWEEP: Sql = ({ values }) => `
  SELECT count(*) AS "n" FROM "Notice"
  WHERE "closedAt" IS NOT NULL AND "sweptAt" IS NULL AND "topic" IN ${values("?1", "text")}`;

/** How many notices of these topics, closed, still have traces of what they erased in the database's files. */
export function* toSweep(topics: readonly string[]): Work<number> {
  return (yield* all<{ n: number }>(TO_SWEEP, JSON.stringify(topics)))[0]?.n ?? 0;
}

const SWEPT: Sql = ({ values }) => `
  UPDATE "Notice" SET "sweptAt" = ?2 WHERE "closedAt" <= ?2 AND "sweptAt" IS NULL AND "topic" IN ${values("?1", "text")}`;

/** The files are clean of all that was erased until `now`. */
export function* swept(topics: readonly string[], now: number): Work<void> {
  yield* run(SWEPT, JSON.stringify(topics), now);
}
