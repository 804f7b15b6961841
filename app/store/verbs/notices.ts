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
  WHERE "closedAt" IS NULL AND "topic" IN ${values("?1", "text")} ORDER BY "id" LIMIT ?2`;

/** Notices of these topics that nobody has acted on, oldest first. */
export function* openNotices(topics: readonly string[], limit: number): Work<StoredNotice[]> {
  return yield* all<StoredNotice>(OPEN, JSON.stringify(topics), limit);
}

export function* closeNotice(id: number, now: number): Work<void> {
  yield* run(`UPDATE "Notice" SET "closedAt" = ? WHERE "id" = ?`, now, id);
}
