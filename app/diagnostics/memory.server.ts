import type { PrismaClient } from "@prisma/client";
import type { Memory } from "./memory";

const DAY_MS = 24 * 3_600_000;
const LOOKED_AT_MS = 28 * DAY_MS;
/** The newest tell enough. */
const MOST_VISITORS = 5_000;

/** Measures how long the visitors of a shop are remembered: browsers shorten it, whatever a cookie says. */
export async function memoryOf(db: PrismaClient, shopId: number, now: number): Promise<Memory> {
  const rows = await db.browserContext.findMany({
    where: { shopId, key: { startsWith: "client." }, firstAt: { not: null }, receivedAt: { gte: now - LOOKED_AT_MS } },
    select: { firstAt: true, receivedAt: true },
    orderBy: { receivedAt: "desc" },
    take: MOST_VISITORS,
  });
  const days = rows
    .map(({ firstAt, receivedAt }) => Math.floor(Number(receivedAt - (firstAt ?? receivedAt)) / DAY_MS))
    .filter((lived) => lived > 0)
    .sort((a, b) => a - b);
  return {
    visitors: rows.length,
    returning: days.length,
    median: days[Math.floor(days.length / 2)] ?? null,
    longest: days.at(-1) ?? null,
  };
}
