import { openAlertsOf } from "~/alerting/state.server";
import { isPostgres } from "~/database-address";
import { answersOf } from "~/diagnostics/answers.server";
import { deliveriesOf, deliveryOf } from "~/diagnostics/deliveries.server";
import { healthOf } from "~/diagnostics/detectors.server";
import { heartbeatOf, lastDayOf, queueNow } from "~/diagnostics/flow.server";
import { heldOf } from "~/diagnostics/held.server";
import { groupsOf, matchQualityOf } from "~/diagnostics/match-quality.server";
import { memoryOf } from "~/diagnostics/memory.server";
import { noSignalOf } from "~/diagnostics/no-signal.server";
import { overviewOf } from "~/diagnostics/overview.server";
import { comparedOrders, legsByEvent } from "~/diagnostics/parity.server";
import { qualitySummaryOf } from "~/diagnostics/quality-summary.server";
import { sentOf } from "~/diagnostics/sent.server";
import { PIXEL_EVENT_NAMES } from "~/events/names";
import { seal } from "~/ledger/sealer.server";
import { COVERAGE_KEYS } from "~/store/verbs/coverage";
import { calm } from "./calm";
import {
  type BenchEnv,
  benchEnv,
  benchShop,
  type Connected,
  openConnected,
  receiveAll,
  receiveVisit,
  upTo,
} from "./load";
import { median, rounded } from "./medians";
import { type Databases, openDatabases } from "./stores";

/** `<store>.<loader>_p95_ms` with all of them, `<store>.<loader>_few_p95_ms` with few, and how the two compare. */
export type DiagnosticsResult = Record<string, number>;

const DELIVERIES = 5_000_000;
const FEW = 50_000;
/** The deliveries are made of so many, each over and over as another one. */
const SEED = 2_500;
const DAYS = 30;
const WARM_UP = 5;
const TURNS = 100;
const DAY_MS = 24 * 3_600_000;
const QUARTER_MS = 15 * 60_000;
/** So many of the newest orders have a line in the ledger; its own bench has a full one. */
const LEDGERED = 2_000;

const SHOP = benchShop(1);

/** What a merchant waits for in a shop with five million deliveries in a month, beside one with fifty thousand. */
export async function benchDiagnostics(): Promise<DiagnosticsResult> {
  const stores = await openDatabases();
  const results: DiagnosticsResult = {};
  try {
    for (const databases of stores) {
      const few = await filled(databases, FEW);
      const all = await filled(databases, DELIVERIES);
      try {
        const times = await sideBySide({ few: await loadersOf(few), all: await loadersOf(all) });
        for (const [loader, { few, all }] of Object.entries(times)) {
          results[`${databases.name}.${loader}_p95_ms`] = rounded(p95(all), 1);
          results[`${databases.name}.${loader}_few_p95_ms`] = rounded(p95(few), 1);
          results[`${databases.name}.${loader}_ratio`] = rounded(p95(all) / p95(few), 2);
          results[`${databases.name}.${loader}_median_ratio`] = rounded(median(all) / median(few), 2);
        }
      } finally {
        await few.remove();
        await all.remove();
      }
    }
  } finally {
    for (const store of stores) store.close();
  }
  return results;
}

type Filled = Connected & { remove: () => Promise<void> };

async function filled(databases: Databases, deliveries: number): Promise<Filled> {
  const place = databases.fresh();
  const env = benchEnv(place.address);
  const connected = await openConnected(env, [SHOP]);
  const started = performance.now();
  await fill(env, connected, deliveries);
  process.stderr.write(
    `${databases.name}: ${deliveries} deliveries made in ${rounded((performance.now() - started) / 1_000)} s\n`,
  );
  const remove = async () => {
    await connected.close();
    place.remove();
  };
  return { ...connected, remove };
}

/** How each copy ended: one in a hundred by each of these, all others were accepted. */
const ENDINGS = [
  ["withheld", "consent_refused"],
  ["withheld", "no_consent_signal"],
  ["skipped", "event_off"],
  ["rejected", "meta_100_2804003"],
  ["dead", "meta_2"],
] as const;

async function fill(env: BenchEnv, { deps, db }: Connected, deliveries: number): Promise<void> {
  await receiveAll(receiveVisit, [SHOP], upTo(SEED), deps);
  const seeded = await db.event.findMany({ orderBy: { id: "asc" }, select: { id: true } });
  const [first, last] = [seeded[0]?.id ?? 0, seeded.at(-1)?.id ?? 0];
  const copies = Math.ceil(deliveries / seeded.length);
  const start = Date.now() - DAYS * DAY_MS + 3_600_000;
  const step = Math.floor(((DAYS - 1) * DAY_MS) / (copies * seeded.length));
  const at = `CAST(${start} AS BIGINT) + (CAST(k.n AS BIGINT) * ${seeded.length} + e."id" - ${first}) * ${step}`;
  const nth = `(k.n * 7 + e."id") % 100`;
  const choice = (of: (n: number) => string, other: string) =>
    `CASE ${nth} ${ENDINGS.map((_, n) => `WHEN ${n} THEN '${of(n)}'`).join(" ")} ELSE ${other} END`;
  const own: Record<string, string> = {
    eventId: `e."eventId" || '.' || k.n`,
    orderId: `e."orderId" || k.n`,
    purchaseOrderId: `e."purchaseOrderId" || k.n`,
    checkoutToken: `e."checkoutToken" || k.n`,
    eventTime: at,
    receivedAt: at,
    settledAt: `${at} + 2000`,
    runAt: "NULL",
    hold: "NULL",
    lease: "NULL",
    outcome: choice((n) => ENDINGS[n]?.[0] ?? "", "'accepted'"),
    reason: choice((n) => ENDINGS[n]?.[1] ?? "", "NULL"),
    countedAs: choice((n) => ENDINGS[n]?.[0] ?? "", "'accepted'"),
    keyAccount: `'o-oo--ooooooocc'`,
    ledgered: `CASE WHEN e."ledgered" IS NOT NULL AND k.n > ${copies - Math.ceil((LEDGERED / seeded.length) * 25)} THEN '' WHEN e."ledgered" IS NOT NULL THEN 'told' END`,
  };
  await copyRows(db, "Event", own, { from: first, to: last, copies });
  // All but the copies that are there already.
  await db.$executeRawUnsafe(`DELETE FROM "Event" WHERE "id" <= ${last}`);
  await fillBrowserCopies(db, { copies, at: start, step, size: seeded.length });
  await fillCounts(db, deliveries);
  await db.$executeRawUnsafe(`DELETE FROM "CopiesToCount"`);
  if (isPostgres(env.DATABASE_URL)) await db.$executeRawUnsafe("VACUUM ANALYZE");
  for (let told = -1; told !== 0; ) told = await seal({ ...deps, stopping: () => false });
}

type Db = Connected["db"];

const PORTION = 40;

/** Each row of a table over and over as another one. */
async function copyRows(
  db: Db,
  table: string,
  own: Record<string, string>,
  { from, to, copies }: { from: number; to: number; copies: number },
): Promise<void> {
  const row = await db.event.findFirstOrThrow();
  const columns = Object.keys(row).filter((column) => column !== "id");
  for (let first = 1; first <= copies; first += PORTION) {
    const last = Math.min(first + PORTION - 1, copies);
    await db.$executeRawUnsafe(`
      INSERT INTO "${table}" (${columns.map((column) => `"${column}"`).join(", ")})
      WITH RECURSIVE k(n) AS (SELECT ${first} UNION ALL SELECT n + 1 FROM k WHERE n < ${last})
      SELECT ${columns.map((column) => own[column] ?? `e."${column}"`).join(", ")}
      FROM k CROSS JOIN "Event" AS e WHERE e."id" BETWEEN ${from} AND ${to} ORDER BY k.n, e."id"`);
  }
}

/** The browser's own copy of each event, where it has one. */
async function fillBrowserCopies(
  db: Db,
  { copies, at, step, size }: { copies: number; at: number; step: number; size: number },
): Promise<void> {
  const told = await db.browserCopy.findMany({ select: { name: true, eventId: true } });
  if (told.length === 0) throw new Error("no browser told of a copy");
  for (let first = 1; first <= copies; first += PORTION) {
    const last = Math.min(first + PORTION - 1, copies);
    await db.$executeRawUnsafe(`
      INSERT INTO "BrowserCopy" ("datasetId", "name", "eventId", "shopId", "tr", "receivedAt", "told", "twinned")
      WITH RECURSIVE k(n) AS (SELECT ${first} UNION ALL SELECT n + 1 FROM k WHERE n < ${last})
      SELECT b."datasetId", b."name", b."eventId" || '.' || k.n, b."shopId", b."tr",
        CAST(${at} AS BIGINT) + CAST(k.n AS BIGINT) * ${size * step}, b."told", true
      FROM k CROSS JOIN (SELECT * FROM "BrowserCopy" WHERE "twinned" = false) AS b ORDER BY k.n`);
  }
}

/** The counts of a month, as many rows as a shop with every event and a few dozen countries has. */
async function fillCounts(db: Db, deliveries: number): Promise<void> {
  const today = Date.now() - (Date.now() % DAY_MS);
  const quarters = DAYS * 96;
  const each = Math.max(1, Math.round(deliveries / quarters / PIXEL_EVENT_NAMES.length));
  const rollups: unknown[][] = [];
  const counts: [string, string, string][] = [
    ["server", "outcome", "accepted"],
    ["server", "outcome", "withheld"],
    ["server", "latency", "1000"],
    ["server", "latency", "2000"],
    ["server", "latency", "5000"],
    ["browser", "tr", "resolved"],
    ["browser", "tr", "threw"],
  ];
  for (let quarter = 0; quarter < quarters; quarter += 1) {
    const bucket = today - (quarters - quarter) * QUARTER_MS + DAY_MS;
    for (const event of PIXEL_EVENT_NAMES) {
      for (const [leg, dimension, value] of counts) rollups.push([1, 1, event, leg, bucket, dimension, value, each, 0]);
    }
  }
  await insertRows(
    db,
    "Rollup",
    ["shopId", "datasetId", "event", "leg", "bucket", "dimension", "value", "count", "sum"],
    rollups,
  );
  const groups = ["all", "known", "source", "device", "country"].flatMap((dimension) =>
    valuesOf(dimension).map((value) => [dimension, value] as const),
  );
  const coverage: unknown[][] = [];
  for (let day = 0; day < DAYS; day += 1) {
    for (const event of PIXEL_EVENT_NAMES) {
      for (const leg of ["server", "browser"]) {
        for (const [dimension, value] of groups) {
          const numbers = ["events", "twins", ...COVERAGE_KEYS].map(() => each * 96);
          coverage.push([1, 1, dimension, event, leg, today - (DAYS - 1 - day) * DAY_MS, value, ...numbers]);
        }
      }
    }
  }
  const columns = [
    "shopId",
    "datasetId",
    "dimension",
    "event",
    "leg",
    "day",
    "value",
    "events",
    "twins",
    ...COVERAGE_KEYS,
  ];
  await insertRows(db, "Coverage", columns, coverage);
}

function valuesOf(dimension: string): string[] {
  if (dimension === "country") return Array.from({ length: 40 }, (_, n) => `C${n}`);
  if (dimension === "device") return ["phone", "tablet", "desktop", "in_app", ""];
  return dimension === "source" ? ["web", "pos", "draft"] : [""];
}

async function insertRows(db: Db, table: string, columns: string[], rows: unknown[][]): Promise<void> {
  const literal = (value: unknown) => (typeof value === "number" ? String(value) : `'${value}'`);
  for (let from = 0; from < rows.length; from += 500) {
    const values = rows.slice(from, from + 500).map((row) => `(${row.map(literal).join(", ")})`);
    await db.$executeRawUnsafe(
      `INSERT INTO "${table}" (${columns.map((column) => `"${column}"`).join(", ")}) VALUES ${values.join(", ")} ON CONFLICT DO NOTHING`,
    );
  }
}

type Loaders = Record<string, () => Promise<unknown>>;

async function loadersOf({ store, db, deps }: Connected): Promise<Loaders> {
  const shop = deps.registry.shop(SHOP.shop);
  const newest = await db.event.findFirstOrThrow({ orderBy: { id: "desc" }, select: { id: true } });
  const total = await db.event.count();
  const [dataset] = shop?.datasets ?? [];
  if (shop === undefined || dataset === undefined) throw new Error("the bench's shop is not connected");
  const now = Date.now();
  const place = { id: 1, dataset: SHOP.dataset };
  const any = { event: null, outcome: null, dataset: null, search: null, before: null };
  const week = now - 7 * DAY_MS;
  return {
    overview_first: () =>
      Promise.all([
        overviewOf(db, shop, true, now),
        heldOf(db, shop),
        noSignalOf(db, shop.id, now),
        openAlertsOf(db, shop.id),
      ]),
    overview_quality: () => qualitySummaryOf(db, store, shop, now),
    overview_memory: () => memoryOf(db, shop.id, now),
    match_quality: () => matchQualityOf(store, shop, place, now),
    match_quality_groups: () => groupsOf(store, shop, place, "Purchase", now),
    deliveries_newest: () => deliveriesOf(db, shop, any),
    deliveries_middle: () => deliveriesOf(db, shop, { ...any, before: newest.id - Math.floor(total / 2) }),
    deliveries_rare_outcome: () => deliveriesOf(db, shop, { ...any, outcome: "expired" }),
    deliveries_rare_event: () => deliveriesOf(db, shop, { ...any, event: "Refund" }),
    deliveries_search: () => deliveriesOf(db, shop, { ...any, search: "no-such-order" }),
    delivery: () => deliveryOf(db, shop, newest.id - 1_000),
    health: () => healthOf(db, store, shop, now),
    event_answers: () => answersOf(db, shop, 1, "Purchase", now),
    test_events: () => sentOf(store, shop, dataset, now),
    health_queue: () => queueNow(store, dataset, now),
    health_day: () => lastDayOf(db, store, shop, now),
    health_heartbeat: () => heartbeatOf(db, shop, now),
    parity_legs: () => legsByEvent(db, store, shop, week),
    parity_orders: () => comparedOrders(store, shop, week),
  };
}

type Side = "few" | "all";

/** Turn about, few and all after each other, so that a machine that slows down does so for both. */
async function sideBySide(sides: Record<Side, Loaders>): Promise<Record<string, Record<Side, number[]>>> {
  const times: Record<string, Record<Side, number[]>> = {};
  await calm();
  for (let turn = 0; turn < WARM_UP + TURNS; turn += 1) {
    for (const loader of Object.keys(sides.all)) {
      const order: readonly Side[] = turn % 2 === 0 ? ["few", "all"] : ["all", "few"];
      for (const side of order) {
        const started = performance.now();
        await sides[side][loader]?.();
        const took = performance.now() - started;
        times[loader] ??= { few: [], all: [] };
        if (turn >= WARM_UP) times[loader][side].push(took);
      }
    }
  }
  return times;
}

function p95(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.ceil(values.length * 0.95) - 1] ?? Number.NaN;
}
