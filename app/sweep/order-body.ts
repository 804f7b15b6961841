import { type AskedAddress, type AskedLines, type AskedOrder, wasPaid } from "./asked-order";

type MoneyBag = AskedOrder["totalPriceSet"];

/**
 * The body that orders/create would have had of an order, as far as GraphQL knows it, so that everything behind it is one
 * way for both. It never knows the user agent, the landing page, and whether staff were at the browser.
 * `checkoutToken`: the order's, or what is known of it from elsewhere where Shopify says none.
 */
export function orderBody(order: AskedOrder, checkoutToken: string | null = order.checkoutToken): object {
  const email = order.email ?? null;
  const buyer = order.customer ?? null;
  return {
    id: order.id,
    checkout_token: checkoutToken,
    source_name: order.sourceName,
    app_id: order.app?.id,
    tags: order.tags?.join(", "),
    company: order.purchasingEntity?.company ?? null,
    test: order.test,
    financial_status: financialStatusOf(order),
    cancelled_at: order.cancelledAt,
    processed_at: order.processedAt,
    created_at: order.createdAt,
    updated_at: paidAt(order) ?? order.updatedAt,
    currency: order.currencyCode,
    total_price: order.totalPriceSet.shopMoney.amount,
    taxes_included: order.taxesIncluded,
    total_price_set: setOf(order.totalPriceSet),
    subtotal_price_set: setOf(order.subtotalPriceSet),
    total_shipping_price_set: setOf(order.totalShippingPriceSet),
    total_tax_set: setOf(order.totalTaxSet),
    shipping_lines: shippingLinesOf(order),
    email,
    contact_email: email,
    phone: order.phone,
    billing_address: addressOf(order.billingAddress),
    shipping_address: addressOf(order.shippingAddress),
    customer: buyer && {
      id: buyer.id,
      email: buyer.defaultEmailAddress?.emailAddress,
      phone: buyer.defaultPhoneNumber?.phoneNumber,
      first_name: buyer.firstName,
      last_name: buyer.lastName,
      default_address: addressOf(buyer.defaultAddress),
    },
    browser_ip: browserIpOf(order),
    client_details: null,
    landing_site: null,
    note_attributes: order.customAttributes?.map(({ key, value }) => ({ name: key, value })),
    order_status_url: order.statusPageUrl,
    user_id: null,
    line_items: order.lineItems.nodes.map(lineOf),
  };
}

function financialStatusOf({ displayFinancialStatus: status }: AskedOrder): string | null {
  if (status === null) return null;
  return wasPaid(status) ? "paid" : status.toLowerCase();
}

/** When it was paid in full, where a dataset counts it then: a later change of the order does not date it anew. */
function paidAt({ transactions, displayFinancialStatus }: AskedOrder): string | null {
  if (!wasPaid(displayFinancialStatus)) return null;
  const payments = (transactions ?? []).filter(
    ({ kind, status }) => (kind === "SALE" || kind === "CAPTURE") && status === "SUCCESS",
  );
  return payments.at(-1)?.processedAt ?? null;
}

/** A draft's may be that of staff who opened it, which only the webhook tells. */
function browserIpOf({ clientIp, sourceName }: AskedOrder): string | null {
  return sourceName === "shopify_draft_order" ? null : (clientIp ?? null);
}

function setOf(bag: MoneyBag | null | undefined): object | null {
  if (!bag) return null;
  const { shopMoney, presentmentMoney } = bag;
  return {
    shop_money: { amount: shopMoney.amount, currency_code: shopMoney.currencyCode },
    presentment_money: { amount: presentmentMoney.amount, currency_code: presentmentMoney.currencyCode },
  };
}

/** Undefined, which says nothing of the tax on shipping, where some of it is on lines that were not told. */
function shippingLinesOf({ shippingLines }: AskedOrder): object[] | undefined {
  if (!shippingLines || shippingLines.pageInfo.hasNextPage) return undefined;
  return shippingLines.nodes.map(({ taxLines }) => ({
    tax_lines: taxLines.map(({ priceSet }) => ({ price_set: setOf(priceSet) })),
  }));
}

function addressOf(address: AskedAddress): object | null {
  if (!address) return null;
  return {
    first_name: address.firstName,
    last_name: address.lastName,
    phone: address.phone,
    city: address.city,
    zip: address.zip,
    province: address.province,
    province_code: address.provinceCode,
    country_code: address.countryCodeV2,
  };
}

function lineOf(line: AskedLines["nodes"][number]): object {
  return {
    product_id: line.product?.id,
    variant_id: line.variant?.id,
    sku: line.sku,
    vendor: line.vendor,
    title: line.title,
    quantity: line.quantity,
    price: line.originalUnitPriceSet.shopMoney.amount,
    price_set: setOf(line.originalUnitPriceSet),
    selling_plan_allocation: line.sellingPlan && { selling_plan: line.sellingPlan },
  };
}
