import type { Prisma, PrismaClient } from "@prisma/client";
import { type Detected, detect, type Senders, type Watched } from "../alerts/detectors";
import { noSignalOf } from "../consent/no-signal.server";
import { qualityOf } from "../delivery/dataset-quality";
import { hasBrowserLeg } from "../settings/browser-leg.server";
import { connectedDatasets, type Dataset, type Shop } from "../settings/registry.server";
import { isOn } from "../settings/settings";
import { ORDER_DIMENSION, orderCountOf } from "../store/order-count";

import { type ComparedOrder, comparedOrders, type ParityReads } from "./parity.server";

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
/** Of which the clocks are looked at. */
const TIMED_EVENTS = 2_000;
/** What is dated this far ahead is no rounding; what arrived so is not clamped (app/outbox/window.ts). */
const AHEAD_MS = 60_000;

/** What was looked at, when, and what was found. */
export interface Health {
  lookedAt: number;
  findings: Detected[];
}

/** Looks at a shop: counts, and bounded samples of the latest; it costs the same however many events there are. */
export async function healthOf(
  db: PrismaClient,
  store: Pick<ParityReads, "latestOrderCopies">,
  shop: Shop,
  now: number,
): Promise<Health> {
  return { lookedAt: now, findings: detect(await watchedOf(db, store, shop, now)) };
}

export async function watchedOf(
  db: PrismaClient,
  store: Pick<ParityReads, "latestOrderCopies">,
  shop: Shop,
  now: number,
): Promise<Watched> {
  const [orders, heard, legs, latest, timed, noSignal, senders] = await Promise.all([
    webOrders(db, shop, now),
    heardCheckouts(db, shop, now),
    legsOfDay(db, shop, now),
    comparedOrders(store, shop, now - WEEK_MS),
    timedBeacons(db, shop),
    noSignalOf(db, shop.id, now),
    sendersOf(db, shop, now),
  ]);
  return {
    now,
    pixel: {
      orders: orders.week,
      heard: heard.week,
      ordersBefore: orders.before,
      heardBefore: heard.before,
      lastHeardAt: heard.lastAt,
    },
    ordersOfDay: orders.day,
    legs,
    ...ofLatest(latest),
    clock: { ...timed, refused: orders.refused },
    noSignal,
    senders,
  };
}

function since(at: number): Prisma.BigIntFilter {
  return { gte: BigInt(at) };
}

/** The three weeks that the last one is held against. */
function weeksBefore(now: number): Prisma.BigIntFilter {
  return { gte: BigInt(now - 4 * WEEK_MS), lt: BigInt(now - WEEK_MS) };
}

/** Orders that no pixel tells of: nothing was bought, or it was not there yet. */
const NOT_HEARD: ReadonlySet<string | null> = new Set(["test_order", "before_connection"]);

/** Several datasets are told of the same orders: the one that is told of most knows them all. */
async function webOrders(db: PrismaClient, shop: Shop, now: number) {
  const most = { day: 0, week: 0, before: 0, refused: 0 };
  const spans = [
    ["day", since(now - DAY_MS)],
    ["week", since(now - WEEK_MS)],
    ["before", weeksBefore(now)],
  ] as const;
  for (const [span, bucket] of spans) {
    const counts = await db.rollup.groupBy({
      by: ["datasetId", "value"],
      where: { shopId: shop.id, dimension: ORDER_DIMENSION, bucket },
      _sum: { count: true },
    });
    const byDataset = new Map<number, { orders: number; refused: number }>();
    for (const { datasetId, value, _sum } of counts) {
      const { source, reason } = orderCountOf(value);
      const sums = byDataset.get(datasetId) ?? { orders: 0, refused: 0 };
      if (source === "web" && !NOT_HEARD.has(reason)) sums.orders += _sum.count ?? 0;
      if (reason === "event_time_in_future") sums.refused += _sum.count ?? 0;
      byDataset.set(datasetId, sums);
    }
    most[span] = Math.max(0, ...[...byDataset.values()].map(({ orders }) => orders));
    if (span === "week") most.refused = Math.max(0, ...[...byDataset.values()].map(({ refused }) => refused));
  }
  return most;
}

/** How many browsers told of a completed checkout, whatever became of their own copy. */
async function heardCheckouts(db: PrismaClient, shop: Shop, now: number) {
  const ofPurchases = { shopId: shop.id, dimension: "tr", event: "Purchase" };
  const sumOf = async (bucket: Prisma.BigIntFilter) => {
    const counts = await db.rollup.groupBy({
      by: ["datasetId"],
      where: { ...ofPurchases, bucket },
      _sum: { count: true },
    });
    return Math.max(0, ...counts.map(({ _sum }) => _sum.count ?? 0));
  };
  const [week, before, last] = await Promise.all([
    sumOf(since(now - WEEK_MS)),
    sumOf(weeksBefore(now)),
    db.rollup.findFirst({
      where: { ...ofPurchases, bucket: { gte: BigInt(now - 4 * WEEK_MS) }, count: { gt: 0 } },
      orderBy: { bucket: "desc" },
      select: { bucket: true },
    }),
  ]);
  return { week, before, lastAt: last === null ? null : Number(last.bucket) };
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
  const web = latest.filter(({ row }) => row.source === "web");
  const without = web.filter(({ row }) => row.checkoutToken === null && row.orderId !== null);
  const compared = latest.filter(({ parity }) => parity.differs !== null);
  const unequal = compared.filter(({ parity }) => parity.differs?.some(({ field }) => field !== "ids"));
  const known = web.filter(({ row, server }) => Boolean(server?.keys) || row.reason === "no_match_keys");
  const bare = known.filter(({ server }) => !server?.keys?.some((key) => CUSTOMER_DATA.includes(key)));
  return {
    tokens: { orders: web.length, without: without.length, since: oldest(without) },
    values: { compared: compared.length, unequal: unequal.length, since: oldest(unequal) },
    identity: { orders: known.length, bare: bare.length, since: oldest(bare) },
  };
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

async function sendersOf(db: PrismaClient, shop: Shop, now: number): Promise<Senders[]> {
  const datasets = new Map(connectedDatasets(shop).map(({ id, dataset }) => [id, dataset]));
  const rows = await db.datasetQuality.findMany({ where: { datasetId: { in: [...datasets.keys()] } } });
  return rows.map(({ datasetId, overall, ours, firstAt }) => ({
    dataset: datasets.get(datasetId) ?? "",
    namedForMs: now - Number(firstAt),
    firstAt: Number(firstAt),
    overall: qualityOf(overall),
    ours: qualityOf(ours),
  }));
}
