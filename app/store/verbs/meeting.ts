import { purchaseIdOfOrder, ruleEventId } from "../../events/event-id";
import { type Resolution, resolveConflict } from "../conflict";
import { inRounds } from "../rounds";
import type { IngestResult, NewEvent, StoredEvent } from "../rows";
import { all, run, type Sql, type Work } from "../statement";
import { type Carrier, COLUMN_NAMES, columnsOf, EVENT_COLUMNS, insertEvents, keyOf } from "./events";

/** An event on its way in, with the result of the write that it is part of. */
export interface Arriving extends Carrier {
  result: IngestResult;
}

type Existing = Pick<
  StoredEvent,
  | "id"
  | "datasetId"
  | "name"
  | "eventId"
  | "purchaseOrderId"
  | "outcome"
  | "reason"
  | "orderId"
  | "hold"
  | "attempts"
  | "browser"
>;

interface Met extends Arriving {
  existing: Existing;
}

/**
 * Resolves events whose id, or whose order, is in the outbox already. One statement for each thing that is to be done, in
 * rounds: what meets the same row meets it one after the other, in the order in which it came.
 */
export function* meetExisting(arriving: readonly Arriving[]): Work<void> {
  let left = arriving;
  while (left.length > 0) {
    const met = yield* withExisting(left);
    const rows = new Set<number>();
    const first = met.filter(({ existing }) => rows.size < rows.add(existing.id).size);
    const renamed = yield* resolve(first);
    const later = new Set(first);
    left = [...renamed, ...met.filter((one) => !later.has(one))];
  }
}

const ASKED = {
  shopId: "integer",
  datasetId: "integer",
  name: "text",
  eventId: "text",
  purchaseOrderId: "text",
} as const;

// Key by key into two indexes, and locked in one order.
const FIND_EXISTING: Sql = ({ rows, keyByKey, forUpdate }) => `
  SELECT "id", "datasetId", "name", "eventId", "purchaseOrderId", "outcome", "reason", "orderId", "hold", "attempts", "browser"
  FROM "Event"
  WHERE "id" IN (
    SELECT e."id" FROM ${rows("?1", ASKED)} AS w ${keyByKey} "Event" AS e
      ON e."shopId" = w."shopId" AND e."datasetId" = w."datasetId" AND e."name" = w."name" AND e."eventId" = w."eventId"
    UNION
    SELECT e."id" FROM ${rows("?1", ASKED)} AS w ${keyByKey} "Event" AS e
      ON e."datasetId" = w."datasetId" AND e."purchaseOrderId" = w."purchaseOrderId")
  ORDER BY "id" ${forUpdate}`;

/** Each with the row of its order, else of its id. */
function* withExisting(arriving: readonly Arriving[]): Work<Met[]> {
  const asked = arriving.map(({ event: e }) => [e.shopId, e.datasetId, e.name, e.eventId, e.purchaseOrderId]);
  const found = yield* all<Existing>(FIND_EXISTING, JSON.stringify(asked));
  const byKey = new Map(found.map((row) => [keyOf(row), row]));
  const byOrder = new Map(found.flatMap((row) => (row.purchaseOrderId === null ? [] : [[orderKeyOf(row), row]])));
  return arriving.map((one) => {
    const { event } = one;
    const existing =
      (event.purchaseOrderId === null ? undefined : byOrder.get(orderKeyOf(event))) ?? byKey.get(keyOf(event));
    if (existing === undefined) {
      throw new Error(`${event.name} ${event.eventId} conflicts with a row that is not there`);
    }
    return { ...one, existing };
  });
}

function orderKeyOf({ datasetId, purchaseOrderId }: Pick<NewEvent, "datasetId" | "purchaseOrderId">): string {
  return `${datasetId} ${purchaseOrderId}`;
}

/** Of events that each met another row; answers those that met a further one under a name of their own. */
function* resolve(met: readonly Met[]): Work<Arriving[]> {
  const by: Record<Resolution, Met[]> = { absorb: [], release: [], pay: [], revive: [], rename: [] };
  for (const one of met) by[resolveConflict(one.existing, one.event)].push(one);
  const joined = [...by.absorb, ...by.release, ...by.pay];
  yield* addKnowledge(joined.map(({ existing, event }) => knowledge(existing, event)));
  for (const { result } of joined) result.absorbed += 1;
  yield* update(RELEASE_TO_BEACON, by.release, ({ existing, event: e }) => [existing.id, e.runAt, e.facts]);
  yield* update(PAY, by.pay, ({ existing, event: e }) => [existing.id, e.eventTime, e.runAt, e.hold]);
  yield* update(REVIVE, by.revive, ({ existing, event }) => [
    ...columnsOf(event),
    existing.id,
    event.datedByPayment ? event.eventTime : null,
  ]);
  for (const { result } of by.revive) result.inserted += 1;
  return yield* rename(by.rename);
}

function* update(sql: Sql, met: readonly Met[], rowOf: (one: Met) => unknown[]): Work<void> {
  if (met.length > 0) yield* run(sql, JSON.stringify(met.map(rowOf)));
}

function* rename(met: readonly Met[]): Work<Arriving[]> {
  const renamed = met.map((one) => ({ ...one, event: { ...one.event, eventId: idOfOwnOrder(one.event) } }));
  for (const { event, result } of renamed) if (event.purchaseOrderId !== null) result.renamed.push(event.eventId);
  const further = yield* insertEvents(renamed);
  for (const { result } of renamed.filter((one) => !further.includes(one))) result.inserted += 1;
  return further;
}

/** What is made of a Purchase hangs on its id. */
function idOfOwnOrder({ orderId, rule, eventId }: NewEvent): string {
  if (orderId === null) throw new Error(`${eventId} is of no order, and cannot be of another`);
  const id = purchaseIdOfOrder(orderId);
  return rule === null ? id : ruleEventId(rule, id);
}

// The beacon saw the page: its facts are nearer to what happened than a webhook's guess. The time stays as first received.
const RELEASE_TO_BEACON: Sql = ({ rows }) => `
  UPDATE "Event" SET "runAt" = w."runAt", "hold" = NULL, "topic" = 'beacon', "facts" = w."facts"
  FROM ${rows("?1", { id: "integer", runAt: "integer", facts: "text" })} AS w WHERE "Event"."id" = w."id"`;

// The order keeps what it first said of itself; only the time is that of the payment.
const PAY: Sql = ({ rows }) => `
  UPDATE "Event" SET "eventTime" = w."eventTime", "runAt" = w."runAt", "hold" = w."hold"
  FROM ${rows("?1", { id: "integer", eventTime: "integer", runAt: "integer", hold: "text" })} AS w
  WHERE "Event"."id" = w."id"`;

// The id it was first given stays: both legs know it by that name. So does its time, which was frozen at first receipt,
// unless it was skipped before it was paid for.
const KEPT_WHEN_REVIVED: readonly string[] = ["shopId", "datasetId", "name", "eventId", "eventTime"];

// What was never told under its own id, for want of a checkout, has the browser's from now on.
const REVIVE: Sql = ({ rows }) => `
  UPDATE "Event" SET ${COLUMN_NAMES.flatMap((column) =>
    KEPT_WHEN_REVIVED.includes(column) ? [] : [`"${column}" = w."${column}"`],
  ).join(", ")},
    "eventId" = CASE "Event"."reason" WHEN 'no_checkout_token' THEN w."eventId" ELSE "Event"."eventId" END,
    "eventTime" = CASE "Event"."outcome" WHEN 'skipped' THEN coalesce(w."paidAt", "Event"."eventTime") ELSE "Event"."eventTime" END,
    "attempts" = 0, "tries" = 0, "lease" = NULL, "consent" = NULL, "settledAt" = NULL
  FROM ${rows("?1", { ...EVENT_COLUMNS, id: "integer", paidAt: "integer" })} AS w WHERE "Event"."id" = w."id"`;

/** What a later source adds to a row. */
interface Knowledge {
  id: number;
  matchKeys: string | null;
  /** Sealed: what the row has from now on. */
  browser: string | null;
}

/** What is new to a row; what it has stays. */
export function knowledge(
  existing: Pick<StoredEvent, "id" | "browser">,
  { matchKeys, browser, fillBrowser }: Pick<NewEvent, "matchKeys" | "browser" | "fillBrowser">,
): Knowledge {
  const filled = existing.browser !== null && fillBrowser !== null ? fillBrowser(existing.browser) : null;
  return { id: existing.id, matchKeys, browser: filled ?? existing.browser ?? browser };
}

const ADD_KNOWLEDGE: Sql = ({ rows, merged }) => `
  UPDATE "Event" SET
    "matchKeys" = CASE WHEN w."matchKeys" IS NULL THEN "Event"."matchKeys"
      ELSE ${merged(`w."matchKeys"`, `coalesce("Event"."matchKeys", '{}')`)} END,
    "browser" = w."browser"
  FROM ${rows("?1", { id: "integer", matchKeys: "text", browser: "text" })} AS w
  WHERE "Event"."id" = w."id" AND "Event"."outcome" = 'waiting' AND "Event"."attempts" = 0`;

/** Adds to the rows that have not left. */
export function* addKnowledge(additions: readonly Knowledge[]): Work<void> {
  for (const round of inRounds(additions, ({ id }) => String(id))) {
    yield* run(ADD_KNOWLEDGE, JSON.stringify(round.map(({ id, matchKeys, browser }) => [id, matchKeys, browser])));
  }
}
