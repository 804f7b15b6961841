import { createServer } from "node:http";
import { Books } from "./admin/books";
import { type AdminApi, adminApiPath, answerGraphql } from "./admin/graphql";
import { GraphqlWeather } from "./admin/graphql-weather";
import { readDefinition } from "./admin/pixel-definition";
import { WebPixels } from "./admin/web-pixels";
import { bodyOf, json, listen, send, shut } from "./http";
import type { AppCredentials } from "./session-token";
import { answerTokenRequest, type Exchange, type TokenDesk } from "./token-endpoint";
import { Tokens } from "./tokens";

/**
 * What the app asks of Shopify and no more: tokens and the Admin API, for tests without the admin around the app. Shops
 * are told apart by the header that preload.mjs writes, for every shop has the same origin here.
 */
export interface ShopifyAuth {
  /** `http://127.0.0.1:<port>`: for SHOPIFY_STAND_IN of the process that preload.mjs is in. */
  origin: string;
  /** Every exchange that was asked for, oldest first. */
  exchanges: Exchange[];
  /** Whatever else the app asked of Shopify: `METHOD path`. */
  strays: string[];
  close(): Promise<void>;
}

export async function startShopifyAuth(app: AppCredentials): Promise<ShopifyAuth> {
  const tokens = new Tokens(Date.now);
  const desk: TokenDesk = { app, tokens, now: Date.now, exchanges: [], refreshes: [] };
  const pixels = new WebPixels(readDefinition());
  const api: AdminApi = { tokens, pixels, weather: new GraphqlWeather(), facts: {}, books: new Books(), records: [] };
  const strays: string[] = [];
  const server = createServer(async ({ method, url = "/", headers }, response) => {
    const shop = String(headers["x-stand-in-shop"]);
    const text = await bodyOf(response.req);
    if (method === "POST" && url === "/admin/oauth/access_token") {
      return send(response, answerTokenRequest(text, shop, desk));
    }
    if (method === "POST" && adminApiPath(url) === "known") {
      const accessToken = String(headers["x-shopify-access-token"]);
      const answer = await answerGraphql({ shop, accessToken, text }, api);
      return answer === null ? undefined : send(response, answer);
    }
    strays.push(`${method} ${url}`);
    send(response, json({ errors: "Not Found" }, 404));
  });
  const origin = await listen(server, 0);
  return { origin, exchanges: desk.exchanges, strays, close: () => shut(server) };
}
