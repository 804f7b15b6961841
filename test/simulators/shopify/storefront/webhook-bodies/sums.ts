import { decimal } from "../commerce/money";
import type { Currency } from "../tables/countries";

export type Json = Record<string, unknown>;

/** Shopify's `*_set`: one sum in the shop's currency and in the buyer's. */
export function moneySet(shop: number, presentment: number, currency: Currency, shopCurrency: Currency): Json {
  return {
    shop_money: { amount: decimal(shop), currency_code: shopCurrency },
    presentment_money: { amount: decimal(presentment), currency_code: currency },
  };
}
