/**
 * Every event by Meta's name that Shopify's web pixel sees, with Shopify's name for it. What else there is to know of an
 * event stands in catalog.ts, which every shopper would have to download.
 */
export const PIXEL_NAMES = {
  PageView: "page_viewed",
  ViewContent: "product_viewed",
  Search: "search_submitted",
  AddToCart: "product_added_to_cart",
  InitiateCheckout: "checkout_started",
  AddPaymentInfo: "payment_info_submitted",
  Purchase: "checkout_completed",
} as const satisfies Record<string, string>;

export type PixelEventName = keyof typeof PIXEL_NAMES;
export const PIXEL_EVENT_NAMES = Object.keys(PIXEL_NAMES) as PixelEventName[];

/** Events that no browser sees. */
const SERVER_NAMES = ["CompleteRegistration", "Subscribe", "Upsell", "Refund"] as const;

/** An event with a row in the catalog; a merchant's own rules and matrix make others, under names of their own. */
export type EventName = PixelEventName | (typeof SERVER_NAMES)[number];
export const EVENT_NAMES: EventName[] = /* @__PURE__ */ [PIXEL_EVENT_NAMES, SERVER_NAMES].flat();

/** Narrows a string from outside to one of them. */
export function isEventName(name: string): name is EventName {
  return isPixelEventName(name) || SERVER_NAMES.some((known) => known === name);
}

/** Narrows an event to one that has a browser leg. */
export function isPixelEventName(name: string): name is PixelEventName {
  return Object.hasOwn(PIXEL_NAMES, name);
}
