import { setImmediate as nextTurn } from "node:timers/promises";
import type { PrismaClient } from "@prisma/client";
import { z } from "zod";
import { decimal, millionths } from "../events/decimal";
import { type Facts, noFacts } from "../events/event";
import type { Reason } from "../events/outcome";
import { LARGEST_ROW_ID } from "../events/row-id";
import {
  answerOf,
  asksForFiling,
  type ProductFiling,
  type Question,
  type Rule,
  type RuleSubject,
} from "../events/rules";
import type { Value } from "../events/value";
import { connectedDatasets, type Dataset, type Shop } from "../settings/registry.server";
import type { Backtest } from "./backtest";

export interface BacktestDeps {
  db: PrismaClient;
  /** What an event is worth to the dataset. */
  worth: (facts: Facts) => Value | null;
  /** What products are filed under, as far as that is known here; Shopify is not asked. */
  productsOf: (ids: string[]) => Promise<ReadonlyMap<string, ProductFiling>>;
  /** Epoch milliseconds. */
  now: () => number;
  /** How many events are looked at, at the most. */
  mostRows?: number;
}

const DAY_MS = 24 * 3_600_000;
const WEEK_MS = 7 * DAY_MS;
const MOST_DAYS = 90;
const MOST_ROWS = 100_000;
/** Rows of the shop that are looked through in one turn of the event loop. */
const PORTION = 1_000;
/** A page waits for the answer. */
const PATIENCE_MS = 15_000;

/** The dataset that a backtest is about: the one that is named, else the one that was connected first; null: there is none. */
export function backtestDataset(shop: Shop, dataset: string | null): Dataset | null {
  const connected = [...connectedDatasets(shop)].sort((a, b) => a.connectedAt - b.connectedAt || a.id - b.id);
  return connected.find((one) => one.dataset === dataset) ?? connected[0] ?? null;
}

/** How many days back what is known of the shop's events reaches, 90 at the most; 0: nothing is known. */
export async function daysKept(db: PrismaClient, shop: Pick<Shop, "id">, now: number): Promise<number> {
  const oldest = await db.event.findFirst({
    where: { shopId: shop.id },
    orderBy: { id: "asc" },
    select: { receivedAt: true },
  });
  return oldest === null ? 0 : daysSince(Number(oldest.receivedAt), now);
}

/**
 * Puts a rule to the events of its base that are still known, from the newest back to the 100,000th or to 90 days ago, a
 * portion a turn: webhooks are answered in between.
 */
export async function backtest(
  { base, when }: Pick<Rule, "base" | "when">,
  dataset: Dataset,
  shop: Shop,
  { db, worth, productsOf, now, mostRows = MOST_ROWS }: BacktestDeps,
): Promise<Backtest> {
  const at = now();
  const tally = openTally(at);
  const filings = asksForFiling(when) ? rememberingFilings(productsOf) : async () => new Map<string, ProductFiling>();
  const asksCustomer = asksForCustomer(when);
  let oldest = at;
  let cut = false;
  const wanted = { datasetId: dataset.id, name: base, bytes: asksCustomer };
  for await (const rows of portions(db, shop, wanted, at)) {
    const events = rows.flatMap((row) => {
      const facts = factsOf(row);
      return facts === null ? [] : [{ row, facts }];
    });
    const looked = events.slice(0, mostRows - tally.rows());
    const products = await filings(looked.map(({ facts }) => facts));
    for (const { row, facts } of looked) {
      const firstOrder = facts.firstOrder ?? (asksCustomer ? firstOrderOf(row, shop) : null);
      tally.add(row, { facts, value: worth(facts), firstOrder, products }, when);
      oldest = Math.min(oldest, Number(row.eventTime));
    }
    cut = looked.length < events.length || now() - at > PATIENCE_MS;
    if (cut) break;
    await nextTurn();
  }
  const kept = cut ? 0 : Math.min(await daysKept(db, shop, at), daysSince(dataset.connectedAt, at));
  return { base, dataset: dataset.dataset, days: Math.max(daysSince(oldest, at), kept), cut, ...tally.result() };
}

function daysSince(then: number, now: number): number {
  return Math.min(MOST_DAYS, Math.max(0, now - then) / DAY_MS);
}

interface Row {
  outcome: string;
  reason: string | null;
  eventTime: bigint;
  facts: string | null;
  /** Read only where they are asked for. */
  bytes?: string | null;
}

/**
 * The events of one name, newest first, by so many rows of the shop at a time: an event that is rare among the others must
 * not make the database look through all of them at once.
 */
async function* portions(
  db: PrismaClient,
  shop: Pick<Shop, "id">,
  { datasetId, name, bytes }: { datasetId: number; name: string; bytes: boolean },
  at: number,
): AsyncGenerator<Row[]> {
  const since = BigInt(at - MOST_DAYS * DAY_MS);
  let upTo = LARGEST_ROW_ID;
  for (;;) {
    const [last] = await db.event.findMany({
      where: { shopId: shop.id, id: { lte: upTo } },
      orderBy: { id: "desc" },
      skip: PORTION - 1,
      take: 1,
      select: { id: true, receivedAt: true },
    });
    const from = last?.id ?? 0;
    yield await db.event.findMany({
      where: {
        shopId: shop.id,
        id: { gte: from, lte: upTo },
        datasetId,
        name,
        rule: null,
        facts: { not: null },
        eventTime: { gte: since },
      },
      orderBy: { id: "desc" },
      select: { outcome: true, reason: true, eventTime: true, facts: true, bytes },
    });
    // Nothing happens after it is heard of: what lies behind is older still.
    if (last === undefined || last.receivedAt < since) return;
    upTo = from - 1;
  }
}

/** An event that ended so makes no other, whatever a rule says. */
const MAKES_NONE: ReadonlySet<string> = new Set([
  "test_order",
  "unknown_source",
  "source_off",
  "cancelled",
  "before_connection",
  "no_account",
  "customer_ordered",
  "customer_imported",
  "enriches_only",
] satisfies Reason[]);

/** Null: it does not count. Rows outlive deployments: one written before a fact was known has none of it. */
function factsOf({ reason, facts }: Row): Facts | null {
  if (facts === null || (reason !== null && MAKES_NONE.has(reason))) return null;
  try {
    return { ...noFacts("unknown"), ...JSON.parse(facts) };
  } catch {
    return null;
  }
}

const sent = z.object({ custom_data: z.object({ customer_segmentation: z.string() }) });

/** What Shopify answered when the event left stands in what was sent, as long as that is kept. */
function firstOrderOf({ bytes }: Row, shop: Pick<Shop, "open">): boolean | null {
  if (bytes === null || bytes === undefined) return null;
  try {
    const { custom_data } = sent.parse(JSON.parse(shop.open("Event.bytes", bytes)));
    return custom_data.customer_segmentation === "new_customer_to_business";
  } catch {
    return null;
  }
}

function asksForCustomer(question: Question): boolean {
  if ("all" in question) return question.all.some(asksForCustomer);
  if ("any" in question) return question.any.some(asksForCustomer);
  return question.field === "customer";
}

/** Asks for each product once. */
function rememberingFilings(productsOf: BacktestDeps["productsOf"]) {
  const known = new Map<string, ProductFiling>();
  const asked = new Set<string>();
  return async (events: Facts[]): Promise<ReadonlyMap<string, ProductFiling>> => {
    const ids = new Set(events.flatMap(({ lines }) => lines.flatMap(({ product }) => product ?? [])));
    const unasked = [...ids].filter((id) => !asked.has(id));
    for (const id of unasked) asked.add(id);
    if (unasked.length > 0) for (const [id, filing] of await productsOf(unasked)) known.set(id, filing);
    return known;
  };
}

/** Counts as it goes: what was looked at is not kept. */
function openTally(at: number) {
  const counts = { yes: 0, no: 0, cannotTell: 0, withheld: 0, worthless: 0 };
  const sums = new Map<string, { sum: bigint; count: number }>();
  /** By how many weeks ago. */
  const weeks: number[] = [];

  function addYes({ outcome, eventTime }: Row, value: Value | null): void {
    counts.yes += 1;
    if (outcome === "withheld") counts.withheld += 1;
    const week = Math.max(0, Math.floor((at - Number(eventTime)) / WEEK_MS));
    weeks[week] = (weeks[week] ?? 0) + 1;
    if (value === null) counts.worthless += 1;
    else {
      const { sum, count } = sums.get(value.currency) ?? { sum: 0n, count: 0 };
      sums.set(value.currency, { sum: sum + millionths(value.amount), count: count + 1 });
    }
  }

  const rows = () => counts.yes + counts.no + counts.cannotTell;
  return {
    rows,
    add(row: Row, subject: RuleSubject, when: Question): void {
      const answer = answerOf(when, subject);
      if (answer === true) addYes(row, subject.value);
      else counts[answer === false ? "no" : "cannotTell"] += 1;
    },
    result: () => ({
      ...counts,
      rows: rows(),
      values: [...sums]
        .map(([currency, { sum, count }]) => ({ currency, amount: decimal(sum), count }))
        .sort((a, b) => b.count - a.count || a.currency.localeCompare(b.currency)),
      weeks: Array.from(weeks, (count) => count ?? 0).reverse(),
    }),
  };
}
