import { z } from "zod";
import { decimal, millionths } from "../events/decimal";
import type { Amounts, Line } from "../events/event";
import { purchaseId } from "../events/event-id";
import { ORDER_SOURCES, type OrderSource, TREATMENTS } from "../events/order-sources";
import { cartSignals, noteAttributes } from "./cart-signals";
import { deviceFamily } from "./device";
import {
  amount,
  currency,
  helpfulFlag,
  helpfulId,
  helpfulInstant,
  helpfulLongText,
  helpfulMoneySet,
  helpfulText,
  helpfulWord,
  id,
  isRecord,
  isThere,
  type MoneySet,
  moneySet,
  optionalCheckoutToken,
  optionalInstant,
  optionalPart,
} from "./fields";
import { linesOf, webhookLine } from "./lines";
import { clientDetailsOf, shippingTaxesOf } from "./order-parts";
import { orderSourceOf, orderTraitsOf } from "./order-source";
import { address, customer, leadingAddress, personOf, regionOf } from "./person";
import type { EnrichmentReading, EventReading, OrderState, ShopFacts, UncheckedBrowser } from "./reading";

const line = webhookLine.extend({
  price_set: helpfulMoneySet,
  selling_plan_allocation: z.transform(isRecord),
});

export type OrderLine = z.output<typeof line>;

/** The fields of an order that Tandem reads; shopify.app.toml subscribes to no others. See plain-order.ts as well. */
export const order = z.object({
  id,
  checkout_token: optionalCheckoutToken,
  source_name: helpfulText,
  app_id: helpfulId,
  tags: helpfulLongText,
  company: z.transform(isRecord),
  test: helpfulFlag,
  financial_status: helpfulWord,
  cancelled_at: helpfulText,
  processed_at: optionalInstant,
  created_at: optionalInstant,
  updated_at: helpfulInstant,
  currency,
  total_price: amount,
  taxes_included: helpfulFlag,
  total_price_set: optionalPart(moneySet),
  current_total_price_set: helpfulMoneySet,
  subtotal_price_set: helpfulMoneySet,
  total_shipping_price_set: helpfulMoneySet,
  total_tax_set: helpfulMoneySet,
  shipping_lines: z.transform(shippingTaxesOf),
  email: helpfulText,
  contact_email: helpfulText,
  phone: helpfulText,
  billing_address: address,
  shipping_address: address,
  customer,
  browser_ip: helpfulText,
  client_details: z.transform(clientDetailsOf),
  landing_site: helpfulLongText,
  note_attributes: noteAttributes,
  order_status_url: helpfulLongText,
  /** Whose act it was at the shop: only whether it was anybody's is read. */
  user_id: z.unknown().optional().transform(isThere),
  line_items: optionalPart(z.array(line)),
});

export type Order = z.output<typeof order>;

/** An order that was placed: a Purchase, unless the merchant's matrix makes something else of it. */
export function purchase(body: Order, shop: ShopFacts): EventReading {
  const token = body.checkout_token ?? null;
  const source = sourceOf(body, shop);
  const { person, browser, landing } = knowledgeOf(body, source);
  const place = leadingAddress(body.billing_address, body.shipping_address, body.customer);
  const { country, usState } = source === "pos" ? { country: shop.country, usState: null } : regionOf(place);
  return {
    kind: "event",
    person,
    browser,
    landing,
    skip: body.test === true ? "test_order" : null,
    order: stateOf(body),
    account: null,
    event: {
      name: "Purchase",
      id: purchaseId(token, body.id),
      time: timeOf(body),
      actionSource: TREATMENTS[ORDER_SOURCES[source].default].actionSource ?? "system_generated",
      checkoutToken: token,
      facts: {
        country,
        usState,
        source,
        traits: orderTraitsOf({ total: body.total_price, company: body.company }),
        deviceFamily: deviceFamily(browser.userAgent),
        firstOrder: null,
        presentment: amountsOf(body, "presentment_money"),
        shop: amountsOf(body, "shop_money"),
        taxesIncluded: body.taxes_included ?? null,
        lines: allLinesOf(body),
        orderId: body.id,
        createdAt: stateOf(body).createdAt,
        searchString: null,
        origin: originOf(body.order_status_url),
      },
    },
  };
}

/** An order that changed: it only adds to its Purchase. */
export function orderEnrichment(body: Order, shop: ShopFacts): EnrichmentReading {
  const { total_price_set: first, current_total_price_set: current } = body;
  return {
    kind: "enrichment",
    name: "Purchase",
    orderId: body.id,
    checkoutToken: body.checkout_token ?? null,
    cancelled: stateOf(body).cancelled,
    current: current ?? first ?? null,
    at: body.updated_at,
    ...knowledgeOf(body, sourceOf(body, shop)),
  };
}

function stateOf(body: Order): OrderState {
  return {
    paid: body.financial_status === "paid",
    cancelled: body.cancelled_at !== null || body.financial_status === "voided",
    createdAt: body.created_at ?? body.processed_at ?? null,
    updatedAt: body.updated_at,
  };
}

const DAY_MS = 24 * 3_600_000;

function sourceOf(body: Order, { renewalApps }: ShopFacts): OrderSource {
  const { created_at: writtenAt, processed_at: datedAt } = body;
  return orderSourceOf(
    {
      name: body.source_name?.trim().toLowerCase() ?? "",
      app: body.app_id ?? null,
      hasCheckout: body.checkout_token !== undefined,
      tags: body.checkout_token === undefined ? tagsOf(body) : NO_TAGS,
      backdated: typeof writtenAt === "number" && typeof datedAt === "number" && writtenAt - datedAt > DAY_MS,
    },
    renewalApps,
  );
}

/** Behind a checkout nobody asks for them. */
const NO_TAGS: readonly string[] = [];

function tagsOf({ tags }: Order): string[] {
  return (tags ?? "").split(",").map((tag) => tag.trim().toLowerCase());
}

function knowledgeOf(body: Order, source: OrderSource): Pick<EventReading, "person" | "browser" | "landing"> {
  return {
    person: personOf({
      emails: [body.email, body.contact_email],
      phones: [body.phone],
      billing: body.billing_address,
      shipping: body.shipping_address,
      customer: body.customer,
    }),
    browser: browserOf(body, source),
    landing: body.landing_site,
  };
}

/** The buyer's browser. A till's and a staff member's are nobody's: their address would match the wrong person. */
function browserOf(body: Order, source: OrderSource): UncheckedBrowser {
  const buyers = !body.user_id && (source === "web" || source === "channel" || source === "draft");
  const { fbp, fbc, clientId, consent } = cartSignals(body.note_attributes);
  return {
    ip: buyers ? (body.client_details?.browser_ip ?? null) : null,
    otherIp: buyers ? body.browser_ip : null,
    userAgent: buyers ? (body.client_details?.user_agent ?? null) : null,
    fbp,
    fbc,
    url: null,
    referrer: null,
    clientId,
    consent,
  };
}

/** `processed_at`, else `created_at`; the schema of each topic makes sure that one is there. */
function timeOf(body: Order): number {
  const time = body.processed_at ?? body.created_at;
  if (time === undefined) throw new Error("an order without a time passed its schema");
  return time;
}

/** The sums in one of the two currencies; an order without `*_set` fields has only the shop's. */
function amountsOf(body: Order, money: "shop_money" | "presentment_money"): Amounts | null {
  if (!body.total_price_set) {
    return money === "shop_money"
      ? {
          currency: body.currency,
          subtotal: null,
          shipping: null,
          tax: null,
          shippingTax: null,
          total: body.total_price,
        }
      : null;
  }
  return {
    currency: body.total_price_set[money].currency_code,
    subtotal: partOf(body, body.subtotal_price_set, money),
    shipping: partOf(body, body.total_shipping_price_set, money),
    tax: partOf(body, body.total_tax_set, money),
    shippingTax: shippingTaxOf(body, money),
    total: body.total_price_set[money].amount,
  };
}

/** A part in another currency than the whole is no part of it. */
function partOf({ total_price_set: whole }: Order, part: MoneySet | null, money: keyof MoneySet): string | null {
  return part !== null && part[money].currency_code === whole?.[money].currency_code ? part[money].amount : null;
}

/** Null as soon as one tax line does not say what it comes to in the currency of the whole. */
function shippingTaxOf(body: Order, money: "shop_money" | "presentment_money"): string | null {
  if (body.shipping_lines === null) return null;
  let sum = 0n;
  for (const tax of body.shipping_lines) {
    const amount = partOf(body, tax, money);
    if (amount === null) return null;
    sum += millionths(amount);
  }
  return sum === 0n ? "0" : decimal(sum);
}

function allLinesOf(body: Order): Line[] {
  const lines: Line[] = [];
  for (const item of body.line_items ?? []) {
    lines.push(...linesOf(item, priceOf(item, body), { subscription: subscriptionOf(item) }));
  }
  return lines;
}

/** A line's bare price is in the shop's currency; beside a sum in another one it would mislead. */
function priceOf(item: OrderLine, { currency, total_price_set: set }: Order): string | null {
  if (item.price_set) {
    const { amount: price, currency_code: priced } = item.price_set.presentment_money;
    return priced === (set?.presentment_money.currency_code ?? currency) ? price : null;
  }
  const oneCurrency = !set || set.presentment_money.currency_code === currency;
  return oneCurrency ? (item.price ?? null) : null;
}

/** Older webhooks do not say it at all, so that its absence says nothing. */
function subscriptionOf({ selling_plan_allocation: plan }: OrderLine): boolean | null {
  return plan ? true : null;
}

const PLAIN_LINK = /^(https:\/\/(?!xn--)(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+[a-z]{2,})\//;

/** The shop's own origin out of the status link, whose path is a secret; myshopify.com is no page a shopper saw. */
function originOf(statusUrl: string | null): string | null {
  // Nearly every link is of this kind, and need not be read as a URL, which takes far longer.
  const [, plain] = PLAIN_LINK.exec(statusUrl ?? "") ?? [];
  if (plain !== undefined) return plain.endsWith(".myshopify.com") ? null : plain;
  if (statusUrl === null || !URL.canParse(statusUrl)) return null;
  const { origin, hostname, protocol } = new URL(statusUrl);
  return protocol === "https:" && !hostname.endsWith(".myshopify.com") ? origin : null;
}

/** The schema of topics that make a Purchase: one of the two times must be there. */
export const placedOrder = order.superRefine((body, context) => {
  if (body.processed_at ?? body.created_at) return;
  context.addIssue({ code: "custom", path: ["processed_at"], message: "or created_at is required" });
});
