import type { NewEvent } from "../rows";
import { all, type ColumnType, type Sql, type Work } from "../statement";

/** The columns that an event comes with. */
export const EVENT_COLUMNS = {
  shopId: "integer",
  datasetId: "integer",
  name: "text",
  eventId: "text",
  purchaseOrderId: "text",
  orderId: "text",
  checkoutToken: "text",
  customerKey: "text",
  rule: "text",
  topic: "text",
  webhookId: "text",
  actionSource: "text",
  eventTime: "integer",
  receivedAt: "integer",
  outcome: "text",
  reason: "text",
  runAt: "integer",
  hold: "text",
  facts: "text",
  matchKeys: "text",
  browser: "text",
  ledgered: "text",
} as const satisfies { readonly [Column in keyof NewEvent]?: ColumnType };

export const COLUMN_NAMES = Object.keys(EVENT_COLUMNS) as (keyof typeof EVENT_COLUMNS)[];

export function columnsOf(event: NewEvent): unknown[] {
  return COLUMN_NAMES.map((column) => event[column]);
}

// Two processes that store the same events must not wait for each other in a circle; SQLite has one writer at a time.
const INSERT_EVENTS: Sql = ({ name, rows }) => `
  INSERT INTO "Event" (${COLUMN_NAMES.map((column) => `"${column}"`).join(", ")})
  SELECT ${COLUMN_NAMES.map((column) => `w."${column}"`).join(", ")}
  FROM ${rows("?1", { ...EVENT_COLUMNS, place: "text", n: "integer" })} AS w WHERE true
  ${name === "postgres" ? `ORDER BY w."place" COLLATE "C", w."n"` : ""}
  ON CONFLICT DO NOTHING
  RETURNING "datasetId", "name", "eventId"`;

interface EventKey {
  datasetId: number;
  name: string;
  eventId: string;
}

/** What an event is known by, once per dataset. */
export function keyOf({ datasetId, name, eventId }: EventKey): string {
  return `${datasetId} ${name} ${eventId}`;
}

/** An event with whatever else hangs on it. */
export interface Carrier {
  event: NewEvent;
  /** Where the write that it is part of stands in the order of locks; absent: it stands alone. */
  place?: string;
}

/** The order of locks: two copies of a write stand in the same place, whatever comes around them. */
export function placeOf({ orderId, eventId }: NewEvent): string {
  return orderId ?? eventId;
}

/** Inserts what is new, and answers the events that met a row, or one another; they keep their order. */
export function* insertEvents<Carried extends Carrier>(carriers: readonly Carried[]): Work<Carried[]> {
  if (carriers.length === 0) return [];
  const rows = firstOfEachKey(carriers).map(({ event, place }, n) => [...columnsOf(event), place ?? placeOf(event), n]);
  const inserted = new Set((yield* all<EventKey>(INSERT_EVENTS, JSON.stringify(rows))).map(keyOf));
  // The first that asks for a key is the one that went in.
  return carriers.filter(({ event }) => !inserted.delete(keyOf(event)));
}

function firstOfEachKey(carriers: readonly Carrier[]): Carrier[] {
  const firsts = new Map<string, Carrier>();
  for (const carrier of carriers) {
    const key = keyOf(carrier.event);
    if (!firsts.has(key)) firsts.set(key, carrier);
  }
  return [...firsts.values()];
}
