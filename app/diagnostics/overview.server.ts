import type { PrismaClient } from "@prisma/client";
import { OUTCOMES, type Outcome } from "../events/outcome";
import type { Shop } from "../settings/registry.server";

export interface Overview {
  shop: string;
  datasets: { dataset: string; state: "flows" | "held" | "disconnected"; connectedAt: number }[];
  /** Server events that ended in the last seven days, by outcome; counted by the drain. */
  counts: { outcome: Outcome; count: number }[];
}

const WEEK_MS = 7 * 24 * 3_600_000;

/** The numbers of the first page. `now`: epoch milliseconds. */
export async function overviewOf(db: PrismaClient, shop: Shop, now: number): Promise<Overview> {
  const rows = await db.rollup.groupBy({
    by: ["value"],
    where: { shopId: shop.id, dimension: "outcome", leg: "server", bucket: { gte: BigInt(now - WEEK_MS) } },
    _sum: { count: true },
  });
  const byOutcome = new Map(rows.map((row) => [row.value, row._sum.count ?? 0]));
  return {
    shop: shop.domain,
    datasets: shop.datasets.map((dataset) => ({
      dataset: dataset.dataset,
      state: dataset.disconnected ? "disconnected" : dataset.heldReason === null ? "flows" : "held",
      connectedAt: dataset.connectedAt,
    })),
    counts: OUTCOMES.flatMap((outcome) => {
      const count = byOutcome.get(outcome) ?? 0;
      return count === 0 ? [] : [{ outcome, count }];
    }),
  };
}
