import type { Prisma, PrismaClient } from "@prisma/client";
import { z } from "zod";
import { TR_REPORTS, type TrReport } from "../events/browser-copy";
import { OUTCOMES, type Outcome } from "../events/outcome";
import { readAccount } from "../match-keys/key-account";
import { MATCH_KEYS } from "../match-keys/keys";
import type { Shop } from "../settings/registry.server";
import type { DeliveredKey, Delivery, DeliveryFilter, DeliveryLine } from "./deliveries";

export const DELIVERIES_PER_PAGE = 25;

/** One page of deliveries, newest first, and where the next one begins. */
export async function deliveriesOf(
  db: PrismaClient,
  shop: Shop,
  filter: DeliveryFilter,
): Promise<{ lines: DeliveryLine[]; next: number | null }> {
  const rows = await db.event.findMany({
    where: conditionOf(shop, filter),
    orderBy: { id: "desc" },
    take: DELIVERIES_PER_PAGE + 1,
    select: {
      id: true,
      name: true,
      eventId: true,
      datasetId: true,
      orderId: true,
      eventTime: true,
      outcome: true,
      reason: true,
    },
  });
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
    next: rows.length > DELIVERIES_PER_PAGE ? (page.at(-1)?.id ?? null) : null,
  };
}

function conditionOf(shop: Shop, { event, outcome, dataset, search, before }: DeliveryFilter): Prisma.EventWhereInput {
  return {
    shopId: shop.id,
    ...(event === null ? {} : { name: event }),
    ...(outcome === null ? {} : { outcome }),
    ...(dataset === null
      ? {}
      : { datasetId: { in: shop.datasets.flatMap((d) => (d.dataset === dataset ? [d.id] : [])) } }),
    ...(search === null ? {} : { OR: [{ orderId: search }, { eventId: search }, { checkoutToken: search }] }),
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
      return { ...one, label, rule: hashed ? `${rule} Then SHA-256.` : rule, onBrowser };
    })
    .filter(({ origin, known, onBrowser }) => origin !== null || known || onBrowser);
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
function openOrNull(shop: Shop, column: string, sealed: string): string | null {
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
