import type { RecordedTest } from "../rows";
import type { Connection } from "./connection.server";
import { insertEvents } from "./ingest.server";
import { insertAttempt } from "./settle.server";

const FINISH = `
  UPDATE "Event" SET "attempts" = 1, "attemptId" = ?, "bytes" = ?, "bytesHash" = ?, "settledAt" = ? WHERE "id" = ?`;

/** Writes down a test event that has been sent, with its one request. */
export function recordTest(connection: Connection, { event, attempt, bytes, bytesHash }: RecordedTest): void {
  insertEvents(connection, [{ event }]);
  const [row] = connection.all<{ id: number }>(
    `SELECT "id" FROM "Event" WHERE "shopId" = ? AND "datasetId" = ? AND "name" = ? AND "eventId" = ?`,
    event.shopId,
    event.datasetId,
    event.name,
    event.eventId,
  );
  if (row === undefined) throw new Error("a test event just written is not there");
  const attemptId = insertAttempt(connection, event, { ...attempt, eventRowIds: [row.id] });
  connection.run(FINISH, attemptId, bytes, bytesHash, attempt.at + attempt.ms, row.id);
}
