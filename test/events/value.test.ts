import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decimal, millionths } from "~/events/decimal";
import type { Amounts, Facts } from "~/events/event";
import {
  eventValue,
  VALUE_BASIS_NAMES,
  VALUE_MONEY_NAMES,
  type ValueBasis,
  type ValueMoney,
  type ValuePolicy,
} from "~/events/value";
import { browserValue, type ShopMoney } from "~/settings/dataset-policy";
import { beaconSchema, readBeacon } from "~/sources/beacon";
import { order, purchase } from "~/sources/order";
import { type EventData, factsOf } from "../../extensions/meta-pixel/src/facts";
import { GIVEN } from "../fixtures/beacon";
import { PRICED, type Priced, pricedCheckout, pricedOrder } from "../fixtures/priced";

type Told = Pick<Facts, "presentment" | "shop" | "taxesIncluded">;

const POLICIES = VALUE_BASIS_NAMES.flatMap((basis) => VALUE_MONEY_NAMES.map((money) => ({ basis, money })));

function amounts(over: Partial<Amounts> = {}): Amounts {
  return {
    currency: "EUR",
    subtotal: "50.00",
    shipping: "4.90",
    tax: "8.76",
    shippingTax: "0.78",
    total: "54.90",
    ...over,
  };
}

function told(over: Partial<Told> = {}): Told {
  return { presentment: amounts(), shop: null, taxesIncluded: true, ...over };
}

/** The amount alone, of what the customer paid. */
const amountBy = (basis: ValueBasis, over: Partial<Amounts> = {}, taxesIncluded: boolean | null = true) =>
  eventValue(told({ presentment: amounts(over), taxesIncluded }), { basis, money: "presentment" }, null)?.amount;

describe("what an event is worth", () => {
  it("is the total, the subtotal, or the goods without the tax that is in their prices", () => {
    expect(amountBy("total")).toBe("54.90");
    expect(amountBy("subtotal")).toBe("50.00");
    // 8.76 less the 0.78 that are on shipping.
    expect(amountBy("goods")).toBe("42.02");
  });

  it("is the subtotal without more ado where tax comes on top", () => {
    expect(amountBy("goods", {}, false)).toBe("50.00");
    expect(amountBy("goods", { tax: null, shippingTax: null }, false)).toBe("50.00");
  });

  it.each([
    ["subtotal", { subtotal: null }, true],
    ["subtotal", { subtotal: null, shipping: null, tax: null, shippingTax: null }, true],
    ["goods", { subtotal: null, shipping: null, tax: null, shippingTax: null }, false],
    ["goods", { tax: null }, true],
    ["goods", { shippingTax: null }, true],
    ["goods", {}, null],
    // Sums that contradict each other.
    ["goods", { tax: "60.00" }, true],
    ["goods", { tax: "0.10", shippingTax: "0.50" }, true],
  ] as const)("is not known by %s of %j: no other sum stands in", (basis, over, taxesIncluded) => {
    expect(amountBy(basis, over, taxesIncluded)).toBeUndefined();
  });

  it("is nothing where nothing was paid, which is not the same as not known", () => {
    const free = { total: "0.00", subtotal: "0.00", tax: "0.00", shippingTax: "0" };
    for (const basis of VALUE_BASIS_NAMES) expect(Number(amountBy(basis, free))).toBe(0);
  });
});

describe("whose money it is told in", () => {
  const dollars = amounts({ currency: "USD", total: "64.50" });
  const in_ = (money: ValueMoney, over: Partial<Told>, shopCurrency: string | null = null) =>
    eventValue(told(over), { basis: "total", money }, shopCurrency);

  it("is the customer's, or the shop's as Shopify converted it", () => {
    expect(in_("presentment", { shop: dollars })).toEqual({ amount: "54.90", currency: "EUR" });
    expect(in_("shop", { shop: dollars })).toEqual({ amount: "64.50", currency: "USD" });
  });

  it("is the shop's for an order that has no other", () => {
    expect(in_("presentment", { presentment: null, shop: dollars })).toEqual({ amount: "64.50", currency: "USD" });
  });

  it("is the customer's for a shop whose currency that is, and else not known: nothing is converted here", () => {
    expect(in_("shop", {}, "EUR")).toEqual({ amount: "54.90", currency: "EUR" });
    expect(in_("shop", {}, "USD")).toBeNull();
    expect(in_("shop", {}, null)).toBeNull();
  });

  it("is nobody's where there is no sum: there is no default currency", () => {
    for (const policy of POLICIES) expect(eventValue(told({ presentment: null }), policy, "USD")).toBeNull();
  });
});

/** What the order's webhook comes to. */
function byOrder(priced: Priced, policy: ValuePolicy) {
  const reading = purchase(order.parse(pricedOrder(priced)), { country: null, renewalApps: [] });
  return eventValue(reading.event.facts, policy, priced.shop.currency);
}

function shopMoney({ shop, presentment, taxesIncluded }: Priced): ShopMoney {
  return { currency: shop.currency, currencies: [...new Set([shop.currency, presentment.currency])], taxesIncluded };
}

/** What the pixel's own copy says, and what the server makes of its beacon; undefined: a browser cannot compute it. */
function byBrowser(priced: Priced, policy: ValuePolicy) {
  const which = browserValue({ value: policy }, shopMoney(priced));
  if (which === null) return undefined;
  // As it gets into the pixel's sandbox: as plain data, whatever Shopify's types promise.
  const heard: EventData = JSON.parse(JSON.stringify({ checkout: pricedCheckout(priced) }));
  const facts = factsOf(heard);
  const beacon = beaconSchema.parse({
    v: 1,
    shop: "example-shop.myshopify.com",
    key: "key",
    name: "checkout_started",
    id: "sh-0000-0001",
    timestamp: "2026-11-20T10:00:00Z",
    checkout_token: "0123456789abcdef0123456789abcdef",
    consent: GIVEN,
    tr: "resolved",
    data: JSON.parse(JSON.stringify(facts)),
  });
  const read = readBeacon(beacon, { ip: null, userAgent: null, globalPrivacyControl: false }).event?.facts;
  if (read === undefined) throw new Error("the beacon makes no event");
  const { taxesIncluded } = priced;
  return {
    copy: { amount: facts[which], currency: facts.currency },
    beacon: eventValue({ ...read, taxesIncluded }, policy, priced.shop.currency),
  };
}

describe.each(Object.values(PRICED))("one purchase in $says", (priced) => {
  it.each(POLICIES)("is worth the same on both legs by $basis in the currency of $money", (policy) => {
    const server = byOrder(priced, policy);
    const sums = priced[policy.money];
    const goodsTax = millionths(sums.tax) - millionths(sums.shippingTax);
    const goods = decimal(millionths(sums.subtotal) - (priced.taxesIncluded ? goodsTax : 0n));
    const amount = { total: sums.total, subtotal: sums.subtotal, goods }[policy.basis];
    expect([Number(server?.amount), server?.currency]).toEqual([Number(amount), sums.currency]);

    const browser = byBrowser(priced, policy);
    if (browser === undefined) return;
    expect(browser.copy).toEqual({ amount: Number(amount), currency: sums.currency });
    expect(Number(browser.beacon?.amount)).toBe(Number(amount));
    expect(browser.beacon?.currency).toBe(sums.currency);
  });

  it("adds up: goods, shipping and their taxes are the total", () => {
    for (const money of VALUE_MONEY_NAMES) {
      const { tax, shippingTax, shipping, total } = priced[money];
      const goods = byOrder(priced, { basis: "goods", money });
      const goodsTax = millionths(tax) - millionths(shippingTax);
      const onShipping = priced.taxesIncluded ? 0n : millionths(shippingTax);
      const sum = millionths(goods?.amount ?? "") + goodsTax + millionths(shipping) + onShipping;
      expect(decimal(sum)).toBe(decimal(millionths(total)));
    }
  });
});

it("a browser computes every policy but the two it lacks the numbers for", () => {
  const computed = (priced: Priced) =>
    POLICIES.filter((policy) => byBrowser(priced, policy) !== undefined).map(({ basis, money }) => `${basis} ${money}`);
  const all = POLICIES.map(({ basis, money }) => `${basis} ${money}`);
  expect(computed(PRICED.dollars)).toEqual(all);
  expect(computed(PRICED.dinars)).toEqual(all);
  expect(computed(PRICED.euros)).toEqual(all.filter((policy) => !policy.startsWith("goods")));
  expect(computed(PRICED.yen)).toEqual(all.filter((policy) => !policy.startsWith("goods")));
  expect(computed(PRICED.abroad)).toEqual(all.filter((policy) => !policy.endsWith("shop")));
});

/** A product's or a cart line's sum is for goods alone: the pixel says it as the total whatever is asked of it. */
it("a product is worth its price, whichever part of an order's sum counts", () => {
  const beacon = beaconSchema.parse({
    v: 1,
    shop: "example-shop.myshopify.com",
    key: "key",
    name: "product_viewed",
    id: "sh-0000-0001",
    timestamp: "2026-11-20T10:00:00Z",
    consent: GIVEN,
    tr: "resolved",
    data: { currency: "USD", total: 29.5 },
  });
  const read = readBeacon(beacon, { ip: null, userAgent: null, globalPrivacyControl: false }).event?.facts;
  for (const basis of VALUE_BASIS_NAMES) {
    const facts = { presentment: read?.presentment ?? null, shop: null, taxesIncluded: false };
    expect(eventValue(facts, { basis, money: "presentment" }, null)).toEqual({ amount: "29.5", currency: "USD" });
  }
});

/** Purchases whose parts add up, in currencies of none, two and three decimals; all sums in the smallest coin. */
const purchases = fc
  .record({
    decimals: fc.constantFrom(0, 2, 3),
    currency: fc.constantFrom("JPY", "USD", "EUR", "KWD"),
    goods: fc.integer({ min: 0, max: 1_000_000_000 }),
    goodsTax: fc.integer({ min: 0, max: 250_000_000 }),
    shipping: fc.integer({ min: 0, max: 10_000_000 }),
    shippingTax: fc.integer({ min: 0, max: 2_500_000 }),
    taxesIncluded: fc.boolean(),
  })
  .map(({ decimals, currency, goods, goodsTax, shipping, shippingTax, taxesIncluded }) => {
    const text = (coins: number) => {
      const digits = String(coins).padStart(decimals + 1, "0");
      const whole = digits.slice(0, digits.length - decimals);
      return decimals === 0 ? whole : `${whole}.${digits.slice(-decimals)}`;
    };
    const said: Amounts = {
      currency,
      subtotal: text(goods + (taxesIncluded ? goodsTax : 0)),
      shipping: text(shipping + (taxesIncluded ? shippingTax : 0)),
      tax: text(goodsTax + shippingTax),
      shippingTax: text(shippingTax),
      total: text(goods + goodsTax + shipping + shippingTax),
    };
    return { said, taxesIncluded, goods: text(goods), parts: [goods, goodsTax, shipping, shippingTax].map(text) };
  });

const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: null });
const anyAmount = fc.stringMatching(/^\d{1,15}(\.\d{1,6})?$/);
const anyAmounts: fc.Arbitrary<Amounts> = fc.record({
  currency: fc.constantFrom("JPY", "USD", "EUR", "KWD"),
  subtotal: maybe(anyAmount),
  shipping: maybe(anyAmount),
  tax: maybe(anyAmount),
  shippingTax: maybe(anyAmount),
  total: anyAmount,
});

describe("whatever the sums", () => {
  it("goods, their tax, and shipping with its tax come to the total, to the last decimal", () => {
    fc.assert(
      fc.property(purchases, ({ said, taxesIncluded, goods, parts }) => {
        const facts = { presentment: said, shop: null, taxesIncluded };
        const worth = eventValue(facts, { basis: "goods", money: "presentment" }, null);
        expect(millionths(worth?.amount ?? "")).toBe(millionths(goods));
        const [, goodsTax = "", shipping = "", shippingTax = ""] = parts;
        const rest = millionths(goodsTax) + millionths(shipping) + millionths(shippingTax);
        expect(millionths(worth?.amount ?? "") + rest).toBe(millionths(said.total));
        expect(worth?.currency).toBe(said.currency);
      }),
      { numRuns: 1_000 },
    );
  });

  it("the value is never negative, no exponent, no NaN, and in no currency but one that was said", () => {
    const facts = fc.record({
      presentment: maybe(anyAmounts),
      shop: maybe(anyAmounts),
      taxesIncluded: maybe(fc.boolean()),
    });
    const policies = fc.constantFrom(...POLICIES);
    fc.assert(
      fc.property(facts, policies, maybe(fc.constantFrom("JPY", "USD")), (said, policy, shopCurrency) => {
        const worth = eventValue(said, policy, shopCurrency);
        if (worth === null) return;
        expect(worth.amount).toMatch(/^\d+(\.\d+)?$/);
        expect(String(Number(worth.amount))).toMatch(/^\d+(\.\d+)?$/);
        expect([said.presentment?.currency, said.shop?.currency]).toContain(worth.currency);
        const of = [said.presentment, said.shop].find((sums) => sums?.currency === worth.currency);
        if (policy.basis === "goods" && of?.subtotal != null) {
          const subtotals = [said.presentment?.subtotal, said.shop?.subtotal].filter((sum) => sum != null);
          expect(subtotals.some((subtotal) => millionths(worth.amount) <= millionths(subtotal))).toBe(true);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
