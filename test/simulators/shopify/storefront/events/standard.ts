import type { PixelEvents } from "@shopify/web-pixels-extension";

/** The standard events that the storefront publishes; names and shapes are Shopify's. */
export const STANDARD_EVENTS = [
  "page_viewed",
  "product_viewed",
  "search_submitted",
  "product_added_to_cart",
  "product_removed_from_cart",
  "cart_viewed",
  "checkout_started",
  "checkout_contact_info_submitted",
  "checkout_address_info_submitted",
  "checkout_shipping_info_submitted",
  "payment_info_submitted",
  "checkout_completed",
] as const satisfies (keyof PixelEvents)[];

export type StandardEventName = (typeof STANDARD_EVENTS)[number];

/** What happened on a page, before it has an envelope. */
export type Happening = {
  [name in StandardEventName]: { name: name; data: PixelEvents[name]["data"] };
}[StandardEventName];
