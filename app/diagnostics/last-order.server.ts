import type { PrismaClient } from "@prisma/client";
import { z } from "zod";
import {
  type BrowserContext,
  type ConsentSignal,
  type Facts,
  type Line,
  noFacts,
  unknownBrowser,
} from "../events/event";
import { purchaseId } from "../events/event-id";
import { ORDER_SOURCES, ORDER_TRAITS } from "../events/order-sources";
import type { ProductFiling } from "../events/rules";
import { HASHED_ROWS } from "../match-keys/keys";
import type { MatchKeys } from "../match-keys/user-data";
import type { Shop } from "../settings/registry.server";
import type { ShownOrder } from "./last-order";

/** A Purchase, or what the sources matrix made of one. */
const NAMES = [
  "Purchase",
  ...[...Object.values(ORDER_SOURCES), ...Object.values(ORDER_TRAITS)].map(({ custom }) => custom),
];

/** These orders never leave, whatever the settings. */
const NEVER_SENT = ["test_order", "cancelled"];

/** The order that arrived last, as far as it is still known; null: none has arrived. */
export async function lastOrderOf(db: PrismaClient, shop: Shop): Promise<ShownOrder | null> {
  const orders = { shopId: shop.id, name: { in: NAMES }, rule: null, facts: { not: null } };
  const last = await db.event.findFirst({
    where: {
      ...orders,
      orderId: { not: null },
      OR: [{ reason: null }, { reason: { notIn: NEVER_SENT } }],
    },
    orderBy: { id: "desc" },
  });
  if (last === null) return null;
  const rows = await db.event.findMany({ where: { ...orders, orderId: last.orderId }, orderBy: { id: "desc" } });
  const facts: Facts = { ...noFacts("unknown"), ...JSON.parse(last.facts ?? "{}") };
  return orderOf({ ...last, facts }, rows, await filingsOf(db, shop, facts), shop);
}

/** What the order's products are filed under, as far as Shopify was asked or has told. */
async function filingsOf(db: PrismaClient, shop: Shop, { lines }: Facts): Promise<Map<string, ProductFiling>> {
  const ids = lines.flatMap(({ product }) => product ?? []);
  const rows = await db.product.findMany({ where: { shopId: shop.id, product: { in: ids } } });
  return new Map(
    rows.map(({ product, type, vendor, tags, collections }) => [
      product,
      { type, vendor, tags: listOf(tags), collections: listOf(collections) },
    ]),
  );
}

function listOf(json: string | null): string[] | null {
  return json === null ? null : JSON.parse(json);
}

type EventRow = NonNullable<Awaited<ReturnType<PrismaClient["event"]["findFirst"]>>>;

/** `rows`: one for each dataset that heard of it; each may have kept something else. */
function orderOf(
  last: Omit<EventRow, "facts"> & { facts: Facts },
  rows: EventRow[],
  products: Map<string, ProductFiling>,
  shop: Shop,
): ShownOrder {
  const sent = first(rows, ({ bytes }) => opened(shop, "Event.bytes", bytes, sentEvent));
  const own = first(rows, ({ browser }) => opened(shop, "Event.browser", browser, browserContext));
  const kept = first(rows, ({ matchKeys }) => (matchKeys === null ? null : (JSON.parse(matchKeys) as MatchKeys)));
  const heard = first(rows, ({ consent }) => signalIn(consent));
  return {
    event: {
      name: "Purchase",
      id: purchaseId(last.checkoutToken, last.orderId ?? ""),
      time: Number(last.eventTime),
      actionSource: "website",
      checkoutToken: last.checkoutToken,
      facts: {
        ...last.facts,
        firstOrder: last.facts.firstOrder ?? (sent === null ? null : firstOrderOf(sent)),
        lines: last.facts.lines.map((line) => filed(line, products)),
      },
    },
    products,
    paid: !rows.some(({ hold, reason }) => hold === "payment" || reason === "awaiting_payment"),
    // What was sent is the fullest account: beacons and memory have added to it.
    keys: sent === null ? kept : keysOf(sent),
    browser: { ...unknownBrowser(), ...own, ...(sent === null ? {} : browserOf(sent)) },
    signal: heard === null ? own?.consent : SIGNALS[heard],
  };
}

function filed(line: Line, products: ReadonlyMap<string, ProductFiling>): Line {
  const filing = line.product === null ? undefined : products.get(line.product);
  return { ...line, type: line.type ?? filing?.type ?? null, vendor: line.vendor ?? filing?.vendor ?? null };
}

function first<Row, Found>(rows: readonly Row[], find: (row: Row) => Found | null | undefined): Found | null {
  for (const row of rows) {
    const found = find(row);
    if (found !== null && found !== undefined) return found;
  }
  return null;
}

const text = z.string().optional();
const hashes = z.array(z.string()).optional();
type Sent = z.output<typeof sentEvent>;

/** Of the bytes as sent, what tells who it was and where. */
const sentEvent = z.object({
  event_source_url: text,
  referrer_url: text,
  user_data: z.object({
    ...Object.fromEntries(HASHED_ROWS.map(({ key }) => [key, hashes])),
    client_ip_address: text,
    client_user_agent: text,
    fbc: text,
    fbp: text,
  }),
  custom_data: z.object({ customer_segmentation: text }).optional(),
});

/** Shopify may have been asked before it was sent. */
function firstOrderOf({ custom_data: sent }: Sent): boolean | null {
  const segment = sent?.customer_segmentation;
  return segment === undefined ? null : segment === "new_customer_to_business";
}

const browserContext = z.custom<BrowserContext>((value) => typeof value === "object" && value !== null);

/** A key may be gone, or the row older than this code: the rest of the order can still be shown. */
function opened<Schema extends z.ZodType>(
  shop: Shop,
  column: string,
  sealed: string | null,
  schema: Schema,
): z.output<Schema> | null {
  if (sealed === null) return null;
  try {
    return schema.parse(JSON.parse(shop.open(column, sealed)));
  } catch {
    return null;
  }
}

function keysOf({ user_data: sent }: Sent): MatchKeys {
  const keys: MatchKeys = {};
  const values = new Map(Object.entries(sent));
  for (const { key } of HASHED_ROWS) {
    const value = values.get(key);
    if (Array.isArray(value)) keys[key] = value;
  }
  return keys;
}

function browserOf({ user_data: sent, event_source_url: url, referrer_url: referrer }: Sent): Partial<BrowserContext> {
  const told = {
    ip: sent.client_ip_address,
    userAgent: sent.client_user_agent,
    fbc: sent.fbc,
    fbp: sent.fbp,
    url,
    referrer,
  };
  // Shopify's visitor id is among the hashed external ids already.
  return { ...Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined)), clientId: null };
}

const decision = z.object({ signal: z.enum(["given", "refused", "sale_opt_out", "none"]) });

const SIGNALS: Record<z.output<typeof decision>["signal"], ConsentSignal | null> = {
  given: { analytics: true, marketing: true, preferences: true, saleOfData: true },
  sale_opt_out: { analytics: true, marketing: true, preferences: true, saleOfData: false },
  refused: { analytics: false, marketing: false, preferences: false, saleOfData: false },
  none: null,
};

/** The signal behind a stored decision; null: nothing was decided. */
function signalIn(consent: string | null): keyof typeof SIGNALS | null {
  if (consent === null) return null;
  const parsed = decision.safeParse(JSON.parse(consent));
  return parsed.success ? parsed.data.signal : null;
}
