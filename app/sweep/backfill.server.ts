import type { Dataset, Shop } from "../settings/registry.server";
import type { KnownOrder } from "../store/rows";
import { openAsking } from "./asking.server";
import { listOrders } from "./orders.server";
import { obstacleOf, type Unsendable } from "./prospects";
import type { Span } from "./span";
import { count, lackingOf, type SweepDeps, takeIn } from "./sweep.server";

/** What is to be sent though it was ordered before the dataset was connected. */
export interface BackfillSelection {
  shop: Shop;
  dataset: Dataset;
  span: Span;
  /** False: only look. */
  send: boolean;
}

export interface Backfilled {
  /** Orders that Shopify has of the span. */
  orders: number;
  /** Those of them that the dataset has made something of: they stay as they are. */
  settled: number;
  /** Of the others: those that Meta would take. */
  sendable: number;
  /** And those that it would not, by what stands in their way. */
  unsendable: Partial<Record<Unsendable, number>>;
  /** How the rows of what was to be sent stand: `waiting`, … and how many of each. */
  became: Record<string, number>;
}

/**
 * A person's act: lets orders leave that were placed before the dataset was connected, as far as Meta would take them. They
 * are asked for anew, for of a skipped order nobody is kept; the row that skipped one takes it in, under the id it has.
 * Throws in words where Shopify does not answer; what was taken in until then is in.
 */
export async function backfillOrders(
  { shop, dataset, span, send }: BackfillSelection,
  deps: Omit<SweepDeps, "leaseNow">,
): Promise<Backfilled> {
  const result: Backfilled = { orders: 0, settled: 0, sendable: 0, unsendable: {}, became: {} };
  const only = { ...shop, datasets: [dataset] };
  const ask = openAsking({ ...deps, graphql: () => deps.graphqlOf(shop.domain) });
  for await (const { orders } of listOrders(span, ask)) {
    const known = await deps.store.knownOrders(
      shop.id,
      orders.map(({ id }) => id),
    );
    const rows = new Map(known.filter(isOf(dataset)).map((row) => [row.orderId, row]));
    const skipped = orders.filter(({ id }) => isOpen(rows.get(id)));
    const sendable: string[] = [];
    for (const order of skipped) {
      const obstacle = obstacleOf(
        order,
        rows.get(order.id),
        { settings: shop.settings, dataset: dataset.dataset },
        deps.now(),
      );
      if (obstacle === null) sendable.push(order.id);
      else result.unsendable[obstacle] = (result.unsendable[obstacle] ?? 0) + 1;
    }
    result.orders += orders.length;
    result.settled += orders.length - skipped.length;
    result.sendable += sendable.length;
    if (!send) continue;
    const wanted = lackingOf(sendable, known, only, (row) => !isOpen(row));
    for await (const { received } of takeIn("backfill", wanted, only, ask, deps)) count(result.became, received);
  }
  return result;
}

function isOf({ id }: Dataset): (row: KnownOrder) => boolean {
  return ({ datasetId }) => datasetId === id;
}

/** Nothing is known of it, or nothing was made of it because it is older than the connection. */
function isOpen(row: KnownOrder | undefined): boolean {
  return row === undefined || (row.outcome === "skipped" && row.reason === "before_connection");
}
