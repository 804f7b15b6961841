import "@shopify/shopify-app-remix/adapters/node";
import { ApiVersion, AppDistribution, shopifyApp } from "@shopify/shopify-app-remix/server";
import { z } from "zod";
import { type ServerEnv, serverEnv } from "./env.server";
import { turns } from "./in-turn";
import { running } from "./running.server";
import type { AdminGraphql } from "./settings/admin-api.server";
import { ensureShop } from "./settings/connect.server";
import { sealedSessionStorage } from "./settings/sealed-sessions.server";

function makeShopify(env: ServerEnv) {
  const { db, store, keyring, now, pixels } = running();
  return shopifyApp({
    apiKey: env.SHOPIFY_API_KEY,
    apiSecretKey: env.SHOPIFY_API_SECRET,
    apiVersion: ApiVersion.July26,
    ...(env.SCOPES === undefined ? {} : { scopes: env.SCOPES.split(",") }),
    appUrl: env.SHOPIFY_APP_URL,
    authPathPrefix: "/auth",
    sessionStorage: sealedSessionStorage({ db, store, keyring, now }),
    distribution: AppDistribution.AppStore,
    hooks: {
      // Somebody is in the shop's admin: the app is installed. A session that is renewed without anybody says nothing of that.
      afterAuth: async ({ session, admin }) => {
        await ensureShop(store, keyring, session.shop, now());
        await pixels.welcome(session.shop, admin.graphql);
      },
    },
    // Public apps must use expiring offline tokens: https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens/offline-access-tokens
    future: { unstable_newEmbeddedAuthStrategy: true, expiringOfflineAccessTokens: true },
  });
}

type Shopify = ReturnType<typeof makeShopify>;
let made: { of: object; shopify: Shopify } | undefined;

/** Shopify's library, made on first use: the command line loads this module and has no app secret. */
export function shopify(): Shopify {
  const of = running();
  if (made?.of !== of) made = { of, shopify: makeShopify(serverEnv()) };
  return made.shopify;
}

const inTurn = turns();

/**
 * Who looks at the app, from which shop; throws Shopify's answer where nobody does. The pages of one visit load side by
 * side: the first exchanges the shop's token, the others find it, so a shop's requests take turns.
 * https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens/token-exchange
 */
export function authenticateAdmin(request: Request) {
  return inTurn(shopNameOf(request), async () => {
    const admin = await shopify().authenticate.admin(request);
    if (!isOfOneShop(admin.sessionToken)) throw new Response("The session token is of two shops.", { status: 401 });
    return admin;
  });
}

/**
 * Whether a session token was issued for the shop that it speaks of; Shopify's library checks all but this.
 * https://shopify.dev/docs/apps/build/authentication-authorization/session-tokens/set-up-session-tokens#verify-the-session-tokens-details
 */
function isOfOneShop({ iss, dest }: { iss: string; dest: string }): boolean {
  return URL.canParse(iss) && URL.canParse(dest) && new URL(iss).hostname === new URL(dest).hostname;
}

const claims = z.object({ dest: z.url() });

/** Whose turn it is: what the request claims, not what is proven. */
function shopNameOf(request: Request): string {
  const query = new URL(request.url).searchParams;
  const token = request.headers.get("authorization")?.replace(/^Bearer /, "") ?? query.get("id_token") ?? "";
  const claimed = claims.safeParse(jsonOf(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8")));
  return claimed.success ? new URL(claimed.data.dest).hostname : (query.get("shop") ?? "");
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The Admin API of a shop that nobody looks at; throws where it has no session. Its token may have to be renewed: in turn. */
export function adminGraphqlOf(domain: string): Promise<AdminGraphql> {
  return inTurn(domain, async () => (await shopify().unauthenticated.admin(domain)).admin.graphql);
}

/** The shop whose admin looks at the app, as it is now, and Shopify's Admin API for it. Throws a Response where there is none. */
export async function authenticatedShop(request: Request) {
  const { session, admin } = await authenticateAdmin(request);
  const { registry } = running();
  await registry.refresh();
  const shop = registry.shop(session.shop);
  if (shop === undefined) throw new Response("This shop is not installed.", { status: 404 });
  return { shop, graphql: admin.graphql };
}
