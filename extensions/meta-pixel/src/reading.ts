import type { Context, Transaction } from "@shopify/web-pixels-extension";
import {
  addPaymentInfoId,
  initiateCheckoutId,
  purchaseIdOfCheckout,
  purchaseIdOfOrder,
} from "../../../app/events/event-id";
import { PIXEL_EVENT_NAMES, PIXEL_NAMES, type PixelEventName } from "../../../app/events/names";
import { publicPageUrl } from "../../../app/events/page-url";
import { ask, type Hearsay, list, text, textLike } from "./asking";
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
    checkout_token?: string | undefined;
  };
  /** Of whom and where, as it may leave; under the names of the wire. */
  visit: {
    /** Shopify's id of the visitor. */
    client_id: string | undefined;
    url: string | undefined;
    referrer: string | undefined;
  };
  order_id: string | undefined;
  /** Meta's name; undefined: it only tells more of a checkout. */
  ev: PixelEventName | undefined;
  /** The id both legs share; undefined: nothing may leave under one. */
  eid: string | undefined;
  facts: PixelFacts;
  /** The page as it is, its click id included. Never leaves. */
  page: unknown;
}

/** Shopify's names of all that the pixel listens to; three steps of a checkout only tell who it is. */
export const LISTENED_TO = [
  ...Object.values(PIXEL_NAMES),
  ...["contact", "address", "shipping"].map((step) => `checkout_${step}_info_submitted`),
];

/** Undefined: a test order, of which nobody is told. Ids and times have the shapes that app/sources/beacon.ts takes. */
export function readEvent(name: string, heard: Heard): Reading | undefined {
  const ev = PIXEL_EVENT_NAMES.find((event) => PIXEL_NAMES[event] === name);
  const purchase = ev === "Purchase";
  // Shopify's gateway for test orders, as shops, exports and older checkouts write it.
  const bogus = /^(\(for testing\) )?bogus(.?gateway)?$/i;
  const transactions = list<Transaction>(() => heard.data.checkout.transactions);
  if (purchase && transactions.some((transaction) => textLike(bogus, () => transaction.gateway))) return undefined;
  const id = textLike(/^[\w.-]{1,64}$/, () => heard.id);
  // Only what tells its offset says when it was.
  const timestamp = text(() => new Date(textLike(/^\d{4}-.+T.+[Z+-]/, () => heard.timestamp) || "").toISOString());
  const token = textLike(/^[\w-]{1,54}$/, () => heard.data.checkout.token);
  const order_id = purchase ? digits(() => heard.data.checkout.order.id) : undefined;
  const checkoutIds: { [name in PixelEventName]?: string | undefined } = {
    InitiateCheckout: token && initiateCheckoutId(token),
    AddPaymentInfo: token && addPaymentInfoId(token),
    Purchase: token ? purchaseIdOfCheckout(token) : order_id && purchaseIdOfOrder(order_id),
  };
  const href = () => heard.context.document.location.href;
  const publicUrl = (url: () => unknown) => text(() => publicPageUrl(url() as string), LONGEST_URL);
  return {
    said: { name, id, timestamp, checkout_token: token },
    visit: {
      client_id: textLike(/^[\w-]{1,64}$/, () => heard.clientId),
      url: publicUrl(href),
      referrer: publicUrl(() => heard.context.document.referrer),
    },
    order_id,
    ev,
    eid: ev && (ev in checkoutIds ? checkoutIds[ev] : id),
    // A beacon takes 250 lines; of a Purchase the server's copy has them all, and so has the browser's.
    facts: factsOf(heard.data, purchase ? undefined : MOST_LINES),
    page: ask(href),
  };
}
