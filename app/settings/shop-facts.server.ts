import { z } from "zod";
import type { ShopFacts } from "../store/store.server";
import type { AdminGraphql } from "./web-pixel.server";

const SHOP = `#graphql
  query ShopFacts { shop { ianaTimezone primaryDomain { host } shopAddress { countryCodeV2 } } }`;

const answered = z.object({
  data: z.object({
    shop: z.object({
      ianaTimezone: z.string(),
      primaryDomain: z.object({ host: z.string().min(1) }),
      shopAddress: z.object({
        countryCodeV2: z
          .string()
          .regex(/^[A-Z]{2}$/)
          .nullish(),
      }),
    }),
  }),
});

/** Asks Shopify where a shop stands, by which clock it lives and under which host shoppers know it. Throws when Shopify does not say. */
export async function askShopFacts(graphql: AdminGraphql): Promise<ShopFacts> {
  const { shop } = answered.parse(await (await graphql(SHOP)).json()).data;
  return {
    country: shop.shopAddress.countryCodeV2 ?? null,
    primaryDomain: shop.primaryDomain.host,
    timezone: shop.ianaTimezone,
  };
}
