import { decimal, millionths } from "./decimal";
import type { Amounts, Facts } from "./event";

/** Which part of a sum counts as an event's value. */
export const VALUE_BASES = {
  total: { label: "Order total", help: "What the customer pays, with shipping and tax." },
  subtotal: { label: "Subtotal", help: "Goods after discounts, as priced in the shop, without shipping." },
  goods: { label: "Without shipping and tax", help: "Goods after discounts, less any tax that is in their prices." },
} as const satisfies Record<string, { label: string; help: string }>;

export type ValueBasis = keyof typeof VALUE_BASES;
export const VALUE_BASIS_NAMES = Object.keys(VALUE_BASES) as ValueBasis[];

/** Whose money it is told in. */
export const VALUE_MONEYS = {
  presentment: { label: "The customer's currency", help: "What the customer saw and paid in; both legs know it." },
  shop: { label: "The shop's currency", help: "Converted by Shopify when the order was placed." },
} as const satisfies Record<string, { label: string; help: string }>;

export type ValueMoney = keyof typeof VALUE_MONEYS;
export const VALUE_MONEY_NAMES = Object.keys(VALUE_MONEYS) as ValueMoney[];

export interface ValuePolicy {
  basis: ValueBasis;
  money: ValueMoney;
}

/** What an event is worth: an exact decimal and its currency, always as a pair. */
export interface Value {
  amount: string;
  currency: string;
}

/**
 * What an event is worth to a dataset; null where that is not known. There is no default: neither a currency nor another
 * sum stands in. `shopCurrency`: null while unknown.
 */
export function eventValue(
  { presentment, shop, taxesIncluded }: Pick<Facts, "presentment" | "shop" | "taxesIncluded">,
  { basis, money }: ValuePolicy,
  shopCurrency: string | null,
): Value | null {
  // An order without `*_set` fields has only the shop's sums; a page only the customer's, which may be the shop's as well.
  const amounts = money === "presentment" ? (presentment ?? shop) : (shop ?? inCurrency(presentment, shopCurrency));
  if (amounts === null) return null;
  const amount = sumOf(amounts, basis, taxesIncluded);
  return amount === null ? null : { amount, currency: amounts.currency };
}

function inCurrency(amounts: Amounts | null, currency: string | null): Amounts | null {
  return amounts !== null && amounts.currency === currency ? amounts : null;
}

/** The whole never stands in for a part of it: a sum of which no parts are known has no subtotal. */
function sumOf(amounts: Amounts, basis: ValueBasis, taxesIncluded: boolean | null): string | null {
  if (basis === "total") return amounts.total;
  return basis === "subtotal" ? amounts.subtotal : withoutTax(amounts, taxesIncluded);
}

/** The tax on shipping is in `tax`, but not in the price of the goods. */
function withoutTax({ subtotal, tax, shippingTax }: Amounts, taxesIncluded: boolean | null): string | null {
  if (subtotal === null || taxesIncluded === null) return null;
  if (!taxesIncluded) return subtotal;
  if (tax === null || shippingTax === null) return null;
  const goodsTax = millionths(tax) - millionths(shippingTax);
  const net = millionths(subtotal) - goodsTax;
  return goodsTax < 0n || net < 0n ? null : decimal(net);
}
