import type { LoaderFunctionArgs } from "@remix-run/node";
import type { MarketsAnswer } from "../components/policy/markets";
import { isSignIn, wordsOfFailure } from "../settings/admin-api.server";
import { askMarkets } from "../settings/markets.server";
import { authenticatedShop } from "../shopify.server";

/** The shop's markets, for whoever wants to choose among them. */
export async function loader({ request }: LoaderFunctionArgs): Promise<MarketsAnswer> {
  const { graphql } = await authenticatedShop(request);
  try {
    return { markets: await askMarkets(graphql), fault: null };
  } catch (error) {
    if (isSignIn(error)) throw error;
    return { markets: [], fault: wordsOfFailure(error) };
  }
}
