import { z } from "zod";
import { idDigits } from "../events/event-id";

/**
 * Orders as the Admin API tells them. What an event cannot do without (id, money, time, lines) must be as Shopify describes
 * it; what only helps may be missing: of shoppers' data Shopify gives null to an app that it has not approved for it.
 */

const id = z.string().transform((gid, context): string => {
  const digits = idDigits(gid);
  if (digits !== null) return digits;
  context.addIssue({ code: "custom", message: "must be an id" });
  return z.NEVER;
});

/** Null, too, where it makes no sense. */
function helpful<Output>(schema: z.ZodType<Output>) {
  return schema.nullish().catch(null);
}

const text = helpful(z.string());
const money = z.object({ amount: z.string(), currencyCode: z.string() });
const moneyBag = z.object({ shopMoney: money, presentmentMoney: money });
const named = helpful(z.object({ id: z.string() }));

const address = helpful(
  z.object({
    firstName: text,
    lastName: text,
    phone: text,
    city: text,
    zip: text,
    province: text,
    provinceCode: text,
    countryCodeV2: text,
  }),
);

export type AskedAddress = z.output<typeof address>;

const pageInfo = z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() });

export const lines = z.object({
  pageInfo,
  nodes: z.array(
    z.object({
      title: text,
      sku: text,
      vendor: text,
      quantity: z.number().int(),
      product: named,
      variant: named,
      originalUnitPriceSet: moneyBag,
      sellingPlan: helpful(z.object({ name: text })),
    }),
  ),
});

export type AskedLines = z.output<typeof lines>;

export const askedOrder = z.object({
  id,
  checkoutToken: z.string().nullable(),
  sourceName: text,
  app: named,
  tags: helpful(z.array(z.string())),
  purchasingEntity: helpful(z.object({ company: z.object({ id: z.string() }).optional() })),
  test: z.boolean(),
  displayFinancialStatus: z.string().nullable(),
  cancelledAt: z.string().nullable(),
  processedAt: z.string(),
  createdAt: z.string(),
  updatedAt: text,
  transactions: helpful(
    z.array(z.object({ kind: z.string(), status: z.string(), processedAt: z.string().nullable() })),
  ),
  currencyCode: z.string(),
  taxesIncluded: helpful(z.boolean()),
  totalPriceSet: moneyBag,
  subtotalPriceSet: helpful(moneyBag),
  totalShippingPriceSet: helpful(moneyBag),
  totalTaxSet: helpful(moneyBag),
  shippingLines: helpful(
    z.object({
      pageInfo: z.object({ hasNextPage: z.boolean() }),
      nodes: z.array(z.object({ taxLines: z.array(z.object({ priceSet: moneyBag })) })),
    }),
  ),
  email: text,
  phone: text,
  billingAddress: address,
  shippingAddress: address,
  customer: helpful(
    z.object({
      id: z.string(),
      firstName: text,
      lastName: text,
      defaultEmailAddress: helpful(z.object({ emailAddress: text })),
      defaultPhoneNumber: helpful(z.object({ phoneNumber: text })),
      defaultAddress: address,
    }),
  ),
  clientIp: text,
  customAttributes: helpful(z.array(z.object({ key: z.string(), value: z.string().nullable() }))),
  statusPageUrl: text,
  lineItems: lines,
});

export type AskedOrder = z.output<typeof askedOrder>;

/** Of an answer in which an order cannot be read at least which order it is. */
export const identified = z.object({ id });

const instant = z.iso.datetime({ offset: true }).transform(Date.parse);

/** An order of the list: when it was written and dated, epoch milliseconds. */
export const listedOrder = z.object({
  id,
  createdAt: instant,
  processedAt: instant,
  sourceName: text,
  test: z.boolean(),
  cancelledAt: z.string().nullable(),
  displayFinancialStatus: text,
});

export type ListedOrder = z.output<typeof listedOrder>;

/** Whether an order that waits to be paid for was. */
export const payment = z.object({ id, displayFinancialStatus: text });

/** What was paid back since was paid before. */
const WERE_PAID: readonly string[] = ["PAID", "PARTIALLY_REFUNDED", "REFUNDED"];

/** Whether an order was paid in full; without a word of Shopify's it was not. */
export function wasPaid(displayFinancialStatus: string | null | undefined): boolean {
  return displayFinancialStatus != null && WERE_PAID.includes(displayFinancialStatus);
}

/** A page of the list; an order of it that cannot be read keeps none of the others from being read. */
export const listPage = z.object({ pageInfo, nodes: z.array(z.unknown()) });
