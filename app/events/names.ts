/**
 * Every event by Meta's name, with Shopify's web-pixel event that gives birth to it in the browser; null where no browser
 * event exists. What else there is to know of an event stands in catalog.ts, which every shopper would have to download.
 */
export const PIXEL_NAMES = {
  PageView: "page_viewed",
  ViewContent: "product_viewed",
  Search: "search_submitted",
  AddToCart: "product_added_to_cart",
  InitiateCheckout: "checkout_started",
  AddPaymentInfo: "payment_info_submitted",
  Purchase: "checkout_completed",
  CompleteRegistration: null,
} as const satisfies Record<string, string | null>;

export type EventName = keyof typeof PIXEL_NAMES;
export const EVENT_NAMES = Object.keys(PIXEL_NAMES) as EventName[];

/** Narrows a string from outside to one of them. */
export function isEventName(name: string): name is EventName {
  return Object.hasOwn(PIXEL_NAMES, name);
}
