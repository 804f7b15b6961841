import type { BrowserCopy, RollupChange } from "../rows";
import type { Connection } from "./connection.server";
import { rollUp } from "./settle.server";

// The first word stands; only a copy that was never attempted may have been since. It keeps its time, and so its place in
// the counts.
const INSERT = `
  INSERT INTO "BrowserCopy" ("shopId", "datasetId", "name", "eventId", "tr", "receivedAt")
  SELECT value->>0, value->>1, value->>2, value->>3, value->>4, value->>5 FROM json_each(?) WHERE true
  ON CONFLICT DO UPDATE SET "tr" = excluded."tr", "uncounted" = 1
  WHERE "tr" = 'not_attempted' AND excluded."tr" <> 'not_attempted'`;

export function insertBrowserCopies(connection: Connection, copies: BrowserCopy[]): void {
  if (copies.length === 0) return;
  const rows = copies.map((c) => [c.shopId, c.datasetId, c.name, c.eventId, c.tr, c.receivedAt]);
  connection.run(INSERT, JSON.stringify(rows));
}

/** A copy with what the rollups count it under so far; null: not yet. */
export interface UncountedCopy extends BrowserCopy {
  countedAs: string | null;
}

const UNCOUNTED = `
  SELECT "shopId", "datasetId", "name", "eventId", "tr", "receivedAt", "countedAs" FROM "BrowserCopy"
  WHERE "uncounted" = 1 AND "datasetId" = ? LIMIT ?`;

// Key by key into the index: the other way round it would walk all copies of the dataset.
const COUNTED = `
  UPDATE "BrowserCopy" SET "uncounted" = 0, "countedAs" = "tr"
  WHERE rowid IN (
    SELECT b.rowid FROM json_each(?2) AS c CROSS JOIN "BrowserCopy" AS b
      ON b."datasetId" = ?1 AND b."name" = c.value->>0 AND b."eventId" = c.value->>1)`;

/** Counts what was not counted yet, as one transaction with its counts; answers how many it was. */
export function countBrowserCopies(
  connection: Connection,
  datasetId: number,
  limit: number,
  changesOf: (copy: UncountedCopy) => RollupChange[],
): number {
  const copies = connection.all<UncountedCopy>(UNCOUNTED, datasetId, limit);
  const [first] = copies;
  if (first === undefined) return 0;
  connection.run(COUNTED, datasetId, JSON.stringify(copies.map(({ name, eventId }) => [name, eventId])));
  rollUp(connection, first.shopId, copies.flatMap(changesOf));
  return copies.length;
}
