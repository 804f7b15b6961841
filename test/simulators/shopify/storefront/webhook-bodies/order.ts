import { sumsOf } from "../commerce/checkout";
import { decimal } from "../commerce/money";
import type { Order } from "../commerce/order";
import type { Priced, PricedLine } from "../commerce/pricing";
import { taxHundredths } from "../commerce/pricing";
import { countryOf, SHIPPING } from "../tables/countries";
import { discountOf } from "../tables/discounts";
import { SHOP } from "../tables/shop";
import { shopTime } from "./instant";
import { lineName, variantTitle } from "./line-names";
import { noteAttributes } from "./note-attributes";
import { addressBody, customerBody } from "./person";
import { type Json, moneySet } from "./sums";

/** The online store's own number among Shopify's apps. */
const ONLINE_STORE = 580111;

/** orders/create and orders/paid carry the same body. */
export function orderBody(order: Order, storefrontUrl: string): Json {
  const { checkout, customer, placed } = order;
  const { shop, presentment } = sumsOf(checkout);
  const { origin, address } = checkout;
  const both = (pick: (priced: Priced) => number) =>
    moneySet(pick(shop), pick(presentment), presentment.currency, shop.currency);
  const rate = taxHundredths({ country: checkout.country, destination: address }) / 10_000;
  const at = shopTime(placed.placedAt);
  const lines = shop.lines.map((line, index) =>
    lineBody(order, line, presentment.lines[index] ?? line, presentment, index),
  );
  const taxLines =
    shop.tax === 0
      ? []
      : [{ price: decimal(shop.tax), rate, title: "Tax", price_set: both((sum) => sum.tax), channel_liable: false }];
  const postal = address === null ? null : addressBody(address);
  const nothing = moneySet(0, 0, presentment.currency, shop.currency);
  return {
    id: order.id,
    admin_graphql_api_id: `gid://shopify/Order/${order.id}`,
    app_id: ONLINE_STORE,
    browser_ip: origin.ip,
    buyer_accepts_marketing: false,
    cancel_reason: null,
    cancelled_at: null,
    cart_token: checkout.cartToken,
    checkout_token: checkout.token,
    client_details: {
      accept_language: origin.acceptLanguage,
      browser_height: null,
      browser_ip: origin.ip,
      browser_width: null,
      session_hash: null,
      user_agent: origin.userAgent,
    },
    closed_at: null,
    company: null,
    confirmation_number: order.token.slice(0, 9).toUpperCase(),
    confirmed: true,
    contact_email: checkout.email,
    created_at: at,
    currency: shop.currency,
    current_shipping_price_set: both((sum) => sum.shipping),
    current_subtotal_price: decimal(shop.gross - shop.discount),
    current_subtotal_price_set: both((sum) => sum.gross - sum.discount),
    current_total_additional_fees_set: null,
    current_total_discounts: decimal(shop.discount),
    current_total_discounts_set: both((sum) => sum.discount),
    current_total_duties_set: null,
    current_total_price: decimal(shop.total),
    current_total_price_set: both((sum) => sum.total),
    current_total_tax: decimal(shop.tax),
    current_total_tax_set: both((sum) => sum.tax),
    customer_locale: countryOf(checkout.country).locale,
    device_id: null,
    discount_codes:
      checkout.discountCode === null
        ? []
        : [{ code: checkout.discountCode, amount: decimal(shop.discount), type: discountType(checkout.discountCode) }],
    duties_included: false,
    email: checkout.email ?? "",
    estimated_taxes: false,
    financial_status: "paid",
    fulfillment_status: null,
    landing_site: origin.landing,
    landing_site_ref: null,
    location_id: null,
    merchant_of_record_app_id: null,
    name: placed.name,
    note: null,
    note_attributes: noteAttributes(checkout),
    number: order.number - SHOP.firstOrderNumber + 1,
    order_number: order.number,
    order_status_url: `${storefrontUrl}/${SHOP.id}/orders/${order.token}/authenticate?key=${order.statusKey}`,
    original_total_additional_fees_set: null,
    original_total_duties_set: null,
    payment_gateway_names: [placed.gateway],
    phone: null,
    po_number: null,
    presentment_currency: presentment.currency,
    processed_at: at,
    reference: null,
    referring_site: origin.referrer,
    source_identifier: null,
    source_name: "web",
    source_url: null,
    subtotal_price: decimal(shop.gross - shop.discount),
    subtotal_price_set: both((sum) => sum.gross - sum.discount),
    tags: "",
    tax_exempt: false,
    tax_lines: taxLines,
    taxes_included: false,
    test: placed.test,
    token: order.token,
    total_cash_rounding_payment_adjustment_set: nothing,
    total_cash_rounding_refund_adjustment_set: nothing,
    total_discounts: decimal(shop.discount),
    total_discounts_set: both((sum) => sum.discount),
    total_line_items_price: decimal(shop.gross),
    total_line_items_price_set: both((sum) => sum.gross),
    total_outstanding: "0.00",
    total_price: decimal(shop.total),
    total_price_set: both((sum) => sum.total),
    total_shipping_price_set: both((sum) => sum.shipping),
    total_tax: decimal(shop.tax),
    total_tax_set: both((sum) => sum.tax),
    total_tip_received: "0.00",
    total_weight: 0,
    updated_at: at,
    user_id: null,
    billing_address: postal,
    customer: customerBody(customer, address, placed.placedAt),
    discount_applications: discountApplications(checkout.discountCode, shop),
    fulfillments: [],
    line_items: lines,
    payment_terms: null,
    refunds: [],
    returns: [],
    shipping_address: postal,
    shipping_lines:
      checkout.shipping === null
        ? []
        : [
            {
              id: order.id + 900_000,
              carrier_identifier: null,
              code: checkout.shipping,
              discounted_price: decimal(shop.shipping),
              discounted_price_set: both((sum) => sum.shipping),
              is_removed: false,
              phone: null,
              price: decimal(shop.shipping),
              price_set: both((sum) => sum.shipping),
              requested_fulfillment_service_id: null,
              source: "shopify",
              title: SHIPPING[checkout.shipping].title,
              tax_lines: [],
              discount_allocations: [],
            },
          ],
  };
}

function discountType(code: string): string {
  return discountOf(code)?.kind === "percentage" ? "percentage" : "fixed_amount";
}

function discountApplications(code: string | null, shop: Priced): Json[] {
  const discount = code === null ? null : discountOf(code);
  if (discount === null) return [];
  const value =
    discount.kind === "percentage"
      ? { value: (discount.hundredths / 100).toFixed(1), value_type: "percentage" }
      : { value: decimal(shop.discount), value_type: "fixed_amount" };
  return [
    {
      target_type: "line_item",
      type: "discount_code",
      ...value,
      allocation_method: "across",
      target_selection: "all",
      code: discount.code,
    },
  ];
}

/** `shop` and `presentment`: the same line in either currency. */
function lineBody(order: Order, shop: PricedLine, presentment: PricedLine, { currency }: Priced, index: number): Json {
  const both = (pick: (line: PricedLine) => number) => moneySet(pick(shop), pick(presentment), currency, SHOP.currency);
  const id = order.id * 100 + index;
  return {
    id,
    admin_graphql_api_id: `gid://shopify/LineItem/${id}`,
    attributed_staffs: [],
    current_quantity: shop.quantity,
    fulfillable_quantity: shop.quantity,
    fulfillment_service: "manual",
    fulfillment_status: null,
    gift_card: false,
    grams: 0,
    name: lineName(shop),
    price: decimal(shop.unit),
    price_set: both((line) => line.unit),
    product_exists: true,
    product_id: shop.product.id,
    properties: [],
    quantity: shop.quantity,
    requires_shipping: true,
    sales_line_item_group_id: null,
    sku: shop.variant.sku,
    taxable: true,
    title: shop.product.title,
    // Discounts of the whole order are told as allocations, not here.
    total_discount: "0.00",
    total_discount_set: moneySet(0, 0, currency, SHOP.currency),
    variant_id: shop.variant.id,
    variant_inventory_management: "shopify",
    variant_title: variantTitle(shop),
    vendor: shop.product.vendor,
    tax_lines: shop.tax === 0 ? [] : [{ price: decimal(shop.tax), price_set: both((line) => line.tax), title: "Tax" }],
    duties: [],
    discount_allocations:
      shop.discount === 0
        ? []
        : [
            {
              amount: decimal(shop.discount),
              amount_set: both((line) => line.discount),
              discount_application_index: 0,
            },
          ],
  };
}
