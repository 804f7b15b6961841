import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** One webhook with everything that was answered to it; 0 stands for no answer. */
export interface WebhookRecord {
  topic: string;
  id: string;
  /** The order's digits; null for what is about no order. */
  order: string | null;
  answers: number[];
}

export interface Webhook {
  topic: string;
  id: string;
  order?: string | null;
  body: unknown;
}

export interface ShopifyStandIn {
  origin: string;
  webhooks: WebhookRecord[];
  /** Signs and posts a webhook and, as Shopify does, repeats it until it is answered 2xx or given up. */
  deliver(webhook: Webhook): Promise<WebhookRecord>;
  close(): Promise<void>;
}

interface Options {
  /** Where the app listens. */
  app: string;
  shop: string;
  secret: string;
  port?: number;
}

/** Shopify waits 5 s in all: https://shopify.dev/docs/apps/build/webhooks/troubleshoot */
const TIMEOUT_MS = 5_000;
/** Shopify repeats 8 times over 4 hours; here the 4 hours are a few seconds. */
const REPEATS_MS = [100, 200, 400, 800, 1_600, 2_000, 2_000, 2_000];

/** The side of Shopify that sends webhooks, with a record of them at GET /record. */
export async function startShopify({ app, shop, secret, port = 0 }: Options): Promise<ShopifyStandIn> {
  const webhooks: WebhookRecord[] = [];

  async function post(webhook: Webhook, text: string): Promise<number> {
    try {
      const response = await fetch(`${app}/webhooks`, {
        method: "POST",
        body: text,
        headers: {
          "content-type": "application/json",
          "x-shopify-topic": webhook.topic,
          "x-shopify-shop-domain": shop,
          "x-shopify-webhook-id": webhook.id,
          "x-shopify-api-version": "2026-07",
          "x-shopify-hmac-sha256": createHmac("sha256", secret).update(text).digest("base64"),
        },
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      await response.arrayBuffer();
      return response.status;
    } catch {
      return 0;
    }
  }

  async function deliver(webhook: Webhook): Promise<WebhookRecord> {
    const record: WebhookRecord = { topic: webhook.topic, id: webhook.id, order: webhook.order ?? null, answers: [] };
    webhooks.push(record);
    const text = JSON.stringify(webhook.body);
    for (const pause of [0, ...REPEATS_MS]) {
      await sleep(pause);
      const status = await post(webhook, text);
      record.answers.push(status);
      if (status >= 200 && status < 300) break;
    }
    return record;
  }

  const server = createServer((request, response) => {
    const found = request.method === "GET" && request.url === "/record";
    response.writeHead(found ? 200 : 404, { "content-type": "application/json" });
    response.end(JSON.stringify(found ? { webhooks, graphql: [] } : { error: "not found" }));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    webhooks,
    deliver,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
