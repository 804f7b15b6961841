import type { PrismaClient } from "@prisma/client";
import { connectedDatasets, type Dataset, type Shop } from "../settings/registry.server";
import type { Store } from "../store/store.server";
import { type DayOfDataset, type Heartbeat, lagOf, type Queue, queueOf, requestsSummary } from "./flow";
import { bucketsOf } from "./histogram";

const QUARTER_MS = 15 * 60_000;
const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;

/** How much is looked at, at the most: a page must not walk through an outage. */
export interface FlowBounds {
  events: number;
  requests: number;
}

const BOUNDS: FlowBounds = { events: 10_000, requests: 1_000 };

/** What waits for a dataset at the moment. */
export async function queueNow(
  store: Pick<Store, "waitingOf">,
  { id }: Dataset,
  now: number,
  { events }: FlowBounds = BOUNDS,
): Promise<Queue> {
  return queueOf(await store.waitingOf(id, now, events + 1), events + 1);
}

/** How the events of each connected dataset fared in the last day. */
export async function lastDayOf(
  db: PrismaClient,
  store: Pick<Store, "requestsOf">,
  shop: Shop,
  now: number,
  { requests }: FlowBounds = BOUNDS,
): Promise<DayOfDataset[]> {
  const datasets = connectedDatasets(shop);
  const since = now - DAY_MS;
  const [counts, ...attempts] = await Promise.all([
    db.rollup.groupBy({
      by: ["datasetId", "value"],
      where: { shopId: shop.id, dimension: "latency", bucket: { gte: BigInt(since) } },
      _sum: { count: true },
    }),
    ...datasets.map(({ id }) => store.requestsOf(id, since, requests)),
  ]);
  return datasets.map(({ id, dataset, tokenAt }, n) => {
    const rows = counts.filter(({ datasetId }) => datasetId === id);
    return {
      dataset,
      lag: lagOf(bucketsOf(rows.map(({ value, _sum }) => ({ value, count: _sum.count ?? 0 })))),
      requests: requestsSummary(attempts[n] ?? [], requests, tokenAt),
    };
  });
}

/** Every dataset is told of by the same pixel: the one that is told of most has heard it best. */
export async function heartbeatOf(db: PrismaClient, shop: Shop, now: number): Promise<Heartbeat> {
  const since = now - HOUR_MS - ((now - HOUR_MS) % QUARTER_MS);
  const [counts, ...last] = await Promise.all([
    db.rollup.groupBy({
      by: ["datasetId"],
      where: { shopId: shop.id, dimension: "tr", bucket: { gte: BigInt(since) } },
      _sum: { count: true },
    }),
    ...connectedDatasets(shop).map(({ id }) =>
      db.browserCopy.findFirst({
        where: { datasetId: id },
        orderBy: { receivedAt: "desc" },
        select: { receivedAt: true },
      }),
    ),
  ]);
  const heardAt = last.flatMap((copy) => (copy === null ? [] : [Number(copy.receivedAt)]));
  return {
    lastHeardAt: heardAt.length === 0 ? null : Math.max(...heardAt),
    heard: Math.max(0, ...counts.map(({ _sum }) => _sum.count ?? 0)),
    since,
  };
}
