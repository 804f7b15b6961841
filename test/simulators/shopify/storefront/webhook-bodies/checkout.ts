import { type Checkout, sumsOf } from "../commerce/checkout";
import { decimal } from "../commerce/money";
import type { PricedLine } from "../commerce/pricing";
import { taxHundredths } from "../commerce/pricing";
import { countryOf, SHIPPING } from "../tables/countries";
import { SHOP } from "../tables/shop";
import { shopTime } from "./instant";
import { variantTitle } from "./line-names";
import { noteAttributes } from "./note-attributes";
import { addressBody, customerBody } from "./person";
import type { Json } from "./sums";

/** checkouts/create and checkouts/update. They know neither the buyer's IP nor their user agent; sums are the shop's. */
export function checkoutBody(checkout: Checkout, storefrontUrl: string): Json {
  const { shop, presentment } = sumsOf(checkout);
  const { address, customer, origin } = checkout;
  const rate = taxHundredths({ country: checkout.country, destination: address }) / 10_000;
  return {
    token: checkout.token,
    cart_token: checkout.cartToken,
    email: checkout.email,
    gateway: null,
    buyer_accepts_marketing: false,
    buyer_accepts_sms_marketing: false,
    sms_marketing_phone: null,
    created_at: shopTime(checkout.startedAt),
    updated_at: shopTime(checkout.updatedAt),
    landing_site: origin.landing,
    note: "",
    note_attributes: noteAttributes(checkout),
    referring_site: origin.referrer,
    shipping_lines:
      checkout.shipping === null
        ? []
        : [
            {
              code: checkout.shipping,
              price: decimal(shop.shipping),
              source: "shopify",
              title: SHIPPING[checkout.shipping].title,
            },
          ],
    // An empty list, not null, is what Shopify sends where there is none.
    shipping_address: address === null ? [] : addressBody(address),
    ...(address === null ? {} : { billing_address: addressBody(address) }),
    taxes_included: false,
    total_weight: 0,
    currency: SHOP.currency,
    completed_at: checkout.completedAt === null ? null : shopTime(checkout.completedAt),
    phone: null,
    customer_locale: countryOf(checkout.country).locale,
    line_items: shop.lines.map(lineBody),
    name: `#${Number.parseInt(checkout.token.slice(0, 12), 16)}`,
    abandoned_checkout_url: `${storefrontUrl}/${SHOP.id}/checkouts/ac/${checkout.cartToken}/recover?key=${checkout.token.slice(0, 16)}`,
    discount_codes: discountCodes(checkout, shop.discount),
    tax_lines: shop.tax === 0 ? [] : [{ price: decimal(shop.tax), rate, title: "Tax", channel_liable: false }],
    presentment_currency: presentment.currency,
    source_name: "web",
    total_line_items_price: decimal(shop.gross),
    total_tax: decimal(shop.tax),
    total_discounts: decimal(shop.discount),
    subtotal_price: decimal(shop.gross - shop.discount),
    total_price: decimal(shop.total),
    total_duties: "0.00",
    device_id: null,
    user_id: null,
    location_id: null,
    source_identifier: null,
    source_url: null,
    source: null,
    closed_at: null,
    ...(customer === null ? {} : { customer: customerBody(customer, address, checkout.updatedAt) }),
  };
}

function discountCodes({ discountCode }: Checkout, cents: number): Json[] {
  return discountCode === null ? [] : [{ code: discountCode, amount: decimal(cents), type: "fixed_amount" }];
}

function lineBody(line: PricedLine): Json {
  const kind = variantTitle(line) ?? "";
  return {
    key: String(line.variant.id),
    fulfillment_service: "manual",
    gift_card: false,
    grams: 0,
    presentment_title: line.product.title,
    presentment_variant_title: kind,
    product_id: line.product.id,
    quantity: line.quantity,
    requires_shipping: true,
    sku: line.variant.sku,
    tax_lines: [],
    taxable: true,
    title: line.product.title,
    variant_id: line.variant.id,
    variant_title: kind,
    variant_price: decimal(line.unit),
    vendor: line.product.vendor,
    unit_price_measurement: {
      measured_type: null,
      quantity_value: null,
      quantity_unit: null,
      reference_value: null,
      reference_unit: null,
    },
    compare_at_price: null,
    line_price: decimal(line.gross),
    price: decimal(line.unit),
    applied_discounts: [],
    destination_location_id: null,
    user_id: null,
    rank: null,
    origin_location_id: null,
    properties: {},
  };
}
