import { intoBatches } from "./delivery/batch";
import { type Ending, endingFor, type Outcome } from "./events/outcome";
import { copyCounts } from "./outbox/coverage";
import { type Leaving, leavingOf } from "./outbox/freshness";
import { partClaim } from "./pipeline/claimed.server";
import {
  CUT_SHORT,
  type Destined,
  type DrainDeps,
  decidedEnd,
  deliverBatch,
  endEach,
  heed,
  newClaim,
  waitingForMend,
  waitingToKnow,
  waitingWith,
} from "./pipeline/delivering.server";
import { beaconWrite, unreadableWrite, writeOf } from "./pipeline/incoming.server";
import { inLanes, type LaneResult } from "./pipeline/lanes";
import { settle } from "./pipeline/settling.server";
import { connectedDatasets, type Registry, type Shop, ShopUnreadable } from "./settings/registry.server";
import { type Addressee, type Beacon, type Connection, readBeacon } from "./sources/beacon";
import type { ShopFacts } from "./sources/reading";
import { type AskedTopic, isTopic, orderOfUnreadable, readAskedOrder, TOPICS } from "./sources/topics";
import { type IngestResult, type IngestWrite, nothingWritten, type StoredEvent } from "./store/rows";
import { type Claim, type DuePlace, FRONT, type Store } from "./store/store.server";

/**
 * The way of an event. Everything else in app/ is a stop on it, or the house around it.
 *
 *   receive = parse → event → match keys → enqueue
 *   drain   = claim → consent → payload → deliver → settle
 */

export type { DrainDeps } from "./pipeline/delivering.server";

export interface Webhook {
  topic: string;
  /** shop.myshopify.com */
  shop: string;
  /** Parsed JSON, not yet checked against any schema. */
  body: unknown;
  webhookId: string;
  /** When Shopify says it happened, epoch milliseconds. */
  triggeredAt: number | null;
}

export interface BeaconArrival extends Connection {
  beacon: Beacon;
}

/** What became of what arrived, and a word for the count of it. */
export type Received =
  | { kind: "stored"; shop: Shop; renamed: string[]; leaving: Leaving[]; repeated: boolean }
  | { kind: "ignored"; why: Ignored };

export type Ignored = "unknown_topic" | "unknown_shop" | "no_dataset" | "wrong_key" | "nothing_new" | "unreadable_shop";

export interface ReceiveDeps {
  store: Store;
  registry: Registry;
  now: () => number;
}

/** A webhook has arrived: it is durable when this resolves. Throws only when the store does. */
export async function receiveWebhook(webhook: Webhook, { store, registry, now }: ReceiveDeps): Promise<Received> {
  const { topic, webhookId, triggeredAt } = webhook;
  if (!isTopic(topic)) return { kind: "ignored", why: "unknown_topic" };
  const shop = topic === "shop/redact" ? readableShop(webhook.shop, registry) : registry.shop(webhook.shop);
  if (shop instanceof ShopUnreadable) {
    // It is acted on without opening anything, for its key may be gone for good.
    const notice = { shopId: shop.shopId, topic, webhookId, triggeredAt, receivedAt: now(), body: "" };
    await store.ingest({ ...nothingWritten(), notices: [notice] });
    return { kind: "ignored", why: "unreadable_shop" };
  }
  if (shop === undefined) return { kind: "ignored", why: "unknown_shop" };
  const { event, read } = TOPICS[topic];
  if (event !== null && connectedDatasets(shop).length === 0) return { kind: "ignored", why: "no_dataset" };

  const arrival = { topic, webhookId, triggeredAt, receivedAt: now() };
  const result = read(webhook.body, factsOf(shop));
  const write = result.ok
    ? writeOf(result.reading, shop, arrival)
    : unreadableWrite(
        { name: event ?? topic, field: result.field, orderId: orderOfUnreadable(topic, webhook.body) },
        shop,
        arrival,
      );
  if (write === null) return { kind: "ignored", why: "nothing_new" };
  return storedAs(await store.ingest(write), write, shop, arrival.receivedAt);
}

/** An order that Shopify was asked for, because datasets lack it. */
export interface AskedOrder {
  topic: AskedTopic;
  /** shop.myshopify.com */
  shop: string;
  /** Rows of the datasets that lack it; the others do not hear of it. */
  datasetIds: ReadonlySet<number>;
  /** Digits. */
  orderId: string;
  /** As orders/create would have brought it; or which field of Shopify's answer cannot be read. */
  told: { ok: true; body: unknown } | { ok: false; field: string };
}

/** What became of it: whether it could be read, and how each dataset's row of it stands. */
export type ReceivedOrder =
  | { kind: "stored"; readable: boolean; rows: { outcome: Outcome; reason: string | null }[]; renamed: string[] }
  | { kind: "ignored"; why: Ignored };

/** An order was asked for and is here: from now on it goes the way of a webhook. Durable when this resolves. */
export async function receiveOrder(asked: AskedOrder, { store, registry, now }: ReceiveDeps): Promise<ReceivedOrder> {
  const { topic, orderId, told, datasetIds } = asked;
  const known = registry.shop(asked.shop);
  if (known === undefined) return { kind: "ignored", why: "unknown_shop" };
  const shop = { ...known, datasets: known.datasets.filter(({ id }) => datasetIds.has(id)) };
  if (connectedDatasets(shop).length === 0) return { kind: "ignored", why: "no_dataset" };

  const arrival = { topic, webhookId: `order.${orderId}`, triggeredAt: null, receivedAt: now() };
  const result = told.ok ? readAskedOrder(told.body, factsOf(shop)) : told;
  const write = result.ok
    ? writeOf(result.reading, shop, arrival)
    : unreadableWrite({ name: "Purchase", field: result.field, orderId }, shop, arrival);
  if (write === null) return { kind: "ignored", why: "nothing_new" };
  const { renamed } = await store.ingest(write);
  return { kind: "stored", readable: result.ok, rows: write.events.filter(isOwnOfOrder), renamed };
}

/** What a merchant has made of it besides stands beside it. */
function isOwnOfOrder({ rule, name }: IngestWrite["events"][number]): boolean {
  return rule === null && name !== "Subscribe";
}

function factsOf({ country, settings }: Shop): ShopFacts {
  return { country, renewalApps: settings.matrix.renewalApps };
}

/** The shop that a beacon is for, or why it is for none of ours. */
export function shopOfBeacon(
  { shop: domain, key }: Addressee,
  registry: Registry,
): { ok: true; shop: Shop } | { ok: false; why: Ignored } {
  const shop = readableShop(domain, registry);
  // To a browser it is none: nobody is to learn that it is there.
  if (shop === undefined || shop instanceof ShopUnreadable) return { ok: false, why: "unknown_shop" };
  if (key !== shop.beaconKey) return { ok: false, why: "wrong_key" };
  if (connectedDatasets(shop).length === 0) return { ok: false, why: "no_dataset" };
  return { ok: true, shop };
}

/** A shop, or why it cannot be read at the moment; undefined: there is none. */
function readableShop(domain: string, registry: Registry): Shop | ShopUnreadable | undefined {
  try {
    return registry.shop(domain);
  } catch (error) {
    if (error instanceof ShopUnreadable) return error;
    throw error;
  }
}

/** A beacon has arrived: it may enrich and give birth to browse events, never to a Purchase. */
export async function receiveBeacon(
  { beacon, ...connection }: BeaconArrival,
  { store, registry, now }: ReceiveDeps,
): Promise<Received> {
  const whose = shopOfBeacon(beacon, registry);
  if (!whose.ok) return { kind: "ignored", why: whose.why };
  const { shop } = whose;
  const reading = readBeacon(beacon, connection);
  const arrival = { topic: "beacon", webhookId: null, triggeredAt: null, receivedAt: now() };
  const write = beaconWrite(reading, shop, arrival);
  return storedAs(await store.ingest(write), write, shop, arrival.receivedAt);
}

function storedAs(
  { inserted, absorbed, renamed }: IngestResult,
  { events }: IngestWrite,
  shop: Shop,
  receivedAt: number,
): Received {
  const repeated = inserted === 0 && absorbed > 0;
  return { kind: "stored", shop, renamed, leaving: leavingOf(events, receivedAt), repeated };
}

/** Requests in flight per dataset and process. */
const LANES = 4;
/** Of beacons; a group may hold some hundreds. */
const GROUPS_AT_ONCE = 10;

/**
 * Sends what may leave for one dataset, and counts what has ended. Safe to run twice at once (claims are leases), safe to kill
 * at any line (a lease runs out and the row is taken back).
 */
export async function drain(datasetId: number, deps: DrainDeps): Promise<void> {
  const { store, registry } = deps;
  const found = registry.dataset(datasetId);
  if (found === undefined) return;
  await takeBack(datasetId, deps);
  if (found.dataset.disconnected) await endEach(found, store.claimWaiting, () => endingFor("disconnected"), deps);
  else if (!found.shop.installed) await endEach(found, store.claimWaiting, () => endingFor("uninstalled"), deps);
  else await inLanes(LANES, (more) => inSlot(deps, () => deliverClaim(datasetId, more, deps)));
  await tally(datasetId, deps);
}

/** Counts what has ended for one dataset and what the pixel reported, and forgets what its time has come for. */
export async function tally(datasetId: number, deps: DrainDeps): Promise<void> {
  const { store, registry } = deps;
  const found = registry.dataset(datasetId);
  if (found === undefined) return;
  await takeBack(datasetId, deps);
  await endEach(found, store.claimEnded, ({ outcome, reason }) => ({ outcome, reason }) as Ending, deps);
  while (
    !deps.stopping() &&
    (await store.countBrowserCopies(datasetId, GROUPS_AT_ONCE, copyCounts(found.shop.timezone))) > 0
  );
}

/** Ends what has grown too old for Meta while its dataset was on hold. */
export async function expireHeld(datasetId: number, deps: DrainDeps): Promise<void> {
  const found = deps.registry.dataset(datasetId);
  const endingOf = ({ hold }: StoredEvent) => endingFor(hold === "payment" ? "awaiting_payment" : "dataset_held");
  if (found === undefined) return;
  await takeBack(datasetId, deps);
  let place: DuePlace | null = FRONT;
  const claimRows = async (claim: Claim) => {
    while (place !== null && !deps.stopping()) {
      const { rows, next } = await deps.store.claimTooOld(claim, place);
      place = next;
      if (rows.length > 0) return rows;
    }
    return [];
  };
  await endEach(found, claimRows, endingOf, deps);
}

/** What a killed process left under its lease is taken back before anything is claimed. */
async function takeBack(datasetId: number, { store, log, now, leaseNow }: DrainDeps): Promise<void> {
  const rows = await store.reclaim(datasetId, leaseNow(), now());
  if (rows > 0) log.warn({ datasetId, rows }, "outbox.reclaimed");
}

/** A process does not send, and does not hold in memory, more than its slots. */
async function inSlot<T>({ slots }: DrainDeps, work: () => Promise<T>): Promise<T> {
  const giveBack = await slots.take();
  try {
    return await work();
  } finally {
    giveBack();
  }
}

/** One claim, delivered and settled. Shop and dataset are looked up anew: a toggle or a token may have changed since. */
async function deliverClaim(datasetId: number, more: () => void, deps: DrainDeps): Promise<LaneResult> {
  const now = deps.now();
  const found = deps.registry.dataset(datasetId);
  if (found === undefined || deps.stopping() || !flows(found, now)) return "empty";
  const { shop, dataset } = found;
  const most = deps.pace.most(datasetId, now);
  if (most === 0) return "empty";
  const claim = newClaim(datasetId, most, deps);
  const rows = await deps.store.claimDue(claim);
  if (rows.length === 0) return "empty";
  if (rows.length === deps.mostEvents) more();

  const { ready, ended, early, faulty } = await partClaim(rows, shop, dataset, deps, now);
  const unsendable = [...ended.map(decidedEnd), ...early.map(waitingToKnow), ...faulty.map(waitingForMend(deps))];
  await settle(unsendable, [], claim, shop, deps);
  const batches = intoBatches(ready);
  for (const [index, batch] of batches.entries()) {
    const cutShort = index > 0 && deps.stopping();
    const obstacle = cutShort ? CUT_SHORT : await deliverBatch(batch, rows, claim, found, deps);
    if (obstacle === null) continue;
    const unsent = batches.slice(cutShort ? index : index + 1).flat();
    await settle(unsent.map(waitingWith(obstacle, deps)), [], claim, shop, deps);
    await heed(obstacle, dataset, deps);
    return "blocked";
  }
  // What has come since then waits for others to travel with.
  return rows.length < most ? "empty" : "done";
}

function flows({ shop, dataset }: Destined, now: number): boolean {
  const open = shop.installed && !dataset.disconnected && dataset.heldReason === null;
  return open && (dataset.pausedUntil ?? 0) <= now;
}
