import type { Context, Transaction } from "@shopify/web-pixels-extension";
import { addPaymentInfoId, initiateCheckoutId, purchaseId } from "../../../app/events/event-id";
import { EVENT_NAMES, type EventName, PIXEL_NAMES } from "../../../app/events/names";
import { publicPageUrl } from "../../../app/events/page-url";
import { type Hearsay, list, text, textLike } from "./asking";
import { digits, type EventData, factsOf, type PixelFacts } from "./facts";
import { LONGEST_URL, MOST_LINES } from "./limits";

/** Any of the events the pixel hears. */
export type Heard = Hearsay<{ id: string; clientId: string; timestamp: string; context: Context }> & {
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

/** Shopify's names of all that the pixel listens to; three steps of a checkout only tell who it is. */
export const LISTENED_TO = [
  ...Object.values(PIXEL_NAMES),
  ...["contact", "address", "shipping"].map((step) => `checkout_${step}_info_submitted`),
].filter((name) => name !== null);

/** Undefined: a test order, of which nobody is told. Ids and times have the shapes that app/sources/beacon.ts takes. */
export function readEvent(name: string, heard: Heard): Reading | undefined {
  const eventName = EVENT_NAMES.find((event) => PIXEL_NAMES[event] === name);
  const purchase = eventName === "Purchase";
  // Shopify's gateway for test orders, as shops, exports and older checkouts write it.
  const bogus = /^(\(for testing\) )?bogus([ _-]?gateway)?$/i;
  const transactions = list<Transaction>(() => heard.data.checkout.transactions);
  if (purchase && transactions.some((transaction) => textLike(bogus, () => transaction.gateway))) return undefined;
  const id = textLike(/^[\w.-]{1,64}$/, () => heard.id);
  const timestamp = textLike(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)$/, () => heard.timestamp);
  const token = textLike(/^[\w-]{1,54}$/, () => heard.data.checkout.token);
  const orderId = purchase ? digits(() => heard.data.checkout.order.id) : undefined;
  const checkoutIds: { [name in EventName]?: string | undefined } = {
    InitiateCheckout: token && initiateCheckoutId(token),
    AddPaymentInfo: token && addPaymentInfoId(token),
    Purchase: (token || orderId) && purchaseId(token || null, orderId || ""),
  };
  const href = () => heard.context.document.location.href;
  const publicUrl = (url: () => unknown) => text(() => publicPageUrl(String(url())), LONGEST_URL);
  return {
    said: {
      name,
      id,
      timestamp: timestamp && Date.parse(timestamp) ? timestamp : undefined,
      checkout_token: token,
    },
    clientId: textLike(/^[\w-]{1,64}$/, () => heard.clientId),
    orderId,
    eventName,
    eventId: eventName && (eventName in checkoutIds ? checkoutIds[eventName] : id),
    // A beacon takes 250 lines; of a Purchase the server's copy has them all.
    facts: factsOf(heard.data, purchase ? undefined : MOST_LINES),
    page: text(href, Infinity),
    url: publicUrl(href),
    referrer: publicUrl(() => heard.context.document.referrer),
  };
}
