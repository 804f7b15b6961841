import { order } from "../fixtures/order";
import type { Example } from "./example";
import { HASHED_BUYERS, ORDER_BROWSER, offlinePurchase, TOKEN, webPurchase } from "./parts";

/** What an order from elsewhere than the online store is to Meta. */

export const CHANNELS: Example[] = [
  {
    title: "a till's order is physical_store, keyed on the order, and the till's address is nobody's",
    topic: "orders/create",
    in: order({ checkoutToken: null, sourceName: "pos" }, { user_id: 9, location_id: 3, device_id: 4 }),
    shop: { country: "AU" },
    out: { events: [offlinePurchase("physical_store", HASHED_BUYERS.US)], skipped: [] },
  },
  {
    title: "a till's order of nobody known cannot be matched",
    topic: "orders/create",
    in: order(
      { checkoutToken: null, sourceName: "pos" },
      { email: "", contact_email: null, customer: null, billing_address: null, shipping_address: null },
    ),
    out: { events: [], skipped: [{ event: "Purchase", outcome: "rejected", reason: "no_match_keys" }] },
  },
  {
    title: "a draft that staff opened carries no IP and no user agent: they would be the staff's",
    topic: "orders/create",
    in: order({ sourceName: "shopify_draft_order", country: "AU" }, { user_id: 71 }),
    out: {
      events: [offlinePurchase("system_generated", HASHED_BUYERS.AU, { event_id: `purchase.${TOKEN}` })],
      skipped: [],
    },
  },
  {
    title: "a draft whose invoice the buyer opened carries the buyer's IP and user agent",
    topic: "orders/create",
    in: order({ sourceName: "shopify_draft_order", country: "AU" }),
    out: {
      events: [
        offlinePurchase(
          "system_generated",
          { ...HASHED_BUYERS.AU, ...ORDER_BROWSER },
          { event_id: `purchase.${TOKEN}` },
        ),
      ],
      skipped: [],
    },
  },
  {
    title: "a subscription's renewal is system_generated: nobody was at a browser",
    topic: "orders/create",
    in: order(
      { checkoutToken: null, sourceName: "subscription_contract", country: "AU" },
      { browser_ip: null, client_details: null, landing_site: null, order_status_url: null },
    ),
    out: { events: [offlinePurchase("system_generated", HASHED_BUYERS.AU)], skipped: [] },
  },
  {
    title: "an unknown sales channel with a checkout behind it is a website order: a shopper stood there",
    topic: "orders/create",
    in: order({ sourceName: "3890849", country: "AU" }),
    out: { events: [webPurchase(HASHED_BUYERS.AU)], skipped: [] },
  },
  {
    title: "an unknown sales channel without a checkout is skipped",
    topic: "orders/create",
    in: order({ sourceName: "3890849", checkoutToken: null }),
    out: { events: [], skipped: [{ event: "Purchase", outcome: "skipped", reason: "unknown_source" }] },
  },
  {
    title: "an order without any source name and without a checkout is skipped as well",
    topic: "orders/create",
    in: order({ checkoutToken: null }, { source_name: null }),
    out: { events: [], skipped: [{ event: "Purchase", outcome: "skipped", reason: "unknown_source" }] },
  },
  {
    title: "a test order moved no money: skipped",
    topic: "orders/create",
    in: order({}, { test: true }),
    out: { events: [], skipped: [{ event: "Purchase", outcome: "skipped", reason: "test_order" }] },
  },
];
