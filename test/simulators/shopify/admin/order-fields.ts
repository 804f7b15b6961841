import { z } from "zod";

/** The words of an order's webhook in those of the Admin API: https://shopify.dev/docs/api/admin-graphql/2026-07/objects/Order */

type Json = Record<string, unknown>;

/** What Shopify does not tell. */
export interface Concealed {
  /** `checkoutToken` is null, though the webhook has one. */
  checkoutTokens: boolean;
  /** The app is not approved for protected customer data. */
  customers: boolean;
}

const id = z.union([z.string(), z.number()]).transform(String);
const text = z.string().nullish();

/** As much as the fields need; a fixture may leave out what Shopify never would. */
const orderBody = z.looseObject({
  id,
  checkout_token: text,
  source_name: text,
  app_id: id.nullish(),
  tags: text,
  company: z.unknown().optional(),
  test: z.boolean().nullish(),
  financial_status: text,
  cancelled_at: text,
  processed_at: text,
  created_at: text,
  updated_at: text,
  currency: z.string(),
  taxes_included: z.boolean().nullish(),
  total_price: z.union([z.string(), z.number()]).transform(String),
  total_price_set: z.unknown().optional(),
  email: text,
  contact_email: text,
  phone: text,
  customer: z.looseObject({ id: id.nullish(), email: text, phone: text, first_name: text, last_name: text }).nullish(),
  browser_ip: text,
  note_attributes: z.array(z.object({ name: z.string(), value: z.unknown().optional() })).nullish(),
  order_status_url: text,
  shipping_lines: z
    .array(z.looseObject({ tax_lines: z.array(z.looseObject({ price_set: z.unknown().optional() })).nullish() }))
    .nullish(),
  line_items: z
    .array(
      z.looseObject({
        product_id: id.nullish(),
        variant_id: id.nullish(),
        price_set: z.unknown().optional(),
        price: z.union([z.string(), z.number()]).nullish(),
      }),
    )
    .nullish(),
});

/** Everything but its customer's other orders, which the books know; null: the body tells less than an order has. */
export function orderFields(raw: unknown, concealed: Concealed): Json | null {
  const { data: body } = orderBody.safeParse(raw);
  if (body === undefined) return null;
  const created = utc(body.created_at ?? body.processed_at);
  const paidAt = utc(body.updated_at ?? body.processed_at ?? body.created_at);
  const personal = concealed.customers ? () => null : (value: unknown) => value;
  return {
    checkoutToken: concealed.checkoutTokens ? null : (body.checkout_token ?? null),
    sourceName: body.source_name ?? null,
    app: body.app_id == null ? null : { id: `gid://shopify/App/${body.app_id}` },
    tags: (body.tags ?? "").split(",").flatMap((tag) => (tag.trim() === "" ? [] : [tag.trim()])),
    purchasingEntity: body.company
      ? { __typename: "PurchasingCompany", company: { id: "gid://shopify/Company/1" } }
      : null,
    test: body.test === true,
    displayFinancialStatus: body.financial_status?.toUpperCase() ?? null,
    cancelledAt: utc(body.cancelled_at),
    processedAt: utc(body.processed_at ?? body.created_at),
    createdAt: created,
    updatedAt: utc(body.updated_at) ?? created,
    transactions: ({ first }: { first: number }) =>
      (body.financial_status === "paid" ? [{ kind: "SALE", status: "SUCCESS", processedAt: paidAt }] : []).slice(
        0,
        first,
      ),
    currencyCode: body.currency,
    taxesIncluded: body.taxes_included === true,
    totalPriceSet: moneyBag(body.total_price_set) ?? inShopMoney(body.total_price, body.currency),
    subtotalPriceSet: moneyBag(body.subtotal_price_set),
    totalShippingPriceSet: moneyBag(body.total_shipping_price_set),
    totalTaxSet: moneyBag(body.total_tax_set),
    shippingLines: page(
      (body.shipping_lines ?? []).map(({ tax_lines }) => ({
        taxLines: (tax_lines ?? []).map(({ price_set }) => ({ priceSet: moneyBag(price_set) })),
      })),
    ),
    email: personal(body.contact_email || body.email || null),
    phone: personal(body.phone ?? null),
    billingAddress: personal(address(body.billing_address)),
    shippingAddress: personal(address(body.shipping_address)),
    clientIp: personal(body.browser_ip ?? null),
    customAttributes: (body.note_attributes ?? []).map(({ name, value }) => ({ key: name, value })),
    statusPageUrl: body.order_status_url ?? "https://shop.example.com/1/orders/0/authenticate?key=none",
    lineItems: page(
      (body.line_items ?? []).map((line, index) => ({
        id: `gid://shopify/LineItem/${body.id}${index}`,
        title: line.title ?? "",
        sku: line.sku ?? null,
        vendor: line.vendor ?? null,
        quantity: line.quantity,
        product: line.product_id == null ? null : { id: `gid://shopify/Product/${line.product_id}` },
        variant: line.variant_id == null ? null : { id: `gid://shopify/ProductVariant/${line.variant_id}` },
        originalUnitPriceSet: moneyBag(line.price_set) ?? inShopMoney(String(line.price ?? "0"), body.currency),
        sellingPlan: planOf(line.selling_plan_allocation),
      })),
    ),
  };
}

/** Of a customer what the order's body says; without approval no more than who it is. */
export function customerFields(raw: unknown, concealed: Concealed): Json {
  const customer = orderBody.shape.customer.catch(null).parse((raw as Json | null)?.customer) ?? {};
  const { email, phone, first_name, last_name } = concealed.customers ? {} : customer;
  return {
    firstName: first_name ?? null,
    lastName: last_name ?? null,
    defaultEmailAddress: email ? { emailAddress: email } : null,
    defaultPhoneNumber: phone ? { phoneNumber: phone } : null,
    defaultAddress: concealed.customers ? null : address(customer.default_address),
  };
}

const plan = z.looseObject({ selling_plan: z.looseObject({ name: z.string() }) });

function planOf(allocation: unknown): Json | null {
  if (typeof allocation !== "object" || allocation === null) return null;
  const read = plan.safeParse(allocation);
  return { name: read.success ? read.data.selling_plan.name : "A plan", sellingPlanId: null };
}

const money = z.object({ amount: z.union([z.string(), z.number()]), currency_code: z.string() });
const bag = z.object({ shop_money: money, presentment_money: money });

function moneyBag(raw: unknown): Json | null {
  const read = bag.safeParse(raw);
  if (!read.success) return null;
  const { shop_money, presentment_money } = read.data;
  return { shopMoney: moneyFields(shop_money), presentmentMoney: moneyFields(presentment_money) };
}

function inShopMoney(amount: string, currency: string): Json {
  const one = moneyFields({ amount, currency_code: currency });
  return { shopMoney: one, presentmentMoney: one };
}

/** GraphQL's Decimal has as many places as it needs, and one at the least: 64.5, 58.0 */
function moneyFields({ amount, currency_code }: z.output<typeof money>): Json {
  const [whole = "0", places = ""] = String(amount).split(".");
  return { amount: `${whole}.${places.replace(/0+$/, "") || "0"}`, currencyCode: currency_code };
}

function address(raw: unknown): Json | null {
  if (typeof raw !== "object" || raw === null || Array.isArray(raw)) return null;
  const { first_name, last_name, phone, city, zip, province, province_code, country_code } = raw as Json;
  return {
    ...{ firstName: first_name, lastName: last_name, phone, city, zip, province },
    provinceCode: province_code,
    countryCodeV2: country_code,
  };
}

/** GraphQL tells instants in UTC, webhooks in the shop's own time. */
function utc(instant: string | null | undefined): string | null {
  return instant ? new Date(instant).toISOString().replace(/\.\d+Z$/, "Z") : null;
}

/** Resolves a connection: as much of a list as is asked for, from behind a cursor. */
export function page(list: readonly object[]) {
  return ({ first = 50, after }: { first?: number; after?: string | null }) => {
    const from = after == null ? 0 : Number(after);
    const to = Math.min(from + first, list.length);
    return {
      nodes: list.slice(from, to),
      pageInfo: { hasNextPage: to < list.length, endCursor: to === from ? null : String(to) },
    };
  };
}
