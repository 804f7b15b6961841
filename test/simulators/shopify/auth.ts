import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { z } from "zod";
import { type AppCredentials, openSessionToken } from "./session-token";

/**
 * Shopify's side of signing in: it exchanges a session token for an access token, as strictly as Shopify does. Shops are
 * told apart by the header that preload.mjs writes, for every shop has the same origin here.
 */

export interface Exchange {
  shop: string;
  /** How the access token may be used. */
  kind: "offline" | "online";
  expiring: boolean;
  /** What Shopify answered; null when it refused. */
  accessToken: string | null;
}

export interface ShopifyAuth {
  /** `http://127.0.0.1:<port>`: for SHOPIFY_STAND_IN of the process that preload.mjs is in. */
  origin: string;
  /** Every exchange that was asked for, oldest first. */
  exchanges: Exchange[];
  /** Whatever else the app asked of Shopify: `METHOD path`. */
  strays: string[];
  close(): Promise<void>;
}

const KINDS = {
  "urn:shopify:params:oauth:token-type:offline-access-token": "offline",
  "urn:shopify:params:oauth:token-type:online-access-token": "online",
} as const;

/** https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens/token-exchange */
const exchangeRequest = z.object({
  client_id: z.string(),
  client_secret: z.string(),
  grant_type: z.literal("urn:ietf:params:oauth:grant-type:token-exchange"),
  subject_token: z.string(),
  subject_token_type: z.literal("urn:ietf:params:oauth:token-type:id_token"),
  requested_token_type: z.enum(Object.keys(KINDS) as [keyof typeof KINDS]),
  expiring: z.enum(["0", "1"]).optional(),
});

const HOUR_S = 3_600;

export async function startShopifyAuth(app: AppCredentials): Promise<ShopifyAuth> {
  const exchanges: Exchange[] = [];
  const strays: string[] = [];
  const server = createServer(async (request, response) => {
    const answer = (status: number, body: object) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    if (request.method !== "POST" || request.url !== "/admin/oauth/access_token") {
      strays.push(`${request.method} ${request.url}`);
      return answer(404, { errors: "Not Found" });
    }
    const { exchange, refused, body } = judge(await bodyOf(request), String(request.headers["x-stand-in-shop"]), app);
    if (exchange !== null) exchanges.push(exchange);
    return refused === null ? answer(200, body) : answer(400, { error: refused });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    exchanges,
    strays,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Judged {
  exchange: Exchange | null;
  refused: string | null;
  body: object;
}

function judge(text: string, shop: string, app: AppCredentials): Judged {
  const parsed = exchangeRequest.safeParse(jsonOf(text));
  if (!parsed.success) return { exchange: null, refused: "invalid_request", body: {} };
  const { client_id, client_secret, subject_token, requested_token_type, expiring } = parsed.data;
  const exchange: Exchange = { shop, kind: KINDS[requested_token_type], expiring: expiring === "1", accessToken: null };
  if (client_id !== app.key || client_secret !== app.secret) {
    return { exchange, refused: "application_cannot_be_found", body: {} };
  }
  const claims = openSessionToken(app, subject_token);
  if (claims?.dest !== `https://${shop}`) return { exchange, refused: "invalid_subject_token", body: {} };
  exchange.accessToken = `shpat_${randomBytes(16).toString("hex")}`;
  return { exchange, refused: null, body: tokenOf(exchange, claims.sub) };
}

function tokenOf({ accessToken, kind, expiring }: Exchange, user: string): object {
  return {
    access_token: accessToken,
    scope: "read_orders,write_pixels",
    ...(expiring || kind === "online" ? { expires_in: HOUR_S } : {}),
    ...(expiring && kind === "offline"
      ? { refresh_token: `shprt_${randomBytes(16).toString("hex")}`, refresh_token_expires_in: 90 * 24 * HOUR_S }
      : {}),
    ...(kind === "online" ? { associated_user_scope: "read_orders", associated_user: staff(user) } : {}),
  };
}

/** Shopify tells of the member of staff behind an online token. */
function staff(user: string): object {
  return {
    id: Number(user),
    first_name: "Sam",
    last_name: "Sample",
    email: "sam.sample@example.com",
    email_verified: true,
    account_owner: true,
    locale: "en",
    collaborator: false,
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}
