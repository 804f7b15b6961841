import { createHmac } from "node:crypto";
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
  /** Of another shop that has the app too; absent: of the sender's. */
  shop?: string;
  body: unknown;
}

interface Sender {
  /** Where the app listens. */
  app: string;
  shop: string;
  secret: string;
  /** Every webhook gets a line here. */
  records: WebhookRecord[];
}

/** Shopify waits 5 s in all: https://shopify.dev/docs/apps/build/webhooks/troubleshoot */
const TIMEOUT_MS = 5_000;
/** Shopify repeats 8 times over 4 hours; here the 4 hours are a few seconds. */
const REPEATS_MS = [100, 200, 400, 800, 1_600, 2_000, 2_000, 2_000];

/** Signs and posts a webhook and, as Shopify does, repeats it until it is answered 2xx or given up. */
export async function deliverWebhook(webhook: Webhook, sender: Sender): Promise<WebhookRecord> {
  const record: WebhookRecord = { topic: webhook.topic, id: webhook.id, order: webhook.order ?? null, answers: [] };
  sender.records.push(record);
  const text = JSON.stringify(webhook.body);
  for (const pause of [0, ...REPEATS_MS]) {
    await sleep(pause);
    const status = await post(webhook, text, sender);
    record.answers.push(status);
    if (status >= 200 && status < 300) break;
  }
  return record;
}

async function post(webhook: Webhook, text: string, { app, shop, secret }: Sender): Promise<number> {
  try {
    const response = await fetch(`${app}/webhooks`, {
      method: "POST",
      body: text,
      headers: {
        "content-type": "application/json",
        "x-shopify-topic": webhook.topic,
        "x-shopify-shop-domain": webhook.shop ?? shop,
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
