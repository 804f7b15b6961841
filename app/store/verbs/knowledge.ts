import type { KnownContext, KnownPurchase, RegistrationNeighbours } from "../rows";
import { all, type Sql, type Work } from "../statement";

const CONTEXTS: Sql = ({ values }) => `
  SELECT "key", "browser", "matchKeys", "consent", "beacon", "receivedAt" FROM "BrowserContext"
  WHERE "shopId" = ?1 AND "key" IN ${values("?2", "text")}`;

export interface StoredContext extends KnownContext {
  key: string;
  beacon: boolean;
  receivedAt: number;
}

/** What is known of the browsers behind these keys, as far as they were heard of since. */
export function* contextsOf(shopId: number, keys: string[], since: number): Work<StoredContext[]> {
  if (keys.length === 0) return [];
  const rows = yield* all<Omit<StoredContext, "beacon"> & { beacon: number | boolean }>(
    CONTEXTS,
    shopId,
    JSON.stringify(keys),
  );
  // Asked for in SQL, PostgreSQL would go by time, through all that was heard of since.
  const recent = rows.filter(({ receivedAt }) => receivedAt >= since);
  return recent.map((row) => ({ ...row, beacon: Boolean(row.beacon) }));
}

const PURCHASES: Sql = ({ values }) => `
  SELECT "orderId", "outcome", "runAt", "facts", "matchKeys", "browser", "checkoutToken", "customerKey" FROM "Event"
  WHERE "datasetId" = ?1 AND "purchaseOrderId" IN ${values("?2", "text")}`;

/** The Purchases of some orders; `orderIds`: digits. */
export function* purchasesOf(datasetId: number, orderIds: string[]): Work<KnownPurchase[]> {
  return yield* all<KnownPurchase>(PURCHASES, datasetId, JSON.stringify(orderIds));
}

// An order within ten minutes, before or after: the customer came to be by it.
const ORDERED: Sql = ({ rows, keyByKey }) => `
  SELECT r."id", r."eventTime",
    EXISTS (
      SELECT 1 FROM "Event" o WHERE o."shopId" = r."shopId" AND o."customerKey" = r."customerKey"
        AND o."orderId" IS NOT NULL AND o."eventTime" BETWEEN r."eventTime" - 600000 AND r."eventTime" + 600000
    ) AS "ordered"
  FROM ${rows("?1", { id: "integer" })} AS w ${keyByKey} "Event" AS r ON r."id" = w."id"`;

// All at once: to count around each registration by itself would walk all of them each time.
const REGISTERED = `
  SELECT n."eventTime" FROM "Event" AS r JOIN "Event" AS n
    ON n."shopId" = r."shopId" AND n."datasetId" = r."datasetId" AND n."name" = 'CompleteRegistration'
  WHERE r."id" = ?1 AND n."eventTime" BETWEEN ?2 AND ?3 ORDER BY n."eventTime"`;

const HALF_A_MINUTE_MS = 30_000;

/** What happened around some registrations for one dataset. */
export function* registrationCrowd(rows: readonly { id: number }[]): Work<Map<number, RegistrationNeighbours>> {
  const [one] = rows;
  if (one === undefined) return new Map();
  const found = yield* all<{ id: number; eventTime: number; ordered: number | boolean }>(
    ORDERED,
    JSON.stringify(rows.map(({ id }) => [id])),
  );
  const times = found.map(({ eventTime }) => eventTime);
  const [from, to] = [Math.min(...times) - HALF_A_MINUTE_MS, Math.max(...times) + HALF_A_MINUTE_MS];
  const registered = (yield* all<{ eventTime: number }>(REGISTERED, one.id, from, to)).map(
    ({ eventTime }) => eventTime,
  );
  return new Map(
    found.map(({ id, eventTime, ordered }) => {
      const sameMinute =
        countUntil(registered, eventTime + HALF_A_MINUTE_MS) - countUntil(registered, eventTime - HALF_A_MINUTE_MS - 1);
      return [id, { ordered: Boolean(ordered), sameMinute }];
    }),
  );
}

/** How many of the sorted instants are not after `at`. */
function countUntil(sorted: readonly number[], at: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}
