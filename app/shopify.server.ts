import "@shopify/shopify-app-remix/adapters/node";
import { ApiVersion, AppDistribution, shopifyApp } from "@shopify/shopify-app-remix/server";
import { type ServerEnv, serverEnv } from "./env.server";
import { running } from "./running.server";
import { sealedSessionStorage } from "./settings/sealed-sessions.server";

function makeShopify(env: ServerEnv) {
  const { db, store, keyring, now } = running();
  return shopifyApp({
    apiKey: env.SHOPIFY_API_KEY,
    apiSecretKey: env.SHOPIFY_API_SECRET,
    apiVersion: ApiVersion.July26,
    ...(env.SCOPES === undefined ? {} : { scopes: env.SCOPES.split(",") }),
    appUrl: env.SHOPIFY_APP_URL,
    authPathPrefix: "/auth",
    sessionStorage: sealedSessionStorage({ db, store, keyring, now }),
    distribution: AppDistribution.AppStore,
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
