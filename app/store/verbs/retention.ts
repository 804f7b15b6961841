import type { Perishable } from "../rows";
import { all, type Dialect, run, type Sql, type Work } from "../statement";
import { pruneLedger } from "./ledger";

// An ended row goes through `forgotten` step by step, so that each step finds what is left to it and nothing else. What
// waits has no settledAt. In the order of the index, or PostgreSQL would look for so many rows from the table's start.
const FORGET_BYTES: Sql = ({ skipLocked }) => `
  UPDATE "Event" SET "bytes" = NULL, "forgotten" = 'bytes'
  WHERE "id" IN (
    SELECT "id" FROM "Event" WHERE "forgotten" IS NULL AND "settledAt" <= ?1
    ORDER BY "forgotten", "settledAt" LIMIT ?2 ${skipLocked})`;

const ENDED_LONG_AGO: Sql = ({ skipLocked }) => `
  SELECT "id" FROM "Event" WHERE "forgotten" = ?1 AND "settledAt" <= ?2
  ORDER BY "forgotten", "settledAt" LIMIT ?3 ${skipLocked}`;

// The keys go with the drain; here too, for a dataset that nobody drains any more. A registration's id is its customer's, and
// nothing else would lead to the row any more.
const FORGET_FACTS: Sql = ({ values }) => `
  UPDATE "Event" SET "facts" = NULL, "matchKeys" = NULL, "browser" = NULL, "customerKey" = NULL, "forgotten" = 'facts',
    "eventId" = CASE WHEN "name" = 'CompleteRegistration' THEN 'forgotten.' || "id" ELSE "eventId" END
  WHERE "id" IN ${values("?1", "integer")}`;

const travelledIn = ({ values }: Dialect) => `(
  SELECT "attemptId" FROM "Event" WHERE "id" IN ${values("?1", "integer")} AND "attemptId" IS NOT NULL
  UNION SELECT "attemptId" FROM "AttemptEvent" WHERE "eventRowId" IN ${values("?1", "integer")})`;

// A request is as old as the first of its events that goes.
export const FORGET_ANSWERS: Sql = (dialect) => `
  UPDATE "Attempt" SET "answer" = '' WHERE "id" IN ${travelledIn(dialect)} AND "answer" <> ''`;

const DELETE_ATTEMPTS: Sql = (dialect) => `DELETE FROM "Attempt" WHERE "id" IN ${travelledIn(dialect)}`;

const DELETE_ATTEMPT_EVENTS: Sql = ({ values }) => `
  DELETE FROM "AttemptEvent" WHERE "eventRowId" IN ${values("?1", "integer")}`;

const DELETE_EVENTS: Sql = ({ values }) => `DELETE FROM "Event" WHERE "id" IN ${values("?1", "integer")}`;

const DELETE_BROWSER_COPIES: Sql = ({ rowId, keyByKey }) => `
  DELETE FROM "BrowserCopy" WHERE ${rowId} IN (
    SELECT b.${rowId} FROM "Dataset" AS d ${keyByKey} "BrowserCopy" AS b
      ON b."datasetId" = d."id" AND b."receivedAt" <= ?1
    LIMIT ?2)`;

const DELETE_BROWSER_CONTEXTS: Sql = ({ skipLocked }) => `
  DELETE FROM "BrowserContext"
  WHERE "id" IN (
    SELECT "id" FROM "BrowserContext" WHERE "receivedAt" <= ?1 ORDER BY "receivedAt" LIMIT ?2 ${skipLocked})`;

const DELETE_ROLLUPS: Sql = ({ rowId }) => `
  DELETE FROM "Rollup" WHERE ${rowId} IN (
    SELECT ${rowId} FROM "Rollup" WHERE "bucket" <= ?1 ORDER BY "bucket" LIMIT ?2)`;

const DELETE_COVERAGE: Sql = ({ rowId }) => `
  DELETE FROM "Coverage" WHERE ${rowId} IN (
    SELECT ${rowId} FROM "Coverage" WHERE "day" <= ?1 ORDER BY "day" LIMIT ?2)`;

const DAY_MS = 24 * 3_600_000;
/** No hour is left to thin further back, unless the server was away: all days of a year would be looked through each time. */
const THINNED_BACK_MS = 30 * DAY_MS;

// Of a day that is over so long only its last is of use: a trend is drawn by days. Days are UTC's.
const THIN_QUALITY_READINGS: Sql = ({ skipLocked }) => `
  DELETE FROM "QualityReading"
  WHERE "id" IN (
    SELECT r."id" FROM "QualityReading" AS r
    WHERE r."at" <= ?1 AND r."at" > ?1 - ${THINNED_BACK_MS} AND EXISTS (
      SELECT 1 FROM "QualityReading" AS l
      WHERE l."datasetId" = r."datasetId" AND l."at" > r."at" AND l."at" < r."at" - r."at" % ${DAY_MS} + ${DAY_MS})
    ORDER BY r."at" LIMIT ?2 ${skipLocked})`;

const DELETE_QUALITY_READINGS: Sql = ({ skipLocked }) => `
  DELETE FROM "QualityReading"
  WHERE "id" IN (SELECT "id" FROM "QualityReading" WHERE "at" <= ?1 ORDER BY "at" LIMIT ?2 ${skipLocked})`;

// Notices are few: these two may look at all of them.
const FORGET_REQUEST_BODIES: Sql = ({ skipLocked }) => `
  UPDATE "Notice" SET "body" = ''
  WHERE "id" IN (SELECT "id" FROM "Notice" WHERE "closedAt" <= ?1 AND "body" <> '' LIMIT ?2 ${skipLocked})`;

const DELETE_NOTICES: Sql = ({ skipLocked }) => `
  DELETE FROM "Notice" WHERE "id" IN (SELECT "id" FROM "Notice" WHERE "closedAt" <= ?1 LIMIT ?2 ${skipLocked})`;

type Forgetting = (until: number, limit: number) => Work<number>;

const FORGETTING: Record<Perishable, Forgetting> = {
  bytes: (until, limit) => run(FORGET_BYTES, until, limit),
  facts: withEach("bytes", [FORGET_ANSWERS, FORGET_FACTS]),
  events: withEach("facts", [DELETE_ATTEMPTS, DELETE_ATTEMPT_EVENTS, DELETE_EVENTS]),
  browser_copies: (until, limit) => run(DELETE_BROWSER_COPIES, until, limit),
  browser_contexts: (until, limit) => run(DELETE_BROWSER_CONTEXTS, until, limit),
  rollups: forgetCounts,
  request_bodies: (until, limit) => run(FORGET_REQUEST_BODIES, until, limit),
  notices: (until, limit) => run(DELETE_NOTICES, until, limit),
  ledger: pruneLedger,
  quality_hours: (until, limit) => run(THIN_QUALITY_READINGS, until, limit),
  quality_readings: (until, limit) => run(DELETE_QUALITY_READINGS, until, limit),
};

/** Both kinds of counts; as many as `limit` of either means that there may be more. */
function* forgetCounts(until: number, limit: number): Work<number> {
  return Math.max(yield* run(DELETE_ROLLUPS, until, limit), yield* run(DELETE_COVERAGE, until, limit));
}

/** Does all of this with the same rows, which are a step further afterwards, or gone. */
function withEach(forgotten: "bytes" | "facts", statements: readonly Sql[]): Forgetting {
  return function* (until, limit) {
    const rows = yield* all<{ id: number }>(ENDED_LONG_AGO, forgotten, until, limit);
    if (rows.length === 0) return 0;
    const ids = JSON.stringify(rows.map(({ id }) => id));
    for (const statement of statements) yield* run(statement, ids);
    return rows.length;
  };
}

/**
 * Forgets what ended, was closed or was last heard of at `until` (epoch milliseconds) or before, `limit` rows at the most:
 * the writer must not stand still. Answers how many it was; as many as `limit` means that there may be more.
 */
export function forget(what: Perishable, until: number, limit: number): Work<number> {
  return FORGETTING[what](until, limit);
}
