import type { PrismaClient } from "@prisma/client";
import type { Daily } from "../alerts/message";
import { TEST_EVENT } from "../events/catalog";
import { startOfDay } from "../events/day";
import { OUTCOMES } from "../events/outcome";
import type { Shop } from "../settings/registry.server";

/** By then what happened before midnight has ended, or waits for a reason. */
const MORNING_MS = 7 * 3_600_000;

/** The day that a summary is due for, by the shop's own clock; null: it is too early in the next. Epoch milliseconds. */
export function dueDay(shop: Pick<Shop, "timezone">, now: number): { day: string; from: number; until: number } | null {
  const until = startOfDay(now, shop.timezone);
  if (now - until < MORNING_MS) return null;
  const from = startOfDay(until - 1, shop.timezone);
  // Swedish dates are written YYYY-MM-DD.
  const day = new Intl.DateTimeFormat("sv", { timeZone: shop.timezone ?? "UTC", dateStyle: "short" }).format(from);
  return { day, from, until };
}

/** The numbers of a day, out of the counts. */
export async function dailyOf(
  db: PrismaClient,
  shopId: number,
  { day, from, until }: { day: string; from: number; until: number },
  head: string | null,
): Promise<Daily> {
  const rows = await db.rollup.groupBy({
    by: ["value"],
    where: {
      shopId,
      dimension: "outcome",
      leg: "server",
      bucket: { gte: BigInt(from), lt: BigInt(until) },
      event: { not: TEST_EVENT },
    },
    _sum: { count: true },
  });
  const counts = OUTCOMES.map((outcome) => [outcome, rows.find(({ value }) => value === outcome)?._sum.count ?? 0]);
  return { day, counts: Object.fromEntries(counts.filter(([, count]) => count !== 0)), head };
}
