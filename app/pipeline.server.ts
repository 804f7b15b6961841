import { beaconWrite, enrichmentWrite, eventWrite, noticeWrite, unreadableWrite } from "./incoming.server";
import { connectedDatasets, type Registry, type Shop } from "./settings/registry.server";
import { type Beacon, readBeacon } from "./sources/beacon";
import { isTopic, TOPICS } from "./sources/topics";
import type { Store } from "./store/store.server";

/**
 * The way of an event:
 *
 *   receive = parse → event → match keys → enqueue        (here; answered only after the commit)
 *   drain   = claim → consent → payload → deliver → settle  (drain.server.ts)
 */

export interface WebhookMessage {
  topic: string;
  /** shop.myshopify.com */
  shop: string;
  /** Parsed JSON, not yet checked against any schema. */
  body: unknown;
  webhookId: string;
  /** When Shopify says it happened, epoch milliseconds. */
  triggeredAt: number | null;
}

export interface BeaconMessage {
  beacon: Beacon;
  ip: string | null;
  userAgent: string | null;
}

/** What became of a message, and a word for the count of it. */
export type Received =
  | { kind: "stored"; shop: Shop; renamed: string[] }
  | { kind: "ignored"; why: "unknown_topic" | "unknown_shop" | "no_dataset" | "wrong_key" | "nothing_new" };

export interface ReceiveDeps {
  store: Store;
  registry: Registry;
  now: () => number;
}

/** A webhook has arrived: it is durable when this resolves. Throws only when the store does. */
export async function receiveWebhook(
  message: WebhookMessage,
  { store, registry, now }: ReceiveDeps,
): Promise<Received> {
  const { topic, webhookId, triggeredAt } = message;
  if (!isTopic(topic)) return { kind: "ignored", why: "unknown_topic" };
  const shop = registry.shop(message.shop);
  if (shop === undefined) return { kind: "ignored", why: "unknown_shop" };
  const { event, read } = TOPICS[topic];
  if (event !== null && connectedDatasets(shop).length === 0) return { kind: "ignored", why: "no_dataset" };

  const arrival = { topic, webhookId, triggeredAt, receivedAt: now() };
  const result = read(message.body, shop);
  if (!result.ok) {
    const { renamed } = await store.ingest(unreadableWrite(event ?? topic, result.field, shop, arrival));
    return { kind: "stored", shop, renamed };
  }
  const { reading } = result;
  switch (reading.kind) {
    case "event": {
      const { renamed } = await store.ingest(eventWrite(reading, shop, arrival));
      return { kind: "stored", shop, renamed };
    }
    case "enrichment":
      await store.ingest(enrichmentWrite(reading, shop, arrival));
      return { kind: "stored", shop, renamed: [] };
    case "notice":
      await store.ingest(noticeWrite(reading, shop, arrival));
      return { kind: "stored", shop, renamed: [] };
    case "off":
      return { kind: "ignored", why: "nothing_new" };
  }
}

/** A beacon has arrived: it may enrich and give birth to browse events, never to a Purchase. */
export async function receiveBeacon(
  { beacon, ip, userAgent }: BeaconMessage,
  { store, registry, now }: ReceiveDeps,
): Promise<Received> {
  const shop = registry.shop(beacon.shop);
  if (shop === undefined) return { kind: "ignored", why: "unknown_shop" };
  if (beacon.key !== shop.beaconKey) return { kind: "ignored", why: "wrong_key" };
  if (connectedDatasets(shop).length === 0) return { kind: "ignored", why: "no_dataset" };
  const reading = readBeacon(beacon, { ip, userAgent });
  const arrival = { topic: "beacon", webhookId: null, triggeredAt: null, receivedAt: now() };
  await store.ingest(beaconWrite(reading, shop, arrival));
  return { kind: "stored", shop, renamed: [] };
}
