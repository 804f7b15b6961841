import { describe, expect, it } from "vitest";
import { VALUE_BASIS_NAMES } from "~/events/value";
import {
  browserPurchaseObstacle,
  browserValue,
  type DatasetPolicy,
  DEFAULT_POLICY,
  policySchema,
  type ShopMoney,
} from "~/settings/dataset-policy";

const ONE_CURRENCY: ShopMoney = { currency: "USD", currencies: ["USD"], taxesIncluded: false };
const TWO_CURRENCIES: ShopMoney = { ...ONE_CURRENCY, currencies: ["USD", "EUR"] };
const TAX_INCLUDED: ShopMoney = { ...ONE_CURRENCY, taxesIncluded: true };
const UNKNOWN: ShopMoney = { currency: null, currencies: null, taxesIncluded: null };

describe("a policy", () => {
  it("that says nothing is the documented default", () => {
    expect(DEFAULT_POLICY).toMatchObject({
      toggles: {},
      trigger: "order",
      value: { basis: "total", money: "presentment" },
      contentId: "variant",
      filter: { hosts: [], paths: [], countries: [] },
      restricted: false,
    });
  });

  it("may say a part of what it could", () => {
    expect(policySchema.parse({ value: { money: "shop" } })).toEqual({
      ...DEFAULT_POLICY,
      value: { basis: "total", money: "shop" },
    });
  });

  it("has its filters tidied", () => {
    const filter = { hosts: [" Shop.Example.com "], paths: [" /en-gb/ "], countries: ["de", " at"] };
    expect(policySchema.parse({ filter }).filter).toMatchObject({
      hosts: ["shop.example.com"],
      paths: ["/en-gb/"],
      countries: ["DE", "AT"],
    });
  });

  it.each([
    [{ trigger: "shipment" }],
    [{ value: { basis: "margin" } }],
    [{ value: { money: "EUR" } }],
    [{ contentId: "ean" }],
    [{ restricted: "yes" }],
    [{ filter: { hosts: ["https://shop.example.com"] } }],
    [{ filter: { hosts: [""] } }],
    [{ filter: { paths: ["en-gb/"] } }],
    [{ filter: { paths: ["/a b"] } }],
    [{ filter: { countries: ["Germany"] } }],
    [{ filter: { hosts: Array(51).fill("shop.example.com") } }],
    [{ currency: "EUR" }],
  ])("that makes no sense is refused: %j", (given) => {
    expect(policySchema.safeParse(given).success).toBe(false);
  });
});

const worth = (basis: DatasetPolicy["value"]["basis"], money: DatasetPolicy["value"]["money"], shop: ShopMoney) =>
  browserValue({ value: { basis, money } }, shop);

describe("a browser", () => {
  it("tells total and subtotal in the customer's currency, whatever is known of the shop", () => {
    for (const shop of [ONE_CURRENCY, TWO_CURRENCIES, TAX_INCLUDED, UNKNOWN]) {
      expect(worth("total", "presentment", shop)).toBe("total");
      expect(worth("subtotal", "presentment", shop)).toBe("subtotal");
    }
  });

  it("tells goods without tax only where prices have none in them, which somebody must have said", () => {
    expect(worth("goods", "presentment", ONE_CURRENCY)).toBe("subtotal");
    expect(worth("goods", "presentment", TAX_INCLUDED)).toBeNull();
    expect(worth("goods", "presentment", UNKNOWN)).toBeNull();
  });

  it("tells the shop's money only where the shop knows no other", () => {
    for (const basis of VALUE_BASIS_NAMES) {
      expect(worth(basis, "shop", ONE_CURRENCY)).toBe(basis === "total" ? "total" : "subtotal");
      for (const shop of [TWO_CURRENCIES, UNKNOWN, { ...ONE_CURRENCY, currencies: null }]) {
        expect(worth(basis, "shop", shop)).toBeNull();
      }
    }
    expect(worth("total", "shop", { ...ONE_CURRENCY, currency: "EUR" })).toBeNull();
  });
});

describe("a Purchase leaves from the browser", () => {
  const obstacle = (over: Partial<DatasetPolicy>, shop: ShopMoney) =>
    browserPurchaseObstacle({ ...DEFAULT_POLICY, ...over }, shop);

  it("by default, in every shop", () => {
    for (const shop of [ONE_CURRENCY, TWO_CURRENCIES, TAX_INCLUDED, UNKNOWN]) expect(obstacle({}, shop)).toBeNull();
  });

  it("not where it counts at payment, whatever it is worth", () => {
    expect(obstacle({ trigger: "payment" }, ONE_CURRENCY)).toMatch(/paid/);
  });

  it("not with a value that no browser knows, and says why", () => {
    expect(obstacle({ value: { basis: "total", money: "shop" } }, TWO_CURRENCIES)).toMatch(/shop's currency/);
    expect(obstacle({ value: { basis: "goods", money: "shop" } }, TWO_CURRENCIES)).toMatch(/shop's currency/);
    expect(obstacle({ value: { basis: "goods", money: "presentment" } }, TAX_INCLUDED)).toMatch(/Tax/);
    expect(obstacle({ value: { basis: "goods", money: "shop" } }, TAX_INCLUDED)).toMatch(/Tax/);
  });

  it("exactly where it has a value", () => {
    for (const basis of VALUE_BASIS_NAMES) {
      for (const money of ["presentment", "shop"] as const) {
        for (const shop of [ONE_CURRENCY, TWO_CURRENCIES, TAX_INCLUDED, UNKNOWN]) {
          const value = { basis, money };
          expect(obstacle({ value }, shop) === null).toBe(browserValue({ value }, shop) !== null);
        }
      }
    }
  });
});
