import type { Cancellation, IngestResult, IngestWrite, NewEvent } from "../rows";
import { run, type Sql, type Work } from "../statement";
import { insertBrowserCopies } from "./browser-copies";
import { erase, upsertContexts } from "./contexts";
import { enrich, insertUpsells } from "./enrichment";
import { insertEvents, placeOf } from "./events";
import { type Arriving, meetExisting } from "./meeting";
import { forgetProducts, upsertProducts } from "./products";
import { releaseHeld, releaseWhatIsKnown } from "./release";

/**
 * Stores a group of webhooks and beacons: one JSON parameter per table and statement, so that the number of statements does
 * not grow with the group. What meets its own kind (a repeated webhook, both topics of one order) takes rounds.
 */
export function* ingestGroup(writes: IngestWrite[]): Work<IngestResult[]> {
  // First: what leads from a context to others is in what was known before.
  for (const write of writes) for (const erasure of write.erasures) yield* erase(erasure);
  const contexts = writes.flatMap((write) => write.contexts);
  yield* upsertContexts(contexts);
  const results = writes.map((): IngestResult => ({ inserted: 0, absorbed: 0, renamed: [] }));
  yield* storeEvents(writes, results);
  yield* enrich(writes.flatMap((write) => write.enrichments));
  yield* insertUpsells(writes.flatMap((write) => write.upsells));
  for (const write of writes) for (const cancellation of write.cancellations) yield* cancel(cancellation);
  const products = writes.flatMap((write) => write.products);
  yield* upsertProducts(products.filter(({ deleted }) => !deleted));
  for (const { shopId, product, deleted } of products) if (deleted) yield* forgetProducts(shopId, [product]);
  yield* releaseHeld(contexts);
  yield* insertBrowserCopies(writes.flatMap((write) => write.browserCopies));
  yield* insertNotices(writes);
  return results;
}

function* storeEvents(writes: IngestWrite[], results: IngestResult[]): Work<void> {
  const arriving = yield* releaseWhatIsKnown(
    results.flatMap((result, n) => arrivingOf(writes[n]?.events ?? [], result)),
  );
  for (const { result } of arriving) result.inserted += 1;
  const met = yield* insertEvents(arriving);
  for (const { result } of met) result.inserted -= 1;
  yield* meetExisting(met);
}

function arrivingOf(events: NewEvent[], result: IngestResult): Arriving[] {
  const [first] = events;
  return first === undefined ? [] : events.map((event) => ({ event, result, place: placeOf(first) }));
}

// What is on its way to Meta right now keeps its lease and its own ending; what has only waited to be known has not left.
const CANCEL: Sql = ({ unindexed }) => `
  UPDATE "Event" SET "outcome" = 'skipped', "reason" = 'cancelled', "runAt" = ?3, "hold" = NULL, "matchKeys" = NULL,
    "browser" = NULL
  WHERE "shopId" = ?1 AND "orderId" = ?2 AND ${unindexed(`"outcome"`)} = 'waiting'
    AND ("attempts" = 0 OR ("lease" IS NULL AND "reason" = 'shopify_waits'))
    AND "name" NOT IN ('Refund', 'Upsell')`;

function* cancel({ shopId, orderId, at }: Cancellation): Work<void> {
  yield* run(CANCEL, shopId, orderId, at);
}

const INSERT_NOTICES: Sql = ({ rows }) => `
  INSERT INTO "Notice" ("shopId", "topic", "webhookId", "triggeredAt", "receivedAt", "body")
  SELECT * FROM ${rows("?1", { shopId: "integer", topic: "text", webhookId: "text", triggeredAt: "integer", receivedAt: "integer", body: "text" })} AS w
  WHERE true
  ON CONFLICT DO NOTHING`;

function* insertNotices(writes: IngestWrite[]): Work<void> {
  const rows = writes
    .flatMap((write) => write.notices)
    .map((n) => [n.shopId, n.topic, n.webhookId, n.triggeredAt, n.receivedAt, n.body]);
  if (rows.length > 0) yield* run(INSERT_NOTICES, JSON.stringify(rows));
}
