import { createHmac, randomUUID } from "node:crypto";
import { GIVEN } from "../fixtures/beacon";
import { order } from "../fixtures/order";
import { mintSessionToken } from "../simulators/shopify/session-token";
import { addressOf, type Route, type Way } from "./routes";
import { APP, type Shop } from "./shops";
import type { Asked } from "./wire";

/** Requests as an honest sender makes them; an attack changes one thing about them. */

/** Shopify's library answers 410 to what calls itself a bot. */
const BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";

export const signatureOf = (body: string | Buffer, secret = APP.secret) =>
  createHmac("sha256", secret).update(body).digest("base64");

/** A webhook as Shopify signs it. */
export function webhook(
  shop: Shop,
  body: string | Buffer,
  { topic = "orders/create", id = randomUUID(), over = {} }: { topic?: string; id?: string; over?: Headers } = {},
): Asked {
  return {
    method: "POST",
    path: "/webhooks",
    headers: {
      "content-type": "application/json",
      "x-shopify-topic": topic,
      "x-shopify-shop-domain": shop.domain,
      "x-shopify-api-version": "2026-07",
      "x-shopify-webhook-id": id,
      "x-shopify-hmac-sha256": signatureOf(body),
      ...over,
    },
    body,
  };
}

type Headers = Record<string, string>;

export interface OrderNames {
  id: string;
  token: string;
}

/** An order of this minute, under the names it is later looked for by. */
export function orderOf({ id, token }: OrderNames, over: Record<string, unknown> = {}): Record<string, unknown> {
  return order({ id, checkoutToken: token, at: new Date().toISOString() }, over);
}

export function beaconOf(shop: Shop, id: string, over: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    v: 1,
    shop: shop.domain,
    key: shop.beaconKey,
    name: "product_viewed",
    id,
    timestamp: new Date().toISOString(),
    client_id: `visitor-${id}`,
    consent: GIVEN,
    fbp: "fb.1.1763632800000.1234567890",
    url: "https://shop.example.com/products/tee",
    referrer: "https://search.example.com/",
    tr: "resolved",
    data: { currency: "USD", total: 29, search: "tee", country: "US", lines: [{ ...LINE }] },
    ...over,
  };
}

const LINE = { product: "9001", variant: "48001", sku: "TEE-BLK-M", title: "Tee", quantity: 1, price: 29 };

export function collect(body: string | Buffer, over: Headers = {}): Asked {
  return {
    method: "POST",
    path: "/collect",
    headers: { "content-type": "text/plain", "user-agent": BROWSER, ...over },
    body,
  };
}

interface VisitOptions {
  /** In place of every id in its address. */
  id?: string;
  /** Of its form. */
  fields?: Record<string, string>;
  query?: string;
  /** Absent: the shop's own good one; null: none. */
  token?: string | null;
  over?: Headers;
}

/** Somebody of the shop's staff looks at a route, or sends its form. */
export function visit(shop: Shop, route: Route, way: Way, options: VisitOptions = {}): Asked {
  const { id, fields = {}, query = "", token = mintSessionToken(APP, shop.domain), over = {} } = options;
  const admin = new URLSearchParams({
    embedded: "1",
    shop: shop.domain,
    host: Buffer.from(`admin.shopify.com/store/${shop.domain.split(".")[0]}`).toString("base64url"),
    ...(token === null ? {} : { id_token: token }),
  });
  const whole = [way === "page" ? admin.toString() : "", query].filter((part) => part !== "").join("&");
  return {
    method: way === "action" ? "POST" : "GET",
    path: addressOf(route, way, id, whole),
    headers: {
      "user-agent": BROWSER,
      accept: way === "page" ? "text/html" : "*/*",
      ...(way === "page" || token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(way === "action" ? { "content-type": "application/x-www-form-urlencoded;charset=UTF-8" } : {}),
      ...over,
    },
    ...(way === "action" ? { body: new URLSearchParams(fields).toString() } : {}),
  };
}
