import type { Outcome } from "../../events/outcome";
import type { ReplayCandidate } from "../rows";
import { all, type Sql, type Work } from "../statement";

type Flag = "readable" | "keyed" | "disconnected" | "uninstalled";
type Row = Omit<ReplayCandidate, Flag> & Record<Flag, number | boolean>;

const CANDIDATES = `
  SELECT e."id", e."datasetId", e."name", e."eventId", e."actionSource", e."eventTime", e."readable", e."keyed",
    b."receivedAt" AS "browserLeft", d."disconnectedAt" IS NOT NULL AS "disconnected",
    s."uninstalledAt" IS NOT NULL AS "uninstalled"
  FROM (
    SELECT "id", "shopId", "datasetId", "name", "eventId", "actionSource", "eventTime", "facts" IS NOT NULL AS "readable",
      "matchKeys" IS NOT NULL AS "keyed"
    FROM "Event" WHERE "shopId" = ?1 AND "outcome" = ?2 AND "id" > ?3 ORDER BY "id" LIMIT ?4) AS e
  JOIN "Dataset" AS d ON d."id" = e."datasetId"
  JOIN "Shop" AS s ON s."id" = e."shopId"
  LEFT JOIN "BrowserCopy" AS b
    ON b."datasetId" = e."datasetId" AND b."name" = e."name" AND b."eventId" = e."eventId" AND b."tr" = 'resolved'
  ORDER BY e."id"`;

/** What of a shop ended so, in the order of row ids, from behind `after`. */
export function* replayCandidates(
  shopId: number,
  outcome: Outcome,
  after: number,
  limit: number,
): Work<ReplayCandidate[]> {
  const rows = yield* all<Row>(CANDIDATES, shopId, outcome, after, limit);
  return rows.map((row) => ({
    ...row,
    readable: Boolean(row.readable),
    keyed: Boolean(row.keyed),
    disconnected: Boolean(row.disconnected),
    uninstalled: Boolean(row.uninstalled),
  }));
}

// Where it is counted it stays counted until it ends anew. Who has it under a lease, to count or to forget it, has lost it.
const REPLAY: Sql = ({ values, greatest }) => `
  UPDATE "Event" SET "outcome" = 'waiting', "reason" = NULL, "runAt" = ${greatest("?2", `"eventTime"`)}, "hold" = NULL,
    "attempts" = 0, "tries" = 0, "lease" = NULL, "settledAt" = NULL
  WHERE "id" IN ${values("?1", "integer")} AND "outcome" IN ('rejected', 'dead') AND "facts" IS NOT NULL
    AND "matchKeys" IS NOT NULL
  RETURNING "id"`;

/**
 * Brings rows back that were rejected or given up: they wait and are due, as if they had just come. Answers those that did;
 * what ended otherwise, or has nothing left to be sent with, stays as it is.
 */
export function* replay(ids: readonly number[], now: number): Work<number[]> {
  return (yield* all<{ id: number }>(REPLAY, JSON.stringify(ids), now)).map(({ id }) => id);
}
