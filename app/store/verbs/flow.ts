import type { Hold } from "../rows";
import { all, type Work } from "../statement";

/** Why an event waits: under way, due, on purpose, put off after something kept it, or dated ahead. */
export type WaitsFor = "leaving" | "due" | Hold | "again" | "later";

/** Events of a dataset that wait for the same. */
export interface Waiting {
  why: WaitsFor;
  count: number;
  /** When the first of them is due, or was; epoch milliseconds. */
  since: number;
}

// What a hold was for is over once its time has come.
const WAITING = `
  SELECT "why", count(*) AS "count", min("runAt") AS "since"
  FROM (
    SELECT "runAt", CASE
      WHEN "lease" IS NOT NULL THEN 'leaving' WHEN "runAt" <= ?2 THEN 'due' WHEN "hold" IS NOT NULL THEN "hold"
      WHEN "reason" IS NOT NULL THEN 'again' ELSE 'later' END AS "why"
    FROM "Event" WHERE "datasetId" = ?1 AND "outcome" = 'waiting' AND "runAt" IS NOT NULL
    ORDER BY "runAt" LIMIT ?3) AS w
  GROUP BY "why"`;

/** What of a dataset waits, and for what; of `limit` at the most, those first that have been due for longest. */
export function* waitingOf(datasetId: number, now: number, limit: number): Work<Waiting[]> {
  return yield* all<Waiting>(WAITING, datasetId, now, limit);
}

/** Requests for a dataset that came to the same. */
export interface RequestCount {
  verdict: string;
  /** HTTP status; null: no answer came. */
  status: number | null;
  code: number | null;
  subcode: number | null;
  /** Whether they were made since the instant asked about: 1 or 0. */
  lately: number;
  count: number;
  /** When the last of them was made, epoch milliseconds. */
  last: number;
}

const REQUESTS = `
  SELECT "verdict", "status", "code", "subcode", CASE WHEN "at" >= ?2 THEN 1 ELSE 0 END AS "lately",
    count(*) AS "count", max("at") AS "last"
  FROM (
    SELECT "verdict", "status", "code", "subcode", "at" FROM "Attempt"
    WHERE "datasetId" = ?1 ORDER BY "at" DESC LIMIT ?3) AS w
  GROUP BY 1, 2, 3, 4, 5`;

/** What a dataset's latest requests came to, `limit` of them at the most. */
export function* requestsOf(datasetId: number, since: number, limit: number): Work<RequestCount[]> {
  return yield* all<RequestCount>(REQUESTS, datasetId, since, limit);
}
