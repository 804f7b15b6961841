import { createHmac } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { type House, SECRET, SHOP } from "./house";
import type { Announced, Message } from "./messages";

/** Sends messages until each is acknowledged, as Shopify does, only faster. */
export interface Writer {
  /** The events of messages that were answered 200, by `name id`. */
  acknowledged: Map<string, Announced>;
  /** Answers that were no 200, by status; 0: none came. */
  refusals: Map<number, number>;
  /** Resolves when the last is acknowledged, or given up. */
  send(messages: readonly Message[], pace?: Pace): Promise<void>;
  /** Gives up what is not acknowledged yet. */
  stop(): void;
}

interface Pace {
  /** How many are sent at once. */
  senders?: number;
  /** What each sender rests after a message. */
  restMs?: number;
}

/** Shopify tries 8 times over 4 hours; here it is a try every half a second, for longer than any server is away. */
const TRIES = 400;
const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 500;
/** Shopify's patience. */
const ANSWER_MS = 5_000;

/** A writer to one house. */
export function openWriter(house: House): Writer {
  const acknowledged = new Map<string, Announced>();
  const refusals = new Map<number, number>();
  let stopped = false;

  async function sendUntilTaken(message: Message): Promise<void> {
    const at = new Date(house.now() + message.skewMs).toISOString();
    const text = JSON.stringify(message.body(at, house.beaconKey, SHOP));
    for (let tries = 0; tries < TRIES && !stopped; tries += 1) {
      const status = await post(message, text, at, house.origin());
      if (status === 200 || status === 204) {
        const event = message.announces;
        if (event !== null) acknowledged.set(`${event.name} ${event.eventId}`, event);
        return;
      }
      refusals.set(status, (refusals.get(status) ?? 0) + 1);
      await sleep(Math.min(FIRST_WAIT_MS * 2 ** tries, LONGEST_WAIT_MS));
    }
    if (!stopped)
      house.complaints.push(`a message was never acknowledged: ${message.topic || message.to} ${message.webhookId}`);
  }

  return {
    acknowledged,
    refusals,
    stop: () => {
      stopped = true;
    },
    send: async (messages, { senders = 8, restMs = 0 } = {}) => {
      const queue = messages.values();
      await Promise.all(
        Array.from({ length: senders }, async () => {
          for (const message of queue) {
            if (stopped) return;
            await sendUntilTaken(message);
            if (restMs > 0) await sleep(restMs);
          }
        }),
      );
    },
  };
}

/** One try; answers the status, 0 when there was none. */
async function post(
  { to, topic, webhookId }: Message,
  text: string,
  at: string,
  origin: string | null,
): Promise<number> {
  if (origin === null) return 0;
  const headers = to === "/webhooks" ? signed(topic, webhookId, text, at) : { "user-agent": BROWSER };
  try {
    const response = await fetch(origin + to, {
      method: "POST",
      body: text,
      headers: { "content-type": "application/json", ...headers },
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return 0;
  }
}

const BROWSER = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/26.0 Safari/605.1.15";

function signed(topic: string, webhookId: string, text: string, at: string): Record<string, string> {
  return {
    "x-shopify-topic": topic,
    "x-shopify-shop-domain": SHOP,
    "x-shopify-api-version": "2026-07",
    "x-shopify-webhook-id": webhookId,
    "x-shopify-triggered-at": at,
    "x-shopify-hmac-sha256": createHmac("sha256", SECRET).update(text).digest("base64"),
  };
}
