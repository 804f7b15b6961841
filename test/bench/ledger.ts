import { isPostgres } from "~/database-address";
import { dayRange } from "~/diagnostics/day-range";
import { ordersOf, placeOf, reconciliationOf } from "~/diagnostics/reconciliation.server";
import { spanOf } from "~/diagnostics/reconciliation-query";
import { seal } from "~/ledger/sealer.server";
import { verifyLedger } from "~/ledger/verify.server";
import {
  type BenchEnv,
  benchEnv,
  benchShop,
  type Connected,
  openConnected,
  receiveAll,
  receiveOrder,
  upTo,
} from "./load";
import { median, rounded } from "./medians";
import { type Databases, openDatabases } from "./stores";

/** By `<store>.<what was measured>`: milliseconds, or as it is named. */
export type LedgerResult = Record<string, { median: number; p95: number } | number>;

const ORDERS = 200_000;
/** The orders are made of so many, each over and over as another one. */
const SEED = 1_000;
const DAYS = 30;
const TURNS = 60;
const DAY_MS = 24 * 3_600_000;

const SHOP = benchShop(1);

/** What a merchant and an operator wait for, in a shop that had 200,000 orders in a month. */
export async function benchLedger(): Promise<LedgerResult> {
  const stores = await openDatabases();
  const results: LedgerResult = {};
  try {
    for (const store of stores) Object.assign(results, await benchStore(store));
  } finally {
    for (const store of stores) store.close();
  }
  return results;
}

async function benchStore(databases: Databases): Promise<LedgerResult> {
  const place = databases.fresh();
  try {
    const env = benchEnv(place.address);
    const connected = await openConnected(env, [SHOP]);
    await fill(env, connected);
    const sealed = await sealAll(connected);
    if (isPostgres(env.DATABASE_URL)) await connected.db.$executeRawUnsafe("VACUUM ANALYZE");
    const figures = {
      sealed_per_second: sealed,
      ...(await measureLoaders(connected)),
      ...(await measureVerify(connected)),
    };
    await connected.close();
    return Object.fromEntries(Object.entries(figures).map(([what, value]) => [`${databases.name}.${what}`, value]));
  } finally {
    place.remove();
  }
}

/** How each copy ended: one in a hundred by each of these, all others were accepted. */
const ENDINGS = [
  ["withheld", "consent_refused"],
  ["withheld", "no_consent_signal"],
  ["skipped", "test_order"],
  ["rejected", "meta_100_2804003"],
  ["expired", "too_late"],
] as const;

async function fill(env: BenchEnv, { deps, db }: Connected): Promise<void> {
  await receiveAll(receiveOrder, [SHOP], upTo(SEED), deps);
  const columns = Object.keys(await db.event.findFirstOrThrow()).filter((column) => column !== "id");
  const month = Date.now() - DAYS * DAY_MS + 3_600_000;
  const step = Math.floor(((DAYS - 1) * DAY_MS) / ORDERS);
  const at = `CAST(${month} AS BIGINT) + (CAST(k.n AS BIGINT) * ${SEED} + e."id") * ${step}`;
  const nth = `(k.n * 7 + e."id") % 100`;
  const choice = (of: (n: number) => string, other: string) =>
    `CASE ${nth} ${ENDINGS.map((_, n) => `WHEN ${n} THEN '${of(n)}'`).join(" ")} ELSE ${other} END`;
  const copied: Record<string, string> = {
    eventId: `e."eventId" || '.' || k.n`,
    orderId: `e."orderId" || k.n`,
    purchaseOrderId: `e."purchaseOrderId" || k.n`,
    eventTime: at,
    receivedAt: at,
    settledAt: `${at} + 2000`,
    runAt: "NULL",
    outcome: choice((n) => ENDINGS[n]?.[0] ?? "", "'accepted'"),
    reason: choice((n) => ENDINGS[n]?.[1] ?? "", "NULL"),
  };
  const portion = 10;
  for (let from = 1; from <= ORDERS / SEED; from += portion) {
    const to = Math.min(from + portion - 1, ORDERS / SEED);
    await db.$executeRawUnsafe(`
      INSERT INTO "Event" (${columns.map((column) => `"${column}"`).join(", ")})
      WITH RECURSIVE k(n) AS (SELECT ${from} UNION ALL SELECT n + 1 FROM k WHERE n < ${to})
      SELECT ${columns.map((column) => copied[column] ?? `e."${column}"`).join(", ")}
      FROM k CROSS JOIN "Event" AS e WHERE e."id" <= ${SEED} ORDER BY k.n, e."id"`);
  }
  await db.$executeRawUnsafe(`DELETE FROM "Event" WHERE "id" <= ${SEED}`);
  if (isPostgres(env.DATABASE_URL)) await db.$executeRawUnsafe("VACUUM ANALYZE");
}

async function sealAll({ deps }: Connected): Promise<number> {
  const started = performance.now();
  let rows = 0;
  for (let told = -1; told !== 0; rows += told) told = await seal({ ...deps, stopping: () => false });
  if (rows !== ORDERS) throw new Error(`${rows} orders were sealed`);
  return rounded(rows / ((performance.now() - started) / 1_000));
}

async function measureLoaders({ store, deps }: Connected): Promise<LedgerResult> {
  const shopId = deps.registry.shop(SHOP.shop)?.id ?? 0;
  const days = (from: number) => {
    const date = (back: number) => new Date(Date.now() - back * DAY_MS).toISOString().slice(0, 10);
    return dayRange(date(from), date(0), "Europe/Berlin", Date.now()).days;
  };
  const month = days(DAYS);
  const any = { span: spanOf(month), datasetId: null, outcome: null, reason: null, source: null, event: null };
  const whole = await reconciliationOf(store, shopId, month, null);
  if (whole.all.count !== ORDERS) throw new Error(`${whole.all.count} orders are counted`);
  const [oldest] = month;
  const last = `${(oldest?.start ?? 0) + DAY_MS + 3_600_000}.${Number.MAX_SAFE_INTEGER}`.slice(0, 29);
  const loaders = {
    reconciliation_month: () => reconciliationOf(store, shopId, days(DAYS), null),
    reconciliation_week: () => reconciliationOf(store, shopId, days(6), null),
    orders_newest: () => ordersOf(store, shopId, any, null),
    orders_oldest: () => ordersOf(store, shopId, any, placeOf(last)),
    orders_one_in_hundred: () => ordersOf(store, shopId, { ...any, outcome: "expired", reason: "too_late" }, null),
    orders_none_fits: () => ordersOf(store, shopId, { ...any, outcome: "dead" }, null),
  };
  const times: Record<string, number[]> = {};
  for (let turn = 0; turn < TURNS; turn += 1) {
    for (const [name, load] of Object.entries(loaders)) {
      const started = performance.now();
      await load();
      times[name] = [...(times[name] ?? []), performance.now() - started];
    }
  }
  return Object.fromEntries(
    Object.entries(times).map(([name, all]) => [name, { median: rounded(median(all), 1), p95: rounded(p95(all), 1) }]),
  );
}

function p95(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.ceil(values.length * 0.95) - 1] ?? Number.NaN;
}

async function measureVerify({ store, deps }: Connected): Promise<LedgerResult> {
  const shop = deps.registry.shop(SHOP.shop);
  const started = performance.now();
  const verified = shop && (await verifyLedger(shop, null, store));
  if (verified?.lines !== ORDERS || verified.broken !== null) throw new Error("the ledger does not hold");
  return { verify_all: rounded(performance.now() - started) };
}
