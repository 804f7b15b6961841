import type { Connection } from "./connection.server";

export interface StoredNotice {
  id: number;
  shopId: number;
  topic: string;
  triggeredAt: number | null;
  receivedAt: number;
  body: string;
}

/** Notices of these topics that nobody has acted on, oldest first. */
export function openNotices(connection: Connection, topics: readonly string[], limit: number): StoredNotice[] {
  return connection.all<StoredNotice>(
    `SELECT "id", "shopId", "topic", "triggeredAt", "receivedAt", "body" FROM "Notice"
     WHERE "closedAt" IS NULL AND "topic" IN (SELECT value FROM json_each(?)) ORDER BY "id" LIMIT ?`,
    JSON.stringify(topics),
    limit,
  );
}

export function closeNotice(connection: Connection, id: number, now: number): void {
  connection.run(`UPDATE "Notice" SET "closedAt" = ? WHERE "id" = ?`, now, id);
}
