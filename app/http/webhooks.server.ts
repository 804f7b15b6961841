import type { IncomingMessage, ServerResponse } from "node:http";
import { SHOP_DOMAIN } from "../events/shop-domain";
import type { Log } from "../log.server";
import { cleanIp } from "../match-keys/browser.server";
import { sha256Hex } from "../match-keys/hash.server";
import type { Metrics } from "../metrics.server";
import { type ReceiveDeps, type Received, receiveWebhook } from "../pipeline.server";
import { parseJson } from "../sources/json";
import { isTopic } from "../sources/topics";
import { withBody } from "./body.server";
import { clientIp } from "./client-ip.server";
import type { Gate, Pass } from "./gate";
import { isSignedByShopify } from "./hmac.server";
import { networkOf } from "./network";
import { refuse, reply } from "./reply.server";

const MOST_BYTES = 2 * 1024 * 1024;
/** Shopify has given up after 5 s: https://shopify.dev/docs/apps/build/webhooks/subscribe/https */
const PATIENCE_MS = 6_000;

export interface WebhookDeps extends ReceiveDeps {
  /** The current secret first, the old one of a changeover after it. */
  secrets: readonly string[];
  log: Log;
  metrics: Metrics;
  gate: Gate;
  trustedProxies: number;
  /** Told after the commit whose outbox may have work. */
  stored: (received: Extract<Received, { kind: "stored" }>) => void;
}

/** POST /webhooks: every Shopify topic. 200 goes out after the commit, and only then. */
export async function answerWebhook(
  request: IncomingMessage,
  response: ServerResponse,
  deps: WebhookDeps,
): Promise<void> {
  if (request.method !== "POST") return refuse(response, 405, "method", { allow: "POST" });
  const terms = {
    sender: SIGNATURE.test(header(request, "x-shopify-hmac-sha256") ?? "") ? "webhook" : "unsigned",
    mostBytes: MOST_BYTES,
    gate: deps.gate,
    network: networkOfSender(request, deps),
    patienceMs: PATIENCE_MS,
    overloaded: () => deps.metrics.webhooks.inc({ topic: "unverified", result: "overloaded" }),
  } as const;
  return withBody(request, response, terms, (bytes, pass) => answerBody(bytes, pass, request, response, deps));
}

/** An address that is not public is a proxy's, which speaks for everybody. */
function networkOfSender(request: IncomingMessage, { trustedProxies }: WebhookDeps): string | null {
  const address = cleanIp(clientIp(request, trustedProxies));
  return address === null ? null : networkOf(address);
}

/** A UUID so far. It is stored and logged, and the header is not signed: anything else is known by its hash. */
const PLAIN_ID = /^[\w-]+$/;

/** Base64 of 32 bytes. */
const SIGNATURE = /^[A-Za-z0-9+/]{43}=$/;

async function answerBody(
  bytes: Buffer,
  pass: Pass,
  request: IncomingMessage,
  response: ServerResponse,
  deps: WebhookDeps,
): Promise<void> {
  if (!isSignedByShopify(bytes, header(request, "x-shopify-hmac-sha256"), deps.secrets)) {
    return end(deps, response, 401, "unverified", "bad_hmac");
  }
  pass.vouch();
  const topic = header(request, "x-shopify-topic");
  const shop = header(request, "x-shopify-shop-domain")?.toLowerCase();
  const givenId = header(request, "x-shopify-webhook-id");
  if (topic === undefined) return badRequest(deps, response, "x-shopify-topic is missing");
  if (shop === undefined || !SHOP_DOMAIN.test(shop)) {
    return badRequest(deps, response, "x-shopify-shop-domain is missing or no shop's domain");
  }
  if (givenId === undefined || givenId.length > 100) {
    return badRequest(deps, response, "x-shopify-webhook-id is missing or too long");
  }
  const webhookId = PLAIN_ID.test(givenId) ? givenId : sha256Hex(givenId);
  const json = jsonOf(bytes);
  if (!json.ok) return badRequest(deps, response, "the body is not JSON");

  // A label must come from a closed set: an unknown topic is the sender's word.
  const label = isTopic(topic) ? topic : "unknown";
  const triggeredAt = instant(header(request, "x-shopify-triggered-at"));
  try {
    const received = await receiveWebhook({ topic, shop, webhookId, triggeredAt, body: json.value }, deps);
    if (received.kind === "stored") {
      for (const eventId of received.renamed) {
        deps.metrics.tokenConflicts.inc();
        deps.log.warn({ shop, topic, webhookId, eventId }, "webhook.checkout_token_of_another_order");
      }
      deps.stored(received);
    }
    end(deps, response, 200, label, received.kind === "stored" ? "stored" : received.why);
  } catch (error) {
    deps.log.error({ err: error, shop, topic, webhookId }, "webhook.not_stored");
    deps.metrics.webhooks.inc({ topic: label, result: "not_stored" });
    refuse(response, 503, "store", { "retry-after": "10" });
  }
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  const only = Array.isArray(value) ? value[0] : value;
  return only === "" ? undefined : only;
}

function jsonOf(bytes: Buffer): { ok: true; value: unknown } | { ok: false } {
  try {
    return { ok: true, value: parseJson(bytes.toString("utf8")) };
  } catch {
    return { ok: false };
  }
}

function instant(text: string | undefined): number | null {
  const at = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isFinite(at) ? at : null;
}

function badRequest(deps: WebhookDeps, response: ServerResponse, reason: string): void {
  deps.log.warn({ reason }, "webhook.refused");
  end(deps, response, 400, "refused", "bad_request");
}

function end({ metrics }: WebhookDeps, response: ServerResponse, status: number, topic: string, result: string): void {
  metrics.webhooks.inc({ topic, result });
  if (status === 200) reply(response, 200);
  else refuse(response, status, result);
}
