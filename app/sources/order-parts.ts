import { isRecord, longTextOf, type MoneySet, moneySetOf, textOf } from "./fields";

/** Parts of an order that only help: nothing in them can be refused. */

interface ClientDetails {
  browser_ip: string | null;
  user_agent: string | null;
}

export function clientDetailsOf(value: unknown): ClientDetails | null {
  return isRecord(value) ? { browser_ip: textOf(value.browser_ip), user_agent: longTextOf(value.user_agent) } : null;
}

/** The tax lines of `shipping_lines`. Null in the list: one that does not say; for the list: nothing is told of shipping. */
export function shippingTaxesOf(value: unknown): (MoneySet | null)[] | null {
  if (!Array.isArray(value)) return null;
  return value.flatMap((line) =>
    isRecord(line) && Array.isArray(line.tax_lines) ? line.tax_lines.map(taxOf) : [null],
  );
}

function taxOf(value: unknown): MoneySet | null {
  return isRecord(value) ? moneySetOf(value.price_set) : null;
}
