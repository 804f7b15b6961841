import type { PrismaClient } from "@prisma/client";
import { type NoSignal, noSignal } from "./no-signal";

const DAY_MS = 86_400_000;
/** So many of the newest that were withheld are looked at: more have no place in a week that anybody reads. */
const LOOKED_AT = 20_000;

/** Purchases of a shop, each order once. `now`: epoch milliseconds. */
export async function noSignalOf(db: PrismaClient, shopId: number, now: number): Promise<NoSignal> {
  const withheld = await db.event.findMany({
    where: { shopId, outcome: "withheld" },
    orderBy: { id: "desc" },
    take: LOOKED_AT,
    select: { name: true, reason: true, orderId: true, eventTime: true },
  });
  const silent = withheld.filter(({ name, reason }) => name === "Purchase" && reason === "no_consent_signal");
  const countsSince = async (since: number) => ({
    withheld: new Set(silent.filter(({ eventTime }) => eventTime >= since).map(({ orderId }) => orderId)).size,
    orders: await ordersSince(db, shopId, since),
  });
  return noSignal(await countsSince(now - 7 * DAY_MS), await countsSince(now - DAY_MS));
}

/** From the counts; several datasets are told of the same orders, the one that is told of most knows them all. */
async function ordersSince(db: PrismaClient, shopId: number, since: number): Promise<number> {
  const byDataset = await db.rollup.groupBy({
    by: ["datasetId"],
    where: { shopId, event: "Purchase", leg: "server", dimension: "outcome", bucket: { gte: BigInt(since) } },
    _sum: { count: true },
  });
  return Math.max(0, ...byDataset.map(({ _sum }) => _sum.count ?? 0));
}
