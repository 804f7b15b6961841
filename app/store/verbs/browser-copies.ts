import { inLockOrder, inRounds } from "../rounds";
import type { BrowserCopy, RollupChange } from "../rows";
import { all, run, type Sql, type Work } from "../statement";
import { rollUp } from "./settle";

// The first word stands; only a copy that was never attempted may have been since, once. It keeps its time, and so its place
// in the counts.
const INSERT: Sql = ({ rows }) => `
  INSERT INTO "BrowserCopy" ("shopId", "datasetId", "name", "eventId", "tr", "receivedAt", "told")
  SELECT * FROM ${rows("?1", { shopId: "integer", datasetId: "integer", name: "text", eventId: "text", tr: "text", receivedAt: "integer", told: "text" })} AS w WHERE true
  ON CONFLICT ("datasetId", "name", "eventId") DO UPDATE
    SET "tr" = excluded."tr", "corrected" = true, "told" = excluded."told"
  WHERE "BrowserCopy"."tr" = 'not_attempted' AND excluded."tr" <> 'not_attempted'
  RETURNING "shopId", "datasetId", "name", "eventId", "tr", "receivedAt", "corrected"`;

// Counted later: the counts of a shop are few rows, and whoever takes beacons in must not wait for who else does.
const TO_COUNT: Sql = ({ rows }) => `
  INSERT INTO "CopiesToCount" ("shopId", "datasetId", "copies")
  SELECT * FROM ${rows("?1", { shopId: "integer", datasetId: "integer", copies: "text" })} AS w`;

type ChangedCopy = Omit<BrowserCopy, "told"> & { corrected: number | boolean };

export function* insertBrowserCopies(copies: BrowserCopy[]): Work<void> {
  if (copies.length === 0) return;
  const keyOf = ({ datasetId, name, eventId }: BrowserCopy) => `${datasetId} ${name} ${eventId}`;
  const changed: ChangedCopy[] = [];
  for (const round of inRounds(inLockOrder(copies, keyOf), keyOf)) {
    const rows = round.map((c) => [c.shopId, c.datasetId, c.name, c.eventId, c.tr, c.receivedAt, c.told]);
    changed.push(...(yield* all<ChangedCopy>(INSERT, JSON.stringify(rows))));
  }
  if (changed.length > 0) yield* run(TO_COUNT, JSON.stringify(toCount(changed)));
}

/** `order`: the event's id, where the ledger has a line for it. */
type CopyToCount = [
  name: string,
  tr: BrowserCopy["tr"],
  countedAs: string | null,
  receivedAt: number,
  order: string | null,
];

/** The browser's own event of an order. */
const OF_ORDERS = "Purchase";

/** One row for each dataset. */
function toCount(changed: readonly ChangedCopy[]): [shopId: number, datasetId: number, copies: string][] {
  const byDataset = new Map<number, { shopId: number; copies: CopyToCount[] }>();
  for (const { shopId, datasetId, name, eventId, tr, receivedAt, corrected } of changed) {
    const order = name === OF_ORDERS ? eventId : null;
    const copy: CopyToCount = [name, tr, corrected ? "not_attempted" : null, receivedAt, order];
    const before = byDataset.get(datasetId);
    if (before === undefined) byDataset.set(datasetId, { shopId, copies: [copy] });
    else before.copies.push(copy);
  }
  return [...byDataset].map(([datasetId, { shopId, copies }]) => [shopId, datasetId, JSON.stringify(copies)]);
}

/** What became of a copy, with what it was counted as before; null: it was not. */
export interface UncountedCopy extends Omit<BrowserCopy, "eventId" | "told"> {
  countedAs: string | null;
}

const TAKE: Sql = ({ rowId, skipLocked }) => `
  DELETE FROM "CopiesToCount" WHERE ${rowId} IN (
    SELECT ${rowId} FROM "CopiesToCount" WHERE "datasetId" = ?1 LIMIT ?2 ${skipLocked})
  RETURNING "shopId", "copies"`;

// The order's line says what became of its browser's copy.
const TELL_ANEW: Sql = ({ rows, keyByKey, forUpdate }) => `
  UPDATE "Event" SET "ledgered" = ''
  WHERE "ledgered" IS NOT NULL AND "id" IN (
    SELECT e."id" FROM ${rows("?3", { eventId: "text" })} AS w ${keyByKey} "Event" AS e
      ON e."shopId" = ?1 AND e."eventId" = w."eventId" AND e."name" = '${OF_ORDERS}' AND e."datasetId" = ?2
    ORDER BY e."id" ${forUpdate})`;

/** Counts what so many groups of beacons told, as one transaction with its counts; answers how many copies it was. */
export function* countBrowserCopies(
  datasetId: number,
  groups: number,
  changesOf: (copy: UncountedCopy) => RollupChange[],
): Work<number> {
  const taken = yield* all<{ shopId: number; copies: string }>(TAKE, datasetId, groups);
  const [first] = taken;
  if (first === undefined) return 0;
  const { shopId } = first;
  const told = taken.flatMap(({ copies }): CopyToCount[] => JSON.parse(copies));
  const orders = told.flatMap(([, , , , order]) => (order ? [[order]] : []));
  if (orders.length > 0) yield* run(TELL_ANEW, shopId, datasetId, JSON.stringify(orders));
  const copies = told.map(([name, tr, countedAs, receivedAt]) => ({
    shopId,
    datasetId,
    name,
    tr,
    receivedAt,
    countedAs,
  }));
  yield* rollUp(shopId, copies.flatMap(changesOf));
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
