import { z } from "zod";
import type { ShopFacts } from "../store/store.server";
import { type AdminGraphql, askAdmin } from "./admin-api.server";

const SHOP = `#graphql
  query ShopFacts {
    shop {
      ianaTimezone
      primaryDomain { host }
      shopAddress { countryCodeV2 }
      currencyCode
      enabledPresentmentCurrencies
      taxesIncluded
    }
  }`;

const currencyCode = z.string().regex(/^[A-Z]{3}$/);

const answered = z.object({
  data: z.object({
    shop: z.object({
      ianaTimezone: z.string().nullable().transform(knownZone),
      primaryDomain: z.object({ host: z.string().min(1) }),
      shopAddress: z.object({
        countryCodeV2: z
          .string()
          .regex(/^[A-Z]{2}$/)
          .nullish(),
      }),
      // What is odd in here must not cost the rest.
      currencyCode: currencyCode.nullish().catch(null),
      enabledPresentmentCurrencies: z.array(currencyCode).max(500).nullish().catch(null),
      taxesIncluded: z.boolean().nullish().catch(null),
    }),
  }),
});

/** Null for a zone that this Node has never heard of: dates could not be written in it. */
function knownZone(name: string | null): string | null {
  try {
    return name === null ? null : new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone && name;
  } catch {
    return null;
  }
}

/**
 * Asks Shopify where a shop stands, by which clock it lives, under which host shoppers know it and what money it takes.
 * Throws when Shopify does not say.
 */
export async function askShopFacts(graphql: AdminGraphql): Promise<ShopFacts> {
  const { shop } = answered.parse(await askAdmin(graphql, SHOP)).data;
  return {
    country: shop.shopAddress.countryCodeV2 ?? null,
    primaryDomain: shop.primaryDomain.host,
    timezone: shop.ianaTimezone,
    currency: shop.currencyCode ?? null,
    currencies: shop.enabledPresentmentCurrencies ?? null,
    taxesIncluded: shop.taxesIncluded ?? null,
  };
}
