import { z } from "zod";
import { type AdminGraphql, askAdmin } from "./admin-api.server";

/** One of a shop's markets. https://shopify.dev/docs/api/admin-graphql/latest/objects/Market */
export interface Market {
  handle: string;
  name: string;
  /** ISO alpha-2, upper case; empty for a market that is not made of countries. */
  countries: string[];
}

const MARKETS = `#graphql
  query Markets { markets(first: 25) { nodes { id handle name } } }`;

// One by one: regions of all markets in one question would cost more than Shopify allows.
const REGIONS = `#graphql
  query MarketRegions($id: ID!) {
    market(id: $id) {
      conditions { regionsCondition { regions(first: 250) { nodes { ... on MarketRegionCountry { code } } } } }
    }
  }`;

const markets = z.object({
  data: z.object({
    markets: z.object({ nodes: z.array(z.object({ id: z.string(), handle: z.string(), name: z.string() })) }),
  }),
});

const nodes = z.array(
  z.object({
    code: z
      .string()
      .regex(/^[A-Z]{2}$/)
      .nullish(),
  }),
);

const regions = z.object({
  data: z.object({
    market: z
      .object({
        conditions: z.object({ regionsCondition: z.object({ regions: z.object({ nodes }) }).nullish() }).nullish(),
      })
      .nullable(),
  }),
});

/** The shop's markets with their countries. Throws when Shopify does not say; it wants the scope `read_markets`. */
export async function askMarkets(graphql: AdminGraphql): Promise<Market[]> {
  const found = markets.parse(await askAdmin(graphql, MARKETS)).data.markets.nodes;
  return Promise.all(
    found.map(async ({ id, handle, name }) => {
      const { market } = regions.parse(await askAdmin(graphql, REGIONS, { id })).data;
      const told = market?.conditions?.regionsCondition?.regions.nodes ?? [];
      return { handle, name, countries: told.flatMap(({ code }) => code ?? []) };
    }),
  );
}
