import type { NewAttempt, RollupChange, Settling } from "../rows";
import type { Connection } from "./connection.server";
import { remember } from "./contexts.server";

const INSERT_ATTEMPT = `
  INSERT INTO "Attempt" ("shopId", "datasetId", "at", "ms", "events", "status", "verdict", "code", "subcode",
    "fbtraceId", "answer", "bytesHash")
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING "id"`;

const INSERT_ATTEMPT_EVENTS = `
  INSERT INTO "AttemptEvent" ("attemptId", "eventRowId") SELECT ?1, value FROM json_each(?2) WHERE true
  ON CONFLICT DO NOTHING`;

// Only the holder of the lease may settle; a row whose lease ran out belongs to whoever claimed it since.
// countedAs follows the outcome, and the rollup changes of the same transaction follow countedAs.
const SETTLE = `
  UPDATE "Event" SET
    "outcome" = s.value->>1, "reason" = s.value->>2, "runAt" = s.value->>3, "lease" = NULL,
    "attemptId" = coalesce(s.value->>4, "attemptId"), "consent" = coalesce(s.value->>5, "consent"),
    "bytes" = coalesce(s.value->>6, "bytes"), "bytesHash" = coalesce(s.value->>7, "bytesHash"),
    "matchKeys" = CASE WHEN s.value->>8 THEN NULL ELSE "matchKeys" END,
    "browser" = CASE WHEN s.value->>8 THEN NULL ELSE "browser" END,
    "hold" = NULL, "tries" = s.value->>10,
    "settledAt" = CASE WHEN s.value->>1 = 'waiting' THEN NULL ELSE coalesce("settledAt", ?3) END,
    "countedAs" = CASE WHEN s.value->>1 = 'waiting' THEN "countedAs" ELSE s.value->>1 END,
    "countedSum" = CASE WHEN s.value->>1 = 'waiting' THEN "countedSum" ELSE s.value->>9 END
  FROM json_each(?1) AS s
  WHERE "Event"."id" = s.value->>0 AND "Event"."lease" = ?2
  RETURNING "Event"."id" AS "id"`;

const ROLL_UP = `
  INSERT INTO "Rollup" ("shopId", "datasetId", "event", "leg", "bucket", "dimension", "value", "count", "sum")
  SELECT ?1, value->>0, value->>1, value->>2, value->>3, value->>4, value->>5, sum(value->>6), sum(value->>7)
  FROM json_each(?2) WHERE true
  GROUP BY 2, 3, 4, 5, 6, 7 ORDER BY 2, 3, 4, 5, 6, 7
  ON CONFLICT DO UPDATE SET "count" = "count" + excluded."count", "sum" = "sum" + excluded."sum"`;

/**
 * Writes attempts, endings and counts as one. A row whose lease ran out belongs to whoever claimed it since: it stays as it
 * is and is answered as lost; the rows beside it are settled all the same, for Meta has been asked about them.
 */
export function settle(connection: Connection, settling: Settling): { lost: number[] } {
  const attemptIds = settling.attempts.map((attempt) => insertAttempt(connection, settling, attempt));
  const rows = settling.settlements.map((s) => [
    s.id,
    s.outcome,
    s.reason,
    s.runAt,
    s.attempt === null ? null : attemptIds[s.attempt],
    s.consent,
    s.bytes,
    s.bytesHash,
    s.forget ? 1 : 0,
    s.sum,
    s.tries,
  ]);
  const settled = connection.all<{ id: number }>(SETTLE, JSON.stringify(rows), settling.lease, settling.now);
  const ours = new Set(settled.map(({ id }) => id));
  const mine = settling.settlements.filter(({ id }) => ours.has(id));
  for (const context of settling.contexts) remember(connection, context);
  rollUp(
    connection,
    settling.shopId,
    mine.flatMap(({ changes }) => changes),
  );
  return { lost: settling.settlements.flatMap(({ id }) => (ours.has(id) ? [] : [id])) };
}

/** Answers the id of its row. */
export function insertAttempt(
  connection: Connection,
  { shopId, datasetId }: { shopId: number; datasetId: number },
  attempt: NewAttempt,
): number {
  const { at, ms, events, status, verdict, code, subcode, fbtraceId, answer, bytesHash } = attempt;
  const [row] = connection.all<{ id: number }>(
    INSERT_ATTEMPT,
    shopId,
    datasetId,
    at,
    ms,
    events,
    status,
    verdict,
    code,
    subcode,
    fbtraceId,
    answer,
    bytesHash,
  );
  if (row === undefined) throw new Error("INSERT … RETURNING gave no row");
  connection.run(INSERT_ATTEMPT_EVENTS, row.id, JSON.stringify(attempt.eventRowIds));
  return row.id;
}

/** Adds changes to the counts. */
export function rollUp(connection: Connection, shopId: number, changes: RollupChange[]): void {
  if (changes.length === 0) return;
  const rows = changes.map((c) => [c.datasetId, c.event, c.leg, c.bucket, c.dimension, c.value, c.count, c.sum]);
  connection.run(ROLL_UP, shopId, JSON.stringify(rows));
}
