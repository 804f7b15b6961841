import { z } from "zod";
import { type Amounts, noFacts, unknownBrowser } from "../events/event";
import { initiateCheckoutId } from "../events/event-id";
import { cartSignals, noteAttributes } from "./cart-signals";
import {
  checkoutToken,
  currency,
  helpfulLongText,
  helpfulText,
  instant,
  optionalAmount,
  optionalCurrency,
  optionalPart,
} from "./fields";
import { linesOf, webhookLine } from "./lines";
import { address, customer, leadingAddress, personOf, regionOf } from "./person";
import type { EnrichmentReading, EventReading } from "./reading";

/** The fields of checkouts/create and checkouts/update that Tandem reads. They know neither IP nor user agent. */
export const checkout = z.object({
  token: checkoutToken,
  created_at: instant,
  currency,
  presentment_currency: optionalCurrency,
  total_price: optionalAmount,
  subtotal_price: optionalAmount,
  total_tax: optionalAmount,
  email: helpfulText,
  phone: helpfulText,
  billing_address: address,
  shipping_address: address,
  customer,
  landing_site: helpfulLongText,
  note_attributes: noteAttributes,
  line_items: optionalPart(z.array(webhookLine)),
});

type Checkout = z.output<typeof checkout>;

/**
 * A checkout that is known by e-mail or phone makes an InitiateCheckout, for the case that no beacon does; an anonymous
 * one only adds to what is known.
 */
export function checkoutStarted(body: Checkout): EventReading | EnrichmentReading {
  const place = leadingAddress(body.billing_address, body.shipping_address, body.customer);
  const person = personOf({
    emails: [body.email],
    phones: [body.phone],
    billing: body.billing_address,
    shipping: body.shipping_address,
    customer: body.customer,
  });
  const knowledge = {
    person,
    browser: { ...unknownBrowser(), ...cartSignals(body.note_attributes) },
    landing: body.landing_site,
  };
  if (person.email.length === 0 && person.phone.length === 0) {
    return {
      kind: "enrichment",
      name: "InitiateCheckout",
      orderId: null,
      checkoutToken: body.token,
      cancelled: false,
      current: null,
      at: null,
      ...knowledge,
    };
  }
  return {
    kind: "event",
    ...knowledge,
    skip: null,
    order: null,
    account: null,
    event: {
      name: "InitiateCheckout",
      id: initiateCheckoutId(body.token),
      time: body.created_at,
      actionSource: "website",
      checkoutToken: body.token,
      facts: {
        ...noFacts("web"),
        ...regionOf(place),
        presentment: amountsOf(body),
        lines: (body.line_items ?? []).flatMap((item) => linesOf(item, item.price ?? null)),
      },
    },
  };
}

/** Shopify does not say which of two currencies a checkout's sums are in: with two, there is no value. */
function amountsOf(body: Checkout): Amounts | null {
  const oneCurrency = (body.presentment_currency ?? body.currency) === body.currency;
  if (!oneCurrency || !body.total_price) return null;
  return {
    currency: body.currency,
    subtotal: body.subtotal_price ?? null,
    shipping: null,
    tax: body.total_tax ?? null,
    shippingTax: null,
    total: body.total_price,
  };
}
