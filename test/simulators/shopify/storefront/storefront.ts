import type { IncomingMessage, ServerResponse } from "node:http";
import type { Webhook, WebhookRecord } from "../webhooks";
import type { PlacedOrder } from "./commerce/order";
import type { Market } from "./events/happenings";
import { renderPage } from "./pages/render";
import type { PageState } from "./pixel/page";
import { readPurposes } from "./pixel/purposes";
import { updateCart } from "./server/ajax-cart";
import { takeStep } from "./server/api";
import { appEmbed } from "./server/app-embed";
import { asset } from "./server/assets";
import { json, type Reply, readJson, send } from "./server/http";
import { openMemory } from "./server/memory";
import { openTill, Refused } from "./server/till";
import { type OpenedPage, pixelCart, visit } from "./server/visit";
import { type Visitor, visitorOf } from "./server/visitor";
import { SHOP } from "./tables/shop";

export type { PlacedOrder } from "./commerce/order";

export interface StorefrontOptions {
  /** tandem-demo.myshopify.com */
  shop: string;
  /** What the shop is called. */
  name: string;
  /** Epoch milliseconds; every time in events and webhooks comes from it. */
  now: () => number;
  /** The web pixel record's settings as of now; null: there is no record. */
  pixel: () => Readonly<Record<string, string>> | null;
  /** Path of the built pixel. */
  bundle: string;
  /** Whether the merchant has switched Tandem's app embed on in the theme editor; absent: no, as after installing. */
  cartSignals?: () => boolean;
  deliver: (webhook: Webhook) => Promise<WebhookRecord>;
  /** Origin under which shoppers see the storefront. */
  url: () => string;
}

export interface Storefront {
  /** Answers what is the storefront's; false: not its path. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<boolean>;
  /** As they came. */
  orders: readonly PlacedOrder[];
  /** Resolves when all webhooks under way were answered. */
  settled(): Promise<void>;
}

const OURS = /^\/(?:products\/|checkouts\/|cart\/|storefront-assets\/|storefront-api\/|(?:search|cart)$)/;

/** A shop that is open: pages, checkout, and a pixel manager that runs Tandem's pixel. */
export function openStorefront({
  shop,
  name,
  now,
  pixel,
  bundle,
  cartSignals = () => false,
  deliver,
  url,
}: StorefrontOptions): Storefront {
  const memory = openMemory(now());
  const till = openTill({ memory, now, url, deliver });
  const purposes = readPurposes();

  async function answer(request: IncomingMessage, target: URL): Promise<Reply> {
    const path = target.pathname + target.search;
    const [, part = "", rest = ""] = /^\/(storefront-assets|storefront-api)\/(.*)$/.exec(target.pathname) ?? [];
    if (part === "storefront-assets") return asset(rest, bundle) ?? missing();
    if (part === "storefront-api" && rest === "page") {
      const wanted = target.searchParams.get("path") ?? "/";
      return openPage(request, wanted, target.searchParams.get("referrer") ?? "", "json");
    }
    if (part === "storefront-api") return step(request, rest);
    if (target.pathname === "/cart/update.js") {
      return posted(request, (body, visitor) => updateCart(body, visitor, memory));
    }
    if (request.method !== "GET" && request.method !== "HEAD") return missing();
    return openPage(request, path, request.headers.referer ?? "", "html");
  }

  function openPage(request: IncomingMessage, path: string, linkedFrom: string, as: "html" | "json"): Reply {
    const own = [new URL(url()).host, request.headers.host];
    const referrer = URL.canParse(linkedFrom) && !own.includes(new URL(linkedFrom).host) ? linkedFrom : "";
    const visitor = visitorOf(request, { path, referrer }, memory, now());
    const market: Market = { country: visitor.country, url: url() };
    const visited = visit(path, { visitor, market, memory, till });
    if (visited.redirect !== null) {
      const { redirect } = visited;
      if (as === "json") return json(200, { redirect }, visitor.cookies);
      return { ...html(303, ""), location: redirect, cookies: visitor.cookies };
    }
    const state = stateOf(path, visitor, visited, market);
    if (as === "json") return json(visited.status, { redirect: null, state }, visitor.cookies);
    const embed = cartSignals() ? appEmbed() : "";
    return { ...html(visited.status, renderPage(visited.page, state, embed)), cookies: visitor.cookies };
  }

  function stateOf(path: string, visitor: Visitor, visited: OpenedPage, market: Market): PageState {
    const settings = pixel();
    return {
      path,
      title: `${visited.title} – ${name}`,
      now: now(),
      clientId: visitor.origin.visitorId,
      country: visitor.country,
      choices: visitor.choices,
      shop: {
        countryCode: SHOP.country,
        myshopifyDomain: shop,
        name,
        paymentSettings: { currencyCode: SHOP.currency },
        storefrontUrl: url(),
      },
      customer: null,
      cart: pixelCart(visitor, market),
      happenings: visited.happenings,
      pixel: settings === null ? null : { settings, purposes, bundle: "/storefront-assets/pixel.js" },
    };
  }

  function step(request: IncomingMessage, path: string): Promise<Reply> {
    return posted(request, (body, visitor) => {
      const market: Market = { country: visitor.country, url: url() };
      return takeStep(path, { visitor, market, body, cookies: visitor.cookies }, { memory, till });
    });
  }

  /** `take`: what a POST does and answers; null: there is no such thing. */
  async function posted(
    request: IncomingMessage,
    take: (body: unknown, visitor: Visitor) => object | null,
  ): Promise<Reply> {
    const body = request.method === "POST" ? await readJson(request) : undefined;
    if (body === undefined) return json(400, { field: "body", error: "post JSON" });
    const visitor = visitorOf(request, null, memory, now());
    const { cookies } = visitor;
    try {
      const taken = take(body, visitor);
      return taken === null ? missing() : json(200, taken, cookies);
    } catch (error) {
      if (error instanceof Refused) return json(422, { field: error.field, error: error.message }, cookies);
      throw error;
    }
  }

  return {
    async handle(request, response) {
      const target = new URL(request.url ?? "/", "http://storefront");
      // With ?shop= it is Shopify's admin that opens the app.
      const home = target.pathname === "/" && !target.searchParams.has("shop");
      if (!home && !OURS.test(target.pathname)) return false;
      send(response, await answer(request, target));
      return true;
    },
    orders: till.placed,
    settled: till.settled,
  };
}

function html(status: number, body: string): Reply {
  return { status, type: "text/html; charset=utf-8", body };
}

function missing(): Reply {
  return json(404, { error: "not found" });
}
