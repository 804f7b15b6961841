import type { PrismaClient } from "@prisma/client";
import { asksForWeeksBefore, type Detected, detect, type Senders, type Watched } from "../alerts/detectors";
import { qualityOf } from "../delivery/dataset-quality";
import { EVENT_NAMES } from "../events/names";
import { hasBrowserLeg } from "../settings/browser-leg.server";
import { connectedDatasets, type Dataset, type Shop } from "../settings/registry.server";
import { isOn } from "../settings/settings";
import { ORDER_DIMENSION, orderCountOf } from "../store/order-count";
import type { Store } from "../store/store.server";
import { noSignalOf } from "./no-signal.server";
import { type ComparedOrder, comparedOrders, isMerged } from "./parity.server";

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
/** What the last week is held against. */
const WEEKS_BEFORE = 7;
/** Of which the clocks are looked at. */
const TIMED_EVENTS = 300;
/** Of which the copies are compared. */
const LATEST_ORDERS = 150;
/** What is dated this far ahead is no rounding; what arrived so is not clamped (app/outbox/window.ts). */
const AHEAD_MS = 60_000;

export type DetectorReads = Pick<Store, "latestOrderCopies" | "orderCounts" | "eventCounts">;

interface Span {
  start: number;
  end: number;
}

/** What was looked at, when, and what was found. */
export interface Health {
  lookedAt: number;
  findings: Detected[];
}

/** Looks at a shop: counts, and bounded samples of the latest; it costs the same however many events there are. */
export async function healthOf(db: PrismaClient, store: DetectorReads, shop: Shop, now: number): Promise<Health> {
  return { lookedAt: now, findings: detect(await watchedOf(db, store, shop, now)) };
}

export async function watchedOf(db: PrismaClient, store: DetectorReads, shop: Shop, now: number): Promise<Watched> {
  const [counts, lastHeardAt, legs, latest, timed, noSignal, senders] = await Promise.all([
    watchedCounts(store, shop, now),
    lastCheckoutHeard(db, shop, now),
    legsOfDay(db, shop, now),
    comparedOrders(store, shop, now - WEEK_MS, LATEST_ORDERS),
    timedBeacons(db, shop),
    noSignalOf(db, shop.id, now),
    sendersOf(db, shop, now),
  ]);
  const { day, week, before } = counts;
  return {
    now,
    pixel: { orders: week.orders, heard: week.heard, before, lastHeardAt },
    ordersOfDay: day.orders,
    legs,
    ...ofLatest(latest),
    clock: { ...timed, refused: day.refused },
    noSignal,
    senders,
  };
}

/** The last day and the last 7; what is dated a little ahead belongs to the present. */
function latestSpans(now: number): Span[] {
  const end = now + DAY_MS;
  return [
    { start: now - DAY_MS, end },
    { start: now - WEEK_MS, end },
  ];
}

/** The seven weeks before those, the newest first. */
function weeksBefore(now: number): Span[] {
  return Array.from({ length: WEEKS_BEFORE }, (_, week) => {
    return { start: now - (week + 2) * WEEK_MS, end: now - (week + 1) * WEEK_MS };
  });
}

/** Orders that no pixel tells of, or not in these days: nothing was bought, or only a sweep or a backfill told of it. */
const NOT_HEARD: ReadonlySet<string | null> = new Set([
  "test_order",
  "before_connection",
  "degraded",
  "too_late",
  "browser_copy_stands",
]);

/** What the counts of one dataset say of a span. */
interface SpanCounts {
  orders: number;
  refused: number;
  heard: number;
}

/** Several datasets are told of the same orders: the one that is told of most knows them all. */
async function countsOf(store: DetectorReads, shop: Shop, spans: Span[]): Promise<SpanCounts[]> {
  const most = spans.map((): SpanCounts => ({ orders: 0, refused: 0, heard: 0 }));
  for (const { id } of shop.datasets) {
    const own = spans.map((): SpanCounts => ({ orders: 0, refused: 0, heard: 0 }));
    const [orders, heard] = await Promise.all([
      store.orderCounts(shop.id, ORDER_DIMENSION, spans, id),
      store.eventCounts(shop.id, "tr", spans, id, "Purchase"),
    ]);
    for (const { span, value, count } of orders) {
      const { source, reason } = orderCountOf(value);
      const sums = own[span];
      if (sums === undefined) continue;
      if (source === "web" && !NOT_HEARD.has(reason)) sums.orders += Number(count);
      if (reason === "event_time_in_future") sums.refused += Number(count);
    }
    for (const { span, count } of heard) {
      const sums = own[span];
      if (sums !== undefined) sums.heard += Number(count);
    }
    for (const [span, sums] of most.entries()) {
      for (const name of ["orders", "refused", "heard"] as const)
        sums[name] = Math.max(sums[name], own[span]?.[name] ?? 0);
    }
  }
  return most;
}

/** Of the last day, the last 7, and the weeks before as far as they matter. */
async function watchedCounts(store: DetectorReads, shop: Shop, now: number) {
  const [day, week] = await countsOf(store, shop, latestSpans(now));
  if (day === undefined || week === undefined) throw new Error("a span was not counted");
  const before = asksForWeeksBefore(week) ? await countsOf(store, shop, weeksBefore(now)) : [];
  return { day, week, before };
}

/** When a browser last told of a completed checkout, epoch milliseconds; null: not in eight weeks. */
async function lastCheckoutHeard(db: PrismaClient, shop: Shop, now: number): Promise<number | null> {
  const last = await db.rollup.findFirst({
    where: {
      shopId: shop.id,
      dimension: "tr",
      event: "Purchase",
      bucket: { gte: BigInt(now - (WEEKS_BEFORE + 1) * WEEK_MS) },
      count: { gt: 0 },
    },
    orderBy: { bucket: "desc" },
    select: { bucket: true },
  });
  return last === null ? null : Number(last.bucket);
}

/** They come before or with each order of the web; carts and payment steps may be passed over by express checkouts. */
const WITH_EACH_ORDER = ["PageView", "InitiateCheckout", "Purchase"] as const;

async function legsOfDay(db: PrismaClient, shop: Shop, now: number): Promise<Watched["legs"]> {
  const counts = await db.rollup.groupBy({
    by: ["datasetId", "event", "dimension", "value"],
    where: { shopId: shop.id, dimension: { in: ["outcome", "tr"] }, bucket: { gte: BigInt(now - DAY_MS) } },
    _sum: { count: true },
  });
  const heard = new Map<string, number>();
  for (const { datasetId, event, value, _sum } of counts) {
    // What a switch kept back says nothing of whether the other leg is alive.
    if (value === "skipped") continue;
    const key = `${datasetId} ${event}`;
    heard.set(key, (heard.get(key) ?? 0) + (_sum.count ?? 0));
  }
  const legs = connectedDatasets(shop)
    .filter((dataset) => watched(dataset, now))
    .flatMap((dataset) =>
      WITH_EACH_ORDER.filter((event) => hasLeg(event, dataset, shop)).map((event) => ({ event, dataset })),
    );
  return Promise.all(
    legs.map(async ({ event, dataset: { id, dataset } }) => {
      const count = heard.get(`${id} ${event}`) ?? 0;
      const lastHeardAt = count > 0 ? null : await lastHeard(db, { shopId: shop.id, datasetId: id, event }, now);
      return { event, dataset, heard: count, lastHeardAt };
    }),
  );
}

/** Null: not in four weeks. */
async function lastHeard(
  db: PrismaClient,
  of: { shopId: number; datasetId: number; event: string },
  now: number,
): Promise<number | null> {
  const last = await db.rollup.aggregate({
    where: {
      ...of,
      dimension: { in: ["outcome", "tr"] },
      value: { not: "skipped" },
      bucket: { gte: BigInt(now - 4 * WEEK_MS) },
      count: { gt: 0 },
    },
    _max: { bucket: true },
  });
  return last._max.bucket === null ? null : Number(last._max.bucket);
}

/** One on hold, or connected today, is silent for a reason that is told elsewhere. */
function watched({ heldReason, connectedAt }: Dataset, now: number): boolean {
  return heldReason === null && now - connectedAt >= DAY_MS;
}

function hasLeg(event: (typeof WITH_EACH_ORDER)[number], { dataset }: Dataset, shop: Shop): boolean {
  return hasBrowserLeg(event, dataset, shop) || isOn(shop.settings, event, "server", dataset);
}

/** What any of an order's own match keys would be: https://shopify.dev/docs/apps/launch/protected-customer-data */
const CUSTOMER_DATA = ["em", "ph", "fn", "ln", "ct", "zp"];

/** What the latest orders of the web, newest first, tell of tokens, sums and customers. */
function ofLatest(latest: readonly ComparedOrder[]): Pick<Watched, "tokens" | "values" | "identity"> {
  const web = eachOnce(latest.filter(({ row }) => row.source === "web"));
  const without = web.filter(({ row }) => row.checkoutToken === null && row.orderId !== null);
  // Copies that are not of one event cannot be unequal; of several datasets any one may be told wrongly.
  const both = latest.filter(({ parity }) => parity.differs !== null && isMerged(parity));
  const compared = eachOnce(both);
  const unequal = eachOnce(both.filter(({ parity }) => parity.differs?.some(({ field }) => field !== "ids")));
  const known = web.filter(({ row, server }) => Boolean(server?.keys) || row.reason === "no_match_keys");
  const bare = known.filter(({ server }) => !server?.keys?.some((key) => CUSTOMER_DATA.includes(key)));
  return {
    tokens: { orders: web.length, without: without.length, since: oldest(without) },
    values: { compared: compared.length, unequal: unequal.length, since: oldest(unequal) },
    identity: { orders: known.length, bare: bare.length, since: oldest(bare) },
  };
}

/** Each order once, however many datasets were told of it. */
function eachOnce(orders: readonly ComparedOrder[]): ComparedOrder[] {
  const byOrder = new Map(orders.map((order) => [order.row.orderId ?? order.row.eventId, order]));
  return orders.filter((order) => byOrder.get(order.row.orderId ?? order.row.eventId) === order);
}

function oldest(orders: readonly ComparedOrder[]): number | null {
  return orders.at(-1)?.row.receivedAt ?? null;
}

async function timedBeacons(db: PrismaClient, shop: Shop): Promise<Omit<Watched["clock"], "refused">> {
  const latest = await db.event.findMany({
    where: { shopId: shop.id },
    orderBy: { id: "desc" },
    take: TIMED_EVENTS,
    select: { topic: true, eventTime: true, receivedAt: true },
  });
  const beacons = latest.filter(({ topic }) => topic === "beacon");
  const lags = beacons.map(({ eventTime, receivedAt }) => Number(receivedAt - eventTime)).sort((a, b) => a - b);
  return {
    beacons: lags.length,
    ahead: lags.filter((lag) => lag < -AHEAD_MS).length,
    medianLagMs: lags[Math.floor(lags.length / 2)] ?? 0,
    since: beacons.length === 0 ? null : Number(beacons.at(-1)?.receivedAt),
  };
}

/** What Meta said before says nothing of who sends now. */
const STALE_MS = 3 * DAY_MS;

async function sendersOf(db: PrismaClient, shop: Shop, now: number): Promise<Senders[]> {
  const datasets = new Map(connectedDatasets(shop).map(({ id, dataset }) => [id, dataset]));
  const rows = await db.datasetQuality.findMany({
    where: { datasetId: { in: [...datasets.keys()] }, answeredAt: { gte: BigInt(now - STALE_MS) } },
  });
  return rows.map(({ datasetId, overall, ours, firstAt }) => ({
    dataset: datasets.get(datasetId) ?? "",
    sent: EVENT_NAMES.filter((event) => isOn(shop.settings, event, "server", datasets.get(datasetId) ?? null)),
    namedForMs: now - Number(firstAt),
    firstAt: Number(firstAt),
    overall: qualityOf(overall),
    ours: qualityOf(ours),
  }));
}
