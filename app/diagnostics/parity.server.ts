import type { PrismaClient } from "@prisma/client";
import { z } from "zod";
import type { Told, TrReport } from "../events/browser-copy";
import { TEST_EVENT } from "../events/catalog";
import { hasBrowserLeg } from "../settings/browser-leg.server";
import type { Shop } from "../settings/registry.server";
import { ORDER_DIMENSION, orderCountOf } from "../store/order-count";
import type { BrowserWord } from "../store/rows";
import type { OrderCopies, Store } from "../store/store.server";
import { type EventLegs, LEGS_NAMES, type Legs, legsOf, type Parity, parityOf } from "./parity";

export type ParityReads = Pick<Store, "latestLegs" | "latestOrderCopies" | "copiesOfRow">;

/** Events looked at for the sample: the latest of a shop, whatever they are called. */
export const SAMPLED_EVENTS = 1_500;
/** Orders whose copies are compared: each is unsealed and read. */
export const COMPARED_ORDERS = 500;

/** Orders of the last days, each counted; and of all other events a sample. Epoch milliseconds. */
export interface LegsByEvent {
  orders: EventLegs[];
  sample: EventLegs[];
  /** How many events the sample is of, and when the oldest of them came; null: there are none. */
  sampled: number;
  sampledSince: number | null;
}

export async function legsByEvent(
  db: PrismaClient,
  store: Pick<ParityReads, "latestLegs">,
  shop: Shop,
  since: number,
): Promise<LegsByEvent> {
  const [counts, latest] = await Promise.all([
    db.rollup.groupBy({
      by: ["datasetId", "event", "value"],
      where: { shopId: shop.id, dimension: ORDER_DIMENSION, bucket: { gte: BigInt(since) } },
      _sum: { count: true },
    }),
    store.latestLegs(shop.id, SAMPLED_EVENTS),
  ]);
  const orders = openTable(shop);
  for (const { datasetId, event, value, _sum } of counts) {
    const { outcome, browser } = orderCountOf(value);
    // The ledger knows already where no page stands behind an order.
    if (outcome !== "waiting") orders.add(datasetId, event, legsOf(REPORTS[browser], outcome, false), _sum.count ?? 0);
  }
  const told = new Set(counts.map(({ event }) => event));
  const sample = openTable(shop);
  let sampled = 0;
  let sampledSince: number | null = null;
  for (const { datasetId, name, outcome, actionSource, tr, count, since: oldest } of latest) {
    if (told.has(name) || name === TEST_EVENT || outcome === "waiting") continue;
    sampled += count;
    sampledSince = Math.min(oldest, sampledSince ?? oldest);
    const mayHave = mayHaveBrowser({ name, actionSource }, numberOf(shop, datasetId), shop);
    sample.add(datasetId, name, legsOf(tr, outcome, mayHave), count);
  }
  return { orders: orders.rows(), sample: sample.rows(), sampled, sampledSince };
}

/** The ledger's word for what became of the browser's copy. */
const REPORTS: Record<BrowserWord, TrReport> = {
  left: "resolved",
  blocked: "threw",
  unknown: "unknown",
  not_attempted: "not_attempted",
};

function openTable(shop: Shop) {
  const table = new Map<string, EventLegs>();
  return {
    add(datasetId: number, event: string, legs: Legs, count: number): void {
      const key = `${datasetId} ${event}`;
      const row = table.get(key) ?? { event, dataset: numberOf(shop, datasetId), legs: noLegs() };
      row.legs[legs] += count;
      table.set(key, row);
    },
    rows: () =>
      [...table.values()]
        .filter(({ legs }) => LEGS_NAMES.some((name) => legs[name] !== 0))
        .sort((a, b) => a.event.localeCompare(b.event) || a.dataset.localeCompare(b.dataset)),
  };
}

function noLegs(): Record<Legs, number> {
  return { both: 0, browser_only: 0, server_only: 0, unclear: 0, neither: 0 };
}

/** An order with what comparing its copies came to. */
export interface ComparedOrder {
  row: OrderCopies;
  parity: Parity;
  /** What the server's copy told, and the names of the match keys it carried. */
  server: Told | null;
}

/** The latest orders since an instant, newest first; what waits has no copy to compare yet. */
export async function comparedOrders(
  store: Pick<ParityReads, "latestOrderCopies">,
  shop: Shop,
  since: number,
  limit = COMPARED_ORDERS,
): Promise<ComparedOrder[]> {
  const rows = await store.latestOrderCopies(shop.id, since, limit);
  return rows.filter(({ outcome }) => outcome !== "waiting").map((row) => compare(row, shop));
}

/** The comparison of one event's copies; null: there is none of that number, or it waits. */
export async function parityOfRow(
  store: Pick<ParityReads, "copiesOfRow">,
  shop: Shop,
  id: number,
): Promise<Parity | null> {
  const row = await store.copiesOfRow(shop.id, id);
  return row === null || row.outcome === "waiting" ? null : compare(row, shop).parity;
}

/** How many orders these are, however many datasets were told of each. */
export function distinctOrders(compared: readonly ComparedOrder[]): number {
  return new Set(compared.map(({ row }) => row.orderId ?? row.eventId)).size;
}

/** Whether there is something for a person to look at. */
export function isUnequal({ differs, twice }: Parity): boolean {
  return twice.length > 0 || (differs !== null && differs.length > 0);
}

/** Whether the two copies are of one event to Meta: under one name and one id. */
export function isMerged({ twice }: Parity): boolean {
  return !twice.includes("name") && !twice.includes("id");
}

function compare(row: OrderCopies, shop: Shop): ComparedOrder {
  const dataset = numberOf(shop, row.datasetId);
  const server = toldByServer(row, shop);
  const parity = parityOf(browserSide(row, dataset), {
    dataset,
    name: row.name,
    eventId: row.eventId,
    outcome: row.outcome,
    at: row.sentAt,
    told: server,
    mayHaveBrowser: mayHaveBrowser(row, dataset, shop),
    tokenless: row.source === "web" && row.orderId !== null && row.checkoutToken === null,
  });
  return { row, parity, server };
}

/** Whether a page's own copy could have left: of what no page or no leg stands behind, nobody need say that it did not. */
function mayHaveBrowser(
  { name, actionSource }: Pick<OrderCopies, "name" | "actionSource">,
  dataset: string,
  shop: Shop,
): boolean {
  return actionSource === "website" && hasBrowserLeg(name, dataset, shop);
}

function browserSide(row: OrderCopies, dataset: string) {
  const { name, eventId, tr, toldAt, otherId, otherTr, otherAt } = row;
  if (tr !== null && toldAt !== null) return { dataset, name, eventId, tr, at: toldAt, told: toldOf(row.told) };
  if (otherId === null || otherTr === null || otherAt === null) return null;
  return { dataset, name: "Purchase", eventId: otherId, tr: otherTr, at: otherAt, told: toldOf(row.otherTold) };
}

const toldSchema = z.object({
  value: z.string().nullable(),
  currency: z.string().nullable(),
  ids: z.array(z.string()).nullable(),
  keys: z.array(z.string()).nullable(),
});

function toldOf(json: string | null): Told | null {
  return json === null ? null : (toldSchema.safeParse(jsonOf(json)).data ?? null);
}

const sentSchema = z.object({
  user_data: z.record(z.string(), z.unknown()).default({}),
  custom_data: z
    .object({
      value: z.number().optional(),
      currency: z.string().optional(),
      content_ids: z.array(z.string()).optional(),
    })
    .default({}),
});

/** The bytes as they were sent; once they are gone, what the ledger has of them. */
function toldByServer(row: OrderCopies, shop: Shop): Told | null {
  const sent = row.bytes === null ? undefined : sentSchema.safeParse(jsonOf(opened(row.bytes, shop))).data;
  if (sent === undefined) {
    const { value, currency } = row;
    return value === null ? null : { value, currency, ids: null, keys: null };
  }
  const { value, currency, content_ids } = sent.custom_data;
  return {
    value: value === undefined ? null : String(value),
    currency: currency ?? null,
    ids: content_ids ?? [],
    keys: Object.keys(sent.user_data),
  };
}

function opened(sealed: string, shop: Shop): string {
  try {
    return shop.open("Event.bytes", sealed);
  } catch {
    return "";
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function numberOf(shop: Shop, datasetId: number): string {
  return shop.datasets.find(({ id }) => id === datasetId)?.dataset ?? "";
}
