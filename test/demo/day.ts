import type { Outcome } from "~/events/outcome";
import { type OrderOptions, order } from "../fixtures/order";

/** Something that reaches the app on behalf of an order. */
export type Step =
  | { kind: "webhook"; topic: string; over?: Record<string, unknown>; copies?: number }
  | { kind: "beacon"; marketing: boolean; saleOfData?: boolean };

export interface ScriptedOrder {
  /** The number a merchant knows it by. */
  number: string;
  /** What is special about it. */
  story: string;
  options: OrderOptions;
  steps: Step[];
  /** Sent while Meta is in trouble. */
  duringOutage?: true;
  expected: { outcome: Outcome; reason: string | null };
}

const created: Step = { kind: "webhook", topic: "orders/create" };
const paid: Step = { kind: "webhook", topic: "orders/paid" };
const consenting: Step = { kind: "beacon", marketing: true };
const accepted = { outcome: "accepted", reason: null } as const;

type Row = Omit<ScriptedOrder, "number" | "options"> & { options?: OrderOptions };

const ROWS: Row[] = [
  { story: "web, US, the pixel never spoke", steps: [created, paid], expected: accepted },
  { story: "web, US, the pixel spoke first", steps: [consenting, created], expected: accepted },
  { story: "web, US, the pixel spoke last", steps: [created, consenting], expected: accepted },
  { story: "web, Australia, no signal needed", options: { country: "AU" }, steps: [created], expected: accepted },
  { story: "web, UK, consent given", options: { country: "GB" }, steps: [consenting, created], expected: accepted },
  {
    story: "web, Germany, consent given late",
    options: { country: "DE" },
    steps: [created, consenting],
    expected: accepted,
  },
  {
    story: "web, US, sale of data opted out: Limited Data Use",
    steps: [{ kind: "beacon", marketing: true, saleOfData: false }, created],
    expected: accepted,
  },
  {
    story: "point of sale",
    options: { sourceName: "pos", checkoutToken: null },
    steps: [{ ...created, over: { browser_ip: null, client_details: null, user_id: 7, landing_site: null } }],
    expected: accepted,
  },
  {
    story: "draft written by staff",
    options: { sourceName: "shopify_draft_order", country: "AU" },
    steps: [{ ...created, over: { user_id: 7 } }],
    expected: accepted,
  },
  {
    story: "draft paid from its invoice",
    options: { sourceName: "shopify_draft_order" },
    steps: [created, paid],
    expected: accepted,
  },
  {
    story: "subscription renewal",
    options: { sourceName: "subscription_contract", checkoutToken: null },
    steps: [{ ...created, over: { browser_ip: null, client_details: null } }],
    expected: accepted,
  },
  {
    story: "unknown channel with a checkout",
    options: { sourceName: "3890849" },
    steps: [created],
    expected: accepted,
  },
  { story: "one webhook three times", steps: [{ ...created, copies: 3 }], expected: accepted },
  {
    story: "webhooks in the wrong order",
    steps: [{ kind: "webhook", topic: "orders/updated" }, paid, created],
    expected: accepted,
  },
  { story: "both topics at once", steps: [created, paid, created, paid], expected: accepted },
  { story: "total of zero", steps: [{ ...created, over: freeOfCharge() }], expected: accepted },
  { story: "while Meta answers 500", steps: [created], duringOutage: true, expected: accepted },
  {
    story: "while Meta does not answer",
    options: { country: "AU" },
    steps: [created, paid],
    duringOutage: true,
    expected: accepted,
  },
  {
    story: "at the till while Meta is down",
    options: { sourceName: "pos", checkoutToken: null },
    steps: [created],
    duringOutage: true,
    expected: accepted,
  },
  {
    story: "test order",
    steps: [{ ...created, over: { test: true } }],
    expected: { outcome: "skipped", reason: "test_order" },
  },
  {
    story: "unknown channel, no checkout",
    options: { sourceName: "3890849", checkoutToken: null },
    steps: [created],
    expected: { outcome: "skipped", reason: "unknown_source" },
  },
  {
    story: "order without any channel",
    options: { checkoutToken: null },
    steps: [{ ...created, over: { source_name: null } }],
    expected: { outcome: "skipped", reason: "unknown_source" },
  },
  {
    story: "web, Germany, no signal",
    options: { country: "DE" },
    steps: [created, paid],
    expected: { outcome: "withheld", reason: "no_consent_signal" },
  },
  {
    story: "web, Germany, marketing refused",
    options: { country: "DE" },
    steps: [{ kind: "beacon", marketing: false }, created],
    expected: { outcome: "withheld", reason: "consent_refused" },
  },
  {
    story: "a body whose currency is missing",
    steps: [{ ...created, over: { currency: null } }],
    expected: { outcome: "rejected", reason: "currency" },
  },
];

function freeOfCharge(): Record<string, unknown> {
  const nothing = { amount: "0.00", currency_code: "USD" };
  return { total_price: "0.00", total_price_set: { shop_money: nothing, presentment_money: nothing } };
}

/** The scripted day: 25 orders, each with how it must end. `at`: ISO 8601, when they were placed. */
export function scriptedDay(at: string): ScriptedOrder[] {
  return ROWS.map((row, index) => ({
    ...row,
    number: `#${1001 + index}`,
    options: {
      id: 7_100_000_000_001 + index,
      checkoutToken: (index + 1).toString(16).padStart(32, "0"),
      at,
      ...row.options,
    },
  }));
}

/** The digits of a scripted order. */
export function orderId({ options }: ScriptedOrder): string {
  return String(options.id);
}

/** The webhook body of a step. */
export function bodyOf({ options }: ScriptedOrder, over: Record<string, unknown> = {}): unknown {
  return order(options, over);
}
