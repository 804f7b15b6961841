import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decimal, scaled, split } from "./commerce/money";
import { price, type Terms } from "./commerce/pricing";
import { COUNTRY_CODES, CURRENCIES, type Currency, countryOf, SHIPPING_HANDLES } from "./tables/countries";
import { discountOf } from "./tables/discounts";
import { GOODS } from "./tables/goods";

const VARIANTS = GOODS.flatMap(({ variants }) => variants.map(({ id }) => id));

const basket = fc.uniqueArray(
  fc.record({ variantId: fc.constantFrom(...VARIANTS), quantity: fc.integer({ min: 1, max: 99 }) }),
  { minLength: 1, maxLength: 12, selector: ({ variantId }) => variantId },
);

const terms = fc.constantFrom(...COUNTRY_CODES).chain((country) =>
  fc.record({
    country: fc.constant(country),
    discount: fc.constantFrom(null, discountOf("WELCOME10"), discountOf("FIVEOFF")),
    destination: fc.option(
      fc.record({ provinceCode: fc.constantFrom(null, ...Object.keys(countryOf(country).provinces)) }),
    ),
    shipping: fc.constantFrom(null, ...SHIPPING_HANDLES),
  }),
);

const currency = fc.constantFrom(...(Object.keys(CURRENCIES) as Currency[]));
const sum = (cents: number[]) => cents.reduce((total, amount) => total + amount, 0);

describe("a priced basket", () => {
  it("adds up to the cent in either currency: lines + shipping + tax − discount", () => {
    fc.assert(
      fc.property(basket, terms, currency, (lines, given: Terms, money) => {
        const priced = price(lines, given, money);
        const gross = sum(priced.lines.map((line) => line.unit * line.quantity));
        const tax = sum(priced.lines.map((line) => line.tax)) + priced.shippingTax;
        expect(priced.total).toBe(gross + priced.shipping + tax - priced.discount);
        expect(sum(priced.lines.map((line) => line.discount))).toBe(priced.discount);
        expect([priced.gross, priced.tax]).toEqual([gross, tax]);
        for (const line of priced.lines) expect(line.discount).toBeLessThanOrEqual(line.gross);
        for (const cents of [priced.total, priced.tax, priced.discount]) expect(Number.isSafeInteger(cents)).toBe(true);
      }),
    );
  });

  it("has neither shipping nor tax before somebody says where it goes", () => {
    const { tax, shipping } = price([{ variantId: VARIANTS[0] ?? 0, quantity: 2 }], US, "USD");
    expect([tax, shipping]).toEqual([0, 0]);
  });

  it("costs in Germany what can be worked out by hand", () => {
    const given: Terms = {
      country: "DE",
      discount: discountOf("welcome10"),
      destination: { provinceCode: null },
      shipping: "standard",
    };
    const { lines, discount, shipping, tax, total } = price(
      [{ variantId: 45_200_100_000_131, quantity: 3 }],
      given,
      "EUR",
    );
    // 17.95 $ × 0.92 = 16.514; 3 × 16.51 = 49.53, less 10 % (4.953): 44.58, of which 19 % are 8.4702.
    expect(lines[0]?.gross).toBe(49_53);
    expect(discount).toBe(4_95);
    // 12.90 $ × 0.92 = 11.868, of which 19 % are 2.2553.
    expect(shipping).toBe(11_87);
    expect(tax).toBe(8_47 + 2_26);
    expect(total).toBe(49_53 - 4_95 + 11_87 + 10_73);
  });

  it("never costs less than nothing, whatever is taken off", () => {
    const off = { code: "ALL", kind: "fixed", cents: 1_000_00 } as const;
    const { total, discount } = price(
      [{ variantId: 45_200_100_000_161, quantity: 1 }],
      { ...US, discount: off },
      "USD",
    );
    expect([total, discount]).toEqual([0, 9_99]);
  });
});

const US: Terms = { country: "US", discount: null, destination: null, shipping: null };

describe("cents", () => {
  it("are split without losing one", () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.array(fc.nat(100_000), { minLength: 1, maxLength: 10 }), (amount, weights) => {
        const shares = split(amount, weights);
        expect(sum(shares)).toBe(sum(weights) === 0 ? 0 : amount);
      }),
    );
  });

  it("are written with two digits, and round half up", () => {
    expect([0, 5, 64_50, 1_234_05].map(decimal)).toEqual(["0.00", "0.05", "64.50", "1234.05"]);
    expect(scaled(5, { numerator: 1, denominator: 10 })).toBe(1);
    expect(scaled(4, { numerator: 1, denominator: 10 })).toBe(0);
  });
});
