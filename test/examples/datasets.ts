import { order } from "../fixtures/order";
import { DATASET, type Example } from "./example";
import { HASHED_BUYERS, ORDER_OF_TWO_TEES, webPurchase } from "./parts";

/** Several datasets in one shop, each with wishes of its own. */

const SECOND = "2234567890";
const { content_name: _name, ...WITHOUT_WORDS } = ORDER_OF_TWO_TEES;
const purchaseOff = { Purchase: { browser: true, server: false } };

export const DATASETS: Example[] = [
  {
    title: "two datasets, two views of one order: the same event id, each its own value and names",
    topic: "orders/create",
    in: order({ country: "AU" }),
    shop: {
      secondDataset: SECOND,
      settings: { datasets: { [SECOND]: { value: { basis: "subtotal" }, contentId: "sku" } } },
    },
    out: {
      events: [
        webPurchase(HASHED_BUYERS.AU),
        webPurchase(HASHED_BUYERS.AU, {
          custom_data: {
            ...ORDER_OF_TWO_TEES,
            value: 58,
            content_ids: ["TEE-BLK-M"],
            contents: [{ id: "TEE-BLK-M", quantity: 2, item_price: 29 }],
          },
        }),
      ],
      skipped: [],
    },
  },
  {
    title: "a dataset for Germany hears of no Australian",
    topic: "orders/create",
    in: order({ country: "AU" }),
    shop: {
      secondDataset: SECOND,
      settings: {
        datasets: { [DATASET]: { filter: { countries: ["AU", "NZ"] } }, [SECOND]: { filter: { countries: ["DE"] } } },
      },
    },
    out: {
      events: [webPurchase(HASHED_BUYERS.AU)],
      skipped: [{ event: "Purchase", outcome: "skipped", reason: "filtered_out" }],
    },
  },
  {
    title: "an order from nowhere passes no filter on countries",
    topic: "orders/create",
    in: order({}, { billing_address: null, shipping_address: null, customer: null }),
    shop: { settings: { datasets: { [DATASET]: { filter: { countries: ["US"] } } } } },
    out: { events: [], skipped: [{ event: "Purchase", outcome: "skipped", reason: "filtered_out" }] },
  },
  {
    title: "filters on pages are for what happens before the checkout; an order passes them",
    topic: "orders/create",
    in: order({ country: "AU" }),
    shop: { settings: { datasets: { [DATASET]: { filter: { hosts: ["elsewhere.example"], paths: ["/en-gb/"] } } } } },
    out: { events: [webPurchase(HASHED_BUYERS.AU)], skipped: [] },
  },
  {
    title: "a refusal is said before a filter: consent comes first",
    topic: "orders/create",
    in: order({ country: "DE" }),
    browser: { consent: { analytics: false, marketing: false, preferences: false, saleOfData: false } },
    shop: { settings: { datasets: { [DATASET]: { filter: { countries: ["AU"] } } } } },
    out: { events: [], skipped: [{ event: "Purchase", outcome: "withheld", reason: "consent_refused" }] },
  },
  {
    title: "a dataset's own switch goes before the shop's",
    topic: "orders/create",
    in: order({ country: "AU" }),
    shop: {
      secondDataset: SECOND,
      settings: {
        toggles: purchaseOff,
        datasets: { [SECOND]: { toggles: { Purchase: { browser: false, server: true } } } },
      },
    },
    out: {
      events: [webPurchase(HASHED_BUYERS.AU)],
      skipped: [{ event: "Purchase", outcome: "skipped", reason: "event_off" }],
    },
  },
  {
    title: "a restricted category: no paths, no names, nothing beyond Meta's plainest",
    topic: "orders/create",
    in: order({ country: "AU" }),
    browser: {
      url: "https://shop.example.com/collections/knee-braces/products/left",
      consent: { analytics: true, marketing: true, preferences: true, saleOfData: true },
    },
    shop: { settings: { datasets: { [DATASET]: { restricted: true } } } },
    out: {
      events: [
        webPurchase(HASHED_BUYERS.AU, { event_source_url: "https://shop.example.com", custom_data: WITHOUT_WORDS }),
      ],
      skipped: [],
    },
  },
];
