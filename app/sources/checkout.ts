import { z } from "zod";
import { type Amounts, unknownBrowser } from "../events/event";
import { initiateCheckoutId } from "../events/event-id";
import { amount, checkoutToken, currency, helpfulId, helpfulLongText, helpfulText, instant, quantity } from "./fields";
import { address, customer, leadingAddress, personOf, regionOf } from "./person";
import type { EnrichmentReading, EventReading } from "./reading";

const line = z.object({
  product_id: helpfulId,
  variant_id: helpfulId,
  sku: helpfulText,
  vendor: helpfulText,
  title: helpfulText,
  quantity,
  price: amount.nullish().catch(null),
});

/** The fields of checkouts/create and checkouts/update that Tandem reads. They know neither IP nor user agent. */
export const checkout = z.object({
  token: checkoutToken,
  created_at: instant,
  currency,
  presentment_currency: currency.nullish(),
  total_price: amount.nullish(),
  subtotal_price: amount.nullish(),
  total_tax: amount.nullish(),
  email: helpfulText,
  phone: helpfulText,
  billing_address: address,
  shipping_address: address,
  customer,
  landing_site: helpfulLongText,
  line_items: z.array(line).nullish(),
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
    address: place,
    customer: body.customer,
  });
  const knowledge = { person, browser: unknownBrowser(), landing: body.landing_site };
  if (person.email.length === 0 && person.phone.length === 0) {
    return {
      kind: "enrichment",
      name: "InitiateCheckout",
      orderId: null,
      checkoutToken: body.token,
      ...knowledge,
    };
  }
  return {
    kind: "event",
    ...knowledge,
    skip: null,
    event: {
      name: "InitiateCheckout",
      id: initiateCheckoutId(body.token),
      time: body.created_at,
      actionSource: "website",
      checkoutToken: body.token,
      facts: {
        ...regionOf(place),
        source: "web",
        deviceFamily: null,
        firstOrder: null,
        presentment: amountsOf(body),
        shop: null,
        lines: (body.line_items ?? [])
          .filter(({ quantity }) => quantity > 0)
          .map((item) => ({
            product: item.product_id ?? null,
            variant: item.variant_id ?? null,
            sku: item.sku,
            vendor: item.vendor,
            title: item.title,
            quantity: item.quantity,
            price: item.price ?? null,
          })),
        orderId: null,
        searchString: null,
        origin: null,
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
    total: body.total_price,
  };
}
