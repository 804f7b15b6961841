import { purchaseIdOfOrder, ruleEventId } from "../../events/event-id";
import { resolveConflict } from "../conflict";
import type { ContextWrite, IngestResult, IngestWrite, NewEvent, StoredEvent, UpsellWrite } from "../rows";
import { all, type ColumnType, type Dialect, run, type Sql, type Work } from "../statement";
import { insertBrowserCopies } from "./browser-copies";
import { erase, upsertContext } from "./contexts";
import { forgetProducts, upsertProducts } from "./products";

/**
 * Stores a group of webhooks and beacons: one JSON parameter per table and statement. Rows that meet their own kind
 * (a repeated webhook, both topics of one order) are looked at one by one; they are few.
 */
export function* ingestGroup(writes: IngestWrite[]): Work<IngestResult[]> {
  // First: what leads from a context to others is in what was known before.
  for (const write of writes) for (const erasure of write.erasures) yield* erase(erasure);
  const contexts = writes.flatMap((write) => write.contexts);
  for (const context of contexts) yield* upsertContext(context);
  const events = yield* releaseWhatIsKnown(
    writes.flatMap((write, owner) => write.events.map((event) => ({ owner, event }))),
  );
  const results = writes.map((): IngestResult => ({ inserted: 0, absorbed: 0, renamed: [] }));
  const inserted = countKeys(yield* insertEvents(events));
  for (const { owner, event } of events) {
    const result = results[owner];
    if (result === undefined) continue;
    if (takeOne(inserted, keyOf(event))) result.inserted += 1;
    else yield* meetExisting(event, result);
  }
  for (const write of writes) {
    for (const enrichment of write.enrichments) yield* enrich(enrichment);
    for (const upsell of write.upsells) yield* insertUpsell(upsell);
    for (const { shopId, orderId, at } of write.cancellations) yield* run(CANCEL, shopId, orderId, at);
  }
  const products = writes.flatMap((write) => write.products);
  yield* upsertProducts(products.filter(({ deleted }) => !deleted));
  for (const { shopId, product, deleted } of products) if (deleted) yield* forgetProducts(shopId, [product]);
  yield* releaseHeld(contexts);
  yield* insertBrowserCopies(writes.flatMap((write) => write.browserCopies));
  yield* insertNotices(writes);
  return results;
}

const EVENT_COLUMNS = {
  shopId: "integer",
  datasetId: "integer",
  name: "text",
  eventId: "text",
  purchaseOrderId: "text",
  orderId: "text",
  checkoutToken: "text",
  customerKey: "text",
  rule: "text",
  topic: "text",
  webhookId: "text",
  actionSource: "text",
  eventTime: "integer",
  receivedAt: "integer",
  outcome: "text",
  reason: "text",
  runAt: "integer",
  hold: "text",
  facts: "text",
  matchKeys: "text",
  browser: "text",
} as const satisfies { readonly [Column in keyof NewEvent]?: ColumnType };

const COLUMN_NAMES = Object.keys(EVENT_COLUMNS) as (keyof typeof EVENT_COLUMNS)[];

// In the order of a unique index: two processes that store the same events must not wait for each other in a circle.
const INSERT_EVENTS: Sql = ({ rows }) => `
  INSERT INTO "Event" (${COLUMN_NAMES.map((column) => `"${column}"`).join(", ")})
  SELECT * FROM ${rows("?1", EVENT_COLUMNS)} AS w WHERE true
  ON CONFLICT DO NOTHING
  RETURNING "datasetId", "name", "eventId"`;

interface EventKey {
  datasetId: number;
  name: string;
  eventId: string;
}

function keyOf({ datasetId, name, eventId }: EventKey): string {
  return `${datasetId} ${name} ${eventId}`;
}

function columnsOf(event: NewEvent): unknown[] {
  return COLUMN_NAMES.map((column) => event[column]);
}

export function* insertEvents(events: Pick<Owned, "event">[]): Work<EventKey[]> {
  if (events.length === 0) return [];
  return yield* all<EventKey>(INSERT_EVENTS, JSON.stringify(events.map(({ event }) => columnsOf(event))));
}

function countKeys(keys: EventKey[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(keyOf(key), (counts.get(keyOf(key)) ?? 0) + 1);
  return counts;
}

/** Of two copies in one group only the first went in; the second must meet it. */
function takeOne(counts: Map<string, number>, key: string): boolean {
  const left = counts.get(key) ?? 0;
  if (left === 0) return false;
  counts.set(key, left - 1);
  return true;
}

const FIND_EXISTING: Sql = ({ forUpdate }) => `
  SELECT "id", "outcome", "reason", "orderId", "hold", "attempts", "browser"
  FROM "Event"
  WHERE "shopId" = ?1 AND "datasetId" = ?2 AND (("name" = ?3 AND "eventId" = ?4) OR "purchaseOrderId" = ?5)
  ORDER BY coalesce("purchaseOrderId" = ?5, false) DESC
  LIMIT 1 ${forUpdate}`;

type Existing = Pick<StoredEvent, "id" | "outcome" | "reason" | "orderId" | "hold" | "attempts" | "browser">;

function* meetExisting(event: NewEvent, result: IngestResult): Work<void> {
  const [existing] = yield* all<Existing>(
    FIND_EXISTING,
    event.shopId,
    event.datasetId,
    event.name,
    event.eventId,
    event.purchaseOrderId,
  );
  if (existing === undefined) throw new Error(`${event.name} ${event.eventId} conflicts with a row that is not there`);
  switch (resolveConflict(existing, event)) {
    case "absorb":
      yield* addKnowledge(existing, event);
      result.absorbed += 1;
      return;
    case "release":
      yield* addKnowledge(existing, event);
      yield* run(RELEASE_TO_BEACON, event.runAt, event.facts, existing.id);
      result.absorbed += 1;
      return;
    case "pay":
      yield* addKnowledge(existing, event);
      yield* run(PAY, event.eventTime, event.runAt, event.hold, existing.id);
      result.absorbed += 1;
      return;
    case "revive":
      yield* run(
        REVIVE,
        JSON.stringify([columnsOf(event)]),
        existing.id,
        event.datedByPayment ? event.eventTime : null,
      );
      result.inserted += 1;
      return;
    case "rename": {
      const renamed = { ...event, eventId: idOfOwnOrder(event) };
      if (event.purchaseOrderId !== null) result.renamed.push(renamed.eventId);
      if ((yield* insertEvents([{ event: renamed }])).length > 0) result.inserted += 1;
      else yield* meetExisting(renamed, result);
      return;
    }
  }
}

/** What is made of a Purchase hangs on its id. */
function idOfOwnOrder({ orderId, rule, eventId }: NewEvent): string {
  if (orderId === null) throw new Error(`${eventId} is of no order, and cannot be of another`);
  const id = purchaseIdOfOrder(orderId);
  return rule === null ? id : ruleEventId(rule, id);
}

// The beacon saw the page: its facts are nearer to what happened than a webhook's guess. The time stays as first received.
const RELEASE_TO_BEACON = `
  UPDATE "Event" SET "runAt" = ?1, "hold" = NULL, "topic" = 'beacon', "facts" = ?2 WHERE "id" = ?3`;

// The order keeps what it first said of itself; only the time is that of the payment.
const PAY = `UPDATE "Event" SET "eventTime" = ?1, "runAt" = ?2, "hold" = ?3 WHERE "id" = ?4`;

// The id it was first given stays: both legs know it by that name. So does its time, which was frozen at first receipt,
// unless it was skipped before it was paid for.
const KEPT_WHEN_REVIVED: readonly string[] = ["shopId", "datasetId", "name", "eventId", "eventTime"];

const REVIVE: Sql = ({ rows }) => `
  UPDATE "Event" SET ${COLUMN_NAMES.flatMap((column) =>
    KEPT_WHEN_REVIVED.includes(column) ? [] : [`"${column}" = w."${column}"`],
  ).join(", ")},
    "eventTime" = CASE "Event"."outcome" WHEN 'skipped' THEN coalesce(?3, "Event"."eventTime") ELSE "Event"."eventTime" END,
    "attempts" = 0, "tries" = 0, "lease" = NULL, "consent" = NULL, "settledAt" = NULL
  FROM ${rows("?1", EVENT_COLUMNS)} AS w WHERE "Event"."id" = ?2`;

const ADD_KNOWLEDGE: Sql = ({ merged }) => `
  UPDATE "Event" SET
    "matchKeys" = CASE WHEN CAST(?1 AS TEXT) IS NULL THEN "matchKeys" ELSE ${merged("CAST(?1 AS TEXT)", `coalesce("matchKeys", '{}')`)} END,
    "browser" = ?2
  WHERE "id" = ?3 AND "outcome" = 'waiting' AND "attempts" = 0`;

function* addKnowledge(
  existing: Pick<StoredEvent, "id" | "browser">,
  { matchKeys, browser, fillBrowser }: Pick<NewEvent, "matchKeys" | "browser" | "fillBrowser">,
): Work<void> {
  const filled = existing.browser !== null && fillBrowser !== null ? fillBrowser(existing.browser) : null;
  yield* run(ADD_KNOWLEDGE, matchKeys, filled ?? existing.browser ?? browser, existing.id);
}

const unsent = ({ unindexed }: Dialect) => `"name" = ?2 AND ${unindexed(`"outcome"`)} = 'waiting' AND "attempts" = 0`;

const FIND_BY_ORDER: Sql = (dialect) => `
  SELECT "id", "browser" FROM "Event"
  WHERE "datasetId" IN (SELECT "id" FROM "Dataset" WHERE "shopId" = ?1) AND "purchaseOrderId" = ?3 AND ${unsent(dialect)} ${dialect.forUpdate}`;

const FIND_BY_CHECKOUT: Sql = (dialect) => `
  SELECT "id", "browser" FROM "Event" WHERE "shopId" = ?1 AND "checkoutToken" = ?3 AND ${unsent(dialect)} ${dialect.forUpdate}`;

/** Found by its order where it has one: two orders may share a checkout token. */
function* enrich(enrichment: IngestWrite["enrichments"][number]): Work<void> {
  const { shopId, name, checkoutToken, orderId } = enrichment;
  const rows = yield* all<Pick<StoredEvent, "id" | "browser">>(
    orderId === null ? FIND_BY_CHECKOUT : FIND_BY_ORDER,
    shopId,
    name,
    orderId ?? checkoutToken,
  );
  for (const row of rows) yield* addKnowledge(row, enrichment);
}

// What is on its way to Meta right now keeps its lease and its own ending; what has only waited to be known has not left.
const CANCEL: Sql = ({ unindexed }) => `
  UPDATE "Event" SET "outcome" = 'skipped', "reason" = 'cancelled', "runAt" = ?3, "hold" = NULL, "matchKeys" = NULL,
    "browser" = NULL
  WHERE "shopId" = ?1 AND "orderId" = ?2 AND ${unindexed(`"outcome"`)} = 'waiting'
    AND ("attempts" = 0 OR ("lease" IS NULL AND "reason" = 'shopify_waits'))
    AND "name" NOT IN ('Refund', 'Upsell')`;

const TOLD_OF_ORDER = `
  SELECT "facts" FROM "Event"
  WHERE "shopId" = ?1 AND "datasetId" = ?2 AND "orderId" = ?3 AND "name" IN ('Purchase', 'Upsell') AND "facts" IS NOT NULL
  ORDER BY "name" = 'Upsell', "id"`;

/** Only beside a Purchase: it is what the sum was added to. */
function* insertUpsell({ shopId, datasetId, orderId, rowOf }: UpsellWrite): Work<void> {
  const before = yield* all<{ facts: string }>(TOLD_OF_ORDER, shopId, datasetId, orderId);
  const row = rowOf(before.map(({ facts }) => facts));
  if (row !== null) yield* insertEvents([{ event: row }]);
}

// Key by key into the index: row values in an IN list would walk all contexts of the shop.
const KNOWN_CHECKOUTS: Sql = ({ rows, keyByKey }) => `
  SELECT c."shopId", c."key" FROM ${rows("?1", { shopId: "integer", key: "text" })} AS w ${keyByKey} "BrowserContext" AS c
    ON c."shopId" = w."shopId" AND c."key" = w."key"
  WHERE c."beacon" = true`;

interface Owned {
  owner: number;
  event: NewEvent;
}

/** An event that would wait for its browser need not when the browser spoke first. */
function* releaseWhatIsKnown(events: Owned[]): Work<Owned[]> {
  const held = events.filter(({ event }) => event.hold === "browser_context" && event.checkoutToken !== null);
  if (held.length === 0) return events;
  const wanted = held.map(({ event }) => [event.shopId, `checkout.${event.checkoutToken}`]);
  const rows = yield* all<{ shopId: number; key: string }>(KNOWN_CHECKOUTS, JSON.stringify(wanted));
  const known = new Set(rows.map(({ shopId, key }) => `${shopId} ${key}`));
  return events.map(({ owner, event }) => {
    const spoke = event.hold === "browser_context" && known.has(`${event.shopId} checkout.${event.checkoutToken}`);
    // A copy: the group may be rolled back and tried again without the write that told of the browser.
    return spoke ? { owner, event: { ...event, hold: null, runAt: dueAt(event) } } : { owner, event };
  });
}

/** At once, but never before its own date. */
function dueAt({ receivedAt, eventTime }: NewEvent): number {
  return Math.max(receivedAt, eventTime);
}

const RELEASE_HELD: Sql = ({ greatest, unindexed }) => `
  UPDATE "Event" SET "runAt" = ${greatest("?3", `"eventTime"`)}, "hold" = NULL
  WHERE "shopId" = ?1 AND "checkoutToken" = ?2 AND ${unindexed(`"outcome"`)} = 'waiting' AND "hold" = 'browser_context'
    AND "attempts" = 0`;

// Once, and only what Meta still takes: the drain would end an older one as expired.
const REOPEN_WITHHELD: Sql = ({ unindexed }) => `
  UPDATE "Event" SET "outcome" = 'waiting', "reason" = NULL, "runAt" = ?3, "hold" = NULL, "settledAt" = NULL,
    "reopened" = true
  WHERE "shopId" = ?1 AND "checkoutToken" = ?2 AND ${unindexed(`"outcome"`)} = 'withheld' AND "reason" = 'no_consent_signal'
    AND "reopened" = false AND "eventTime" > ?4`;

const META_WINDOW_MS = 7 * 24 * 3_600_000;

const REFUSE_WITHHELD: Sql = ({ unindexed }) => `
  UPDATE "Event" SET "reason" = 'consent_refused', "matchKeys" = NULL, "browser" = NULL, "runAt" = NULL
  WHERE "shopId" = ?1 AND "checkoutToken" = ?2 AND ${unindexed(`"outcome"`)} = 'withheld' AND "reason" = 'no_consent_signal'
    AND "countedAs" = 'withheld'`;

function* releaseHeld(contexts: ContextWrite[]): Work<void> {
  for (const { shopId, checkoutToken, beacon, consenting, refusing, receivedAt } of contexts) {
    if (checkoutToken === null || !beacon) continue;
    yield* run(RELEASE_HELD, shopId, checkoutToken, receivedAt);
    if (refusing) yield* run(REFUSE_WITHHELD, shopId, checkoutToken);
    if (consenting) yield* run(REOPEN_WITHHELD, shopId, checkoutToken, receivedAt, receivedAt - META_WINDOW_MS);
  }
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
