import { ORDER_DIMENSION, orderCountOf } from "../store/order-count";
import type { LineFilter, LinePlace, PlacedLine, Store } from "../store/store.server";
import type { Day } from "./day-range";
import { type OrderGroup, type Reconciliation, reconcile } from "./reconciliation";

export type LedgerReads = Pick<Store, "orderCounts" | "currentLines">;

/** What became of a shop's orders of some days; read from counts, however many orders there are. */
export async function reconciliationOf(
  store: LedgerReads,
  shopId: number,
  days: readonly Day[],
  datasetId: number | null,
): Promise<Reconciliation> {
  const counts = await store.orderCounts(shopId, ORDER_DIMENSION, days, datasetId);
  const groups = counts.map(({ span, event, value, count, sum }): OrderGroup => {
    const { source, outcome, reason } = orderCountOf(value);
    return { day: span, event, source, outcome, reason, count: Number(count), sum: Number(sum) };
  });
  return reconcile(groups, days.length);
}

export const ORDERS_PER_PAGE = 25;

/** One page of orders, newest first, and where the next one begins. */
export async function ordersOf(
  store: LedgerReads,
  shopId: number,
  filter: LineFilter,
  after: LinePlace | null,
): Promise<{ lines: PlacedLine[]; next: string | null }> {
  const found = await store.currentLines(shopId, filter, after, ORDERS_PER_PAGE + 1);
  const lines = found.slice(0, ORDERS_PER_PAGE);
  const last = lines.at(-1);
  return { lines, next: found.length > ORDERS_PER_PAGE && last !== undefined ? `${last.bucket}.${last.id}` : null };
}

/** A place as an address carries it; null: the front, or not understood. */
export function placeOf(text: string | null): LinePlace | null {
  const [, bucket, id] = /^(\d{1,15})\.(\d{1,15})$/.exec(text ?? "") ?? [];
  return bucket === undefined || id === undefined ? null : { bucket: Number(bucket), id: Number(id) };
}
