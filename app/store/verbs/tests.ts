import type { RecordedTest } from "../rows";
import { all, run, type Work } from "../statement";
import { insertEvents } from "./events";
import { insertAttempt } from "./settle";

const FINISH = `
  UPDATE "Event" SET "attempts" = 1, "attemptId" = ?, "bytes" = ?, "bytesHash" = ?, "settledAt" = ? WHERE "id" = ?`;

/** Writes down a test event that has been sent, with its one request. */
export function* recordTest({ event, attempt, bytes, bytesHash }: RecordedTest): Work<void> {
  yield* insertEvents([{ event }]);
  const [row] = yield* all<{ id: number }>(
    `SELECT "id" FROM "Event" WHERE "shopId" = ? AND "datasetId" = ? AND "name" = ? AND "eventId" = ?`,
    event.shopId,
    event.datasetId,
    event.name,
    event.eventId,
  );
  if (row === undefined) throw new Error("a test event just written is not there");
  const attemptId = yield* insertAttempt(event, attempt);
  yield* run(FINISH, attemptId, bytes, bytesHash, attempt.at + attempt.ms, row.id);
}
