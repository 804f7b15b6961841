import { all, type Sql, type Work } from "../statement";
import { COVERAGE_KEYS } from "./coverage";

const KEYS = COVERAGE_KEYS.map((key) => `"${key}"`).join(", ");
const SUMS = ["events", "twins", ...COVERAGE_KEYS].map((count) => `CAST(sum("${count}") AS BIGINT) AS "${count}"`);

/** Counts of one dataset's events of a kind. */
export interface CoverageCounts extends Record<(typeof COVERAGE_KEYS)[number], number> {
  event: string;
  leg: "browser" | "server";
  events: number;
  twins: number;
}

/** By day. */
export interface CoverageDay extends CoverageCounts {
  /** all, or known: not sent, though it is known here. */
  dimension: string;
  /** Start of the shop's own day, epoch milliseconds. */
  day: number;
}

/** By what they are narrowed by. */
export interface CoverageGroup extends CoverageCounts {
  dimension: string;
  value: string;
}

const BY_DAY: Sql = `
  SELECT "dimension", "event", "leg", "day", "events", "twins", ${KEYS} FROM "Coverage"
  WHERE "shopId" = ?1 AND "datasetId" = ?2 AND "dimension" IN ('all', 'known') AND "day" >= ?3
  ORDER BY "day"`;

/** What a dataset's events carried since an instant (epoch milliseconds), day by day: some rows for each event and day. */
export function* coverageByDay(shopId: number, datasetId: number, since: number): Work<CoverageDay[]> {
  return yield* all<CoverageDay>(BY_DAY, shopId, datasetId, since);
}

const BY_GROUP: Sql = `
  SELECT "dimension", "value", "event", "leg", ${SUMS.join(", ")} FROM "Coverage"
  WHERE "shopId" = ?1 AND "datasetId" = ?2 AND "dimension" IN ('source', 'device', 'country', 'recognise')
    AND "event" = ?3 AND "leg" IN ('browser', 'server') AND "day" >= ?4
  GROUP BY "dimension", "value", "event", "leg" ORDER BY 5 DESC, 1, 2, 4`;

/** The same of one event as a whole, by what its counts are narrowed by, the most frequent first. */
export function* coverageByGroup(
  shopId: number,
  datasetId: number,
  event: string,
  since: number,
): Work<CoverageGroup[]> {
  return yield* all<CoverageGroup>(BY_GROUP, shopId, datasetId, event, since);
}
