import { order } from "../fixtures/order";
import { type Example, seconds } from "./example";
import { HASHED_BUYERS, offlinePurchase, webPurchase } from "./parts";

/** When it happened, and what Meta no longer or not yet takes. */
export const TIMES: Example[] = [
  {
    title: "processed_at is when it happened; the shop's offset is understood",
    topic: "orders/create",
    in: order({ country: "AU" }, { processed_at: "2026-11-20T04:30:00-05:00", created_at: "2026-11-20T09:58:00Z" }),
    out: {
      events: [webPurchase(HASHED_BUYERS.AU, { event_time: seconds("2026-11-20T09:30:00Z") })],
      skipped: [],
    },
  },
  {
    title: "without processed_at it is created_at",
    topic: "orders/create",
    in: order({ country: "AU", at: "2026-11-20T09:12:00Z" }, { processed_at: null }),
    out: {
      events: [webPurchase(HASHED_BUYERS.AU, { event_time: seconds("2026-11-20T09:12:00Z") })],
      skipped: [],
    },
  },
  {
    title: "an order without any time is refused by its field",
    topic: "orders/create",
    in: order({}, { processed_at: null, created_at: null }),
    out: { events: [], skipped: [{ event: "Purchase", outcome: "rejected", reason: "processed_at" }] },
  },
  {
    title: "a clock up to a minute ahead is taken for now",
    topic: "orders/create",
    in: order({ country: "AU", at: "2026-11-20T10:00:40Z" }),
    now: "2026-11-20T10:00:00Z",
    out: {
      events: [webPurchase(HASHED_BUYERS.AU, { event_time: seconds("2026-11-20T10:00:00Z") })],
      skipped: [],
    },
  },
  {
    title: "an order dated more than a quarter of an hour ahead is refused",
    topic: "orders/create",
    in: order({ country: "AU", at: "2026-11-20T10:15:01Z" }),
    now: "2026-11-20T10:00:00Z",
    out: { events: [], skipped: [{ event: "Purchase", outcome: "rejected", reason: "event_time_in_future" }] },
  },
  {
    title: "an order older than seven days comes too late",
    topic: "orders/create",
    in: order({ at: "2026-11-13T09:59:59Z" }),
    now: "2026-11-20T10:00:00Z",
    out: { events: [], skipped: [{ event: "Purchase", outcome: "expired", reason: "too_late" }] },
  },
  {
    title: "a till's order of 62 days ago is still taken",
    topic: "orders/create",
    in: order({ checkoutToken: null, sourceName: "pos", at: "2026-09-19T10:00:00Z" }),
    shop: { country: "US" },
    now: "2026-11-20T10:00:00Z",
    out: {
      events: [offlinePurchase("physical_store", HASHED_BUYERS.US, { event_time: seconds("2026-09-19T10:00:00Z") })],
      skipped: [],
    },
  },
  {
    title: "an older one is not",
    topic: "orders/create",
    in: order({ checkoutToken: null, sourceName: "pos", at: "2026-09-19T09:59:59Z" }),
    now: "2026-11-20T10:00:00Z",
    out: { events: [], skipped: [{ event: "Purchase", outcome: "expired", reason: "too_late" }] },
  },
];
