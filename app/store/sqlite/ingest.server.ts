import { resolveConflict } from "../conflict";
import type { ContextWrite, IngestResult, IngestWrite, KnownContext, NewEvent, StoredEvent } from "../rows";
import type { Connection } from "./connection.server";

/**
 * Stores a group of webhooks and beacons: one JSON parameter per table and statement. Rows that meet their own kind
 * (a repeated webhook, both topics of one order) are looked at one by one; they are few.
 */
export function ingestGroup(connection: Connection, writes: IngestWrite[]): IngestResult[] {
  const contexts = writes.flatMap((write) => write.contexts);
  for (const context of contexts) upsertContext(connection, context);
  const events = writes.flatMap((write, owner) => write.events.map((event) => ({ owner, event })));
  releaseWhatIsKnown(
    connection,
    events.map(({ event }) => event),
  );
  const results = writes.map((): IngestResult => ({ inserted: 0, absorbed: 0, renamed: [] }));
  const inserted = countKeys(insertEvents(connection, events));
  for (const { owner, event } of events) {
    const result = results[owner];
    if (result === undefined) continue;
    if (takeOne(inserted, keyOf(event))) result.inserted += 1;
    else meetExisting(connection, event, result);
  }
  for (const write of writes) {
    for (const enrichment of write.enrichments) enrich(connection, enrichment);
  }
  releaseHeld(connection, contexts);
  insertNotices(connection, writes);
  return results;
}

const EVENT_COLUMNS = [
  "shopId",
  "datasetId",
  "name",
  "eventId",
  "purchaseOrderId",
  "orderId",
  "checkoutToken",
  "topic",
  "webhookId",
  "actionSource",
  "eventTime",
  "receivedAt",
  "outcome",
  "reason",
  "runAt",
  "hold",
  "facts",
  "matchKeys",
  "browser",
] as const satisfies readonly (keyof NewEvent)[];

const INSERT_EVENTS = `
  INSERT INTO "Event" (${EVENT_COLUMNS.map((column) => `"${column}"`).join(", ")})
  SELECT ${EVENT_COLUMNS.map((_, index) => `value->>${index}`).join(", ")} FROM json_each(?) WHERE true
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
  return EVENT_COLUMNS.map((column) => event[column]);
}

function insertEvents(connection: Connection, events: { event: NewEvent }[]): EventKey[] {
  if (events.length === 0) return [];
  return connection.all<EventKey>(INSERT_EVENTS, JSON.stringify(events.map(({ event }) => columnsOf(event))));
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

const FIND_EXISTING = `
  SELECT "id", "outcome", "reason", "purchaseOrderId", "hold", "attempts", "matchKeys"
  FROM "Event"
  WHERE "shopId" = ?1 AND "datasetId" = ?2 AND (("name" = ?3 AND "eventId" = ?4) OR "purchaseOrderId" = ?5)
  ORDER BY "purchaseOrderId" = ?5 DESC
  LIMIT 1`;

type Existing = Pick<StoredEvent, "id" | "outcome" | "reason" | "purchaseOrderId" | "hold" | "attempts" | "matchKeys">;

function meetExisting(connection: Connection, event: NewEvent, result: IngestResult): void {
  const [existing] = connection.all<Existing>(
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
      addKnowledge(connection, existing.id, event);
      result.absorbed += 1;
      return;
    case "release":
      addKnowledge(connection, existing.id, event);
      connection.run(RELEASE_TO_BEACON, event.receivedAt, event.facts, event.eventTime, existing.id);
      result.absorbed += 1;
      return;
    case "revive":
      connection.run(REVIVE, JSON.stringify(columnsOf(event)), existing.id);
      result.inserted += 1;
      return;
    case "rename": {
      const renamed = { ...event, eventId: `purchase.o${event.purchaseOrderId}` };
      result.renamed.push(renamed.eventId);
      if (insertEvents(connection, [{ event: renamed }]).length > 0) result.inserted += 1;
      else meetExisting(connection, renamed, result);
      return;
    }
  }
}

// The beacon saw the page: its facts and its time are nearer to what happened than a webhook's guess.
const RELEASE_TO_BEACON = `
  UPDATE "Event" SET "runAt" = ?1, "hold" = NULL, "topic" = 'beacon', "facts" = ?2, "eventTime" = ?3 WHERE "id" = ?4`;

// The id it was first given stays: both legs know it by that name.
const REVIVE = `
  UPDATE "Event" SET ${EVENT_COLUMNS.flatMap((column, index) =>
    ["shopId", "datasetId", "name", "eventId"].includes(column) ? [] : [`"${column}" = ?1->>${index}`],
  ).join(", ")}, "attempts" = 0, "lease" = NULL, "consent" = NULL WHERE "id" = ?2`;

const ADD_KNOWLEDGE = `
  UPDATE "Event" SET
    "matchKeys" = CASE WHEN ?1 IS NULL THEN "matchKeys" ELSE json_patch(?1, coalesce("matchKeys", '{}')) END,
    "browser" = coalesce("browser", ?2)
  WHERE "id" = ?3 AND "outcome" = 'waiting' AND "attempts" = 0`;

function addKnowledge(
  connection: Connection,
  id: number,
  { matchKeys, browser }: Pick<NewEvent, "matchKeys" | "browser">,
): void {
  connection.run(ADD_KNOWLEDGE, matchKeys, browser, id);
}

const FIND_ENRICHED = `
  SELECT "id" FROM "Event"
  WHERE "shopId" = ?1 AND "name" = ?2 AND "outcome" = 'waiting' AND "attempts" = 0
    AND ("checkoutToken" = ?3 OR ("purchaseOrderId" = ?4 AND "datasetId" IN (SELECT "id" FROM "Dataset" WHERE "shopId" = ?1)))`;

function enrich(connection: Connection, enrichment: IngestWrite["enrichments"][number]): void {
  const { shopId, name, checkoutToken, orderId } = enrichment;
  for (const { id } of connection.all<{ id: number }>(FIND_ENRICHED, shopId, name, checkoutToken, orderId)) {
    addKnowledge(connection, id, enrichment);
  }
}

const FIND_CONTEXT = `SELECT "browser", "matchKeys", "consent" FROM "BrowserContext" WHERE "shopId" = ? AND "key" = ?`;

const UPSERT_CONTEXT = `
  INSERT INTO "BrowserContext" ("shopId", "key", "browser", "matchKeys", "consent", "beacon", "receivedAt")
  VALUES (?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT ("shopId", "key") DO UPDATE SET
    "browser" = excluded."browser", "matchKeys" = excluded."matchKeys", "consent" = excluded."consent",
    "beacon" = max("beacon", excluded."beacon"), "receivedAt" = excluded."receivedAt"`;

function upsertContext(connection: Connection, write: ContextWrite): void {
  const [stored] = connection.all<KnownContext>(FIND_CONTEXT, write.shopId, write.key);
  const { browser, matchKeys, consent } = write.join(stored ?? null);
  const beacon = write.beacon ? 1 : 0;
  connection.run(UPSERT_CONTEXT, write.shopId, write.key, browser, matchKeys, consent, beacon, write.receivedAt);
}

const KNOWN_CHECKOUTS = `
  SELECT "shopId", "key" FROM "BrowserContext"
  WHERE "beacon" = 1 AND ("shopId", "key") IN (SELECT value->>0, value->>1 FROM json_each(?))`;

/** An event that would wait for its browser need not when the browser spoke first. */
function releaseWhatIsKnown(connection: Connection, events: NewEvent[]): void {
  const held = events.filter((event) => event.hold === "browser_context" && event.checkoutToken !== null);
  if (held.length === 0) return;
  const wanted = held.map((event) => [event.shopId, `checkout.${event.checkoutToken}`]);
  const rows = connection.all<{ shopId: number; key: string }>(KNOWN_CHECKOUTS, JSON.stringify(wanted));
  const known = new Set(rows.map(({ shopId, key }) => `${shopId} ${key}`));
  for (const event of held) {
    if (!known.has(`${event.shopId} checkout.${event.checkoutToken}`)) continue;
    event.hold = null;
    event.runAt = event.receivedAt;
  }
}

const RELEASE_HELD = `
  UPDATE "Event" SET "runAt" = ?3, "hold" = NULL
  WHERE "shopId" = ?1 AND "checkoutToken" = ?2 AND "outcome" = 'waiting' AND "hold" = 'browser_context'
    AND "attempts" = 0`;

// Once, and only what Meta still takes: the drain would end an older one as expired.
const REOPEN_WITHHELD = `
  UPDATE "Event" SET "outcome" = 'waiting', "reason" = NULL, "runAt" = ?3, "hold" = NULL, "reopened" = 1
  WHERE "shopId" = ?1 AND "checkoutToken" = ?2 AND "outcome" = 'withheld' AND "reason" = 'no_consent_signal'
    AND "reopened" = 0 AND "eventTime" > ?4`;

const META_WINDOW_MS = 7 * 24 * 3_600_000;

function releaseHeld(connection: Connection, contexts: ContextWrite[]): void {
  for (const { shopId, checkoutToken, beacon, consenting, receivedAt } of contexts) {
    if (checkoutToken === null || !beacon) continue;
    connection.run(RELEASE_HELD, shopId, checkoutToken, receivedAt);
    if (consenting) connection.run(REOPEN_WITHHELD, shopId, checkoutToken, receivedAt, receivedAt - META_WINDOW_MS);
  }
}

const INSERT_NOTICES = `
  INSERT INTO "Notice" ("shopId", "topic", "webhookId", "triggeredAt", "receivedAt", "body")
  SELECT value->>0, value->>1, value->>2, value->>3, value->>4, value->>5 FROM json_each(?) WHERE true
  ON CONFLICT DO NOTHING`;

function insertNotices(connection: Connection, writes: IngestWrite[]): void {
  const rows = writes
    .flatMap((write) => write.notices)
    .map((n) => [n.shopId, n.topic, n.webhookId, n.triggeredAt, n.receivedAt, n.body]);
  if (rows.length > 0) connection.run(INSERT_NOTICES, JSON.stringify(rows));
}
