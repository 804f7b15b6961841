import { GIVEN } from "../fixtures/beacon";
import { order } from "../fixtures/order";
import type { Random } from "./random";

/** An event that a message makes, and how it has to end. */
export interface Announced {
  name: string;
  eventId: string;
  ends: "accepted" | "rejected";
}

/** What is posted to the app. A repeat is the same message, to the byte. */
export interface Message {
  to: "/webhooks" | "/collect";
  /** Shopify's topic; empty for a beacon. */
  topic: string;
  webhookId: string;
  /** Null: it only tells of an event that another message makes. */
  announces: Announced | null;
  /** The sender's clock is off by so many milliseconds. */
  skewMs: number;
  /** Made when it is first sent. `at`: ISO 8601, by the sender's clock. */
  body: (at: string, beaconKey: string, shop: string) => unknown;
}

interface ShopperOptions {
  /** How far clocks may be off. */
  mostSkewMs?: number;
}

/** An order whose sums cannot be read: it is refused on arrival, under a name of its own. */
export function unreadableMessage(random: Random): Message {
  const message = orderMessage(random, tokenOf(random));
  const eventId = `unreadable.${message.webhookId}`;
  return {
    ...message,
    announces: { name: "Purchase", eventId, ends: "rejected" },
    body: (at) => order({ at }, { currency: null, presentment_currency: null }),
  };
}

/** An order alone, as Shopify tells of it. */
export function orderMessage(
  random: Random,
  token: string,
  options: ShopperOptions = {},
  topic = "orders/create",
): Message {
  return messageOfOrder(random, token, orderId(random), options, topic);
}

/** Both topics of one order: one event. */
export function orderInBothTopics(random: Random, token: string): Message[] {
  const id = orderId(random);
  return ["orders/create", "orders/paid"].map((topic) => messageOfOrder(random, token, id, {}, topic));
}

function messageOfOrder(
  random: Random,
  token: string,
  id: number,
  { mostSkewMs = 0 }: ShopperOptions,
  topic: string,
): Message {
  return {
    to: "/webhooks",
    topic,
    webhookId: hex(random, 32),
    announces: { name: "Purchase", eventId: `purchase.${token}`, ends: "accepted" },
    skewMs: random.between(-mostSkewMs, mostSkewMs),
    body: (at) => order({ id, checkoutToken: token, at }),
  };
}

/** Somebody looks at a product, enters the checkout, pays, and an order comes of it: four events in five messages. */
export function shopperMessages(random: Random, options: ShopperOptions = {}): Message[] {
  const token = tokenOf(random);
  const beacon = (name: string, announces: Omit<Announced, "ends"> | null, id: string): Message => ({
    to: "/collect",
    topic: "",
    webhookId: "",
    announces: announces === null ? null : { ...announces, ends: "accepted" },
    skewMs: random.between(-(options.mostSkewMs ?? 0), options.mostSkewMs ?? 0),
    body: (at, key, shop) => ({
      v: 1,
      shop,
      key,
      name,
      id,
      timestamp: at,
      client_id: `visitor-${token}`,
      ...(name === "product_viewed" ? {} : { checkout_token: token }),
      consent: GIVEN,
      fbp: "fb.1.1763632800000.1234567890",
      url: "https://shop.example.com/products/tee",
      tr: "resolved",
      data: { currency: "USD", total: 64.5, lines: LINES },
    }),
  });
  const viewed = `sh-${hex(random, 24)}`;
  return [
    beacon("product_viewed", { name: "ViewContent", eventId: viewed }, viewed),
    beacon("checkout_started", { name: "InitiateCheckout", eventId: `ic.${token}` }, `sh-${hex(random, 24)}`),
    beacon("payment_info_submitted", { name: "AddPaymentInfo", eventId: `api.${token}` }, `sh-${hex(random, 24)}`),
    orderMessage(random, token, options),
    beacon("checkout_completed", null, `sh-${hex(random, 24)}`),
  ];
}

const LINES = [{ product: "9001", variant: "48001", sku: "TEE-BLK-M", title: "Tee", quantity: 2, price: 29 }];

/** So many events, or a few more. */
export function crowd(random: Random, events: number, options: ShopperOptions = {}): Message[] {
  return Array.from({ length: Math.ceil(events / EVENTS_OF_A_SHOPPER) }, () => shopperMessages(random, options)).flat();
}

const EVENTS_OF_A_SHOPPER = 4;

/** Two draws: of one, two orders of a long run would be the same. */
function orderId(random: Random): number {
  return random.between(1, 8_999_999) * 1_000_000_000 + random.between(0, 999_999_999);
}

/** The token of a checkout. */
export function tokenOf(random: Random): string {
  return hex(random, 32);
}

function hex(random: Random, digits: number): string {
  return Array.from({ length: digits }, () => random.between(0, 15).toString(16)).join("");
}
