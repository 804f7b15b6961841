import { describe, expect, it } from "vitest";
import { holdOf } from "~/outbox/hold";

type Arrival = Parameters<typeof holdOf>[0];

const WEB_PURCHASE: Arrival = {
  name: "Purchase",
  topic: "orders/create",
  actionSource: "website",
  checkoutToken: "token",
  browserKnown: false,
  signalMissing: false,
  holdSeconds: 60,
};
const MINUTE = 60_000;
const FOR_BROWSER = { hold: "browser_context", ms: MINUTE };

const TABLE: { what: string; over: Partial<Arrival>; hold: ReturnType<typeof holdOf> | typeof FOR_BROWSER }[] = [
  { what: "a web Purchase of which no browser told", over: {}, hold: FOR_BROWSER },
  {
    what: "a web Purchase that lacks a needed signal",
    over: { browserKnown: true, signalMissing: true },
    hold: FOR_BROWSER,
  },
  { what: "a web Purchase that lacks both", over: { signalMissing: true }, hold: FOR_BROWSER },
  { what: "a web Purchase whose browser is known", over: { browserKnown: true }, hold: null },
  {
    what: "a dataset that waits for 300 s",
    over: { holdSeconds: 300 },
    hold: { hold: "browser_context", ms: 5 * MINUTE },
  },
  { what: "a dataset that never waits", over: { holdSeconds: 0, signalMissing: true }, hold: null },
  { what: "a Purchase without a checkout token", over: { checkoutToken: null, signalMissing: true }, hold: null },
  { what: "a till's Purchase", over: { actionSource: "physical_store" }, hold: null },
  { what: "a draft's Purchase", over: { actionSource: "system_generated" }, hold: null },
  { what: "a beacon's PageView", over: { name: "PageView", topic: "beacon" }, hold: null },
  { what: "a beacon's InitiateCheckout", over: { name: "InitiateCheckout", topic: "beacon" }, hold: null },
  { what: "a beacon's AddPaymentInfo", over: { name: "AddPaymentInfo", topic: "beacon" }, hold: null },
  {
    what: "an InitiateCheckout guessed from checkouts/create",
    over: { name: "InitiateCheckout", topic: "checkouts/create" },
    hold: { hold: "checkout", ms: 10 * MINUTE },
  },
  {
    what: "an InitiateCheckout guessed from checkouts/update",
    over: { name: "InitiateCheckout", topic: "checkouts/update", holdSeconds: 0 },
    hold: { hold: "checkout", ms: 10 * MINUTE },
  },
  {
    what: "a CompleteRegistration",
    over: { name: "CompleteRegistration", topic: "customers/create", checkoutToken: null },
    hold: { hold: "registration", ms: 10 * MINUTE },
  },
];

describe("what waits on purpose", () => {
  it.each(TABLE)("$what: $hold", ({ over, hold }) => {
    expect(holdOf({ ...WEB_PURCHASE, ...over })).toEqual(hold);
  });
});
