import { inLockOrder, inRounds } from "../rounds";
import type { BrowserCopy, CoveredEvent, RollupChange } from "../rows";
import { all, run, type Sql, type Work } from "../statement";
import { cover, twinsOfCopies } from "./coverage";
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

type ChangedCopy = Omit<BrowserCopy, "told" | "keyAccount" | "device"> & { corrected: number | boolean };

/** What is counted of a copy besides what its row says. */
type Carried = Pick<BrowserCopy, "keyAccount" | "device">;

export function* insertBrowserCopies(copies: BrowserCopy[]): Work<void> {
  if (copies.length === 0) return;
  const keyOf = ({ datasetId, name, eventId }: Pick<BrowserCopy, "datasetId" | "name" | "eventId">) =>
    `${datasetId} ${name} ${eventId}`;
  const changed: (ChangedCopy & Carried)[] = [];
  for (const round of inRounds(inLockOrder(copies, keyOf), keyOf)) {
    const rows = round.map((c) => [c.shopId, c.datasetId, c.name, c.eventId, c.tr, c.receivedAt, c.told]);
    const carried = new Map(round.map((copy) => [keyOf(copy), copy]));
    for (const row of yield* all<ChangedCopy>(INSERT, JSON.stringify(rows))) {
      const { keyAccount, device } = carried.get(keyOf(row)) ?? { keyAccount: "", device: "" };
      changed.push({ ...row, keyAccount, device });
    }
  }
  if (changed.length > 0) yield* run(TO_COUNT, JSON.stringify(toCount(changed)));
}

type CopyToCount = [
  name: string,
  tr: BrowserCopy["tr"],
  countedAs: string | null,
  receivedAt: number,
  eventId: string,
  // What was told before an upgrade has neither.
  keyAccount?: string,
  device?: string,
];

/** The browser's own event of an order. */
const OF_ORDERS = "Purchase";

/** One row for each dataset. */
function toCount(changed: readonly (ChangedCopy & Carried)[]): [shopId: number, datasetId: number, copies: string][] {
  const byDataset = new Map<number, { shopId: number; copies: CopyToCount[] }>();
  for (const { shopId, datasetId, name, eventId, tr, receivedAt, corrected, keyAccount, device } of changed) {
    const countedAs = corrected ? "not_attempted" : null;
    const copy: CopyToCount = [name, tr, countedAs, receivedAt, eventId, keyAccount, device];
    const before = byDataset.get(datasetId);
    if (before === undefined) byDataset.set(datasetId, { shopId, copies: [copy] });
    else before.copies.push(copy);
  }
  return [...byDataset].map(([datasetId, { shopId, copies }]) => [shopId, datasetId, JSON.stringify(copies)]);
}

/** What became of a copy, with what it was counted as before; null: it was not. */
export interface UncountedCopy extends Omit<BrowserCopy, "told"> {
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

/** How a copy changes the counts. */
export interface CopyCounts {
  changesOf(copy: UncountedCopy): RollupChange[];
  /** What is counted of one that left. */
  coveredOf(copy: UncountedCopy): CoveredEvent;
  /** Start of the shop's own day of an instant; epoch milliseconds. */
  dayOf(at: number): number;
}

/** Counts what so many groups of beacons told, as one transaction with its counts; answers how many copies it was. */
export function* countBrowserCopies(
  datasetId: number,
  groups: number,
  { changesOf, coveredOf, dayOf }: CopyCounts,
): Work<number> {
  const taken = yield* all<{ shopId: number; copies: string }>(TAKE, datasetId, groups);
  const [first] = taken;
  if (first === undefined) return 0;
  const { shopId } = first;
  const told = taken.flatMap(({ copies }): CopyToCount[] => JSON.parse(copies));
  const orders = told.flatMap(([name, , , , eventId]) => (name === OF_ORDERS ? [[eventId]] : []));
  if (orders.length > 0) yield* run(TELL_ANEW, shopId, datasetId, JSON.stringify(orders));
  const copies = told.map(([name, tr, countedAs, receivedAt, eventId, keyAccount = "", device = ""]) => ({
    shopId,
    datasetId,
    name,
    eventId,
    tr,
    receivedAt,
    countedAs,
    keyAccount,
    device,
  }));
  yield* rollUp(shopId, copies.flatMap(changesOf));
  const left = copies.filter(({ tr, keyAccount }) => tr === "resolved" && keyAccount !== "").map(coveredOf);
  yield* cover(shopId, left, yield* twinsOfCopies(shopId, datasetId, left, dayOf));
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
