import type { Context, Transaction } from "@shopify/web-pixels-extension";
import { addPaymentInfoId, initiateCheckoutId, purchaseId } from "../../../app/events/event-id";
import { EVENT_NAMES, type EventName, PIXEL_NAMES } from "../../../app/events/names";
import { publicPageUrl } from "../../../app/events/page-url";
import { list, type Promised, text, textLike } from "./asking";
import { digits, type EventData, factsOf, type PixelFacts } from "./facts";

/** Any of the events the pixel hears. */
export type Heard = Promised<{ id: string; clientId: string; timestamp: string; context: Context }> & {
  readonly data: EventData;
};

/** One of Shopify's events, read once for both legs. */
export interface Reading {
  /** What a beacon says of it in any case, Shopify's name and id; under the names of the wire. */
  said: {
    name: string;
    id: string | undefined;
    timestamp: string | undefined;
    checkout_token: string | undefined;
  };
  clientId: string | undefined;
  orderId: string | undefined;
  /** Meta's name; undefined: it only tells more of a checkout. */
  eventName: EventName | undefined;
  /** The id both legs share; undefined: nothing may leave under one. */
  eventId: string | undefined;
  facts: PixelFacts;
  /** The page as it is, its click id included. Never leaves. */
  page: string | undefined;
  /** Page and referrer as they may leave. */
  url: string | undefined;
  referrer: string | undefined;
}

const EVENT_BY_PIXEL_NAME = new Map<string | null, EventName>(EVENT_NAMES.map((name) => [PIXEL_NAMES[name], name]));

/** Shopify's names of all that the pixel listens to; three steps of a checkout only tell who it is. */
export const LISTENED_TO = [
  ...EVENT_BY_PIXEL_NAME.keys(),
  ...["contact", "address", "shipping"].map((step) => `checkout_${step}_info_submitted`),
].filter((name) => name !== null);

/** The shapes that the server takes: app/sources/beacon.ts */
const EVENT_ID = /^[\w.-]{1,64}$/;
const CLIENT_ID = /^[\w-]{1,64}$/;
const CHECKOUT_TOKEN = /^[\w-]{1,54}$/;
const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)$/;
const LONGEST_URL = 4_096;
const MOST_LINES = 250;

/** Shopify's gateway for test orders, as shops, exports and older checkouts write it. */
const BOGUS = /^\s*(\(for testing\)\s*)?bogus([\s_-]*gateway)?\s*$/i;

/** Undefined: a test order, of which nobody is told. */
export function readEvent(name: string, heard: Heard): Reading | undefined {
  const eventName = EVENT_BY_PIXEL_NAME.get(name);
  const purchase = eventName === "Purchase";
  const transactions = list<Transaction>(() => heard.data.checkout.transactions);
  if (purchase && transactions.some((transaction) => textLike(BOGUS, () => transaction.gateway))) return undefined;
  const page = () => heard.context.document;
  const id = textLike(EVENT_ID, () => heard.id);
  const timestamp = textLike(TIMESTAMP, () => heard.timestamp);
  const token = textLike(CHECKOUT_TOKEN, () => heard.data.checkout.token);
  const orderId = purchase ? digits(() => heard.data.checkout.order.id) : undefined;
  const checkoutIds: { [name in EventName]?: string | undefined } = {
    InitiateCheckout: token && initiateCheckoutId(token),
    AddPaymentInfo: token && addPaymentInfoId(token),
    Purchase: (token || orderId) && purchaseId(token || null, orderId || ""),
  };
  const publicUrl = (url: () => unknown) => text(() => publicPageUrl(text(url, Infinity) || null), LONGEST_URL);
  return {
    said: {
      name,
      id,
      timestamp: timestamp && Date.parse(timestamp) ? timestamp : undefined,
      checkout_token: token,
    },
    clientId: textLike(CLIENT_ID, () => heard.clientId),
    orderId,
    eventName,
    eventId: eventName && (eventName in checkoutIds ? checkoutIds[eventName] : id),
    // A beacon takes 250 lines; of a Purchase the server's copy has them all.
    facts: factsOf(heard.data, purchase ? undefined : MOST_LINES),
    page: text(() => page().location.href, Infinity),
    url: publicUrl(() => page().location.href),
    referrer: publicUrl(() => page().referrer),
  };
}
