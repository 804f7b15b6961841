import { readableIn } from "../../events/unreadable";
import type { KnownOrder } from "../rows";
import { all, run, type Sql, type Work } from "../statement";

// What could not be read may be read when it is asked for anew.
const KNOWN: Sql = ({ rows, keyByKey }) => `
  SELECT e."datasetId", e."orderId", e."checkoutToken", e."actionSource", e."eventTime", e."outcome", e."reason", e."hold"
  FROM ${rows("?1", { shopId: "integer", orderId: "text" })} AS w ${keyByKey} "Event" AS e
    ON e."shopId" = w."shopId" AND e."orderId" = w."orderId"
  WHERE e."rule" IS NULL AND e."name" NOT IN ('Subscribe', 'Refund', 'Upsell') AND ${readableIn(`e."eventId"`)}`;

/** Those of the orders that a dataset of the shop knows, once for each such dataset. */
export function* knownOrders(shopId: number, orderIds: readonly string[]): Work<KnownOrder[]> {
  if (orderIds.length === 0) return [];
  return yield* all<KnownOrder>(KNOWN, JSON.stringify(orderIds.map((orderId) => [shopId, orderId])));
}

// Nothing else waits for as long as a day ahead: so few rows are met that do not.
const UNPAID = `
  SELECT "orderId" FROM "Event"
  WHERE "datasetId" = ?1 AND "outcome" = 'waiting' AND "runAt" > ?2 AND "hold" = 'payment' AND "eventTime" < ?3
    AND "orderId" IS NOT NULL
  ORDER BY "runAt" DESC LIMIT ?4`;

const DAY_MS = 24 * 3_600_000;

/** Orders that wait for a dataset to be paid for and were placed before `before`, the newest first. Epoch milliseconds. */
export function* unpaidOrders(datasetId: number, before: number, now: number, limit: number): Work<string[]> {
  const rows = yield* all<{ orderId: string }>(UNPAID, datasetId, now + DAY_MS, before, limit);
  return rows.map(({ orderId }) => orderId);
}

/** Who sweeps a shop's orders, and until when nobody else does. Times are of the clock that leases are counted in. */
export interface SweepLease {
  shopId: number;
  lease: string;
  leaseNow: number;
  until: number;
}

/** Begins a sweep, or goes on with one's own; false: somebody else is at it, or the app is not installed any more. */
export function* holdOrderSweep({ shopId, lease, leaseNow, until }: SweepLease): Work<boolean> {
  const held = yield* run(
    `INSERT INTO "OrderSweep" ("shopId", "lease", "leaseUntil")
     SELECT s."id", CAST(?2 AS TEXT), CAST(?4 AS BIGINT) FROM "Shop" AS s WHERE s."id" = ?1 AND s."uninstalledAt" IS NULL
     ON CONFLICT ("shopId") DO UPDATE SET "lease" = excluded."lease", "leaseUntil" = excluded."leaseUntil"
     WHERE "OrderSweep"."lease" IS NULL OR "OrderSweep"."lease" = ?2 OR "OrderSweep"."leaseUntil" <= ?3`,
    shopId,
    lease,
    leaseNow,
    until,
  );
  return held > 0;
}

/** What a sweep came to. Instants are epoch milliseconds. */
export interface SweepRecord {
  startedAt: number;
  endedAt: number;
  /** Orders created then or later … */
  since: number;
  /** … and before then. */
  until: number;
  /** Orders that Shopify has of the span, as far as it was asked. */
  seen: number;
  /** Those of them that a dataset lacked. */
  missing: number;
  /** Those of the missing that cannot be read. */
  unreadable: number;
  /** Why it did not get through to its end, in words; null: it did. */
  fault: string | null;
}

/** Ends one's own sweep and writes down what it came to. */
export function* endOrderSweep(shopId: number, lease: string, record: SweepRecord): Work<void> {
  yield* run(
    `UPDATE "OrderSweep" SET "lease" = NULL, "leaseUntil" = NULL, "startedAt" = ?3, "endedAt" = ?4, "since" = ?5,
       "until" = ?6, "seen" = ?7, "missing" = ?8, "unreadable" = ?9, "fault" = ?10,
       "wholeAt" = CASE WHEN CAST(?10 AS TEXT) IS NULL THEN ?4 ELSE "wholeAt" END
     WHERE "shopId" = ?1 AND "lease" = ?2`,
    shopId,
    lease,
    record.startedAt,
    record.endedAt,
    record.since,
    record.until,
    record.seen,
    record.missing,
    record.unreadable,
    record.fault,
  );
}

const FOUND: Sql = ({ by }) => `
  SELECT count(DISTINCT "orderId") AS "n" FROM "Event" ${by("Event_shopId_receivedAt_swept_idx")}
  WHERE "topic" = 'sweep' AND "shopId" = ?1 AND "receivedAt" >= ?2 AND coalesce("reason", '') <> 'before_connection'`;

/** How many orders of a shop only the sweep told of since then; those older than the connection are no loss. */
export function* foundBySweep(shopId: number, since: number): Work<number> {
  const [found] = yield* all<{ n: number }>(FOUND, shopId, since);
  return Number(found?.n ?? 0);
}
