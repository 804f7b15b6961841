import { z } from "zod";
import {
  type ActionSource,
  type Amounts,
  type BrowserContext,
  noFacts,
  type OrderSource,
  unknownBrowser,
} from "../events/event";
import { purchaseId } from "../events/event-id";
import { deviceFamily } from "./device";
import {
  amount,
  currency,
  helpfulFlag,
  helpfulId,
  helpfulLongText,
  helpfulMoneySet,
  helpfulText,
  id,
  instant,
  moneySet,
  optionalCheckoutToken,
} from "./fields";
import { linesOf, webhookLine } from "./lines";
import { address, customer, leadingAddress, personOf, regionOf } from "./person";
import type { EnrichmentReading, EventReading, ShopFacts } from "./reading";

const line = webhookLine.extend({ price_set: helpfulMoneySet });

const noteAttribute = z.object({ name: z.string(), value: helpfulLongText }).nullable().catch(null);

/** The fields of an order that Tandem reads; shopify.app.toml subscribes to no others. */
export const order = z.object({
  id,
  checkout_token: optionalCheckoutToken,
  source_name: helpfulText,
  test: helpfulFlag,
  processed_at: instant.nullish(),
  created_at: instant.nullish(),
  currency,
  total_price: amount,
  total_price_set: moneySet.nullish(),
  subtotal_price_set: helpfulMoneySet,
  total_shipping_price_set: helpfulMoneySet,
  total_tax_set: helpfulMoneySet,
  email: helpfulText,
  contact_email: helpfulText,
  phone: helpfulText,
  billing_address: address,
  shipping_address: address,
  customer,
  browser_ip: helpfulText,
  client_details: z.object({ browser_ip: helpfulText, user_agent: helpfulLongText }).nullish().catch(null),
  landing_site: helpfulLongText,
  note_attributes: z.array(noteAttribute).nullish().catch(null),
  order_status_url: helpfulLongText,
  user_id: helpfulId,
  line_items: z.array(line).nullish(),
});

export type Order = z.output<typeof order>;

interface SourceRow {
  source: OrderSource;
  applies: (sourceName: string, hasCheckout: boolean) => boolean;
  /** Null: an order of this source is skipped. */
  actionSource: ActionSource | null;
}

/**
 * Where an order came from, and what Meta is told of it: the first row that applies. A checkout token outweighs an unknown
 * name, because a shopper stood behind it. Names: https://shopify.dev/docs/api/admin-rest/latest/resources/order
 */
export const ORDER_SOURCES: readonly SourceRow[] = [
  { source: "pos", applies: (name) => ["pos", "iphone", "android"].includes(name), actionSource: "physical_store" },
  { source: "draft", applies: (name) => name === "shopify_draft_order", actionSource: "system_generated" },
  { source: "web", applies: (name, hasCheckout) => name === "web" || hasCheckout, actionSource: "website" },
  { source: "renewal", applies: (name) => name.startsWith("subscription_contract"), actionSource: "system_generated" },
  { source: "unknown", applies: () => true, actionSource: null },
];

/** An order that was placed: a Purchase. */
export function purchase(body: Order, shop: ShopFacts): EventReading {
  const token = body.checkout_token ?? null;
  const { source, actionSource } = sourceOf(body);
  const knowledge = knowledgeOf(body, source);
  const place = leadingAddress(body.billing_address, body.shipping_address, body.customer);
  const region = source === "pos" ? { country: shop.country, usState: null } : regionOf(place);
  return {
    kind: "event",
    ...knowledge,
    skip: body.test === true ? "test_order" : actionSource === null ? "unknown_source" : null,
    event: {
      name: "Purchase",
      id: purchaseId(token, body.id),
      time: timeOf(body),
      actionSource: actionSource ?? "system_generated",
      checkoutToken: token,
      facts: {
        ...noFacts(source),
        ...region,
        deviceFamily: deviceFamily(knowledge.browser.userAgent),
        presentment: amountsOf(body, "presentment_money"),
        shop: amountsOf(body, "shop_money"),
        lines: (body.line_items ?? []).flatMap((item) => linesOf(item, priceOf(item, body))),
        orderId: body.id,
        origin: originOf(body.order_status_url),
      },
    },
  };
}

/** An order that changed: it only adds to its Purchase. */
export function orderEnrichment(body: Order): EnrichmentReading {
  return {
    kind: "enrichment",
    name: "Purchase",
    orderId: body.id,
    checkoutToken: body.checkout_token ?? null,
    ...knowledgeOf(body, sourceOf(body).source),
  };
}

function sourceOf(body: Order): { source: OrderSource; actionSource: ActionSource | null } {
  const name = body.source_name?.toLowerCase() ?? "";
  const row = ORDER_SOURCES.find(({ applies }) => applies(name, body.checkout_token !== undefined));
  return { source: row?.source ?? "unknown", actionSource: row?.actionSource ?? null };
}

function knowledgeOf(body: Order, source: OrderSource): Pick<EventReading, "person" | "browser" | "landing"> {
  return {
    person: personOf({
      emails: [body.email, body.contact_email],
      phones: [body.phone],
      address: leadingAddress(body.billing_address, body.shipping_address, body.customer),
      customer: body.customer,
    }),
    browser: browserOf(body, source),
    landing: body.landing_site,
  };
}

/** The buyer's browser. A till's and a staff member's are nobody's: their address would match the wrong person. */
function browserOf(body: Order, source: OrderSource): BrowserContext {
  const buyers = source === "web" || (source === "draft" && body.user_id === undefined);
  const noted = new Map((body.note_attributes ?? []).map((attribute) => [attribute?.name, attribute?.value]));
  return {
    ...unknownBrowser(),
    ip: buyers ? (body.client_details?.browser_ip ?? body.browser_ip) : null,
    userAgent: buyers ? (body.client_details?.user_agent ?? null) : null,
    fbp: noted.get("_fbp") ?? null,
    fbc: noted.get("_fbc") ?? null,
  };
}

/** `processed_at`, else `created_at`; the schema of each topic makes sure that one is there. */
function timeOf(body: Order): number {
  const time = body.processed_at ?? body.created_at;
  if (time === null || time === undefined) throw new Error("an order without a time passed its schema");
  return time;
}

/** The sums in one of the two currencies; an order without `*_set` fields has only the shop's. */
function amountsOf(body: Order, money: "shop_money" | "presentment_money"): Amounts | null {
  if (!body.total_price_set) {
    return money === "shop_money"
      ? { currency: body.currency, subtotal: null, shipping: null, tax: null, total: body.total_price }
      : null;
  }
  return {
    currency: body.total_price_set[money].currency_code,
    subtotal: body.subtotal_price_set?.[money].amount ?? null,
    shipping: body.total_shipping_price_set?.[money].amount ?? null,
    tax: body.total_tax_set?.[money].amount ?? null,
    total: body.total_price_set[money].amount,
  };
}

/** A line's bare price is in the shop's currency; beside a sum in another one it would mislead. */
function priceOf(item: z.output<typeof line>, { currency, total_price_set: set }: Order): string | null {
  if (item.price_set) return item.price_set.presentment_money.amount;
  const oneCurrency = !set || set.presentment_money.currency_code === currency;
  return oneCurrency ? (item.price ?? null) : null;
}

/** The shop's own origin out of the status link, whose path is a secret; myshopify.com is no page a shopper saw. */
function originOf(statusUrl: string | null): string | null {
  if (statusUrl === null || !URL.canParse(statusUrl)) return null;
  const { origin, hostname, protocol } = new URL(statusUrl);
  return protocol === "https:" && !hostname.endsWith(".myshopify.com") ? origin : null;
}

/** The schema of topics that make a Purchase: one of the two times must be there. */
export const placedOrder = order.superRefine((body, context) => {
  if (body.processed_at ?? body.created_at) return;
  context.addIssue({ code: "custom", path: ["processed_at"], message: "or created_at is required" });
});
