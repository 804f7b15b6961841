import { TEST_EVENT } from "../../events/catalog";
import { metaWindow } from "../../events/meta-window";
import type { Outcome } from "../../events/outcome";
import type { ReplayCandidate, ReplayFilter, StoredEvent } from "../rows";
import { all, type Parameter, type Sql, type Work } from "../statement";
import { type EventRow, storedEvents } from "./claim";

/** A portion of the rows of one outcome. */
export interface ReplayPage {
  shopId: number;
  outcome: Outcome;
  after: number;
  limit: number;
  /** Epoch milliseconds. */
  now: number;
}

type Flag = "readable" | "keyed" | "unanswered" | "held" | "disconnected" | "uninstalled" | "waiting";
type Row = Omit<ReplayCandidate, Flag> & Record<Flag, number | boolean>;

// Neither a word of Meta's about the events or the token, nor its request to slow down: see app/pipeline/delivering.server.ts.
const NO_ANSWER = `a."verdict" = 'retry'
  AND (a."status" IS NULL OR (a."status" <> 429 AND (a."code" IS NULL OR a."status" >= 500)))`;

/** A condition for each part of a filter; what it compares with is added to the parameters. */
const NARROWED = {
  rowId: `"id" =`,
  reason: `"reason" =`,
  datasetId: `"datasetId" =`,
  name: `"name" =`,
  eventId: `"eventId" =`,
  since: `"eventTime" >=`,
  until: `"eventTime" <=`,
  upTo: `"id" <=`,
} as const satisfies Partial<Record<keyof ReplayFilter, string>>;

/** Of what waits: nothing younger can be in the last day of its browser copy's 48 hours, whose clock may be off an hour. */
const YOUNGEST_SOON_MS = 23 * 3_600_000;

function narrowed(filter: Omit<ReplayFilter, "openAt">, parameters: Parameter[]): string {
  const conditions = (Object.keys(NARROWED) as (keyof typeof NARROWED)[]).flatMap((name) => {
    const value = filter[name];
    return value === null ? [] : [`AND ${NARROWED[name]} ?${parameters.push(value)}`];
  });
  return conditions.join(" ");
}

/** Whether Meta's window is open at `now`. */
function windowOpen(now: number, parameters: Parameter[]): string {
  const till = parameters.push(now - metaWindow("physical_store"));
  const website = parameters.push(now - metaWindow("website"));
  return `"eventTime" >= CASE WHEN "actionSource" = 'physical_store' THEN CAST(?${till} AS BIGINT) ELSE CAST(?${website} AS BIGINT) END`;
}

const candidates = (conditions: string): string => `
  SELECT e."id", e."datasetId", e."name", e."eventId", e."orderId", e."reason", e."waiting", e."hold", e."runAt",
    e."actionSource", e."eventTime", e."readable", e."keyed", e."sentHash",
    b."receivedAt" AS "browserLeft",
    (EXISTS (SELECT 1 FROM "Attempt" AS a WHERE a."id" = e."attemptId" AND ${NO_ANSWER})
      OR EXISTS (SELECT 1 FROM "AttemptEvent" AS t JOIN "Attempt" AS a ON a."id" = t."attemptId"
        WHERE t."eventRowId" = e."id" AND ${NO_ANSWER})) AS "unanswered",
    d."heldReason" IS NOT NULL AS "held", d."disconnectedAt" IS NOT NULL AS "disconnected",
    s."uninstalledAt" IS NOT NULL AS "uninstalled"
  FROM (
    SELECT "id", "shopId", "datasetId", "name", "eventId", "orderId", "reason", "hold", "runAt", "actionSource",
      "eventTime", "attemptId", "bytesHash" AS "sentHash", "outcome" = 'waiting' AS "waiting",
      "facts" IS NOT NULL AS "readable", "matchKeys" IS NOT NULL AS "keyed"
    FROM "Event" WHERE "shopId" = ?1 AND "outcome" = ?2 AND "id" > ?3 ${conditions} ORDER BY "id" LIMIT ?4) AS e
  JOIN "Dataset" AS d ON d."id" = e."datasetId"
  JOIN "Shop" AS s ON s."id" = e."shopId"
  LEFT JOIN "BrowserCopy" AS b
    ON b."datasetId" = e."datasetId" AND b."name" = e."name" AND b."eventId" = e."eventId" AND b."tr" = 'resolved'
  ORDER BY e."id"`;

/**
 * What of a shop ended so and is meant, in the order of row ids, from behind `after`; of what waits, what may soon be too old
 * at `now`.
 */
export function* replayCandidates(
  { shopId, outcome, after, limit, now }: ReplayPage,
  filter: ReplayFilter,
): Work<ReplayCandidate[]> {
  const parameters: Parameter[] = [shopId, outcome, after, limit];
  const conditions = [narrowed(filter, parameters)];
  if (filter.openAt !== null) conditions.push(`AND ${windowOpen(filter.openAt, parameters)}`);
  if (outcome === "waiting") {
    conditions.push(`AND "hold" IS NULL AND "eventTime" <= ?${parameters.push(now - YOUNGEST_SOON_MS)}`);
  }
  const rows = yield* all<Row>(candidates(conditions.join(" ")), ...parameters);
  return rows.map((row) => ({
    ...row,
    waiting: Boolean(row.waiting),
    readable: Boolean(row.readable),
    keyed: Boolean(row.keyed),
    unanswered: Boolean(row.unanswered),
    held: Boolean(row.held),
    disconnected: Boolean(row.disconnected),
    uninstalled: Boolean(row.uninstalled),
  }));
}

/** How much of what is meant is older at `now` than Meta takes. */
export function* replaysTooOld(
  shopId: number,
  outcome: Outcome,
  filter: Omit<ReplayFilter, "openAt">,
  now: number,
): Work<number> {
  const parameters: Parameter[] = [shopId, outcome];
  const conditions = `${narrowed(filter, parameters)} AND NOT (${windowOpen(now, parameters)})`;
  const sql = `SELECT count(*) AS "n" FROM "Event" WHERE "shopId" = ?1 AND "outcome" = ?2 ${conditions}`;
  const [counted] = yield* all<{ n: number }>(sql, ...parameters);
  return Number(counted?.n ?? 0);
}

const ROWS: Sql = ({ values }) => `
  SELECT * FROM "Event" WHERE "shopId" = ?1 AND "id" IN ${values("?2", "integer")}`;

/** Some events of a shop, whole. */
export function* eventsOf(shopId: number, ids: readonly number[]): Work<StoredEvent[]> {
  return storedEvents(yield* all<EventRow>(ROWS, shopId, JSON.stringify(ids)));
}

// Where it is counted it stays counted until it ends anew. Who has what ended under a lease, to count or to forget it, has lost it.
const REPLAY: Sql = ({ values, greatest }) => `
  UPDATE "Event" SET "outcome" = 'waiting', "reason" = NULL, "runAt" = ${greatest("?3", `"eventTime"`)}, "hold" = NULL,
    "attempts" = 0, "tries" = 0, "lease" = NULL, "settledAt" = NULL, "replayedAt" = ?2
  WHERE "id" IN ${values("?1", "integer")}
    AND ("outcome" IN ('rejected', 'dead') OR ("outcome" = 'waiting' AND "lease" IS NULL AND "hold" IS NULL AND "runAt" > ?3))
    AND "facts" IS NOT NULL AND "matchKeys" IS NOT NULL
  RETURNING "id"`;

/**
 * Brings rows back that were rejected or given up, by a person's will: they wait, and are due at `runAt`, as if they had just
 * come; so does what waits for a later try. Answers those that did; what ended otherwise, is on its way to Meta, or has nothing
 * left to be sent with, stays as it is.
 */
export function* replay(ids: readonly number[], now: number, runAt: number): Work<number[]> {
  return (yield* all<{ id: number }>(REPLAY, JSON.stringify(ids), now, runAt)).map(({ id }) => id);
}

// In the words of the index.
const LAST_TURN = `
  SELECT max("runAt") AS "last" FROM "Event"
  WHERE "shopId" = ?1 AND "replayedAt" IS NOT NULL AND "outcome" = 'waiting' AND "runAt" > ?2`;

/** When the last is due of what a person brought back and that has not had its turn yet; null: there is nothing. */
export function* replayedUntil(shopId: number, now: number): Work<number | null> {
  const last = (yield* all<{ last: number | null }>(LAST_TURN, shopId, now))[0]?.last ?? null;
  return last === null ? null : Number(last);
}

/** Events that ended for one cause. */
export interface Cause {
  datasetId: number;
  name: string;
  outcome: Outcome;
  /** As it is stored. */
  reason: string | null;
  events: number;
  /** Those of them that Meta's window is still open for. */
  inTime: number;
  /** When the first and the last of them happened, epoch milliseconds. */
  first: number;
  last: number;
}

const CAUSES = `
  SELECT "datasetId", "name", "outcome", "reason", count(*) AS "events", min("eventTime") AS "first",
    max("eventTime") AS "last",
    sum(CASE WHEN "eventTime" >= CASE WHEN "actionSource" = 'physical_store' THEN CAST(?3 AS BIGINT) ELSE CAST(?2 AS BIGINT) END THEN 1 ELSE 0 END)
      AS "inTime"
  FROM "Event"
  WHERE "shopId" = ?1 AND "outcome" IN ('rejected', 'expired', 'dead') AND "settledAt" >= ?3
    AND "outcome" <> 'expired' AND "name" <> '${TEST_EVENT}'
  GROUP BY "datasetId", "name", "outcome", "reason"
  ORDER BY count(*) DESC, "datasetId", "name", "outcome", "reason"`;

/** Why a shop's events were rejected or given up, the most frequent first; of those that ended within Meta's longest window. */
export function* causesOf(shopId: number, now: number): Work<Cause[]> {
  const since = (actionSource: string) => now - metaWindow(actionSource);
  const rows = yield* all<Cause>(CAUSES, shopId, since("website"), since("physical_store"));
  return rows.map((row) => ({ ...row, events: Number(row.events), inTime: Number(row.inTime) }));
}
