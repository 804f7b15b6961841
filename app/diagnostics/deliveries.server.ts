import type { Prisma, PrismaClient } from "@prisma/client";
import { z } from "zod";
import { TR_REPORTS, type TrReport } from "../events/browser-copy";
import { OUTCOMES, type Outcome } from "../events/outcome";
import { type AccountedKey, readAccount } from "../match-keys/key-account";
import { KEY_ORIGINS } from "../match-keys/key-origins";
import { MATCH_KEYS } from "../match-keys/keys";
import type { Shop } from "../settings/registry.server";
import type { DeliveredKey, Delivery, DeliveryFilter, DeliveryLine } from "./deliveries";

export const DELIVERIES_PER_PAGE = 25;

/** One page of deliveries, newest first, and where the next one begins; a page may be short, and the next one not be the last. */
export async function deliveriesOf(
  db: PrismaClient,
  shop: Shop,
  filter: DeliveryFilter,
  lookedThrough = LOOKED_THROUGH,
): Promise<{ lines: DeliveryLine[]; next: number | null }> {
  const { rows, lookedTo } = await foundRows(db, shop, filter, lookedThrough);
  const page = rows.slice(0, DELIVERIES_PER_PAGE);
  const copies = await copiesOf(db, page);
  return {
    lines: page.map((row) => ({
      id: row.id,
      event: row.name,
      eventId: row.eventId,
      dataset: numberOf(shop, row.datasetId),
      orderId: row.orderId,
      eventTime: Number(row.eventTime),
      outcome: outcomeOf(row.outcome),
      reason: row.reason,
      browserCopy: copies.get(keyOf(row))?.tr ?? null,
    })),
    next: rows.length > DELIVERIES_PER_PAGE ? (page.at(-1)?.id ?? null) : lookedTo,
  };
}

const COLUMNS = {
  id: true,
  name: true,
  eventId: true,
  datasetId: true,
  orderId: true,
  eventTime: true,
  outcome: true,
  reason: true,
} as const satisfies Prisma.EventSelect;

type FoundRow = Prisma.EventGetPayload<{ select: typeof COLUMNS }>;

/** Rows that fit, one more than a page at the most; `lookedTo`: what is older was not looked at; null: all was. */
interface Found {
  rows: FoundRow[];
  lookedTo: number | null;
}

/** So many deliveries are looked through for one page: a rare event among millions is not worth a minute's wait. */
const LOOKED_THROUGH = 10_000;

async function foundRows(db: PrismaClient, shop: Shop, filter: DeliveryFilter, lookedThrough: number): Promise<Found> {
  if (filter.search !== null) return { rows: await searched(db, shop, filter, filter.search), lookedTo: null };
  const where = conditionOf(shop, filter);
  const newest = { orderBy: { id: "desc" }, take: DELIVERIES_PER_PAGE + 1, select: COLUMNS } as const;
  // By shop and outcome there is an index; anything else is found by looking.
  if (filter.event === null && filter.dataset === null) {
    return { rows: await db.event.findMany({ where, ...newest }), lookedTo: null };
  }
  // Of the shop's own: among those of other shops it may be few.
  const [edge] = await db.event.findMany({
    where: { shopId: shop.id, ...(filter.before === null ? {} : { id: { lt: filter.before } }) },
    orderBy: { id: "desc" },
    skip: lookedThrough,
    take: 1,
    select: { id: true },
  });
  const within = edge === undefined ? [] : [{ id: { gt: edge.id } }];
  const rows = await db.event.findMany({ where: { AND: [where, ...within] }, ...newest });
  return { rows, lookedTo: edge === undefined ? null : edge.id + 1 };
}

/**
 * Sought by each of its three meanings, for which there is an index each: one name has few rows. Not so many at the most, for
 * then they are asked for in an order, and SQLite walks through all of the shop's rows in that order.
 */
async function searched(db: PrismaClient, shop: Shop, filter: DeliveryFilter, name: string): Promise<FoundRow[]> {
  const { event, outcome, dataset, before } = filter;
  const found = await Promise.all(
    [{ orderId: name }, { eventId: name }, { checkoutToken: name }].map((meaning) =>
      db.event.findMany({ where: { shopId: shop.id, ...meaning }, select: COLUMNS }),
    ),
  );
  const each = new Map(found.flat().map((row) => [row.id, row]));
  return [...each.values()]
    .filter((row) => event === null || row.name === event)
    .filter((row) => outcome === null || row.outcome === outcome)
    .filter((row) => dataset === null || numberOf(shop, row.datasetId) === dataset)
    .filter((row) => before === null || row.id < before)
    .sort((a, b) => b.id - a.id)
    .slice(0, DELIVERIES_PER_PAGE + 1);
}

function conditionOf(shop: Shop, { event, outcome, dataset, before }: DeliveryFilter): Prisma.EventWhereInput {
  return {
    shopId: shop.id,
    ...(event === null ? {} : { name: event }),
    ...(outcome === null ? {} : { outcome }),
    ...(dataset === null
      ? {}
      : { datasetId: { in: shop.datasets.flatMap((d) => (d.dataset === dataset ? [d.id] : [])) } }),
    ...(before === null ? {} : { id: { lt: before } }),
  };
}

interface CopyKey {
  datasetId: number;
  name: string;
  eventId: string;
}

function keyOf({ datasetId, name, eventId }: CopyKey): string {
  return `${datasetId} ${name} ${eventId}`;
}

interface FoundCopy {
  tr: TrReport;
  /** Names of the match keys it carried; null: not known. */
  keys: string[] | null;
}

async function copiesOf(db: PrismaClient, rows: CopyKey[]): Promise<Map<string, FoundCopy>> {
  if (rows.length === 0) return new Map();
  const copies = await db.browserCopy.findMany({
    where: { OR: rows.map(({ datasetId, name, eventId }) => ({ datasetId, name, eventId })) },
  });
  return new Map(
    copies.flatMap((copy) => {
      const tr = TR_REPORTS.find((word) => word === copy.tr);
      return tr === undefined ? [] : [[keyOf(copy), { tr, keys: tr === "resolved" ? keysTold(copy.told) : null }]];
    }),
  );
}

const toldSchema = z.object({ keys: z.array(z.string()).nullable() });

function keysTold(told: string | null): string[] | null {
  if (told === null) return null;
  return toldSchema.safeParse(JSON.parse(told)).data?.keys ?? null;
}

function deliveredKeys(account: string | null, copy: FoundCopy | undefined): DeliveredKey[] | null {
  if (account === null) return null;
  return readAccount(account)
    .map((one) => {
      const row = MATCH_KEYS.find(({ key }) => key === one.key);
      const { label, rule, hashed } = row ?? { label: one.key, rule: "", hashed: false };
      const onBrowser = copy?.keys ? copy.keys.includes(one.key) : null;
      return { ...one, label, from: fromOf(one), rule: hashed ? `${rule} Then SHA-256.` : rule, onBrowser };
    })
    .filter(({ origin, known, onBrowser }) => origin !== null || known || onBrowser);
}

function fromOf({ origin, known }: AccountedKey): string {
  if (origin !== null) return KEY_ORIGINS[origin];
  return known ? "an earlier checkout in the same browser, not sent" : "nobody: not sent";
}

/** Everything known of one delivery; null: this shop has none of that number. */
export async function deliveryOf(db: PrismaClient, shop: Shop, id: number): Promise<Delivery | null> {
  const row = await db.event.findFirst({ where: { id, shopId: shop.id } });
  if (row === null) return null;
  const earlier = await db.attemptEvent.findMany({ where: { eventRowId: id }, select: { attemptId: true } });
  const attempts = await db.attempt.findMany({
    where: { id: { in: [...earlier, row].flatMap(({ attemptId }) => attemptId ?? []) } },
    orderBy: { id: "asc" },
  });
  const copies = await copiesOf(db, [row]);
  return {
    id: row.id,
    event: row.name,
    eventId: row.eventId,
    dataset: numberOf(shop, row.datasetId),
    orderId: row.orderId,
    eventTime: Number(row.eventTime),
    outcome: outcomeOf(row.outcome),
    reason: row.reason,
    browserCopy: copies.get(keyOf(row))?.tr ?? null,
    keys: deliveredKeys(row.keyAccount, copies.get(keyOf(row))),
    topic: row.topic,
    receivedAt: Number(row.receivedAt),
    settledAt: row.settledAt === null ? null : Number(row.settledAt),
    runAt: row.outcome !== "waiting" || row.runAt === null ? null : Number(row.runAt),
    replayedAt: row.replayedAt === null ? null : Number(row.replayedAt),
    attempts: attempts.map(({ id: attemptId, at, ms, events, status, verdict, answer }) => ({
      id: attemptId,
      at: Number(at),
      ms,
      events,
      status,
      verdict,
      answer: openOrNull(shop, "Attempt.answer", answer),
      byPerson: row.replayedAt !== null && at >= row.replayedAt,
    })),
    sent: row.bytes === null ? null : openOrNull(shop, "Event.bytes", row.bytes),
    sentHash: row.bytesHash,
    consent: row.consent,
  };
}

/** What is no longer kept is empty, and a key may be gone; everything else about the delivery can still be looked at. */
export function openOrNull(shop: Shop, column: string, sealed: string): string | null {
  try {
    return shop.open(column, sealed);
  } catch {
    return null;
  }
}

function numberOf(shop: Shop, datasetId: number): string {
  return shop.datasets.find(({ id }) => id === datasetId)?.dataset ?? "";
}

function outcomeOf(word: string): Outcome {
  const known = OUTCOMES.find((outcome) => outcome === word);
  if (known === undefined) throw new Error(`an outcome nobody knows: ${word}`);
  return known;
}
