import type { PrismaClient } from "@prisma/client";
import { placeOnTheWay, TEST_EVENT } from "../events/catalog";
import { startOfDay } from "../events/day";
import type { Outcome } from "../events/outcome";
import { connectedDatasets, type Shop } from "../settings/registry.server";
import type { EventDay, Overview, SetUp } from "./overview";

/** The numbers of the first page: counts come from the rollups. `now`: epoch milliseconds. */
export async function overviewOf(db: PrismaClient, shop: Shop, pixelCurrent: boolean, now: number): Promise<Overview> {
  const since = startOfDay(now, shop.timezone);
  const [setUp, counts, waiting] = await Promise.all([
    setUpOf(db, shop, pixelCurrent),
    db.rollup.groupBy({
      by: ["event", "dimension", "value"],
      where: { shopId: shop.id, dimension: { in: ["outcome", "tr"] }, bucket: { gte: BigInt(since) } },
      _sum: { count: true },
    }),
    waitingByEvent(db, shop),
  ]);
  const days = new Map<string, EventDay>();
  const dayOf = (event: string) => {
    const day = days.get(event) ?? emptyDay(event);
    days.set(event, day);
    return day;
  };
  for (const { event, value, _sum } of counts) {
    const column = COLUMNS[value];
    if (column !== undefined) dayOf(event)[column] += _sum.count ?? 0;
  }
  for (const { event, count } of waiting) dayOf(event).waiting += count;
  return {
    setUp,
    today: [...days.values()].sort((a, b) => placeOnTheWay(a.event) - placeOnTheWay(b.event)),
    since,
    held: connectedDatasets(shop).flatMap(({ dataset, heldReason }) =>
      heldReason === null ? [] : [{ dataset, reason: heldReason }],
    ),
  };
}

/** Which number of the day a rollup's value goes into; outcomes and the pixel's reports share no word. */
const COLUMNS: Record<string, Exclude<keyof EventDay, "event">> = {
  accepted: "accepted",
  skipped: "notSent",
  withheld: "notSent",
  rejected: "failed",
  expired: "failed",
  dead: "failed",
  resolved: "leftBrowser",
  unknown: "unclearInBrowser",
  threw: "stoppedInBrowser",
} satisfies Partial<Record<Outcome | string, Exclude<keyof EventDay, "event">>>;

function emptyDay(event: string): EventDay {
  return {
    event,
    leftBrowser: 0,
    stoppedInBrowser: 0,
    unclearInBrowser: 0,
    accepted: 0,
    notSent: 0,
    failed: 0,
    waiting: 0,
  };
}

async function waitingByEvent(db: PrismaClient, shop: Shop): Promise<{ event: string; count: number }[]> {
  const rows = await db.event.groupBy({
    by: ["name"],
    where: {
      datasetId: { in: shop.datasets.map(({ id }) => id) },
      outcome: "waiting",
      runAt: { not: null },
      name: { not: TEST_EVENT },
      // What a later consent brought back still stands in the counts, under the outcome it had.
      countedAs: null,
    },
    _count: { _all: true },
  });
  return rows.map(({ name, _count }) => ({ event: name, count: _count._all }));
}

async function setUpOf(db: PrismaClient, shop: Shop, pixelCurrent: boolean): Promise<SetUp> {
  const connected = connectedDatasets(shop);
  const counted = (dimension: string, value?: string) =>
    db.rollup.findFirst({ where: { shopId: shop.id, dimension, ...(value && { value }), count: { gt: 0 } } });
  const [tokens, beacon, accepted] = await Promise.all([
    Promise.all(
      connected.map(({ id, tokenAt, heldReason }) =>
        heldReason === null
          ? db.attempt.findFirst({ where: { datasetId: id, at: { gte: BigInt(tokenAt) }, verdict: "accepted" } })
          : null,
      ),
    ),
    counted("tr"),
    counted("outcome", "accepted"),
  ]);
  return {
    dataset: connected.length > 0,
    token: connected.length > 0 && tokens.every((attempt) => attempt !== null),
    pixel: pixelCurrent,
    beacon: beacon !== null,
    accepted: accepted !== null,
  };
}
