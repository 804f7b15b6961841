import { type CountryCode, CURRENCIES, type Currency, countryOf, type ShippingHandle } from "../tables/countries";
import type { Discount } from "../tables/discounts";
import { type Article, articleOf, type Variant } from "../tables/goods";
import type { CartLine } from "./cart";
import { scaled, split } from "./money";

/** Cents throughout. */
export interface PricedLine extends Article {
  quantity: number;
  unit: number;
  /** All pieces, before any discount. */
  gross: number;
  discount: number;
  tax: number;
}

/** total = lines + shipping + tax − discount, exact to the cent. */
export interface Priced {
  currency: Currency;
  lines: PricedLine[];
  /** Of all lines, before any discount. */
  gross: number;
  discount: number;
  shipping: number;
  shippingTax: number;
  tax: number;
  total: number;
}

/** What a price hangs on beside the goods. */
export interface Terms {
  country: CountryCode;
  discount: Discount | null;
  /** Null: no address yet, so neither shipping nor tax is known. */
  destination: { provinceCode: string | null } | null;
  shipping: ShippingHandle | null;
}

const PER_HUNDREDTH_OF_A_PERCENT = 10_000;

/**
 * Prices a basket in one currency. Each currency is summed up by itself, from unit prices on, so that either column adds
 * up; only the unit prices, the shipping and a fixed discount are converted.
 */
export function price(lines: readonly CartLine[], terms: Terms, currency: Currency): Priced {
  const inCurrency = (cents: number) => converted(cents, currency);
  const bare = lines.flatMap(({ variantId, quantity }) => {
    const article = articleOf(variantId);
    if (article === null) return [];
    const unit = inCurrency(article.variant.price);
    return [{ ...article, quantity, unit, gross: unit * quantity }];
  });
  const gross = sum(bare.map((line) => line.gross));
  const discount = discountOn(gross, terms.discount, inCurrency);
  const discounts = split(
    discount,
    bare.map((line) => line.gross),
  );
  const taxRate = taxRateOf(terms);
  const priced = bare.map((line, index): PricedLine => {
    const off = discounts[index] ?? 0;
    return { ...line, discount: off, tax: scaled(line.gross - off, taxRate) };
  });
  const shipping = terms.shipping === null ? 0 : inCurrency(countryOf(terms.country).shipping[terms.shipping]);
  const shippingTax = scaled(shipping, taxRate);
  const tax = sum(priced.map((line) => line.tax)) + shippingTax;
  return {
    currency,
    lines: priced,
    gross,
    discount,
    shipping,
    shippingTax,
    tax,
    total: gross + shipping + tax - discount,
  };
}

/** Cents of the shop's currency in another one. */
export function converted(cents: number, currency: Currency): number {
  return scaled(cents, CURRENCIES[currency]);
}

/** What one piece costs a shopper of the country. */
export function unitPrice(variant: Variant, country: CountryCode): number {
  return converted(variant.price, countryOf(country).currency);
}

/** In hundredths of a percent; nothing is taxed before it is known where it goes. */
export function taxHundredths({ country, destination }: Pick<Terms, "country" | "destination">): number {
  if (destination === null) return 0;
  const { tax, taxByProvince } = countryOf(country);
  return taxByProvince[destination.provinceCode ?? ""] ?? tax;
}

function taxRateOf(terms: Terms): { numerator: number; denominator: number } {
  return { numerator: taxHundredths(terms), denominator: PER_HUNDREDTH_OF_A_PERCENT };
}

function discountOn(gross: number, discount: Discount | null, inCurrency: (cents: number) => number): number {
  if (discount === null) return 0;
  if (discount.kind === "fixed") return Math.min(gross, inCurrency(discount.cents));
  return scaled(gross, { numerator: discount.hundredths, denominator: PER_HUNDREDTH_OF_A_PERCENT });
}

function sum(cents: readonly number[]): number {
  return cents.reduce((total, amount) => total + amount, 0);
}
