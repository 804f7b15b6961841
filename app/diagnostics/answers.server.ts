import type { PrismaClient } from "@prisma/client";
import type { Shop } from "../settings/registry.server";
import type { Answers } from "./answers";
import { lastDays } from "./day-range";
import { lagOf } from "./flow";
import { bucketsOf } from "./histogram";
import { wordsOf } from "./words";

const DAYS = 7;

/** Of the last seven of the shop's days; counts by day, so few rows. `now`: epoch milliseconds. */
export async function answersOf(
  db: PrismaClient,
  { id: shopId, timezone }: Pick<Shop, "id" | "timezone">,
  datasetId: number,
  event: string,
  now: number,
): Promise<Answers> {
  const since = lastDays(DAYS, timezone, now)[0]?.start ?? now;
  const rows = await db.rollup.groupBy({
    by: ["dimension", "value"],
    where: { shopId, dimension: { in: ["answer", "lag"] }, bucket: { gte: BigInt(since) }, datasetId, event },
    _sum: { count: true },
  });
  const of = (dimension: string) =>
    rows
      .filter((row) => row.dimension === dimension)
      .map(({ value, _sum }) => ({ value, count: _sum.count ?? 0 }))
      .sort((a, b) => b.count - a.count);
  return {
    accepted: of("answer").find(({ value }) => value === "accepted")?.count ?? 0,
    refused: of("answer")
      .filter(({ value }) => value !== "accepted")
      .map(({ value: reason, count }) => ({ reason, says: wordsOf(reason), count })),
    lag: lagOf(bucketsOf(of("lag"))),
  };
}
