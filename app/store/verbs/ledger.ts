import { isUnreadable } from "../../events/unreadable";
import { orderCountChange } from "../order-count";
import type { LedgerHead, LedgerLine, UntoldOrder } from "../rows";
import { all, type ColumnType, run, type Sql, type Work } from "../statement";
import { rollUp } from "./settle";

/**
 * What the ledger says of a row in one word: as soon as it would say another, the row is in the index of what is untold. What
 * ended at receipt is told of once it is counted, for only then it says when it ended.
 */
const SAYS = `("outcome" || '/' || coalesce("reason", '') || '/' || CAST(coalesce("settledAt", 0) AS TEXT))`;
const UNTOLD = `"ledgered" IS NOT NULL AND "ledgered" <> ${SAYS} AND ("outcome" = 'waiting' OR "settledAt" IS NOT NULL)`;
const UNTOLD_INDEX = "Event_shopId_id_untold_idx";

const SHOPS: Sql = ({ by }) => `SELECT DISTINCT "shopId" FROM "Event" ${by(UNTOLD_INDEX)} WHERE ${UNTOLD}`;

/** The shops of which something is to be told. */
export function* untoldShops(): Work<number[]> {
  return (yield* all<{ shopId: number }>(SHOPS)).map(({ shopId }) => shopId);
}

/** The hash before the first line. */
export const BEFORE_THE_FIRST = "0".repeat(64);

const OPEN_HEAD = `
  INSERT INTO "LedgerHead" ("shopId", "n", "hash", "checkpointN", "checkpointHash")
  VALUES (?1, 0, '${BEFORE_THE_FIRST}', 0, '${BEFORE_THE_FIRST}') ON CONFLICT DO NOTHING`;
// Whoever adds to the chain holds this row until the transaction ends: nobody else adds meanwhile.
const HOLD_HEAD: Sql = ({ forUpdate }) => `
  SELECT "n", "hash", "checkpointN", "checkpointHash" FROM "LedgerHead" WHERE "shopId" = ?1 ${forUpdate}`;
const HEAD = `SELECT "n", "hash", "checkpointN", "checkpointHash" FROM "LedgerHead" WHERE "shopId" = ?1`;
const MOVE_HEAD = `UPDATE "LedgerHead" SET "n" = ?2, "hash" = ?3 WHERE "shopId" = ?1`;

// What somebody has locked is being changed: it is told of after that.
const UNTOLD_ROWS: Sql = ({ by, skipLocked }) => `
  SELECT "id", ${SAYS} AS "says" FROM "Event" ${by(UNTOLD_INDEX)}
  WHERE "shopId" = ?1 AND ${UNTOLD} ORDER BY "id" LIMIT ?2 ${skipLocked}`;

const WITH_EVIDENCE: Sql = ({ values }) => `
  SELECT e."id", e."datasetId", d."dataset", e."name", e."eventId", e."orderId", e."actionSource", e."eventTime", e."outcome", e."reason",
    e."runAt", e."hold", e."settledAt", e."facts", e."bytesHash", a."fbtraceId", a."at" + a."ms" AS "answeredAt", b."tr"
  FROM "Event" AS e
  JOIN "Dataset" AS d ON d."id" = e."datasetId"
  LEFT JOIN "Attempt" AS a ON a."id" = e."attemptId"
  LEFT JOIN "BrowserCopy" AS b
    ON b."datasetId" = e."datasetId" AND b."name" = e."name" AND b."eventId" = e."eventId"
  WHERE e."id" IN ${values("?1", "integer")} ORDER BY e."id"`;

const LINE_COLUMNS = {
  n: "integer",
  sealedAt: "integer",
  datasetId: "integer",
  eventRowId: "integer",
  current: "boolean",
  event: "text",
  source: "text",
  outcome: "text",
  reason: "text",
  until: "integer",
  browser: "text",
  lagMs: "integer",
  salt: "text",
  order: "text",
  eventId: "text",
  createdAt: "integer",
  value: "text",
  currency: "text",
  shopValue: "text",
  shopCurrency: "text",
  fbtraceId: "text",
  answeredAt: "integer",
  bytesHash: "text",
  commitment: "text",
  hash: "text",
  bucket: "integer",
  sum: "integer",
} as const satisfies Record<keyof LedgerLine, ColumnType>;

const COLUMN_NAMES = Object.keys(LINE_COLUMNS) as (keyof LedgerLine)[];
export const COLUMNS = COLUMN_NAMES.map((column) => `"${column}"`).join(", ");

const CURRENT_OF_ROWS: Sql = ({ values }) => `
  SELECT ${COLUMNS} FROM "LedgerLine" WHERE "eventRowId" IN ${values("?1", "integer")} AND "current"`;

// An order that came to be another event of the same dataset has its line there from now on.
const SUPERSEDE: Sql = ({ rows, values, keyByKey }) => `
  UPDATE "LedgerLine" SET "current" = false
  WHERE "id" IN (
    SELECT "id" FROM "LedgerLine" WHERE "eventRowId" IN ${values("?1", "integer")} AND "current"
    UNION
    SELECT l."id" FROM ${rows("?2", { datasetId: "integer", order: "text" })} AS w
    ${keyByKey} "LedgerLine" AS l ON l."datasetId" = w."datasetId" AND l."order" = w."order" AND l."current")
  RETURNING ${COLUMNS}`;

const INSERT_LINES: Sql = ({ rows }) => `
  INSERT INTO "LedgerLine" ("shopId", ${COLUMNS})
  SELECT ?1, ${COLUMNS} FROM ${rows("?2", LINE_COLUMNS)} AS w`;

const TOLD: Sql = ({ rows }) => `
  UPDATE "Event" SET "ledgered" = w."says"
  FROM ${rows("?1", { id: "integer", says: "text" })} AS w WHERE "Event"."id" = w."id"`;

/** How rows become lines; quick, and does not throw. */
export interface Sealing {
  /** The lines to add, in their order; `before`: the lines that tell of these rows so far. */
  linesOf(rows: readonly UntoldOrder[], before: readonly LedgerLine[], head: LedgerHead): LedgerLine[];
}

type Word = Pick<LedgerLine, "eventRowId" | "eventId" | "outcome">;

/**
 * Whether a line stays the last word on its order though a later one tells of another row: what Meta took, it has taken, and
 * what could be read says more than what could not.
 */
export function standsAgainst(standing: Word, later: Word): boolean {
  if (standing.eventRowId === later.eventRowId || later.outcome === "accepted") return false;
  return standing.outcome === "accepted" || (isUnreadable(later.eventId) && !isUnreadable(standing.eventId));
}

// Of orders, not of rows: another row of the same order may have the last word.
const CURRENT_OF_ORDERS: Sql = ({ rows, keyByKey }) => `
  SELECT l."eventRowId", l."eventId", l."datasetId", l."order", l."outcome"
  FROM ${rows("?1", { datasetId: "integer", order: "text" })} AS w
  ${keyByKey} "LedgerLine" AS l ON l."datasetId" = w."datasetId" AND l."order" = w."order" AND l."current"`;

type Standing = Word & Pick<LedgerLine, "datasetId" | "order">;

/** The lines, those not current that another row's line stands against. */
function* withStanding(lines: readonly LedgerLine[]): Work<LedgerLine[]> {
  const orders = lines.flatMap(({ datasetId, order, outcome }) =>
    order === null || outcome === "accepted" ? [] : [[datasetId, order]],
  );
  if (orders.length === 0) return [...lines];
  const standing = yield* all<Standing>(CURRENT_OF_ORDERS, JSON.stringify(orders));
  const nameOf = ({ datasetId, order }: Pick<LedgerLine, "datasetId" | "order">) => `${datasetId} ${order}`;
  const byOrder = new Map(standing.map((line) => [nameOf(line), line]));
  return lines.map((line) => {
    const stands = byOrder.get(nameOf(line));
    return stands !== undefined && standsAgainst(stands, line) ? { ...line, current: false } : line;
  });
}

/**
 * Adds what is untold of a shop to its chain, `limit` rows at the most; answers how many rows that was. Lines, counts, head and
 * the rows' mark are one transaction, which holds the head: the numbers have no gap and no two sealers.
 */
export function* sealLedger(shopId: number, limit: number, { linesOf }: Sealing): Work<number> {
  yield* run(OPEN_HEAD, shopId);
  const [head] = yield* all<LedgerHead>(HOLD_HEAD, shopId);
  if (head === undefined) throw new Error(`the ledger of shop ${shopId} has no head`);
  const untold = yield* all<Pick<UntoldOrder, "id" | "says">>(UNTOLD_ROWS, shopId, limit);
  if (untold.length === 0) return 0;
  const ids = JSON.stringify(untold.map(({ id }) => id));
  const says = new Map(untold.map((row) => [row.id, row.says]));
  const rows = yield* all<UntoldOrder>(WITH_EVIDENCE, ids);
  const before = yield* all<StoredLine>(CURRENT_OF_ROWS, ids);
  const lines = yield* withStanding(linesOf(rows, before.map(ledgerLine), head));
  const last = lines.at(-1);
  if (last !== undefined) {
    const told = JSON.stringify(lines.map(({ eventRowId }) => eventRowId));
    const orders = lines.flatMap(({ datasetId, order, current }) =>
      order === null || !current ? [] : [[datasetId, order]],
    );
    const superseded = yield* all<StoredLine>(SUPERSEDE, told, JSON.stringify(orders));
    yield* run(INSERT_LINES, shopId, JSON.stringify(lines.map((line) => COLUMN_NAMES.map((name) => line[name]))));
    yield* run(MOVE_HEAD, shopId, last.n, last.hash);
    yield* rollUp(shopId, [
      ...superseded.map((line) => orderCountChange(ledgerLine(line), -1)),
      ...lines.filter(({ current }) => current).map((line) => orderCountChange(line, 1)),
    ]);
  }
  yield* run(TOLD, JSON.stringify([...says]));
  return untold.length;
}

/** As the database gives it back: SQLite has no booleans. */
export type StoredLine = Omit<LedgerLine, "current"> & { current: number | boolean };

export function ledgerLine(line: StoredLine): LedgerLine {
  return { ...line, current: Boolean(line.current) };
}

/** Where a shop's chain stands; null: it has none yet. */
export function* ledgerHead(shopId: number): Work<LedgerHead | null> {
  const [head] = yield* all<LedgerHead>(HEAD, shopId);
  return head ?? null;
}

const LINES = `SELECT ${COLUMNS} FROM "LedgerLine" WHERE "shopId" = ?1 AND "n" > ?2 ORDER BY "n" LIMIT ?3`;

/** Lines of a shop's chain in their order, from behind `after`. */
export function* ledgerLines(shopId: number, after: number, limit: number): Work<LedgerLine[]> {
  return (yield* all<StoredLine>(LINES, shopId, after, limit)).map(ledgerLine);
}

// What hangs on one person goes, with the salt: nobody can try out what it was. What the line was counted with would tell it, and
// goes too. Where that was the last word on an order the counts keep the sum; an order that still waits leaves it.
const erase = (condition: string): string => `
  UPDATE "LedgerLine" SET "salt" = NULL, "order" = NULL, "eventId" = NULL, "createdAt" = NULL, "value" = NULL,
    "currency" = NULL, "shopValue" = NULL, "shopCurrency" = NULL, "fbtraceId" = NULL, "answeredAt" = NULL,
    "bytesHash" = NULL, "sum" = 0
  WHERE ${condition}`;
const ERASE_OF_ROWS: Sql = ({ values }) => erase(`"eventRowId" IN ${values("?1", "integer")}`);
const ERASE_OF_ORDERS: Sql = ({ values }) => erase(`"shopId" = ?1 AND "order" IN ${values("?2", "text")}`);

const waiting = (condition: string): string => `
  SELECT "shopId", ${COLUMNS} FROM "LedgerLine"
  WHERE ${condition} AND "current" AND "outcome" = 'waiting' AND "sum" <> 0`;
const WAITING_OF_ROWS: Sql = ({ values }) => waiting(`"eventRowId" IN ${values("?1", "integer")}`);
const WAITING_OF_ORDERS: Sql = ({ values }) => waiting(`"shopId" = ?1 AND "order" IN ${values("?2", "text")}`);

/** Takes the sums of lines that are about to lose theirs out of the counts; the orders stay in them. */
function* uncountSums(lines: readonly (StoredLine & { shopId: number })[]): Work<void> {
  for (const { shopId, ...line } of lines) {
    yield* rollUp(shopId, [{ ...orderCountChange(ledgerLine(line), -1), count: 0 }]);
  }
}

/** Leaves of the lines that tell of these rows what names nobody. The chain still holds: it hashes the commitment. */
export function* eraseOfLedger(eventRowIds: string): Work<void> {
  yield* uncountSums(yield* all(WAITING_OF_ROWS, eventRowIds));
  yield* run(ERASE_OF_ROWS, eventRowIds);
}

/** The same of the lines that name these orders; answers how many. */
export function* eraseLedgerOrders(shopId: number, orders: readonly string[]): Work<number> {
  yield* uncountSums(yield* all(WAITING_OF_ORDERS, shopId, JSON.stringify(orders)));
  return yield* run(ERASE_OF_ORDERS, shopId, JSON.stringify(orders));
}

const OLDEST = `
  SELECT "n", "hash", "sealedAt" FROM "LedgerLine" WHERE "shopId" = ?1 ORDER BY "n" LIMIT ?2`;
const HEADS = `SELECT "shopId" FROM "LedgerHead" ORDER BY "shopId"`;
const DELETE_UNTIL = `DELETE FROM "LedgerLine" WHERE "shopId" = ?1 AND "n" <= ?2`;
const CHECKPOINT = `UPDATE "LedgerHead" SET "checkpointN" = ?2, "checkpointHash" = ?3 WHERE "shopId" = ?1`;

/** Forgets the beginnings of chains, as far as they are that old; the checkpoint says where each goes on. */
export function* pruneLedger(until: number, limit: number): Work<number> {
  let pruned = 0;
  for (const { shopId } of yield* all<{ shopId: number }>(HEADS)) {
    yield* all(HOLD_HEAD, shopId);
    const oldest = yield* all<Pick<LedgerLine, "n" | "hash" | "sealedAt">>(OLDEST, shopId, limit - pruned);
    const young = oldest.findIndex(({ sealedAt }) => sealedAt > until);
    const gone = young === -1 ? oldest : oldest.slice(0, young);
    const last = gone.at(-1);
    if (last === undefined) continue;
    yield* run(DELETE_UNTIL, shopId, last.n);
    yield* run(CHECKPOINT, shopId, last.n, last.hash);
    pruned += gone.length;
    if (pruned === limit) break;
  }
  return pruned;
}
