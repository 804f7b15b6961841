import { intoBatches } from "./delivery/batch";
import { type Ending, endingFor } from "./events/outcome";
import { partClaim } from "./pipeline/claimed.server";
import {
  CLAIM_ROWS,
  type DrainDeps,
  decidedEnd,
  deliverBatch,
  endEach,
  heed,
  newClaim,
  waitingWith,
} from "./pipeline/delivering.server";
import { beaconWrite, unreadableWrite, writeOf } from "./pipeline/incoming.server";
import { inLanes, type LaneResult } from "./pipeline/lanes";
import { settle } from "./pipeline/settling.server";
import { connectedDatasets, type Dataset, type Registry, type Shop } from "./settings/registry.server";
import { type Beacon, readBeacon } from "./sources/beacon";
import { isTopic, TOPICS } from "./sources/topics";
import type { Store } from "./store/store.server";

/**
 * The way of an event. Everything else in app/ is a stop on it, or the house around it.
 *
 *   receive = parse → event → match keys → enqueue
 *   drain   = claim → consent → payload → deliver → settle
 */

export type { DrainDeps } from "./pipeline/delivering.server";

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
  const write = result.ok
    ? writeOf(result.reading, shop, arrival)
    : unreadableWrite(event ?? topic, result.field, shop, arrival);
  if (write === null) return { kind: "ignored", why: "nothing_new" };
  const { renamed } = await store.ingest(write);
  return { kind: "stored", shop, renamed };
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

/** Requests in flight per dataset and process. */
const LANES = 4;

/**
 * Sends what is due for one dataset, and counts what ended on arrival. Safe to run twice at once (claims are leases), safe
 * to kill at any line (a lease runs out and the row falls due again).
 */
export async function drain(shop: Shop, dataset: Dataset, deps: DrainDeps): Promise<void> {
  const { store } = deps;
  await endEach(shop, dataset, store.claimEnded, ({ outcome, reason }) => ({ outcome, reason }) as Ending, deps);
  if (dataset.disconnected) return endEach(shop, dataset, store.claimDue, () => endingFor("disconnected"), deps);
  if (!shop.installed) return endEach(shop, dataset, store.claimDue, () => endingFor("uninstalled"), deps);
  if (dataset.heldReason !== null) {
    return endEach(shop, dataset, store.claimTooOld, () => endingFor("dataset_held"), deps);
  }
  await inLanes(LANES, (more) => deliverClaim(shop, dataset, more, deps));
}

/** One claim, delivered and settled. */
async function deliverClaim(shop: Shop, dataset: Dataset, more: () => void, deps: DrainDeps): Promise<LaneResult> {
  const now = deps.now();
  if (deps.stopping() || (dataset.pausedUntil ?? 0) > now) return "empty";
  const claim = newClaim(dataset.id, now);
  const rows = await deps.store.claimDue(claim);
  if (rows.length === 0) return "empty";
  if (rows.length === CLAIM_ROWS) more();

  const { ready, ended } = partClaim(rows, shop, deps.store, now);
  await settle(ended.map(decidedEnd), [], claim, shop, deps);
  const batches = intoBatches(ready);
  for (const [index, batch] of batches.entries()) {
    const obstacle = await deliverBatch(batch, claim, shop, dataset, deps);
    if (obstacle === null) continue;
    const unsent = batches.slice(index + 1).flat();
    await settle(unsent.map(waitingWith(obstacle, deps)), [], claim, shop, deps);
    await heed(obstacle, dataset, deps);
    return "blocked";
  }
  return "done";
}
