import { type Checkout, sumsOf } from "../commerce/checkout";
import { type CountryCode, countryOf } from "../tables/countries";

/** One row of a checkout's sums, ready to show. */
export interface SumRow {
  label: string;
  value: string;
  strong?: true;
}

/** Money as a shopper of the country reads it. */
export function formatted(cents: number, country: CountryCode): string {
  const { locale, currency } = countryOf(country);
  return new Intl.NumberFormat(locale, { style: "currency", currency }).format(cents / 100);
}

export function sumRows(checkout: Checkout): SumRow[] {
  const { presentment: sums } = sumsOf(checkout);
  const shown = (cents: number) => formatted(cents, checkout.country);
  const discount = { label: `Discount ${checkout.discountCode ?? ""}`, value: `−${shown(sums.discount)}` };
  return [
    { label: "Subtotal", value: shown(sums.gross) },
    ...(sums.discount === 0 ? [] : [discount]),
    { label: "Shipping", value: checkout.shipping === null ? "Next step" : shown(sums.shipping) },
    { label: "Tax", value: checkout.address === null ? "Next step" : shown(sums.tax) },
    { label: "Total", value: shown(sums.total), strong: true },
  ];
}
