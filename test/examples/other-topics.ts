import { customer } from "../fixtures/customer";
import * as notices from "../fixtures/notices";
import { order } from "../fixtures/order";
import type { Example } from "./example";

/** Topics that send nothing, and why. */

const enriches = [{ event: "Purchase", outcome: "skipped", reason: "enriches_only" }];

export const OTHER_TOPICS: Example[] = [
  {
    title: "a registration is off until a merchant switches it on",
    topic: "customers/create",
    in: customer(),
    out: { events: [], skipped: [{ event: "CompleteRegistration", outcome: "skipped", reason: "event_off" }] },
  },
  {
    title: "a refund is off: Meta knows none",
    topic: "refunds/create",
    in: notices.refund,
    out: { events: [], skipped: [{ event: "Refund", outcome: "skipped", reason: "event_off" }] },
  },
  {
    title: "where it is on, a refund by itself names nobody: who it was is known from its Purchase",
    topic: "refunds/create",
    in: { ...notices.refund, created_at: "2026-11-20T09:59:00Z" },
    shop: { settings: { toggles: { Refund: { browser: false, server: true } } } },
    out: { events: [], skipped: [{ event: "Refund", outcome: "skipped", reason: "no_purchase" }] },
  },
  {
    title: "a refund without its order is refused by its field",
    topic: "refunds/create",
    in: { id: 6660001 },
    out: { events: [], skipped: [{ event: "Refund", outcome: "rejected", reason: "order_id" }] },
  },
  {
    title: "orders/updated only adds to its Purchase",
    topic: "orders/updated",
    in: order(),
    out: { events: [], skipped: enriches },
  },
  {
    title: "a cancelled order takes nothing back: Meta knows no retraction",
    topic: "orders/cancelled",
    in: order({}, { cancelled_at: "2026-11-20T12:00:00Z" }),
    out: { events: [], skipped: enriches },
  },
  {
    title: "an edited order keeps the value it was first sent with",
    topic: "orders/edited",
    in: notices.orderEdit,
    out: { events: [], skipped: enriches },
  },
  {
    title: "a new product sends nothing: what it is filed under is remembered for rules",
    topic: "products/create",
    in: notices.product,
    out: { events: [], skipped: [] },
  },
  {
    title: "so it is with a changed one",
    topic: "products/update",
    in: notices.product,
    out: { events: [], skipped: [] },
  },
  {
    title: "of a deleted one it is forgotten",
    topic: "products/delete",
    in: notices.deletedProduct,
    out: { events: [], skipped: [] },
  },
  {
    title: "an uninstall is a notice, not an event",
    topic: "app/uninstalled",
    in: notices.uninstalled,
    out: { events: [], skipped: [] },
  },
  {
    title: "so are new scopes",
    topic: "app/scopes_update",
    in: notices.scopesUpdate,
    out: { events: [], skipped: [] },
  },
  {
    title: "so is a customer's request for their data",
    topic: "customers/data_request",
    in: notices.dataRequest,
    out: { events: [], skipped: [] },
  },
  {
    title: "so is a request to forget a customer",
    topic: "customers/redact",
    in: notices.customerRedact,
    out: { events: [], skipped: [] },
  },
  {
    title: "so is a request to forget a shop",
    topic: "shop/redact",
    in: notices.shopRedact,
    out: { events: [], skipped: [] },
  },
];
