import { abstractFetch } from "@shopify/shopify-api/runtime";
import type { AdminGraphql } from "../settings/admin-api.server";
import { openRegistry, type Registry, type Shop } from "../settings/registry.server";
import type { SweepDeps } from "../sweep/sweep.server";
import { graphqlWith, obstacleOf, sessionOf } from "./admin-session.server";
import { BadInput, type CommandContext, type ExitCode } from "./command.server";
import { type OpenStore, withStore } from "./open-store.server";

/** What a command does over the network, and how it waits. */
export interface AskingDeps {
  fetch: typeof fetch;
  wait?: SweepDeps["wait"];
}

/** The same way to Shopify as its library's. */
export const OVER_THE_NETWORK: AskingDeps = { fetch: (...asked) => abstractFetch(...asked) };

/** A shop that Shopify can be asked about. */
export interface AskableShop {
  shop: Shop;
  open: OpenStore;
  deps: SweepDeps;
}

/** Opens the store for a command that asks Shopify for a shop's orders. Where it cannot be asked, says why and answers 1. */
export async function withShopOrders(
  domain: string,
  context: CommandContext,
  asking: AskingDeps,
  work: (askable: AskableShop) => Promise<ExitCode>,
): Promise<ExitCode> {
  return withStore<ExitCode>(context, async (open) => {
    const { store, db, keyring, leaseNow } = open;
    const registry = await openRegistry({ db, keyring, version: () => store.settingsVersion() });
    const shop = shopOf(domain, registry);
    const session = await sessionOf(domain, open, context.now);
    const obstacle = obstacleOf(session, context.now());
    if (obstacle !== null || session === null || session === "unreadable") {
      context.terminal.err(`${domain}: ${obstacle}; open the app in the shop's admin, then try again`);
      return 1;
    }
    const graphql: AdminGraphql = graphqlWith(domain, session.accessToken ?? "", asking.fetch);
    const deps: SweepDeps = {
      ...{ store, registry, leaseNow, now: context.now, wait: asking.wait },
      graphqlOf: async () => graphql,
      signal: new AbortController().signal,
    };
    return work({ shop, open, deps });
  });
}

function shopOf(domain: string, registry: Registry): Shop {
  const shop = registry.shop(domain);
  if (shop === undefined) throw new BadInput("--shop", `${domain} is not connected; see: shop list`);
  if (!shop.installed) throw new BadInput("--shop", `${domain} has uninstalled the app`);
  return shop;
}
