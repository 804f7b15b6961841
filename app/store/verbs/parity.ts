import type { TrReport } from "../../events/browser-copy";
import type { Outcome } from "../../events/outcome";
import { all, type Sql, type Work } from "../statement";

/** How many of the latest events of a name stand how; bounded, so that it costs the same however many there are. */
export interface LegCount {
  datasetId: number;
  name: string;
  outcome: Outcome;
  actionSource: string;
  /** Null: the pixel said nothing of a copy of its own. */
  tr: TrReport | null;
  count: number;
  /** When the oldest of them came, epoch milliseconds. */
  since: number;
}

// The limit of the inner query is what bounds it.
const LATEST_LEGS: Sql = `
  SELECT latest."datasetId", latest."name", latest."outcome", latest."actionSource", b."tr",
    CAST(count(*) AS INTEGER) AS "count", min(latest."receivedAt") AS "since"
  FROM (
    SELECT "datasetId", "name", "eventId", "outcome", "actionSource", "receivedAt" FROM "Event"
    WHERE "shopId" = ?1 ORDER BY "id" DESC LIMIT ?2) AS latest
  LEFT JOIN "BrowserCopy" AS b
    ON b."datasetId" = latest."datasetId" AND b."name" = latest."name" AND b."eventId" = latest."eventId"
  GROUP BY latest."datasetId", latest."name", latest."outcome", latest."actionSource", b."tr"`;

/** Of a shop's latest events, `limit` at the most. */
export function* latestLegs(shopId: number, limit: number): Work<LegCount[]> {
  return yield* all<LegCount>(LATEST_LEGS, shopId, limit);
}

/** An order's own row with what is known of both copies. */
export interface OrderCopies {
  id: number;
  datasetId: number;
  name: string;
  eventId: string;
  orderId: string | null;
  checkoutToken: string | null;
  /** Where the order came from; null: the ledger has no line of it. */
  source: string | null;
  actionSource: string;
  outcome: Outcome;
  reason: string | null;
  topic: string;
  eventTime: number;
  receivedAt: number;
  /** What Meta was told that the order is worth, by the ledger; null: it does not say. */
  value: string | null;
  currency: string | null;
  /** Sealed. */
  bytes: string | null;
  /** When it was last sent; null: it was not. */
  sentAt: number | null;
  /** The browser's copy; `tr` null: the pixel said nothing of one. */
  tr: TrReport | null;
  toldAt: number | null;
  told: string | null;
  /** The id under which the browser told of the same checkout's Purchase, where that is another; null: it did not. */
  otherId: string | null;
  otherTr: TrReport | null;
  otherAt: number | null;
  otherTold: string | null;
}

const COPIES = `
  SELECT e."id", e."datasetId", e."name", e."eventId", e."orderId", e."checkoutToken", l."source", e."actionSource",
    e."outcome", e."reason",
    e."topic", e."eventTime", e."receivedAt", l."value", l."currency", e."bytes", a."at" AS "sentAt",
    b."tr", b."receivedAt" AS "toldAt", b."told",
    o."eventId" AS "otherId", o."tr" AS "otherTr", o."receivedAt" AS "otherAt", o."told" AS "otherTold"`;
// An order that was told of under another name or id than its page had. What is made of an order besides never had a page's
// copy, and of two orders of one checkout the copy is the one's that has its id.
const WITH_COPIES = `
  LEFT JOIN "Attempt" AS a ON a."id" = e."attemptId"
  LEFT JOIN "BrowserCopy" AS b
    ON b."datasetId" = e."datasetId" AND b."name" = e."name" AND b."eventId" = e."eventId"
  LEFT JOIN "BrowserCopy" AS o
    ON e."ledgered" IS NOT NULL
      AND o."datasetId" = e."datasetId" AND o."name" = 'Purchase' AND o."eventId" = 'purchase.' || e."checkoutToken"
      AND (e."name" <> 'Purchase' OR e."eventId" <> 'purchase.' || e."checkoutToken")
      AND NOT EXISTS (
        SELECT 1 FROM "Event" AS t
        WHERE t."shopId" = e."shopId" AND t."datasetId" = e."datasetId" AND t."name" = 'Purchase'
          AND t."eventId" = 'purchase.' || e."checkoutToken" AND t."id" <> e."id")`;

// By the ledger's index: the outbox has none of orders by time.
const LATEST_ORDERS: Sql = `${COPIES}
  FROM (
    SELECT "eventRowId", "source", "value", "currency", "bucket", "id" FROM "LedgerLine"
    WHERE "shopId" = ?1 AND "bucket" >= ?2 AND "current" ORDER BY "bucket" DESC, "id" DESC LIMIT ?3) AS l
  JOIN "Event" AS e ON e."id" = l."eventRowId"
  ${WITH_COPIES}
  ORDER BY l."bucket" DESC, l."id" DESC`;

/** A shop's latest orders since an instant, newest first, `limit` at the most. */
export function* latestOrderCopies(shopId: number, since: number, limit: number): Work<OrderCopies[]> {
  return yield* all<OrderCopies>(LATEST_ORDERS, shopId, since, limit);
}

const OF_ROW: Sql = `${COPIES}
  FROM "Event" AS e
  LEFT JOIN "LedgerLine" AS l ON l."eventRowId" = e."id" AND l."current"
  ${WITH_COPIES}
  WHERE e."shopId" = ?1 AND e."id" = ?2`;

/** The same of one event, an order's or not. Null: the shop has none of that number. */
export function* copiesOfRow(shopId: number, id: number): Work<OrderCopies | null> {
  const [row] = yield* all<OrderCopies>(OF_ROW, shopId, id);
  return row ?? null;
}
