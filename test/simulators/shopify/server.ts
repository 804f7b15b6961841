import { createServer } from "node:http";
import type { Duplex } from "node:stream";
import { APP_PAGE } from "./admin/addresses";
import { buildAssets } from "./admin/assets";
import { Books } from "./admin/books";
import type { AdminApi, GraphqlRecord } from "./admin/graphql";
import { GraphqlWeather } from "./admin/graphql-weather";
import { readDefinition } from "./admin/pixel-definition";
import type { ShopFacts } from "./admin/shop-facts";
import { type WebPixel, WebPixels } from "./admin/web-pixels";
import { listen, send, shut, words } from "./http";
import { forwardUpgrade } from "./proxy";
import { answer, type Shopify, type Storefront } from "./routes";
import { filings } from "./storefront/tables/goods";
import type { Exchange, Refresh, TokenDesk } from "./token-endpoint";
import { Tokens } from "./tokens";
import { deliverWebhook, type Webhook, type WebhookRecord } from "./webhook-delivery";

export interface ShopifyOptions {
  /** Where the app listens; a function, where the app is to start after its proxy. */
  app: string | (() => string);
  shop: string;
  /** The app's secret and key. */
  secret: string;
  key?: string;
  /** 0 or absent: a free one. */
  port?: number;
  /** Epoch milliseconds: when tokens begin and end. */
  now?: () => number;
  /** Who answers for the shop's own pages. */
  storefront?: Storefront;
  /** Webhooks that the shop makes and nobody ever gets; absent: none. */
  lost?: (webhook: Webhook) => boolean;
  /** What the Admin API tells of the shop, where it matters. */
  facts?: Partial<ShopFacts>;
}

export interface ShopifyStandIn {
  /** `http://127.0.0.1:<port>`: the app's public address, and SHOPIFY_STAND_IN for preload.mjs. */
  origin: string;
  /** The app's page in the shop's admin. */
  adminUrl: string;
  webhooks: WebhookRecord[];
  graphql: GraphqlRecord[];
  exchanges: Exchange[];
  refreshes: Refresh[];
  /** Scripted faults of the Admin API. */
  graphqlWeather: GraphqlWeather;
  /** What the shop has and has sold, as the Admin API tells it; webhooks that are delivered are entered by themselves. */
  books: Books;
  /** The web pixel's record as of now. */
  pixel(shop?: string): WebPixel | null;
  /** Signs and posts a webhook and, as Shopify does, repeats it until it is answered 2xx or given up. */
  deliver(webhook: Webhook): Promise<WebhookRecord>;
  close(): Promise<void>;
}

/** Shopify as far as the app sees it, on 127.0.0.1: the admin around the app, its APIs, and webhooks. */
export async function startShopify({
  app,
  shop,
  secret,
  key = "demo-key",
  port = 0,
  now = Date.now,
  storefront,
  lost = () => false,
  facts = {},
}: ShopifyOptions): Promise<ShopifyStandIn> {
  const appAt = typeof app === "string" ? () => app : app;
  const tokens = new Tokens(now);
  const weather = new GraphqlWeather();
  const desk: TokenDesk = { app: { key, secret }, tokens, now, exchanges: [], refreshes: [] };
  const books = new Books(filings());
  const api: AdminApi = { tokens, pixels: new WebPixels(readDefinition()), weather, facts, books, records: [] };
  const webhooks: WebhookRecord[] = [];
  const assets = await buildAssets();
  const shopify: Shopify = { appAt, shop, now, desk, api, webhooks, storefront: storefront ?? null, assets };

  const sockets = new Set<Duplex>();
  const server = createServer((request, response) => {
    answer(request, response, shopify).catch((error) => {
      if (response.headersSent) response.destroy();
      else send(response, words(`The stand-in failed: ${error?.stack ?? error}\n`, 500));
    });
  });
  server.on("upgrade", (request, socket, head) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    forwardUpgrade(request, socket, head, appAt());
  });
  const origin = await listen(server, port);
  return {
    origin,
    adminUrl: `${origin}${APP_PAGE}`,
    webhooks,
    graphql: api.records,
    exchanges: desk.exchanges,
    refreshes: desk.refreshes,
    graphqlWeather: weather,
    books,
    pixel: (of = shop) => api.pixels.of(of),
    deliver: async (webhook) => {
      books.enter(webhook.topic, webhook.body, webhook.shop ?? shop);
      if (lost(webhook)) return { topic: webhook.topic, id: webhook.id, order: webhook.order ?? null, answers: [] };
      return deliverWebhook(webhook, { app: appAt(), shop, secret, records: webhooks });
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
      return shut(server);
    },
  };
}
