import { describe, expect, it } from "vitest";
import { order, orderEnrichment, purchase } from "~/sources/order";
import * as fixtures from "../fixtures/order";

const SHOP = { country: null, renewalApps: [] };
const readingOf = (over: Record<string, unknown>) => purchase(order.parse(fixtures.order({}, over)), SHOP);
const factsOf = (over: Record<string, unknown>) => readingOf(over).event.facts;

const money = (amount: string, currency_code: string) => ({ amount, currency_code });
/** A sum in a shop of dollars, as its buyer saw it. */
const seenAs = (amount: string, currency: string) => ({
  shop_money: money("10.00", "USD"),
  presentment_money: money(amount, currency),
});
/** In euros, as its buyer saw it, in a shop of some currency. */
const bookedAs = (amount: string, currency: string) => ({
  shop_money: money(amount, currency),
  presentment_money: money("9.00", "EUR"),
});

const IN_EUROS = { currency: "USD", total_price: "10.00", total_price_set: seenAs("9.00", "EUR") };
const PARTS = [
  ["subtotal", "subtotal_price_set"],
  ["shipping", "total_shipping_price_set"],
  ["tax", "total_tax_set"],
] as const;

describe("a part of a sum", () => {
  it.each(PARTS)("in the sum's own two currencies is one: %s", (part, field) => {
    const { presentment, shop } = factsOf({ ...IN_EUROS, [field]: seenAs("8.00", "EUR") });
    expect([presentment?.[part], shop?.[part]]).toEqual(["8.00", "10.00"]);
  });

  it.each(PARTS)("in another currency than the buyer's sum is none of that: %s", (part, field) => {
    const { presentment, shop } = factsOf({ ...IN_EUROS, [field]: seenAs("8.00", "USD") });
    expect(presentment).toMatchObject({ currency: "EUR", total: "9.00", [part]: null });
    expect(shop).toMatchObject({ currency: "USD", total: "10.00", [part]: "10.00" });
  });

  it.each(PARTS)("in another currency than the shop's sum is none of that: %s", (part, field) => {
    const { presentment, shop } = factsOf({ ...IN_EUROS, [field]: bookedAs("8.00", "CAD") });
    expect(presentment).toMatchObject({ currency: "EUR", total: "9.00", [part]: "9.00" });
    expect(shop).toMatchObject({ currency: "USD", total: "10.00", [part]: null });
  });
});

describe("the tax on shipping", () => {
  const taxOf = (...shipping_lines: unknown[]) => factsOf({ shipping_lines }).presentment?.shippingTax;
  const tax = (amount: string) => ({
    price_set: { shop_money: money(amount, "USD"), presentment_money: money(amount, "USD") },
  });

  it("is the sum of what its lines say", () => {
    expect(taxOf({ tax_lines: [tax("0.52"), tax("0.10")] }, { tax_lines: [tax("1.00")] })).toBe("1.62");
    expect(taxOf({ tax_lines: [] })).toBe("0");
    expect(taxOf()).toBe("0");
  });

  it("in another currency than the whole is none that is known", () => {
    const line = (shop: string, buyer: string) => ({
      shipping_lines: [
        { tax_lines: [{ price_set: { shop_money: money("1", shop), presentment_money: money("2", buyer) } }] },
      ],
    });
    const taxesOf = (over: Record<string, unknown>) => {
      const { presentment, shop } = factsOf({ ...IN_EUROS, ...over });
      return [presentment?.shippingTax, shop?.shippingTax];
    };
    expect(taxesOf(line("USD", "EUR"))).toEqual(["2", "1"]);
    expect(taxesOf(line("USD", "CAD"))).toEqual([null, "1"]);
    expect(taxesOf(line("CAD", "EUR"))).toEqual(["2", null]);
  });

  it.each([
    [{}],
    [{ tax_lines: null }],
    [{ tax_lines: [null] }],
    [{ tax_lines: [{ price: "0.52" }] }],
    [null],
    ["express"],
  ])("is not known as soon as one line does not say what it comes to: %j", (silent) => {
    expect(taxOf({ tax_lines: [tax("0.52")] }, silent)).toBeNull();
  });

  it.each([null, undefined, "", {}])("is not known where nothing is told of shipping: %j", (shipping_lines) => {
    expect(factsOf({ shipping_lines }).presentment?.shippingTax).toBeNull();
  });
});

describe("the price of a line", () => {
  const TEE = { product_id: 9001, variant_id: 48001, quantity: 1 };
  const priceOf = (line: Record<string, unknown>, over: Record<string, unknown> = IN_EUROS) =>
    factsOf({ ...over, line_items: [{ ...TEE, ...line }] }).lines.map(({ price }) => price);

  it.each([
    ["in the currency of the sum that the buyer saw", seenAs("9.00", "EUR"), IN_EUROS, "9.00"],
    ["in another one is none, though it be the shop's", seenAs("10.00", "USD"), IN_EUROS, null],
    ["in another one is none, whatever the bare one says", seenAs("10.00", "CAD"), IN_EUROS, null],
    [
      "in the shop's, where no sum says another",
      seenAs("10.00", "USD"),
      { currency: "USD", total_price_set: null },
      "10.00",
    ],
    [
      "in another than the shop's, where no sum says it",
      seenAs("9.00", "EUR"),
      { currency: "USD", total_price_set: null },
      null,
    ],
  ])("%s", (_says, price_set, over, price) => {
    expect(priceOf({ price: "10.00", price_set }, over)).toEqual([price]);
  });

  it("is the bare one, which is in the shop's currency, only where the buyer saw that", () => {
    expect(priceOf({ price: "10.00" })).toEqual([null]);
    expect(priceOf({ price: "10.00" }, { currency: "USD", total_price_set: seenAs("10.00", "USD") })).toEqual([
      "10.00",
    ]);
    expect(priceOf({ price: "10.00" }, { currency: "USD", total_price_set: null })).toEqual(["10.00"]);
  });
});

describe("whether an order is paid, or void, is read without regard to case and space", () => {
  it.each([
    ["paid", { paid: true, cancelled: false }],
    [" PAID ", { paid: true, cancelled: false }],
    ["Paid", { paid: true, cancelled: false }],
    ["voided", { paid: false, cancelled: true }],
    ["Voided", { paid: false, cancelled: true }],
    [" VOIDED", { paid: false, cancelled: true }],
    ["Partially_Paid", { paid: false, cancelled: false }],
    ["", { paid: false, cancelled: false }],
    [5, { paid: false, cancelled: false }],
  ])("%j", (financial_status, state) => {
    expect(readingOf({ financial_status }).order).toMatchObject(state);
    const changed = order.parse(fixtures.order({}, { financial_status }));
    expect(orderEnrichment(changed, SHOP).cancelled).toBe(state.cancelled);
  });
});

describe("the time of an order", () => {
  const at = Date.parse("2026-11-20T09:12:00Z");

  it.each([
    ["processed_at", { processed_at: "2026-11-20T09:12:00Z", created_at: "" }],
    ["created_at", { processed_at: "", created_at: "2026-11-20T09:12:00Z" }],
  ])("is its %s where the other one is an empty text", (_which, over) => {
    const { event, order: state } = readingOf(over);
    expect([event.time, state?.createdAt]).toEqual([at, at]);
  });
});
