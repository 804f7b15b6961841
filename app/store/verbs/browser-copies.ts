import { inLockOrder, inRounds } from "../rounds";
import type { BrowserCopy, RollupChange } from "../rows";
import { all, run, type Sql, type Work } from "../statement";
import { rollUp } from "./settle";

// The first word stands; only a copy that was never attempted may have been since. It keeps its time, and so its place in
// the counts.
const INSERT: Sql = ({ rows }) => `
  INSERT INTO "BrowserCopy" ("shopId", "datasetId", "name", "eventId", "tr", "receivedAt")
  SELECT * FROM ${rows("?1", { shopId: "integer", datasetId: "integer", name: "text", eventId: "text", tr: "text", receivedAt: "integer" })} AS w WHERE true
  ON CONFLICT ("datasetId", "name", "eventId") DO UPDATE SET "tr" = excluded."tr", "uncounted" = true
  WHERE "BrowserCopy"."tr" = 'not_attempted' AND excluded."tr" <> 'not_attempted'`;

export function* insertBrowserCopies(copies: BrowserCopy[]): Work<void> {
  if (copies.length === 0) return;
  const keyOf = ({ datasetId, name, eventId }: BrowserCopy) => `${datasetId} ${name} ${eventId}`;
  for (const round of inRounds(inLockOrder(copies, keyOf), keyOf)) {
    const rows = round.map((c) => [c.shopId, c.datasetId, c.name, c.eventId, c.tr, c.receivedAt]);
    yield* run(INSERT, JSON.stringify(rows));
  }
}

/** A copy with what the rollups count it under so far; null: not yet. */
export interface UncountedCopy extends BrowserCopy {
  countedAs: string | null;
}

const UNCOUNTED: Sql = ({ rowId, skipLocked }) => `
  SELECT ${rowId} AS "row", "shopId", "datasetId", "name", "eventId", "tr", "receivedAt", "countedAs" FROM "BrowserCopy"
  WHERE "uncounted" = true AND "datasetId" = ?1 LIMIT ?2 ${skipLocked}`;

const COUNTED: Sql = ({ rowId, rowIds }) => `
  UPDATE "BrowserCopy" SET "uncounted" = false, "countedAs" = "tr" WHERE ${rowId} IN ${rowIds("?1")}`;

/** Counts what was not counted yet, as one transaction with its counts; answers how many it was. */
export function* countBrowserCopies(
  datasetId: number,
  limit: number,
  changesOf: (copy: UncountedCopy) => RollupChange[],
): Work<number> {
  const copies = yield* all<UncountedCopy & { row: string | number }>(UNCOUNTED, datasetId, limit);
  const [first] = copies;
  if (first === undefined) return 0;
  yield* run(COUNTED, JSON.stringify(copies.map(({ row }) => row)));
  yield* rollUp(first.shopId, copies.flatMap(changesOf));
  return copies.length;
}

const COPIES: Sql = ({ rows, keyByKey }) => `
  SELECT b."name", b."eventId", b."tr", b."receivedAt" FROM ${rows("?2", { name: "text", eventId: "text" })} AS w
  ${keyByKey} "BrowserCopy" AS b
    ON b."datasetId" = ?1 AND b."name" = w."name" AND b."eventId" = w."eventId"`;

/** What the pixel said of the browser's own copies of some events. */
export function* browserCopiesOf(
  datasetId: number,
  events: readonly { name: string; eventId: string }[],
): Work<KnownCopy[]> {
  if (events.length === 0) return [];
  return yield* all<KnownCopy>(COPIES, datasetId, JSON.stringify(events.map(({ name, eventId }) => [name, eventId])));
}

export type KnownCopy = Pick<BrowserCopy, "name" | "eventId" | "tr" | "receivedAt">;
