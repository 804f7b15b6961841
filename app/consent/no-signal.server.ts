import type { PrismaClient } from "@prisma/client";
import { type NoSignal, noSignal } from "./no-signal";

const DAY_MS = 86_400_000;
const BUCKET_MS = 15 * 60_000;

/** From the counts. An order that several datasets are told of counts once for each. `now`: epoch milliseconds. */
export async function noSignalOf(db: PrismaClient, shopId: number, now: number): Promise<NoSignal> {
  const [week, day] = await Promise.all([7, 1].map((days) => countsSince(db, shopId, now - days * DAY_MS)));
  if (week === undefined || day === undefined) throw new Error("two counts were asked for");
  return noSignal(week, day);
}

async function countsSince(db: PrismaClient, shopId: number, since: number) {
  const sums = await db.rollup.groupBy({
    by: ["dimension"],
    where: {
      shopId,
      event: "Purchase",
      leg: "server",
      bucket: { gte: BigInt(since - (since % BUCKET_MS)) },
      OR: [{ dimension: "outcome" }, { dimension: "withheld", value: "no_consent_signal" }],
    },
    _sum: { count: true },
  });
  const sumOf = (wanted: string) => Math.max(0, sums.find(({ dimension }) => dimension === wanted)?._sum.count ?? 0);
  return { withheld: sumOf("withheld"), orders: sumOf("outcome") };
}
