import { z } from "zod";
import { nobody, unknownBrowser } from "../events/event";
import { checkout, checkoutStarted } from "./checkout";
import { createdCustomer, registration } from "./customer";
import { id } from "./fields";
import {
  customerRedact,
  customerRedactNotice,
  dataRequest,
  dataRequestNotice,
  notice,
  scopesUpdate,
  shopRedact,
  uninstalled,
} from "./notices";
import { order, orderEnrichment, placedOrder, purchase } from "./order";
import { plainOrder } from "./plain-order";
import { changedProduct, deletedProduct, product, productId } from "./product";
import type { Reading, ShopFacts } from "./reading";
import { refund, refunded } from "./refund";

interface TopicRow {
  /** What an unreadable body of this topic is kept as; null: it is about no event. */
  event: string | null;
  read(body: unknown, shop: ShopFacts): ReadResult;
}

export type ReadResult = { ok: true; reading: Reading } | { ok: false; field: string };

/**
 * Joins the schema of just the fields that are read with the mapping into our words. `plain` reads what it can without the
 * schema, and gives undefined for the rest.
 */
function row<Body>(
  event: string | null,
  schema: z.ZodType<Body>,
  toReading: (body: Body, shop: ShopFacts) => Reading,
  plain?: (body: unknown) => Body | undefined,
): TopicRow {
  return {
    event,
    read: (body, shop) => {
      const known = plain?.(body);
      if (known !== undefined) return { ok: true, reading: toReading(known, shop) };
      const parsed = schema.safeParse(body);
      if (parsed.success) return { ok: true, reading: toReading(parsed.data, shop) };
      return { ok: false, field: parsed.error.issues[0]?.path.join(".") || "body" };
    },
  };
}

const orderEdit = z.object({ order_edit: z.object({ order_id: id }) });

/** Of an edit nothing but its order is read: a Purchase keeps its first value. */
function nothingNew(orderId: string): Reading {
  return {
    kind: "enrichment",
    name: "Purchase",
    orderId,
    checkoutToken: null,
    cancelled: false,
    current: null,
    at: null,
    person: nobody(),
    browser: unknownBrowser(),
    landing: null,
  };
}

/** Every Shopify topic Tandem understands: one row each. Subscribed in shopify.app.toml. */
export const TOPICS = {
  "orders/create": row("Purchase", placedOrder, purchase, plainOrder),
  "orders/paid": row("Purchase", placedOrder, purchase, plainOrder),
  "orders/updated": row("Purchase", order, orderEnrichment, plainOrder),
  "orders/cancelled": row("Purchase", order, orderEnrichment, plainOrder),
  "orders/edited": row("Purchase", orderEdit, ({ order_edit }) => nothingNew(order_edit.order_id)),
  "refunds/create": row("Refund", refund, refunded),
  "checkouts/create": row("InitiateCheckout", checkout, checkoutStarted),
  "checkouts/update": row("InitiateCheckout", checkout, checkoutStarted),
  "customers/create": row("CompleteRegistration", createdCustomer, registration),
  "products/create": row(null, product, changedProduct),
  "products/update": row(null, product, changedProduct),
  "products/delete": row(null, productId, deletedProduct),
  "app/uninstalled": row(null, uninstalled, notice),
  "app/scopes_update": row(null, scopesUpdate, notice),
  "customers/data_request": row(null, dataRequest, dataRequestNotice),
  "customers/redact": row(null, customerRedact, customerRedactNotice),
  "shop/redact": row(null, shopRedact, notice),
} as const satisfies Record<string, TopicRow>;

export type Topic = keyof typeof TOPICS;

/**
 * What Tandem has asked Shopify for by itself, as rows of the outbox name it: an order that no webhook told of, and one that
 * a person wants sent though it is older than the connection. No webhook may bear these names.
 */
export const ASKED_TOPICS = ["sweep", "backfill"] as const;

export type AskedTopic = (typeof ASKED_TOPICS)[number];

/** Whether a row's topic says that Shopify was asked for the order. */
export function isAsked(topic: string): topic is AskedTopic {
  return ASKED_TOPICS.some((asked) => asked === topic);
}

/** Reads an order that was asked for: the same body, and the same event, as that of the webhook which never came. */
export const readAskedOrder = TOPICS["orders/create"].read;

const placed = z.object({ id });

/** The order that an unreadable body would have been the word on, digits; null: it is about none, or does not say which. */
export function orderOfUnreadable(topic: Topic, body: unknown): string | null {
  if (topic !== "orders/create" && topic !== "orders/paid") return null;
  return placed.safeParse(body).data?.id ?? null;
}

/** Narrows a header's or a flag's word to a topic of the table. */
export function isTopic(topic: string): topic is Topic {
  return Object.hasOwn(TOPICS, topic);
}
