import { type AskedOrder as OrderToReceive, type ReceivedOrder, receiveOrder } from "../pipeline.server";
import { type AdminGraphql, wordsOfFailure } from "../settings/admin-api.server";
import { connectedDatasets, type Registry, type Shop } from "../settings/registry.server";
import type { KnownOrder } from "../store/rows";
import type { Store, SweepRecord } from "../store/store.server";
import { wasPaid } from "./asked-order";
import { type Ask, type AskingDeps, openAsking } from "./asking.server";
import { orderBody } from "./order-body";
import { listOrders, paidOrders, type WholeOrder, wholeOrders } from "./orders.server";
import type { Span } from "./span";

export interface SweepDeps {
  store: Store;
  registry: Registry;
  now: () => number;
  /** The clock that leases are counted in. */
  leaseNow: () => number;
  /** Speaks for a shop that nobody looks at; rejects where it has no session. */
  graphqlOf: (domain: string) => Promise<AdminGraphql>;
  /** The process is to stop. */
  signal: AbortSignal;
  wait?: AskingDeps["wait"];
}

/** What a sweep came to. */
export interface Swept extends SweepRecord {
  /** How the rows of what was missing stand: `waiting`, `expired too_late`, … and how many of each. */
  became: Record<string, number>;
}

/** Longer than any one question takes, with all the waits there may be. */
const LEASE_MS = 15 * 60_000;

/**
 * Asks Shopify for the orders of a span, and takes in what a dataset lacks. Null: somebody else is at it. A fault ends it,
 * and is written down: what was taken in until then is in.
 */
export async function sweepOrders(shop: Shop, span: Span, lease: string, deps: SweepDeps): Promise<Swept | null> {
  const { store, now } = deps;
  if (!(await goOn(shop, lease, deps))) return null;
  const told = { since: span.since, until: span.patientFrom ?? span.until };
  const swept: Swept = { startedAt: now(), endedAt: now(), ...told, ...nothingFound(), fault: null };
  const ask = openAsking({ ...deps, graphql: () => deps.graphqlOf(shop.domain) });

  async function takeMissing(orderIds: readonly string[], paid: ReadonlySet<string>): Promise<void> {
    const isKnown = (row: KnownOrder) => !(isUnpaid(row) && paid.has(row.orderId));
    const lacking = lackingOf(orderIds, await store.knownOrders(shop.id, orderIds), shop, isKnown);
    swept.missing += lacking.size;
    for await (const { whole, received } of takeIn("sweep", lacking, shop, ask, deps)) {
      if (!whole.ok || (received.kind === "stored" && !received.readable)) swept.unreadable += 1;
      count(swept.became, received);
      await goOnOrThrow(shop, lease, deps);
    }
  }

  try {
    for await (const page of listOrders(span, ask)) {
      swept.seen += page.orders.length + page.unreadable;
      swept.unreadable += page.unreadable;
      const paid = page.orders.filter(({ displayFinancialStatus }) => wasPaid(displayFinancialStatus));
      await takeMissing(idsOf(page.orders), new Set(idsOf(paid)));
      await goOnOrThrow(shop, lease, deps);
    }
    // Of a payment, too, a webhook may not have told; the order it is for may be older than what is looked through.
    const paid = await paidOrders(await unpaidBefore(span.since, shop, deps), ask);
    await takeMissing(paid, new Set(paid));
  } catch (error) {
    swept.fault = deps.signal.aborted ? "The process was stopped." : wordsOfFailure(error);
  }
  swept.endedAt = now();
  await store.endOrderSweep(shop.id, lease, swept);
  return swept;
}

function idsOf(orders: readonly { id: string }[]): string[] {
  return orders.map(({ id }) => id);
}

function isUnpaid({ outcome, hold }: KnownOrder): boolean {
  return outcome === "waiting" && hold === "payment";
}

/** So many of a dataset's are asked about in one sweep; few shops have as many, and the newest are most likely to be paid. */
const MOST_UNPAID = 1_000;

async function unpaidBefore(before: number, shop: Shop, { store, now }: SweepDeps): Promise<string[]> {
  const each = await Promise.all(
    connectedDatasets(shop).map(({ id }) => store.unpaidOrders(id, before, now(), MOST_UNPAID)),
  );
  return [...new Set(each.flat())];
}

function nothingFound(): Pick<Swept, "seen" | "missing" | "unreadable" | "became"> {
  return { seen: 0, missing: 0, unreadable: 0, became: {} };
}

function goOn({ id }: Shop, lease: string, { store, leaseNow }: SweepDeps): Promise<boolean> {
  const at = leaseNow();
  return store.holdOrderSweep({ shopId: id, lease, leaseNow: at, until: at + LEASE_MS });
}

async function goOnOrThrow(shop: Shop, lease: string, deps: SweepDeps): Promise<void> {
  if (!(await goOn(shop, lease, deps))) throw new Error("The app was uninstalled, or another sweep began.");
}

/** An order with the datasets that lack it, and the checkout token that another of the shop's datasets knows it by. */
export interface Lacking {
  datasetIds: Set<number>;
  checkoutToken: string | null;
}

/** By order id: what some of the shop's connected datasets have no row of. */
export function lackingOf(
  orderIds: readonly string[],
  known: readonly KnownOrder[],
  shop: Shop,
  isKnown: (order: KnownOrder) => boolean = () => true,
): Map<string, Lacking> {
  const byOrder = new Map<string, KnownOrder[]>(orderIds.map((orderId) => [orderId, []]));
  for (const row of known) byOrder.get(row.orderId)?.push(row);
  const lacking = new Map<string, Lacking>();
  for (const [orderId, rows] of byOrder) {
    const having = new Set(rows.filter(isKnown).map(({ datasetId }) => datasetId));
    const datasetIds = connectedDatasets(shop).flatMap(({ id }) => (having.has(id) ? [] : [id]));
    const checkoutToken = rows.find((row) => row.checkoutToken !== null)?.checkoutToken ?? null;
    if (datasetIds.length > 0) lacking.set(orderId, { datasetIds: new Set(datasetIds), checkoutToken });
  }
  return lacking;
}

/** Asks for whole orders and hands them to the pipeline, one after the other. */
export async function* takeIn(
  topic: OrderToReceive["topic"],
  lacking: ReadonlyMap<string, Lacking>,
  shop: Shop,
  ask: Ask,
  deps: Pick<SweepDeps, "store" | "registry" | "now">,
): AsyncGenerator<{ whole: WholeOrder; received: ReceivedOrder }> {
  for await (const whole of wholeOrders([...lacking.keys()], ask)) {
    const { datasetIds, checkoutToken } = lacking.get(whole.id) ?? { datasetIds: new Set(), checkoutToken: null };
    const told: OrderToReceive["told"] = whole.ok
      ? { ok: true, body: orderBody(whole.order, whole.order.checkoutToken ?? checkoutToken) }
      : { ok: false, field: whole.field };
    const asked = { topic, shop: shop.domain, datasetIds, orderId: whole.id, told };
    yield { whole, received: await receiveOrder(asked, deps) };
  }
}

/** Counts how the rows of an order stand. */
export function count(became: Record<string, number>, received: ReceivedOrder): void {
  if (received.kind === "ignored") return;
  for (const { outcome, reason } of received.rows) {
    const words = reason === null ? outcome : `${outcome} ${reason}`;
    became[words] = (became[words] ?? 0) + 1;
  }
}
