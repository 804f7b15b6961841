import { describe, expect, it } from "vitest";
import { CATALOG } from "~/events/catalog";
import { nobody } from "~/events/event";
import { isEventName } from "~/events/names";
import { ASKED_TOPICS, isTopic, TOPICS, type Topic } from "~/sources/topics";
import { anonymousCheckout, checkout } from "../fixtures/checkout";
import { order } from "../fixtures/order";
import { BODIES } from "./bodies";

const SHOP = { country: null, renewalApps: [] };
const ALL = Object.keys(TOPICS) as Topic[];

describe("the topics table", () => {
  it("knows every topic Tandem subscribes to, and no other", () => {
    expect(ALL.toSorted()).toEqual([
      "app/scopes_update",
      "app/uninstalled",
      "checkouts/create",
      "checkouts/update",
      "customers/create",
      "customers/data_request",
      "customers/redact",
      "orders/cancelled",
      "orders/create",
      "orders/edited",
      "orders/paid",
      "orders/updated",
      "products/create",
      "products/delete",
      "products/update",
      "refunds/create",
      "shop/redact",
    ]);
  });

  it("is not fooled by words that every object knows", () => {
    for (const word of ["constructor", "__proto__", "toString", "ORDERS_CREATE", ""]) expect(isTopic(word)).toBe(false);
  });

  it("takes no webhook for an order that Tandem has asked for", () => {
    for (const topic of ASKED_TOPICS) expect(isTopic(topic)).toBe(false);
  });

  it("names events that the catalog knows, and the catalog's topics read into that event", () => {
    for (const [name, { topics }] of Object.entries(CATALOG)) {
      // What is made of an order besides its Purchase.
      if (name === "Subscribe" || name === "Upsell") continue;
      for (const topic of topics) {
        expect(isTopic(topic) && TOPICS[topic].event).toBe(name);
        expect(isTopic(topic) && TOPICS[topic].read(BODIES[topic], SHOP)).toMatchObject({
          ok: true,
          reading: { kind: "event", event: { name } },
        });
      }
    }
    for (const topic of ALL) {
      const event = TOPICS[topic].event;
      expect(event === null || isEventName(event), topic).toBe(true);
    }
  });

  it.each([
    ["orders/create", "event"],
    ["orders/paid", "event"],
    ["orders/updated", "enrichment"],
    ["orders/cancelled", "enrichment"],
    ["orders/edited", "enrichment"],
    ["refunds/create", "event"],
    ["products/create", "product"],
    ["products/delete", "product"],
    ["checkouts/create", "event"],
    ["checkouts/update", "event"],
    ["customers/create", "event"],
    ["app/uninstalled", "notice"],
    ["app/scopes_update", "notice"],
    ["customers/data_request", "notice"],
    ["customers/redact", "notice"],
    ["shop/redact", "notice"],
  ] as const)("%s is read as: %s", (topic, kind) => {
    expect(TOPICS[topic].read(BODIES[topic], SHOP)).toMatchObject({ ok: true, reading: { kind } });
  });

  it.each(["checkouts/create", "checkouts/update"] as const)("%s of nobody known only enriches", (topic) => {
    expect(TOPICS[topic].read(anonymousCheckout(), SHOP)).toMatchObject({
      ok: true,
      reading: { kind: "enrichment", name: "InitiateCheckout", checkoutToken: "0123456789abcdef0123456789abcdef" },
    });
  });

  it("keeps of a notice no more than what it needs", () => {
    expect(TOPICS["app/uninstalled"].read(BODIES["app/uninstalled"], SHOP)).toEqual({
      ok: true,
      reading: { kind: "notice", body: {}, person: nobody() },
    });
    expect(TOPICS["app/scopes_update"].read(BODIES["app/scopes_update"], SHOP)).toEqual({
      ok: true,
      reading: { kind: "notice", body: { current: ["read_orders", "write_pixels"] }, person: nobody() },
    });
    expect(TOPICS["customers/redact"].read(BODIES["customers/redact"], SHOP)).toMatchObject({
      reading: { kind: "notice", body: { orders: ["5550001", "5550002"] } },
    });
  });

  it("reads order ids above 2^53 of an edit and a refund exactly", () => {
    expect(TOPICS["orders/edited"].read({ order_edit: { order_id: "820982911946154508" } }, SHOP)).toMatchObject({
      reading: { orderId: "820982911946154508" },
    });
  });
});

describe("a body that cannot be read names its field", () => {
  it.each([
    ["orders/create", { ...order(), id: "none" }, "id"],
    ["orders/create", { ...order(), currency: null }, "currency"],
    ["orders/create", { ...order(), total_price: "free" }, "total_price"],
    ["orders/create", { ...order(), checkout_token: "not a token" }, "checkout_token"],
    ["orders/create", { ...order(), line_items: [{ quantity: 1 }, { quantity: "two" }] }, "line_items.1.quantity"],
    ["orders/create", { ...order(), processed_at: "today" }, "processed_at"],
    ["orders/create", { ...order(), processed_at: " " }, "processed_at"],
    ["orders/create", { ...order(), processed_at: "", created_at: "" }, "processed_at"],
    ["orders/create", { ...order(), created_at: "today" }, "created_at"],
    ["orders/create", { ...order(), created_at: 0 }, "created_at"],
    ["orders/create", { ...order(), line_items: "none" }, "line_items"],
    ["orders/create", { ...order(), line_items: {} }, "line_items"],
    ["orders/create", { ...order(), line_items: false }, "line_items"],
    ["orders/create", { ...order(), total_price_set: "64.50" }, "total_price_set"],
    ["orders/create", { ...order(), total_price_set: [] }, "total_price_set"],
    ["orders/create", { ...order(), total_price: "" }, "total_price"],
    ["orders/create", { ...order(), id: "0" }, "id"],
    ["orders/paid", { ...order(), total_price_set: { shop_money: {} } }, "total_price_set.shop_money.amount"],
    ["orders/updated", { ...order(), id: null }, "id"],
    ["orders/cancelled", { ...order(), id: undefined }, "id"],
    ["orders/edited", {}, "order_edit"],
    ["orders/edited", { order_edit: { order_id: "x" } }, "order_edit.order_id"],
    ["refunds/create", { id: 1 }, "order_id"],
    ["checkouts/create", { ...anonymousCheckout(), token: "" }, "token"],
    ["checkouts/update", { ...anonymousCheckout(), created_at: null }, "created_at"],
    ["checkouts/update", { ...anonymousCheckout(), currency: "dollars" }, "currency"],
    ["checkouts/update", { ...anonymousCheckout(), currency: "" }, "currency"],
    ["checkouts/update", { ...anonymousCheckout(), presentment_currency: "dollars" }, "presentment_currency"],
    ["checkouts/update", { ...anonymousCheckout(), total_price: "free" }, "total_price"],
    ["checkouts/update", { ...anonymousCheckout(), subtotal_price: "free" }, "subtotal_price"],
    ["checkouts/update", { ...anonymousCheckout(), total_tax: "none" }, "total_tax"],
    ["checkouts/update", { ...anonymousCheckout(), line_items: "none" }, "line_items"],
    ["checkouts/update", { ...anonymousCheckout(), line_items: [{ quantity: "two" }] }, "line_items.0.quantity"],
    ["customers/create", { id: 8880001 }, "created_at"],
    ["app/scopes_update", {}, "current"],
    ["customers/data_request", { orders_requested: ["x"] }, "orders_requested.0"],
    ["customers/redact", { orders_to_redact: "all" }, "orders_to_redact"],
    ["shop/redact", {}, "shop_domain"],
  ] as const)("%s: %#", (topic, body, field) => {
    expect(TOPICS[topic].read(body, SHOP)).toEqual({ ok: false, field });
  });

  it.each(ALL)("%s: a body that is no object at all", (topic) => {
    for (const body of [null, undefined, [], "text", 5, true]) {
      expect(TOPICS[topic].read(body, SHOP)).toEqual({ ok: false, field: "body" });
    }
  });
});

describe("an empty text is read as if nothing were there", () => {
  it.each([
    ["orders/create", "created_at"],
    ["orders/create", "processed_at"],
    ["orders/create", "updated_at"],
    ["orders/create", "line_items"],
    ["orders/create", "total_price_set"],
    ["orders/create", "checkout_token"],
    ["orders/create", "user_id"],
    ["orders/create", "financial_status"],
    ["orders/updated", "created_at"],
    ["orders/updated", "processed_at"],
    ["orders/updated", "line_items"],
    ["orders/updated", "total_price_set"],
  ] as const)("%s: %s", (topic, field) => {
    const read = (value: unknown) => TOPICS[topic].read(order({}, { [field]: value }), SHOP);
    expect(read("")).toMatchObject({ ok: true });
    expect(read("")).toEqual(read(undefined));
  });

  it.each([
    "presentment_currency",
    "total_price",
    "subtotal_price",
    "total_tax",
    "line_items",
  ])("checkouts/update: %s", (field) => {
    const read = (value: unknown) => TOPICS["checkouts/update"].read(checkout({}, { [field]: value }), SHOP);
    expect(read("")).toMatchObject({ ok: true, reading: { kind: "event" } });
    expect(read("")).toEqual(read(undefined));
  });
});

describe("what only helps never costs the event", () => {
  it.each([
    { email: 5 },
    { email: ["a@example.com"] },
    { customer: "Jordan" },
    { billing_address: [] },
    { client_details: "iPhone" },
    { note_attributes: { _fbp: "x" } },
    { note_attributes: [null, { name: "_fbp" }] },
    { landing_site: "x".repeat(5_000) },
    { order_status_url: "no url" },
    { test: "no" },
    { user_id: {} },
    { subtotal_price_set: { shop_money: null } },
    { source_name: null },
  ])("%j", (over) => {
    expect(TOPICS["orders/create"].read(order({}, over), SHOP)).toMatchObject({
      ok: true,
      reading: { kind: "event", event: { id: "purchase.0123456789abcdef0123456789abcdef" } },
    });
  });

  it("one strange cart attribute does not hide its neighbours", () => {
    const body = order(
      {},
      {
        note_attributes: [
          { name: null, value: "x" },
          { name: "_fbp", value: "fb.1.1763632800000.1" },
        ],
      },
    );
    expect(TOPICS["orders/create"].read(body, SHOP)).toMatchObject({
      reading: { browser: { fbp: "fb.1.1763632800000.1" } },
    });
  });
});
