import type { PrismaClient } from "@prisma/client";
import type { LastOrderSweep } from "./last-sweep";

/** The last order sweep of a shop that has ended; null: there was none. */
export async function lastOrderSweep(db: PrismaClient, shopId: number): Promise<LastOrderSweep | null> {
  const row = await db.orderSweep.findUnique({ where: { shopId } });
  if (row === null || row.endedAt === null) return null;
  return {
    startedAt: Number(row.startedAt),
    endedAt: Number(row.endedAt),
    since: Number(row.since),
    until: Number(row.until),
    seen: row.seen ?? 0,
    missing: row.missing ?? 0,
    unreadable: row.unreadable ?? 0,
    fault: row.fault,
    wholeAt: row.wholeAt === null ? null : Number(row.wholeAt),
  };
}
