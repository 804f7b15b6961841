import type { LedgerLine } from "../rows";
import { all, type Parameter, type Sql, type Work } from "../statement";
import { COLUMNS, ledgerLine, type StoredLine } from "./ledger";

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

// Added up where they lie: a page knows spans, and there are thousands of counts in them.
const counts = (condition: string): Sql => {
  return ({ rows, keyByKey }) => `
    SELECT w."span", r."event", r."value", CAST(sum(r."count") AS BIGINT) AS "count", CAST(sum(r."sum") AS BIGINT) AS "sum"
    FROM ${rows("?3", { span: "integer", start: "integer", end: "integer" })} AS w
    ${keyByKey} "Rollup" AS r
      ON r."shopId" = ?1 AND r."dimension" = ?2 AND r."bucket" >= w."start" AND r."bucket" < w."end" ${condition}
    GROUP BY w."span", r."event", r."value" HAVING sum(r."count") <> 0`;
};
const COUNTS = counts("");
const COUNTS_OF_DATASET = counts(`AND r."datasetId" = ?4`);

/** The counts of orders under a dimension, span by span. `datasetId`: null, all of them. */
export function* orderCounts(
  shopId: number,
  dimension: string,
  spans: readonly Span[],
  datasetId: number | null,
): Work<OrderCounts[]> {
  const numbered = JSON.stringify(spans.map(({ start, end }, span) => [span, start, end]));
  return datasetId === null
    ? yield* all<OrderCounts>(COUNTS, shopId, dimension, numbered)
    : yield* all<OrderCounts>(COUNTS_OF_DATASET, shopId, dimension, numbered, datasetId);
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
