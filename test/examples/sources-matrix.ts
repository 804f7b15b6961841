import type { z } from "zod";
import type { settingsSchema } from "~/settings/settings";
import { order } from "../fixtures/order";
import { type Example, hashed } from "./example";
import { HASHED_BUYERS, ORDER_BROWSER, ORDER_OF_TWO_TEES, offlinePurchase, TOKEN, webPurchase } from "./parts";

/** What the merchant's matrix makes of orders of one kind; channels.ts has what is made of them without a word. */

type Matrix = NonNullable<z.input<typeof settingsSchema>["matrix"]>;

const matrix = (matrix: Matrix, toggles = {}) => ({ settings: { matrix, toggles } });
const sent = (...events: Record<string, unknown>[]) => ({ events, skipped: [] });
const skipped = (reason: string) => ({ events: [], skipped: [{ event: "Purchase", outcome: "skipped", reason }] });

const ofAustralian = HASHED_BUYERS.AU;
const SUBSCRIBE_ON = { Subscribe: { browser: false, server: true } };
const FREE = {
  shop_money: { amount: "0.00", currency_code: "USD" },
  presentment_money: { amount: "0.00", currency_code: "USD" },
};

const renewal = (over = {}) =>
  order({ checkoutToken: null, sourceName: "subscription_contract_checkout_one", country: "AU" }, over);
const free = () => order({ country: "AU" }, { total_price: "0.00", total_price_set: FREE });
const wholesale = () => order({ country: "AU" }, { company: { id: 31, location_id: 32 } });
const withPlan = (sellingPlan: object | null) => {
  const { line_items: lines } = order();
  const [line] = Array.isArray(lines) ? lines : [];
  return order({ country: "AU" }, { line_items: [{ ...line, selling_plan_allocation: sellingPlan }] });
};

export const SOURCES_MATRIX: Example[] = [
  {
    title: "a renewal as a custom event: no campaign counts it as a Purchase",
    topic: "orders/create",
    in: renewal(),
    shop: matrix({ sources: { renewal: "custom" } }),
    out: sent(
      offlinePurchase("system_generated", ofAustralian, { event_name: "Renewal", event_id: "renewal.5550001" }),
    ),
  },
  {
    title: "a renewal not at all",
    topic: "orders/create",
    in: renewal(),
    shop: matrix({ sources: { renewal: "skip" } }),
    out: skipped("source_off"),
  },
  {
    title: "an order of an app whose id the merchant named is a renewal",
    topic: "orders/create",
    in: order({ checkoutToken: null, sourceName: "3890849", country: "AU" }, { app_id: 294517 }),
    shop: matrix({ renewalApps: ["294517"] }),
    out: sent(offlinePurchase("system_generated", ofAustralian)),
  },
  {
    title: "so is one of an app that was named as orders name it",
    topic: "orders/create",
    in: order({ checkoutToken: null, sourceName: "Example-Subscriptions", country: "AU" }),
    shop: matrix({ renewalApps: ["example-subscriptions"], sources: { renewal: "custom" } }),
    out: sent(
      offlinePurchase("system_generated", ofAustralian, { event_name: "Renewal", event_id: "renewal.5550001" }),
    ),
  },
  {
    title: "the first order of a subscription is a Purchase like any other",
    topic: "orders/create",
    in: withPlan({ selling_plan: { name: "Monthly" } }),
    out: sent(webPurchase(ofAustralian)),
  },
  {
    title: "and a Subscribe beside it, where that is on",
    topic: "orders/create",
    in: withPlan({ selling_plan: { name: "Monthly" } }),
    shop: matrix({}, SUBSCRIBE_ON),
    out: sent(
      webPurchase(ofAustralian),
      webPurchase(ofAustralian, { event_name: "Subscribe", event_id: "subscribe.5550001" }),
    ),
  },
  {
    title: "an order that does not say whether it is a subscription is not taken for one",
    topic: "orders/create",
    in: order({ country: "AU" }),
    shop: matrix({}, SUBSCRIBE_ON),
    out: {
      events: [webPurchase(ofAustralian)],
      skipped: [{ event: "Subscribe", outcome: "skipped", reason: "cannot_tell" }],
    },
  },
  {
    title: "a renewal starts no subscription",
    topic: "orders/create",
    in: renewal(),
    shop: matrix({}, SUBSCRIBE_ON),
    out: sent(offlinePurchase("system_generated", ofAustralian)),
  },
  {
    title: "a till's orders can be left to another system",
    topic: "orders/create",
    in: order({ checkoutToken: null, sourceName: "pos" }),
    shop: matrix({ sources: { pos: "skip" } }),
    out: skipped("source_off"),
  },
  {
    title: "a draft whose invoice the buyer paid online can count as a website's order",
    topic: "orders/create",
    in: order({ sourceName: "shopify_draft_order", country: "AU" }),
    shop: matrix({ sources: { draft: "website" } }),
    out: sent(webPurchase(ofAustralian)),
  },
  {
    title: "an order of a headless storefront can be skipped, checkout or not",
    topic: "orders/create",
    in: order({ sourceName: "580111" }),
    shop: matrix({ sources: { channel: "skip" } }),
    out: skipped("source_off"),
  },
  {
    title: "the online store's orders under a name of their own keep page and browser",
    topic: "orders/create",
    in: order({ country: "AU" }),
    shop: matrix({ sources: { web: "custom" } }),
    out: sent(webPurchase(ofAustralian, { event_name: "WebPurchase", event_id: "web.5550001" })),
  },
  {
    title: "an exchange is no conversion",
    topic: "orders/create",
    in: order({ checkoutToken: null, sourceName: "example-returns", country: "AU" }, { tags: "VIP, Exchange" }),
    out: skipped("source_off"),
  },
  {
    title: "unless the merchant says so",
    topic: "orders/create",
    in: order({ checkoutToken: null, sourceName: "example-exchanges", country: "AU" }),
    shop: matrix({ sources: { exchange: "system_generated" } }),
    out: sent(offlinePurchase("system_generated", ofAustralian)),
  },
  {
    title: "an imported order is none either",
    topic: "orders/create",
    in: order({ checkoutToken: null, sourceName: "matrixify", country: "AU" }),
    out: skipped("source_off"),
  },
  {
    title: "an order dated more than a day before it was written is an import, whoever wrote it",
    topic: "orders/create",
    in: order(
      { checkoutToken: null, sourceName: "3890849", country: "AU" },
      { processed_at: "2026-11-18T09:58:00Z", created_at: "2026-11-20T09:58:00Z" },
    ),
    out: skipped("source_off"),
  },
  {
    title: "an import of a shop floor's orders can be told as such; nobody's browser goes with it",
    topic: "orders/create",
    in: order({ checkoutToken: null, sourceName: "matrixify", country: "AU" }),
    shop: matrix({ sources: { import: "physical_store" } }),
    out: sent(offlinePurchase("physical_store", ofAustralian)),
  },
  {
    title: "orders of an unknown app can be sent too",
    topic: "orders/create",
    in: order({ checkoutToken: null, sourceName: "3890849", country: "AU" }),
    shop: matrix({ sources: { unknown: "custom" } }),
    out: sent(
      offlinePurchase("system_generated", ofAustralian, { event_name: "OtherPurchase", event_id: "unknown.5550001" }),
    ),
  },
  {
    title: "orders of no value can be skipped, wherever they come from",
    topic: "orders/create",
    in: free(),
    shop: matrix({ traits: { zero_value: "skip" } }),
    out: skipped("source_off"),
  },
  {
    title: "or have an event of their own",
    topic: "orders/create",
    in: free(),
    shop: matrix({ traits: { zero_value: "custom" } }),
    out: sent(
      webPurchase(ofAustralian, {
        event_name: "FreeOrder",
        event_id: "zero_value.5550001",
        custom_data: { ...ORDER_OF_TWO_TEES, value: 0 },
      }),
    ),
  },
  {
    title: "a company's order is what its source says",
    topic: "orders/create",
    in: wholesale(),
    out: sent(webPurchase(ofAustralian)),
  },
  {
    title: "until the merchant says something of companies, which goes before the source",
    topic: "orders/create",
    in: wholesale(),
    shop: matrix({ sources: { web: "skip" }, traits: { b2b: "system_generated" } }),
    out: sent(
      offlinePurchase("system_generated", { ...ofAustralian, ...ORDER_BROWSER }, { event_id: `purchase.${TOKEN}` }),
    ),
  },
  {
    title: "a company's order can be an event of its own",
    topic: "orders/create",
    in: wholesale(),
    shop: matrix({ traits: { b2b: "custom" } }),
    out: sent(webPurchase(ofAustralian, { event_name: "WholesalePurchase", event_id: "b2b.5550001" })),
  },
  {
    title: "an order that would be a custom event is no Purchase even when the Purchase is off",
    topic: "orders/create",
    in: renewal({ email: "renewing@example.com" }),
    shop: matrix({ sources: { renewal: "custom" } }, { Purchase: { browser: false, server: false } }),
    out: sent(
      offlinePurchase(
        "system_generated",
        { ...ofAustralian, em: hashed("renewing@example.com", "matilda@example.com.au") },
        { event_name: "Renewal", event_id: "renewal.5550001" },
      ),
    ),
  },
];
