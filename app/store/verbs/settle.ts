import type { NewAttempt, RollupChange, Settlement, Settling } from "../rows";
import { all, run, type Sql, type Work } from "../statement";
import { remember } from "./contexts";
import { cover, twinsOfAccepted } from "./coverage";
import { heedConsent } from "./release";

const INSERT_ATTEMPT = `
  INSERT INTO "Attempt" ("shopId", "datasetId", "at", "ms", "events", "status", "verdict", "code", "subcode",
    "fbtraceId", "answer", "bytesHash")
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING "id"`;

const INSERT_ATTEMPT_EVENTS: Sql = ({ rows }) => `
  INSERT INTO "AttemptEvent" ("attemptId", "eventRowId")
  SELECT * FROM ${rows("?1", { attemptId: "integer", eventRowId: "integer" })} AS w WHERE true
  ON CONFLICT DO NOTHING`;

const SETTLED = {
  id: "integer",
  outcome: "text",
  reason: "text",
  runAt: "integer",
  attemptId: "integer",
  consent: "text",
  bytes: "text",
  bytesHash: "text",
  forget: "boolean",
  sum: "integer",
  tries: "integer",
  keyAccount: "text",
} as const;

// Only the holder of the lease may settle; a row whose lease ran out belongs to whoever claimed it since.
// countedAs follows the outcome, and the rollup changes of the same transaction follow countedAs.
const SETTLE: Sql = ({ rows, unindexed }) => `
  UPDATE "Event" SET
    "outcome" = s."outcome", "reason" = s."reason", "runAt" = s."runAt", "lease" = NULL,
    "attemptId" = coalesce(s."attemptId", "Event"."attemptId"), "consent" = coalesce(s."consent", "Event"."consent"),
    "bytes" = coalesce(s."bytes", "Event"."bytes"), "bytesHash" = coalesce(s."bytesHash", "Event"."bytesHash"),
    "keyAccount" = coalesce(s."keyAccount", "Event"."keyAccount"),
    "matchKeys" = CASE WHEN s."forget" THEN NULL ELSE "Event"."matchKeys" END,
    "browser" = CASE WHEN s."forget" THEN NULL ELSE "Event"."browser" END,
    "hold" = NULL, "tries" = s."tries",
    "settledAt" = CASE WHEN s."outcome" = 'waiting' THEN NULL ELSE coalesce("Event"."settledAt", ?3) END,
    "countedAs" = CASE WHEN s."outcome" = 'waiting' THEN "Event"."countedAs" ELSE s."outcome" END,
    "countedSum" = CASE WHEN s."outcome" = 'waiting' THEN "Event"."countedSum" ELSE s."sum" END,
    "forgotten" = CASE WHEN coalesce(s."bytes", "Event"."bytes") IS NULL THEN 'bytes' END
  FROM ${rows("?1", SETTLED)} AS s
  WHERE "Event"."id" = s."id" AND ${unindexed(`"Event"."lease"`)} = ?2
  RETURNING "Event"."id" AS "id", "Event"."checkoutToken" AS "checkoutToken"`;

const ROLL_UP: Sql = ({ rows }) => `
  INSERT INTO "Rollup" ("shopId", "datasetId", "event", "leg", "bucket", "dimension", "value", "count", "sum")
  SELECT ?1, "datasetId", "event", "leg", "bucket", "dimension", "value", "count", "sum"
  FROM ${rows("?2", COUNTED)} AS w WHERE true ORDER BY 2, 3, 4, 5, 6, 7
  ON CONFLICT ("shopId", "dimension", "bucket", "datasetId", "event", "leg", "value") DO UPDATE SET
    "count" = "Rollup"."count" + excluded."count", "sum" = "Rollup"."sum" + excluded."sum"`;

const COUNTED = {
  datasetId: "integer",
  event: "text",
  leg: "text",
  bucket: "integer",
  dimension: "text",
  value: "text",
  count: "integer",
  sum: "integer",
} as const;

interface Settled {
  id: number;
  checkoutToken: string | null;
}

/**
 * Writes attempts, endings and counts as one. A browser that spoke while its order was claimed found it neither waiting nor
 * withheld: it is heeded here. A row whose lease ran out belongs to whoever claimed it since: it stays as it is and is
 * answered as lost; the rows beside it are settled all the same, for Meta has been asked about them.
 */
export function* settle(settling: Settling): Work<{ lost: number[] }> {
  const attemptIds: number[] = [];
  for (const attempt of settling.attempts) attemptIds.push(yield* insertAttempt(settling, attempt));
  const rows = settling.settlements.map((s) => [
    s.id,
    s.outcome,
    s.reason,
    s.runAt,
    s.attempt === null ? null : attemptIds[s.attempt],
    s.consent,
    s.bytes,
    s.bytesHash,
    s.forget,
    s.sum,
    s.tries,
    s.keyAccount,
  ]);
  const settled = yield* all<Settled>(SETTLE, JSON.stringify(rows), settling.lease, settling.now);
  const ours = new Map(settled.map(({ id, checkoutToken }) => [id, checkoutToken]));
  const mine = settling.settlements.filter(({ id }) => ours.has(id));
  yield* insertEarlier(settling, mine, attemptIds);
  yield* remember(settling.shopId, settling.contexts);
  yield* rollUp(
    settling.shopId,
    mine.flatMap(({ changes }) => changes),
  );
  const covered = mine.flatMap((one) => one.covered ?? []);
  yield* cover(settling.shopId, covered, yield* twinsOfAccepted(settling.datasetId, covered));
  // Last: whoever arrives locks contexts before he is heard.
  const unheard = mine.filter(({ reason }) => reason === "no_consent_signal").flatMap(({ id }) => ours.get(id) ?? []);
  yield* heedConsent(settling.shopId, unheard, settling.now);
  return { lost: settling.settlements.flatMap(({ id }) => (ours.has(id) ? [] : [id])) };
}

/** Answers the id of its row. */
export function* insertAttempt(
  { shopId, datasetId }: { shopId: number; datasetId: number },
  attempt: Omit<NewAttempt, "eventRowIds">,
): Work<number> {
  const { at, ms, events, status, verdict, code, subcode, fbtraceId, answer, bytesHash } = attempt;
  const [row] = yield* all<{ id: number }>(
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
  return row.id;
}

/**
 * The attempts that a row does not say itself, for it has room for one: those before its last, and those of a row whose lease
 * was lost. Few events travel more than once.
 */
function* insertEarlier(
  { attempts }: Settling,
  mine: readonly Settlement[],
  attemptIds: readonly number[],
): Work<void> {
  const last = new Map(mine.map(({ id, attempt }) => [id, attempt]));
  const others = attempts.flatMap(({ eventRowIds }, n) =>
    eventRowIds.filter((id) => last.get(id) !== n).map((id) => [attemptIds[n], id]),
  );
  const before = mine.flatMap(({ id, attempt, attemptBefore }) =>
    attempt === null || attemptBefore === null ? [] : [[attemptBefore, id]],
  );
  const earlier = [...before, ...others];
  if (earlier.length > 0) yield* run(INSERT_ATTEMPT_EVENTS, JSON.stringify(earlier));
}

/** Adds changes to the counts. */
export function* rollUp(shopId: number, changes: RollupChange[]): Work<void> {
  // What adds up to nothing is not written.
  const rows = [...summed(changes).values()].filter(([, , , , , , count, sum]) => count !== 0 || sum !== 0);
  if (rows.length > 0) yield* run(ROLL_UP, shopId, JSON.stringify(rows));
}

type CountedRow = [number, string, string, number, string, string, count: number, sum: number];

/** What is counted under the same, as one: a statement may touch a row but once. */
function summed(changes: RollupChange[]): Map<string, CountedRow> {
  const rows = new Map<string, CountedRow>();
  for (const { datasetId, event, leg, bucket, dimension, value, count, sum } of changes) {
    const key = [datasetId, bucket, leg, dimension, value, event].join("\n");
    const row = rows.get(key);
    if (row === undefined) rows.set(key, [datasetId, event, leg, bucket, dimension, value, count, sum]);
    else {
      row[6] += count;
      row[7] += sum;
    }
  }
  return rows;
}
