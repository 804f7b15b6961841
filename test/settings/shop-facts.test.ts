import { describe, expect, it } from "vitest";
import type { AdminGraphql } from "~/settings/admin-api.server";
import { askShopFacts } from "~/settings/shop-facts.server";
import { Books } from "../simulators/shopify/admin/books";
import { type AdminApi, answerGraphql } from "../simulators/shopify/admin/graphql";
import { GraphqlWeather } from "../simulators/shopify/admin/graphql-weather";
import { readDefinition } from "../simulators/shopify/admin/pixel-definition";
import type { ShopFacts } from "../simulators/shopify/admin/shop-facts";
import { WebPixels } from "../simulators/shopify/admin/web-pixels";
import { Tokens } from "../simulators/shopify/tokens";
import { heldClock } from "../support/clock";

const SHOP = "a-shop.myshopify.com";

/** The stand-in's Admin API, which reads the question by Shopify's schema. */
function standIn(facts: Partial<ShopFacts>): AdminGraphql {
  const tokens = new Tokens(heldClock().now);
  const { accessToken } = tokens.issue(SHOP, "offline", true);
  const pixels = new WebPixels(readDefinition());
  const api: AdminApi = { tokens, pixels, weather: new GraphqlWeather(), facts, books: new Books(), records: [] };
  return async (query) => {
    const answer = await answerGraphql({ shop: SHOP, accessToken, text: JSON.stringify({ query }) }, api);
    return { json: async () => JSON.parse(answer?.body ?? "") };
  };
}

describe("what Shopify says of a shop", () => {
  it("is where it stands, its clock, its host and its money", async () => {
    const facts = {
      countryCode: "CH",
      url: "https://shop.example.ch",
      timezone: "Europe/Zurich",
      currencyCode: "CHF",
      currencies: ["CHF", "EUR"],
      taxesIncluded: true,
    };
    expect(await askShopFacts(standIn(facts))).toEqual({
      country: "CH",
      primaryDomain: "shop.example.ch",
      timezone: "Europe/Zurich",
      currency: "CHF",
      currencies: ["CHF", "EUR"],
      taxesIncluded: true,
    });
  });
});
