/**
 * Event ids: what makes two copies of one conversion one conversion. Imported by the server and by the web pixel.
 *
 * - The same on every retry and on both legs: derived from Shopify's own identifiers only.
 * - No clock and no randomness, so a repeated webhook or a reloaded page cannot invent a second conversion.
 * - Checkout events hang on the checkout token, which the pixel (`checkout.token`), the order webhook (`checkout_token`)
 *   and the checkout webhook (`token`) share: https://github.com/Shopify/ui-extensions/pull/1325
 */

/** A Purchase is keyed on its checkout; an order without one (POS, renewal, API) has no browser copy, so its own id serves. */
export function purchaseId(checkoutToken: string | null, orderId: string): string {
  return checkoutToken ? purchaseIdOfCheckout(checkoutToken) : purchaseIdOfOrder(orderId);
}

/** The id of a Purchase that went through a checkout: all that a browser can know. */
export function purchaseIdOfCheckout(checkoutToken: string): string {
  return `purchase.${checkoutToken}`;
}

/** The id a Purchase falls back to when its checkout token already belongs to another order. `orderId`: digits. */
export function purchaseIdOfOrder(orderId: string): string {
  return `purchase.o${orderId}`;
}

export function initiateCheckoutId(checkoutToken: string): string {
  return `ic.${checkoutToken}`;
}

export function addPaymentInfoId(checkoutToken: string): string {
  return `api.${checkoutToken}`;
}

/** `customerId`: digits. */
export function registrationId(customerId: string): string {
  return `registration.${customerId}`;
}

/** `orderId`: digits. */
export function subscribeId(orderId: string): string {
  return `subscribe.${orderId}`;
}

/** `refundId`: digits. */
export function refundId(refundId: string): string {
  return `refund.${refundId}`;
}

/** The `n`th thing that was added to an order after its checkout, from 1. */
export function upsellId(orderId: string, n: number): string {
  return `upsell.${orderId}.${n}`;
}

/** An order that the merchant's matrix makes a custom event of. `kind`: its source or trait. */
export function customOrderId(kind: string, orderId: string): string {
  return `${kind}.${orderId}`;
}

/** Meta takes none that is longer. */
const LONGEST = 64;

/** A merchant's rule, applied to an event. Where that is too long, the end goes: what stays still tells any two events apart. */
export function ruleEventId(ruleKey: string, baseId: string): string {
  return `${ruleKey}.${baseId}`.slice(0, LONGEST);
}

/** `?` and what follows is a parameter. */
const GID = /^gid:\/\/[^?]*?(\d+)(?:\?|$)/;

/**
 * The digits of a Shopify id in any of the forms it is met in: number, numeric string, `gid://shopify/Order/1`,
 * `gid://shopify/OrderIdentity/1` (checkout surfaces), base64 of a gid. Null for anything else.
 */
export function idDigits(id: string | number | null | undefined): string | null {
  const text = String(id ?? "").trim();
  const [, digits] = /^(\d+)$/.exec(text) || GID.exec(text) || GID.exec(fromBase64(text)) || [];
  return digits || null;
}

function fromBase64(text: string): string {
  try {
    return atob(text);
  } catch {
    return "";
  }
}
