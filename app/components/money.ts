import { decimal } from "../events/decimal";

/** A sum with its currency, as it is written in English. `amount`: an exact decimal. */
export function moneyText(amount: string, currency: string): string {
  return new Intl.NumberFormat("en", { style: "currency", currency, currencyDisplay: "code" }).format(Number(amount));
}

/** The same of millionths of the shop's currency; where that is not known, without. */
export function sumText(millionths: number, currency: string | null): string {
  const amount = decimal(BigInt(millionths));
  return currency === null ? amount : moneyText(amount, currency);
}
