import type { Prisma, PrismaClient } from "@prisma/client";
import { decimal, millionths } from "../events/decimal";
import type { Facts } from "../events/event";
import { connectedDatasets, type Shop } from "../settings/registry.server";
import { type HeldDataset, type Limits, limitsOf, type WaitingEvent } from "./held";
import { wordsOf } from "./words";

/** How much is looked at, at the most: a page must not walk through an outage. */
export interface Bounds {
  /** Events that wait, those first that have been due for longest. */
  rows: number;
  /** Purchases among them, for their value. */
  values: number;
  /** Those of them that are looked up among the browser's copies. */
  copies: number;
}

const BOUNDS: Bounds = { rows: 10_000, values: 2_000, copies: 1_000 };

/** What waits for each of a shop's datasets that are on hold; where more waits than the bounds allow for, it says so. */
export async function heldOf(db: PrismaClient, shop: Shop, bounds: Bounds = BOUNDS): Promise<HeldDataset[]> {
  const held = connectedDatasets(shop).flatMap(({ id, dataset, heldReason: reason }) =>
    reason === null ? [] : [{ id, dataset, reason }],
  );
  return Promise.all(
    held.map(async ({ id, dataset, reason }) => ({
      dataset,
      reason,
      says: wordsOf(reason),
      since: await heldSince(db, id),
      ...(await waitingFor(db, id, bounds)),
    })),
  );
}

async function heldSince(db: PrismaClient, id: number): Promise<number | null> {
  const row = await db.dataset.findUnique({ where: { id }, select: { heldAt: true } });
  return row === null || row.heldAt === null ? null : Number(row.heldAt);
}

type Waiting = Omit<HeldDataset, "dataset" | "reason" | "says" | "since">;

async function waitingFor(db: PrismaClient, datasetId: number, bounds: Bounds): Promise<Waiting> {
  const { more, looked } = await lookedAt(db, forTheToken(datasetId), bounds.rows);
  const [waiting, purchases, limits] = await Promise.all([
    db.event.count({ where: looked }),
    db.event.findMany({
      where: { ...looked, name: "Purchase" },
      orderBy: { runAt: "asc" },
      take: bounds.values + 1,
      select: { facts: true },
    }),
    limitsFor(db, datasetId, looked, bounds.copies),
  ]);
  return {
    waiting: more ? bounds.rows : waiting,
    more,
    ...worthOf(purchases.slice(0, bounds.values)),
    valueMore: more || purchases.length > bounds.values,
    ...limits,
  };
}

/** Those of the rows that are looked at, and whether there are more: it walks no further along the index than that. */
async function lookedAt(
  db: PrismaClient,
  where: Prisma.EventWhereInput,
  mostRows: number,
): Promise<{ more: boolean; looked: Prisma.EventWhereInput }> {
  const [last, beyond] = await db.event.findMany({
    where,
    // What is too old has been due for longest.
    orderBy: { runAt: "asc" },
    skip: mostRows - 1,
    take: 2,
    select: { runAt: true },
  });
  if (last === undefined || beyond === undefined) return { more: false, looked: where };
  return { more: true, looked: { ...where, runAt: { lte: last.runAt ?? 0n } } };
}

/** The copies of the first few are looked up; of the others, only until when Meta takes them. */
async function limitsFor(
  db: PrismaClient,
  datasetId: number,
  looked: Prisma.EventWhereInput,
  mostCopies: number,
): Promise<Limits> {
  const rows = await db.event.findMany({
    where: looked,
    orderBy: { runAt: "asc" },
    take: mostCopies + 1,
    select: { name: true, eventId: true, actionSource: true, eventTime: true, runAt: true },
  });
  const first = rows.slice(0, mostCopies);
  const left = await leftBrowser(db, datasetId, first);
  const waiting = first.map(({ name, eventId, actionSource, eventTime }) => ({
    actionSource,
    eventTime: Number(eventTime),
    left: left.get(`${name} ${eventId}`) ?? null,
  }));
  const next = rows[mostCopies];
  return limitsOf(waiting, next === undefined ? [] : await oldestFrom(db, next.runAt ?? 0n, looked));
}

/** Of each source the oldest of those that have been due since then, or not for so long. */
async function oldestFrom(db: PrismaClient, runAt: bigint, looked: Prisma.EventWhereInput): Promise<WaitingEvent[]> {
  const sources = await db.event.groupBy({
    by: ["actionSource"],
    where: { AND: [looked, { runAt: { gte: runAt } }] },
    _min: { eventTime: true },
  });
  return sources.map(({ actionSource, _min }) => ({ actionSource, eventTime: Number(_min.eventTime), left: null }));
}

/** Copies that are asked about at once: Prisma gives a SQLite query 999 parameters at the most. */
const COPIES_AT_ONCE = 900;

/** When the browser's own copies of some events left, by name and id; of those that did. */
async function leftBrowser(
  db: PrismaClient,
  datasetId: number,
  events: readonly { name: string; eventId: string }[],
): Promise<Map<string, number>> {
  const left = new Map<string, number>();
  for (const [name, ids] of idsByName(events)) {
    for (let from = 0; from < ids.length; from += COPIES_AT_ONCE) {
      const copies = await db.browserCopy.findMany({
        where: { datasetId, name, eventId: { in: ids.slice(from, from + COPIES_AT_ONCE) }, tr: "resolved" },
        select: { eventId: true, receivedAt: true },
      });
      for (const { eventId, receivedAt } of copies) left.set(`${name} ${eventId}`, Number(receivedAt));
    }
  }
  return left;
}

function idsByName(events: readonly { name: string; eventId: string }[]): Map<string, string[]> {
  const ids = new Map<string, string[]>();
  for (const { name, eventId } of events) {
    const known = ids.get(name);
    if (known === undefined) ids.set(name, [eventId]);
    else known.push(eventId);
  }
  return ids;
}

/** What a new token lets go: not an order that has yet to be paid. */
function forTheToken(datasetId: number): Prisma.EventWhereInput {
  return { datasetId, outcome: "waiting", runAt: { not: null }, OR: [{ hold: null }, { hold: { not: "payment" } }] };
}

function worthOf(purchases: readonly { facts: string | null }[]): Pick<Waiting, "values" | "valueUnknown"> {
  const sums = new Map<string, { amount: bigint; purchases: number }>();
  let valueUnknown = 0;
  for (const { facts } of purchases) {
    const price = priceOf(facts);
    if (price === null) {
      valueUnknown += 1;
      continue;
    }
    const sum = sums.get(price.currency) ?? { amount: 0n, purchases: 0 };
    sums.set(price.currency, { amount: sum.amount + price.amount, purchases: sum.purchases + 1 });
  }
  const values = [...sums].map(([currency, sum]) => ({ currency, ...sum, amount: decimal(sum.amount) }));
  return { values: values.sort((a, b) => b.purchases - a.purchases), valueUnknown };
}

/** In the shop's own currency; null: the order does not say, or what was stored of it cannot be read. */
function priceOf(facts: string | null): { currency: string; amount: bigint } | null {
  if (facts === null) return null;
  try {
    const { shop }: Partial<Facts> = JSON.parse(facts);
    return shop ? { currency: shop.currency, amount: millionths(shop.total) } : null;
  } catch {
    return null;
  }
}
