import type { IncomingMessage, ServerResponse } from "node:http";
import { type AdminApi, adminApiPath, answerGraphql } from "./admin/graphql";
import { shellPage } from "./admin/shell";
import { type Answer, bodyOf, json, send, words } from "./http";
import { forward } from "./proxy";
import { mintSessionToken } from "./session-token";
import { answerTokenRequest, type TokenDesk } from "./token-endpoint";
import type { WebhookRecord } from "./webhook-delivery";

/** The shop's own pages, where somebody plays them. */
export interface Storefront {
  /** True when it has answered, or will. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<boolean>;
}

export interface Shopify {
  /** Where the app listens. */
  appAt: () => string;
  shop: string;
  now: () => number;
  desk: TokenDesk;
  api: AdminApi;
  webhooks: WebhookRecord[];
  storefront: Storefront | null;
  /** /stand-in/<name> → what it answers. */
  assets: ReadonlyMap<string, Answer>;
}

/** Shopify's own paths first, then the shop's pages, then the app. */
export async function answer(request: IncomingMessage, response: ServerResponse, shopify: Shopify): Promise<void> {
  const url = new URL(request.url ?? "/", "http://stand-in");
  const own = ownRoute(url, request, shopify);
  if (own !== undefined) {
    const reply = await own;
    if (reply !== null) send(response, reply);
    return;
  }
  const opensApp = url.pathname === "/" && url.searchParams.has("shop");
  if (!opensApp && (await shopify.storefront?.handle(request, response))) return;
  await forward(request, response, shopify.appAt());
}

/** Undefined: not one of Shopify's paths. Null: no answer at all. */
function ownRoute(url: URL, request: IncomingMessage, shopify: Shopify): Promise<Answer | null> | Answer | undefined {
  const { pathname } = url;
  const get = request.method === "GET" || request.method === "HEAD";
  const { webhooks, api, desk } = shopify;
  if (pathname === "/record" && get) return json({ webhooks, graphql: api.records });
  if (pathname === "/admin/oauth/access_token") {
    return post(request, async () => answerTokenRequest(await bodyOf(request), shopOf(request, shopify), desk));
  }
  const version = adminApiPath(pathname);
  if (version === "unknown version") return json({ errors: "Not Found" }, 404);
  if (version === "known") {
    return post(request, async () =>
      answerGraphql(
        {
          shop: shopOf(request, shopify),
          accessToken: String(request.headers["x-shopify-access-token"]),
          text: await bodyOf(request),
        },
        api,
      ),
    );
  }
  if (pathname === "/admin" || pathname.startsWith("/admin/")) return get ? shellPage(url, shopify) : NOT_ALLOWED;
  if (pathname === "/stand-in/session-token") return sessionToken(url, request, shopify);
  return shopify.assets.get(pathname);
}

const NOT_ALLOWED = words("method not allowed\n", 405);

function post(request: IncomingMessage, reply: () => Promise<Answer | null>): Promise<Answer | null> | Answer {
  return request.method === "POST" ? reply() : NOT_ALLOWED;
}

/** Told by preload.mjs: here, every shop has the same origin. */
function shopOf({ headers }: IncomingMessage, { shop }: Shopify): string {
  const told = headers["x-stand-in-shop"];
  return typeof told === "string" ? told : shop;
}

/** What the admin hands to App Bridge, and to no other site. */
function sessionToken(url: URL, { headers }: IncomingMessage, { desk, shop, now }: Shopify): Answer {
  const site = headers["sec-fetch-site"];
  if (site !== undefined && site !== "same-origin") return words("for the admin only\n", 403);
  const key = url.searchParams.get("key");
  if (key !== desk.app.key) return words(`no app has the key ${key}\n`, 404);
  const token = mintSessionToken(desk.app, url.searchParams.get("shop") ?? shop, { now: now() });
  return { status: 200, headers: { "content-type": "text/plain", "cache-control": "no-store" }, body: token };
}
