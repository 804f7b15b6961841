import type { Prisma, PrismaClient } from "@prisma/client";
import { sha256Hex } from "../match-keys/hash.server";
import type { MatchKeys } from "../match-keys/user-data";
import { checkoutKey, clientKey, customerContextKey, openOrNull } from "../pipeline/browser-context.server";
import type { Shop } from "../settings/registry.server";
import { inSpans } from "./spans.server";
import { hashesOf, type Whom } from "./whom";

/** All that is kept of somebody. */
export interface Trail {
  events: TrailEvent[];
  /** Of the events, those that a column leads to; the customer's own and asked-for orders' last: all others hang on them. */
  named: TrailEvent[];
  /** Of the events, those that only their keys, their browser or their bytes lead to. */
  sealed: TrailEvent[];
  contexts: TrailContext[];
  checkoutTokens: string[];
}

const EVENT = {
  id: true,
  datasetId: true,
  name: true,
  eventId: true,
  orderId: true,
  checkoutToken: true,
  customerKey: true,
  lease: true,
} as const satisfies Prisma.EventSelect;

export type TrailEvent = Prisma.EventGetPayload<{ select: typeof EVENT }>;
export type TrailContext = Prisma.BrowserContextGetPayload<object>;

/**
 * Follows somebody through what is kept: by the customer's hash and the orders to the checkouts, from there to the visitors,
 * and by all of their hashes through what is sealed. What is another customer's is not theirs, even on the same device.
 */
export async function trailOf(whom: Whom, shop: Shop, db: PrismaClient): Promise<Trail> {
  const named = await namedEvents(whom, shop.id, db);
  const checkoutTokens = distinct(named.map(({ checkoutToken }) => checkoutToken));
  const contexts = await contextsOf(whom, checkoutTokens, shop, db);
  const visitors = contexts.flatMap((context) => visitorOf(context, shop) ?? []);
  const sealed = await sealedEvents(hashesOf(whom), visitors.map(sha256Hex), shop, db);
  const ids = new Set(named.map(({ id }) => id));
  const onlySealed = sealed.filter(({ id }) => !ids.has(id));
  const isRoot = ({ customerKey, orderId }: TrailEvent) =>
    customerKey !== null || (orderId !== null && whom.orders.includes(orderId));
  return {
    events: [...named, ...onlySealed],
    named: [...named.filter((event) => !isRoot(event)), ...named.filter(isRoot)],
    sealed: onlySealed,
    contexts,
    checkoutTokens,
  };
}

/** Whether something of theirs is at Meta in this moment; asked first, for all else takes longer to be found. */
export async function isUnderWay(whom: Whom, shop: Shop, db: PrismaClient): Promise<boolean> {
  return (await namedEvents(whom, shop.id, db)).some(({ lease }) => lease !== null);
}

/** As many rounds as it takes until nothing new hangs on what was found. */
async function namedEvents({ keys, orders }: Whom, shopId: number, db: PrismaClient): Promise<TrailEvent[]> {
  const customers = keys.external_id ?? [];
  let orderIds = [...orders];
  let checkoutTokens: string[] = [];
  for (;;) {
    const rows = await db.event.findMany({
      where: {
        shopId,
        OR: [
          { customerKey: { in: customers } },
          { orderId: { in: orderIds } },
          // Two orders may share a token; the other one is not asked about.
          { checkoutToken: { in: checkoutTokens }, OR: [{ orderId: null }, { orderId: { in: orderIds } }] },
        ],
      },
      select: EVENT,
    });
    const before = orderIds.length + checkoutTokens.length;
    orderIds = distinct([...orderIds, ...rows.map(({ orderId }) => orderId)]);
    checkoutTokens = distinct(rows.map(({ checkoutToken }) => checkoutToken));
    if (orderIds.length + checkoutTokens.length === before) return rows;
  }
}

/** What is remembered under the customer, the checkouts and the visitors behind them, and wherever else a hash is named. */
async function contextsOf(
  whom: Whom,
  checkoutTokens: readonly string[],
  shop: Shop,
  db: PrismaClient,
): Promise<TrailContext[]> {
  const keys = [...(whom.keys.external_id ?? []).map(customerContextKey), ...checkoutTokens.map(checkoutKey)];
  const hashes = hashesOf(whom);
  const newest = await db.browserContext.findFirst({ where: { shopId: shop.id }, orderBy: { id: "desc" } });
  const named = await inSpans(newest?.id ?? 0, (gt, lte) =>
    db.browserContext.findMany({
      where: {
        shopId: shop.id,
        id: { gt, lte },
        OR: [{ key: { in: keys } }, ...hashes.map((hash) => ({ matchKeys: { contains: JSON.stringify(hash) } }))],
      },
    }),
  );
  const visitors = named.flatMap((context) => visitorOf(context, shop) ?? []);
  const visits = await db.browserContext.findMany({
    where: { shopId: shop.id, key: { in: visitors.map(clientKey) } },
  });
  const theirs = [...named, ...visits].filter((one) => keys.includes(one.key) || !isOfOthers(one, hashes));
  return [...new Map(theirs.map((context) => [context.id, context])).values()];
}

/** Told by other customers' own ids, and not by theirs: a device that others use, a phone that a household shares. */
function isOfOthers({ matchKeys }: TrailContext, hashes: readonly string[]): boolean {
  const { external_id: customers = [] }: MatchKeys = matchKeys === null ? {} : JSON.parse(matchKeys);
  return customers.length > 0 && !customers.some((customer) => hashes.includes(customer));
}

function visitorOf({ browser }: TrailContext, shop: Shop): string | null {
  return openOrNull(shop, "BrowserContext.browser", browser)?.clientId ?? null;
}

/** Events that no column leads to, such as pages: for as long as their keys, their browser or their bytes are kept. */
async function sealedEvents(
  hashes: readonly string[],
  visitors: readonly string[],
  shop: Shop,
  db: PrismaClient,
): Promise<TrailEvent[]> {
  const newest = await db.event.findFirst({
    where: { shopId: shop.id },
    orderBy: { id: "desc" },
    select: { id: true },
  });
  const words = [...hashes, ...visitors];
  const speaksOf = (text: string) => words.some((word) => text.includes(word));
  return inSpans(newest?.id ?? 0, async (gt, lte) => {
    const rows = await db.event.findMany({
      where: {
        shopId: shop.id,
        id: { gt, lte },
        OR: [{ matchKeys: { not: null } }, { browser: { not: null } }, { bytes: { not: null } }],
      },
      select: { ...EVENT, matchKeys: true, browser: true, bytes: true },
    });
    return rows.flatMap(({ matchKeys, browser, bytes, ...event }) => {
      const clientId = browser === null ? null : (openOrNull(shop, "Event.browser", browser)?.clientId ?? null);
      const sent = bytes === null ? "" : (openedBytes(shop, bytes) ?? "");
      const text = `${matchKeys ?? ""} ${sent} ${clientId === null ? "" : sha256Hex(clientId)}`;
      // Of another customer's it was told by their own id; a household shares its phone.
      return event.customerKey === null && speaksOf(text) ? [event] : [];
    });
  });
}

/** The bytes as they were sent; null: they do not open any more, and so tell nobody anything. */
export function openedBytes(shop: Shop, sealed: string): string | null {
  try {
    return shop.open("Event.bytes", sealed);
  } catch {
    return null;
  }
}

function distinct(values: readonly (string | null)[]): string[] {
  return [...new Set(values.filter((value) => value !== null))];
}
