import { order } from "../fixtures/order";
import { DATASET, type Example, seconds } from "./example";
import { HASHED_BUYERS, webPurchase } from "./parts";

/** When an order counts: as it is placed, or, for cash on delivery and bank transfer, as it is paid. */

const AT_PAYMENT = { settings: { datasets: { [DATASET]: { trigger: "payment" as const } } } };
const skipped = (reason: string) => ({ events: [], skipped: [{ event: "Purchase", outcome: "skipped", reason }] });

export const PAYMENT: Example[] = [
  {
    title: "an order that is yet to be paid counts all the same: it was placed",
    topic: "orders/create",
    in: order({ country: "AU" }, { financial_status: "pending" }),
    out: { events: [webPurchase(HASHED_BUYERS.AU)], skipped: [] },
  },
  {
    title: "a dataset that counts at payment waits for it",
    topic: "orders/create",
    in: order({ country: "AU" }, { financial_status: "pending", updated_at: "2026-11-20T09:58:00Z" }),
    shop: AT_PAYMENT,
    out: skipped("awaiting_payment"),
  },
  {
    title: "part of a payment is none",
    topic: "orders/paid",
    in: order({ country: "AU" }, { financial_status: "partially_paid" }),
    shop: AT_PAYMENT,
    out: skipped("awaiting_payment"),
  },
  {
    title: "once it is paid the Purchase is dated by the payment, under the id of the order",
    topic: "orders/paid",
    in: order({ country: "AU" }, { updated_at: "2026-11-20T09:59:30Z" }),
    shop: AT_PAYMENT,
    out: {
      events: [webPurchase(HASHED_BUYERS.AU, { event_time: seconds("2026-11-20T09:59:30Z") })],
      skipped: [],
    },
  },
  {
    title: "an order that is paid as it is placed is so as well",
    topic: "orders/create",
    in: order({ country: "AU" }, { updated_at: "2026-11-20T09:58:02Z" }),
    shop: AT_PAYMENT,
    out: {
      events: [webPurchase(HASHED_BUYERS.AU, { event_time: seconds("2026-11-20T09:58:02Z") })],
      skipped: [],
    },
  },
  {
    title: "an order that was voided before it was sent is not sent",
    topic: "orders/create",
    in: order({ country: "AU" }, { financial_status: "voided" }),
    out: skipped("cancelled"),
  },
  {
    title: "nor is one that was cancelled, paid or not",
    topic: "orders/paid",
    in: order({ country: "AU" }, { cancelled_at: "2026-11-20T09:59:00Z" }),
    out: skipped("cancelled"),
  },
  {
    title: "the payment of an order from before the dataset was connected is not told: somebody else may have",
    topic: "orders/paid",
    in: order({ country: "AU", at: "2026-11-20T08:59:59Z" }),
    shop: {},
    out: skipped("before_connection"),
  },
  {
    title: "a new order is never measured against that: Shopify only just made it",
    topic: "orders/create",
    in: order({ country: "AU", at: "2026-11-20T08:59:59Z" }),
    shop: {},
    out: {
      events: [webPurchase(HASHED_BUYERS.AU, { event_time: seconds("2026-11-20T08:59:59Z") })],
      skipped: [],
    },
  },
];
