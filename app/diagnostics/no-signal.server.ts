import type { PrismaClient } from "@prisma/client";
import { type NoSignal, noSignal } from "../consent/no-signal";
import { ORDER_DIMENSION, orderCountOf } from "../store/order-count";

const DAY_MS = 86_400_000;

/** Purchases of a shop that have ended, each order once; read from the ledger's counts. `now`: epoch milliseconds. */
export async function noSignalOf(db: PrismaClient, shopId: number, now: number): Promise<NoSignal> {
  const [week, day] = await Promise.all([
    countsSince(db, shopId, now - 7 * DAY_MS),
    countsSince(db, shopId, now - DAY_MS),
  ]);
  return noSignal(week, day);
}

/** Several datasets are told of the same orders: the one that is told of most knows them all. */
async function countsSince(
  db: PrismaClient,
  shopId: number,
  since: number,
): Promise<{ withheld: number; orders: number }> {
  const counts = await db.rollup.groupBy({
    by: ["datasetId", "value"],
    where: { shopId, event: "Purchase", dimension: ORDER_DIMENSION, bucket: { gte: BigInt(since) } },
    _sum: { count: true },
  });
  const byDataset = new Map<number, { withheld: number; orders: number }>();
  for (const { datasetId, value, _sum } of counts) {
    const { outcome, reason } = orderCountOf(value);
    if (outcome === "waiting") continue;
    const sums = byDataset.get(datasetId) ?? { withheld: 0, orders: 0 };
    sums.orders += _sum.count ?? 0;
    if (reason === "no_consent_signal") sums.withheld += _sum.count ?? 0;
    byDataset.set(datasetId, sums);
  }
  return [...byDataset.values()].sort((a, b) => b.orders - a.orders)[0] ?? { withheld: 0, orders: 0 };
}
