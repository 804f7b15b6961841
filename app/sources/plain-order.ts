import { noteAttributesOf } from "./cart-signals";
import {
  amountOf,
  checkoutTokenOf,
  currencyOf,
  flagOf,
  idOf,
  instantOf,
  isQuantity,
  isRecord,
  isThere,
  longTextOf,
  moneySetOf,
  textOf,
  wordOf,
} from "./fields";
import type { Order, OrderLine } from "./order";
import { clientDetailsOf, shippingTaxesOf } from "./order-parts";
import { addressOf, customerOf } from "./person";

/**
 * What the schema in order.ts reads of an order, in one step: orders are most of the traffic, and a schema takes several
 * times as long. Undefined as soon as something would be refused, for only the schema can say what and where.
 * test/sources/plain-order.test.ts holds the two together.
 */
export function plainOrder(body: unknown): Order | undefined {
  if (!isRecord(body)) return undefined;
  const id = idOf(body.id);
  const checkoutToken = ifThere(body.checkout_token, checkoutTokenOf);
  const processedAt = ifThere(body.processed_at, instantOf);
  const createdAt = ifThere(body.created_at, instantOf);
  const currency = currencyOf(body.currency);
  const totalPrice = amountOf(body.total_price);
  const totalPriceSet = ifThere(body.total_price_set, moneySetOf);
  const lineItems = ifThere(body.line_items, linesOf);
  if (id === undefined || checkoutToken === undefined || currency === undefined || totalPrice === undefined) return;
  if (processedAt === undefined || createdAt === undefined || !(processedAt ?? createdAt)) return;
  if (totalPriceSet === undefined || lineItems === undefined) return;
  return {
    id,
    checkout_token: checkoutToken ?? undefined,
    source_name: textOf(body.source_name),
    app_id: idOf(body.app_id),
    tags: longTextOf(body.tags),
    company: isRecord(body.company),
    test: flagOf(body.test),
    financial_status: wordOf(body.financial_status),
    cancelled_at: textOf(body.cancelled_at),
    processed_at: processedAt ?? undefined,
    created_at: createdAt ?? undefined,
    updated_at: instantOf(body.updated_at) ?? null,
    currency,
    total_price: totalPrice,
    taxes_included: flagOf(body.taxes_included),
    total_price_set: totalPriceSet,
    current_total_price_set: moneySetOf(body.current_total_price_set),
    subtotal_price_set: moneySetOf(body.subtotal_price_set),
    total_shipping_price_set: moneySetOf(body.total_shipping_price_set),
    total_tax_set: moneySetOf(body.total_tax_set),
    shipping_lines: shippingTaxesOf(body.shipping_lines),
    email: textOf(body.email),
    contact_email: textOf(body.contact_email),
    phone: textOf(body.phone),
    billing_address: addressOf(body.billing_address),
    shipping_address: addressOf(body.shipping_address),
    customer: customerOf(body.customer),
    browser_ip: textOf(body.browser_ip),
    client_details: clientDetailsOf(body.client_details),
    landing_site: longTextOf(body.landing_site),
    note_attributes: noteAttributesOf(body.note_attributes),
    order_status_url: longTextOf(body.order_status_url),
    user_id: isThere(body.user_id),
    line_items: lineItems,
  };
}

/** Null where there is nothing, undefined where what is there makes no sense. */
function ifThere<Value>(value: unknown, read: (value: unknown) => Value | null | undefined): Value | null | undefined {
  return isThere(value) ? (read(value) ?? undefined) : null;
}

function linesOf(value: unknown): OrderLine[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const lines: OrderLine[] = [];
  for (const line of value) {
    if (!isRecord(line) || !isQuantity(line.quantity)) return undefined;
    lines.push({
      sku: textOf(line.sku),
      vendor: textOf(line.vendor),
      title: textOf(line.title),
      quantity: line.quantity,
      product_id: idOf(line.product_id),
      variant_id: idOf(line.variant_id),
      price: amountOf(line.price) ?? null,
      price_set: moneySetOf(line.price_set),
      selling_plan_allocation: isRecord(line.selling_plan_allocation),
    });
  }
  return lines;
}
