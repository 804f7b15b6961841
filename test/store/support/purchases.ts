import type { NewEvent } from "~/store/rows";

/** A Purchase of shop 1 and dataset 1, told by its order only; needs no test around it. */
export function purchaseOf(order: number): NewEvent {
  return {
    shopId: 1,
    datasetId: 1,
    name: "Purchase",
    eventId: `purchase.o${order}`,
    purchaseOrderId: String(order),
    orderId: String(order),
    checkoutToken: null,
    customerKey: null,
    rule: null,
    topic: "orders/create",
    webhookId: `webhook-${order}`,
    actionSource: "website",
    eventTime: 1_800_000_000_000,
    receivedAt: 1_800_000_000_000,
    outcome: "waiting",
    reason: null,
    runAt: 1_800_000_000_000,
    hold: null,
    facts: "{}",
    matchKeys: "{}",
    browser: null,
    ledgered: "",
    consenting: false,
    datedByPayment: false,
    fillBrowser: null,
  };
}
