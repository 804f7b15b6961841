import type { LedgerLine } from "../rows";
import { all, type Parameter, type Sql, type Work } from "../statement";
import { COLUMNS, ledgerLine, type StoredLine } from "./ledger";

// The end of the chain is looked up here, and not before: what is sealed meanwhile is no stray.
const STRAYS: Sql = `
  SELECT l."n" FROM "LedgerLine" AS l LEFT JOIN "LedgerHead" AS h ON h."shopId" = l."shopId"
  WHERE l."shopId" = ?1 AND (h."n" IS NULL OR l."n" <= h."checkpointN" OR l."n" > h."n")
  ORDER BY l."n" LIMIT 1`;

/** The first line that lies outside of the chain, or that has none; null: none does. */
export function* strayLine(shopId: number): Work<number | null> {
  const [stray] = yield* all<{ n: number }>(STRAYS, shopId);
  return stray?.n ?? null;
}

// Each order and dataset has one last word: the newest line of its row. Of what was pruned the last word may be gone.
const WITHOUT_A_LAST_WORD: Sql = `
  SELECT min(g."n") AS "n" FROM (
    SELECT max("n") AS "n", max("n") FILTER (WHERE "current") AS "currentN", count(*) FILTER (WHERE "current") AS "words"
    FROM "LedgerLine" WHERE "shopId" = ?1 AND "order" IS NOT NULL GROUP BY "datasetId", "order") AS g
  WHERE g."words" > 1 OR (g."words" = 0 AND ?2 = 0)`;
// In one pass: asked line by line for a later one, SQLite would go through all that come after it.
const STALE_WORD: Sql = `
  SELECT min(g."currentN") AS "n" FROM (
    SELECT max("n") AS "n", min("n") FILTER (WHERE "current") AS "currentN"
    FROM "LedgerLine" WHERE "shopId" = ?1 GROUP BY "eventRowId") AS g
  WHERE g."currentN" < g."n"`;

/** The first line of an order whose last word is missing, or is not the last; null: all are in order. */
export function* wrongLastWord(shopId: number, checkpointN: number): Work<number | null> {
  const [missing] = yield* all<{ n: number | null }>(WITHOUT_A_LAST_WORD, shopId, checkpointN);
  const [stale] = yield* all<{ n: number | null }>(STALE_WORD, shopId);
  const wrong = [missing?.n, stale?.n].flatMap((n) => (n == null ? [] : [Number(n)]));
  return wrong.length === 0 ? null : Math.min(...wrong);
}

/** A span of time, epoch milliseconds; its end is not in it. */
export interface Span {
  start: number;
  end: number;
}

/** How many orders of one span stand alike. */
export interface OrderCounts {
  /** Index of the span. */
  span: number;
  event: string;
  /** See app/ledger/order-line.ts. */
  value: string;
  count: number;
  /** In millionths of the shop's currency. */
  sum: number;
}

// Added up where they lie: a page knows spans, and there are thousands of counts in them. What all of them lie within is said
// once more by itself: PostgreSQL knows nothing of spans in a JSON text, and would go through the counts of all shops.
const counts = (condition: string): Sql => {
  return ({ rows, keyByKey }) => `
    SELECT w."span", r."event", r."value", CAST(sum(r."count") AS BIGINT) AS "count", CAST(sum(r."sum") AS BIGINT) AS "sum"
    FROM ${rows("?3", { span: "integer", start: "integer", end: "integer" })} AS w
    ${keyByKey} "Rollup" AS r
      ON r."shopId" = ?1 AND r."dimension" = ?2 AND r."bucket" >= ?4 AND r."bucket" < ?5
        AND r."bucket" >= w."start" AND r."bucket" < w."end" ${condition}
    GROUP BY w."span", r."event", r."value" HAVING sum(r."count") <> 0`;
};
const COUNTS = counts("");
const COUNTS_OF_DATASET = counts(`AND r."datasetId" = ?6`);
// By the index alone: there are dozens of events.
const COUNTS_OF_EVENT = counts(`AND r."datasetId" = ?6 AND r."event" = ?7`);

/** The spans by their numbers, and what all of them lie within. */
const spansAsAsked = (spans: readonly Span[]): Parameter[] => [
  JSON.stringify(spans.map(({ start, end }, span) => [span, start, end])),
  Math.min(...spans.map(({ start }) => start)),
  Math.max(...spans.map(({ end }) => end)),
];

/** The counts under a dimension, span by span. `datasetId`: null, all of them. */
export function* orderCounts(
  shopId: number,
  dimension: string,
  spans: readonly Span[],
  datasetId: number | null,
): Work<OrderCounts[]> {
  return datasetId === null
    ? yield* all<OrderCounts>(COUNTS, shopId, dimension, ...spansAsAsked(spans))
    : yield* all<OrderCounts>(COUNTS_OF_DATASET, shopId, dimension, ...spansAsAsked(spans), datasetId);
}

/** The same of one event. */
export function* eventCounts(
  shopId: number,
  dimension: string,
  spans: readonly Span[],
  datasetId: number,
  event: string,
): Work<OrderCounts[]> {
  return yield* all<OrderCounts>(COUNTS_OF_EVENT, shopId, dimension, ...spansAsAsked(spans), datasetId, event);
}

/** Which of the lines that count; null: no matter. */
export interface LineFilter {
  span: Span;
  datasetId: number | null;
  outcome: string | null;
  /** An empty one: those without. */
  reason: string | null;
  source: string | null;
  event: string | null;
}

/** Where a page of lines ends, newest first. */
export interface LinePlace {
  bucket: number;
  id: number;
}

export type PlacedLine = LedgerLine & { id: number };

/** What lines may be narrowed by; all of it is in the index they are read by. */
const NARROWED = {
  datasetId: `"datasetId"`,
  outcome: `"outcome"`,
  reason: `coalesce("reason", '')`,
  source: `"source"`,
  event: `"event"`,
} as const satisfies Partial<Record<keyof LineFilter, string>>;

/** The last words on orders of a span, newest first, from behind `after`. */
export function* currentLines(
  shopId: number,
  { span, ...filter }: LineFilter,
  after: LinePlace | null,
  limit: number,
): Work<PlacedLine[]> {
  const { bucket, id } = after ?? { bucket: span.end - 1, id: Number.MAX_SAFE_INTEGER };
  const parameters: Parameter[] = [shopId, span.start, bucket, id, limit];
  const conditions = (Object.keys(NARROWED) as (keyof typeof NARROWED)[]).flatMap((name) => {
    const value = filter[name];
    return value === null ? [] : [`AND ${NARROWED[name]} = ?${parameters.push(value)}`];
  });
  const found = yield* all<StoredLine & { id: number }>(
    `SELECT "id", ${COLUMNS} FROM "LedgerLine"
     WHERE "current" AND "shopId" = ?1 AND "bucket" >= ?2 AND "bucket" <= ?3 AND ("bucket" < ?3 OR "id" < ?4)
       ${conditions.join(" ")}
     ORDER BY "bucket" DESC, "id" DESC LIMIT ?5`,
    ...parameters,
  );
  return found.map((line) => ({ ...ledgerLine(line), id: line.id }));
}

const OF_ROW = `SELECT ${COLUMNS} FROM "LedgerLine" WHERE "eventRowId" = ?1 AND "shopId" = ?2 ORDER BY "n"`;

/** All that the ledger ever said of a row, oldest first. */
export function* linesOfRow(shopId: number, eventRowId: number): Work<LedgerLine[]> {
  return (yield* all<StoredLine>(OF_ROW, eventRowId, shopId)).map(ledgerLine);
}
