import type { Leg } from "~/events/catalog";
import type { Outcome } from "~/events/outcome";
import { type OrderOptions, order } from "../fixtures/order";
import type { ShopperOptions } from "../simulators/shopify/storefront/shopper";

/** A webhook that reaches the app on behalf of an order that went through no storefront. */
export interface Step {
  topic: string;
  over?: Record<string, unknown>;
  copies?: number;
}

/** What somebody does at the shop besides buying. */
export interface Journey {
  /** Enters the checkout so many times more, each time a new page. */
  reenters?: number;
  discount?: string;
  /** A test order. */
  bogus?: true;
  /** Ignores the banner until the thank-you page, and accepts there. */
  consentsAtTheEnd?: true;
}

interface Scripted {
  /** What is special about it. */
  story: string;
  /** Placed while Meta is in trouble. */
  duringOutage?: true;
  expected: { outcome: Outcome; reason: string | null; legs: readonly Leg[] };
}

/** An order that a shopper places at the storefront. */
export interface ShopperOrder extends Scripted {
  who: Pick<ShopperOptions, "country" | "consent" | "blocked">;
  journey?: Journey;
}

/** An order that comes by webhook alone: tills, drafts, renewals, and what Shopify sometimes sends. */
export interface WebhookOrder extends Scripted {
  options: OrderOptions;
  steps: Step[];
  /** Shopify never tells of it: it was placed so long ago (hours), and only the sweep can find it. */
  missedHours?: number;
}

export type ScriptedOrder = ShopperOrder | WebhookOrder;

export function isShopperOrder(scripted: ScriptedOrder): scripted is ShopperOrder {
  return "who" in scripted;
}

const BOTH = { outcome: "accepted", reason: null, legs: ["browser", "server"] } as const;
const SERVER = { outcome: "accepted", reason: null, legs: ["server"] } as const;
/** What only the sweep found knows no browser. */
const DEGRADED = { ...SERVER, reason: "degraded" } as const;
const UNSIGNALLED = { outcome: "withheld", reason: "no_consent_signal", legs: [] } as const;

const SHOPPERS: readonly ShopperOrder[] = [
  { story: "US", who: { country: "US", consent: "given", blocked: false }, expected: BOTH },
  { story: "US, with an ad blocker", who: { country: "US", consent: "given", blocked: true }, expected: SERVER },
  {
    story: "US, sale of data opted out: Limited Data Use",
    who: { country: "US", consent: "sale_opt_out", blocked: false },
    expected: BOTH,
  },
  { story: "Australia", who: { country: "AU", consent: "given", blocked: false }, expected: BOTH },
  { story: "UK, consent given", who: { country: "GB", consent: "given", blocked: false }, expected: BOTH },
  {
    story: "Germany, consent given, paid in euros",
    who: { country: "DE", consent: "given", blocked: false },
    expected: BOTH,
  },
  {
    story: "Germany, consent given on the thank-you page",
    who: { country: "DE", consent: "silent", blocked: false },
    journey: { consentsAtTheEnd: true },
    expected: BOTH,
  },
  {
    story: "Germany, the banner ignored",
    who: { country: "DE", consent: "silent", blocked: false },
    expected: UNSIGNALLED,
  },
  { story: "UK, declined", who: { country: "GB", consent: "refused", blocked: false }, expected: UNSIGNALLED },
  {
    story: "US, the checkout entered three times",
    who: { country: "US", consent: "given", blocked: false },
    journey: { reenters: 2 },
    expected: BOTH,
  },
  {
    story: "US, with a discount code",
    who: { country: "US", consent: "given", blocked: false },
    journey: { discount: "WELCOME10" },
    expected: BOTH,
  },
  {
    story: "US, a test order",
    who: { country: "US", consent: "given", blocked: false },
    journey: { bogus: true },
    expected: { outcome: "skipped", reason: "test_order", legs: [] },
  },
  { story: "Australia, with an ad blocker", who: { country: "AU", consent: "given", blocked: true }, expected: SERVER },
  {
    story: "US, while Meta's API answers 500",
    who: { country: "US", consent: "given", blocked: false },
    duringOutage: true,
    expected: BOTH,
  },
];

const created: Step = { topic: "orders/create" };
const paid: Step = { topic: "orders/paid" };
const atTheTill = { sourceName: "pos", checkoutToken: null } as const;

const WEBHOOKS: readonly Omit<WebhookOrder, "options">[] = [
  withOptions(atTheTill, {
    story: "point of sale",
    steps: [{ ...created, over: { browser_ip: null, client_details: null, user_id: 7, landing_site: null } }],
    expected: SERVER,
  }),
  withOptions(
    { sourceName: "shopify_draft_order", country: "AU" },
    { story: "draft written by staff", steps: [{ ...created, over: { user_id: 7 } }], expected: SERVER },
  ),
  withOptions(
    { sourceName: "subscription_contract", checkoutToken: null },
    {
      story: "subscription renewal",
      steps: [{ ...created, over: { browser_ip: null, client_details: null } }],
      expected: SERVER,
    },
  ),
  withOptions(
    { sourceName: "3890849" },
    { story: "unknown channel with a checkout", steps: [created], expected: SERVER },
  ),
  {
    story: "web, US, the pixel never spoke; one webhook three times",
    steps: [{ ...created, copies: 3 }],
    expected: SERVER,
  },
  {
    story: "webhooks in the wrong order, and again",
    steps: [{ topic: "orders/updated" }, paid, created, paid],
    expected: SERVER,
  },
  { story: "total of zero", steps: [{ ...created, over: freeOfCharge() }], expected: SERVER },
  withOptions(
    { sourceName: "3890849", checkoutToken: null },
    {
      story: "unknown channel, no checkout",
      steps: [created],
      expected: { outcome: "skipped", reason: "unknown_source", legs: [] },
    },
  ),
  withOptions({ country: "DE" }, { story: "web, Germany, no signal", steps: [created, paid], expected: UNSIGNALLED }),
  {
    story: "a body whose currency is missing",
    steps: [{ ...created, over: { currency: null } }],
    expected: { outcome: "rejected", reason: "currency", legs: [] },
  },
  withOptions(atTheTill, {
    story: "at the till while Meta does not answer",
    steps: [created],
    duringOutage: true,
    expected: SERVER,
  }),
  { story: "web, US, its webhook never came", steps: [created], missedHours: 3, expected: DEGRADED },
  withOptions(atTheTill, {
    story: "at the till, its webhook never came",
    steps: [created],
    missedHours: 30,
    expected: SERVER,
  }),
  {
    story: "web, US, found when Meta takes it no more",
    steps: [created],
    missedHours: 8 * 24,
    expected: { outcome: "expired", reason: "too_late", legs: [] },
  },
];

function withOptions(options: OrderOptions, scripted: Omit<WebhookOrder, "options">): WebhookOrder {
  return { ...scripted, options };
}

function freeOfCharge(): Record<string, unknown> {
  const nothing = { amount: "0.00", currency_code: "USD" };
  return { total_price: "0.00", total_price_set: { shop_money: nothing, presentment_money: nothing } };
}

const HOUR_MS = 3_600_000;

/** Orders by webhook alone, with ids of their own. `from`: the first order's id; `at`: ISO 8601, when they were placed. */
export function webhookOrders(from: number, at: string): WebhookOrder[] {
  return WEBHOOKS.map((row, index) => ({
    ...row,
    options: {
      id: from + index,
      checkoutToken: (from + index).toString(16).padStart(32, "0"),
      at: new Date(Date.parse(at) - (row.missedHours ?? 0) * HOUR_MS).toISOString(),
      ...("options" in row ? (row.options as OrderOptions) : {}),
    },
  }));
}

/** The scripted day: 28 orders, each with how it must end. `at`: ISO 8601, when those by webhook were placed. */
export function scriptedDay(at: string): ScriptedOrder[] {
  return [...SHOPPERS, ...webhookOrders(7_100_000_000_001, at)];
}

/** Every kind of shopper there is. */
export function shopperOrders(): readonly ShopperOrder[] {
  return SHOPPERS;
}

/** The webhook body of a step. */
export function bodyOf({ options }: WebhookOrder, { over = {} }: Step): unknown {
  return order(options, over);
}
