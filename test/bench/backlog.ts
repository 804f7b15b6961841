import { setTimeout as sleep } from "node:timers/promises";
import { isPostgres } from "~/database-address";
import { MOST_EVENTS } from "~/delivery/batch";
import { freshness } from "~/outbox/freshness";
import { newClaim } from "~/pipeline/delivering.server";
import { type Child, startChild } from "./child";
import {
  type BenchEnv,
  benchEnv,
  benchShop,
  openConnected,
  purchaseIdOf,
  receiveAll,
  receiveOrder,
  upTo,
} from "./load";
import { median, rounded } from "./medians";
import type { MetaQuestions } from "./meta-process";
import { type Databases, openDatabases } from "./stores";
import type { WorkerQuestions } from "./worker-process";

/** Medians of all turns, without and with a million events of another dataset that are due; milliseconds, or as it is named. */
interface Both {
  without: number;
  with: number;
}

/** By `<store>.<what was measured>`. */
export type BacklogResult = Record<string, Both>;

const BACKLOG = 1_000_000;
const LATENCY_MS = 200;
const VERB_TURNS = 15;
const ROUNDS = 2;
const ORDERS_A_ROUND = 6;
const BETWEEN_ORDERS_MS = 701;
const WARM_UP_MS = 3_000;
const LOOK_MS = 20;
const PATIENCE_MS = 60_000;

const BIG = benchShop(1);
const SMALL = benchShop(2);

/** The backlog is made of so many orders, each over and over as another one of the same buyer. */
const SEED = 1_000;
/** So many times in one transaction. */
const PORTION = 10;

/** Whether a dataset with a million events that are due delays the one order of another. */
export async function benchBacklog(): Promise<BacklogResult> {
  const stores = await openDatabases();
  const meta = await startChild<MetaQuestions>("test/bench/meta-process.ts", { latencyMs: LATENCY_MS });
  const results: BacklogResult = {};
  try {
    for (const store of stores) Object.assign(results, await benchStore(store, meta));
  } finally {
    await meta.kill();
    for (const store of stores) store.close();
  }
  return results;
}

type Side = keyof Both;
const SIDES = ["without", "with"] as const satisfies readonly Side[];

/** What each turn took, by what was measured. */
type Turns = Record<string, Record<Side, number[]>>;

async function benchStore(databases: Databases, meta: Child<MetaQuestions>): Promise<BacklogResult> {
  const places = { without: databases.fresh(), with: databases.fresh() };
  try {
    const envs = { without: benchEnv(places.without.address), with: benchEnv(places.with.address) };
    const turns: Turns = {};
    await pileUp(envs.with);
    await connectBoth(envs.without);
    await meta.ask("forget");
    // First: what the verbs claim is nobody's until its lease is out.
    await measureOrders(envs, meta, turns);
    await measureVerbs(envs, turns);
    return Object.fromEntries(
      Object.entries(turns).map(([what, times]) => [
        `${databases.name}.${what}`,
        { without: rounded(median(times.without), 2), with: rounded(median(times.with), 2) },
      ]),
    );
  } finally {
    for (const side of SIDES) places[side].remove();
  }
}

function note(turns: Turns, what: string, side: Side, ms: number): void {
  turns[what] ??= { without: [], with: [] };
  turns[what][side].push(ms);
}

async function measureVerbs(envs: Record<Side, BenchEnv>, turns: Turns): Promise<void> {
  const open = {
    without: await openConnected(envs.without, [BIG, SMALL]),
    with: await openConnected(envs.with, [BIG, SMALL]),
  };
  for (let turn = 0; turn < VERB_TURNS; turn += 1) {
    for (const side of SIDES) {
      const { store, deps } = open[side];
      await receiveOrder(SMALL.shop, orderNumber(), deps);
      const claim = (shop: string) => {
        const id = deps.registry.shop(shop)?.datasets[0]?.id ?? 0;
        return store.claimDue(newClaim(id, MOST_EVENTS, { now: Date.now, leaseNow: Date.now }));
      };
      note(
        turns,
        "due_datasets",
        side,
        await msOf(() => store.dueDatasets(Date.now(), Date.now(), freshness(MOST_EVENTS))),
      );
      note(turns, "claim_big", side, await msOf(() => claim(BIG.shop)));
      note(turns, "claim_small", side, await msOf(() => claim(SMALL.shop)));
    }
  }
  for (const side of SIDES) await open[side].close();
}

async function msOf(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

let orders = SEED;

/** One that no order had before. */
function orderNumber(): number {
  orders += 1;
  return orders;
}

/** Receives the seed and copies it: a thousand of one buyer have the same context, and are far from each other in the queue. */
async function pileUp(env: BenchEnv): Promise<void> {
  const { deps, db, close } = await openConnected(env, [BIG, SMALL]);
  await receiveAll(receiveOrder, [BIG], upTo(SEED), deps);
  const columns = Object.keys(await db.event.findFirstOrThrow()).filter((column) => column !== "id");
  const copied: Record<string, string> = {
    eventId: `e."eventId" || '.' || k.n`,
    orderId: `e."orderId" || k.n`,
    purchaseOrderId: `e."purchaseOrderId" || k.n`,
  };
  const { _max: last } = await db.event.aggregate({ _max: { id: true } });
  for (let from = 1; from < BACKLOG / SEED; from += PORTION) {
    const to = Math.min(from + PORTION, BACKLOG / SEED) - 1;
    await db.$executeRawUnsafe(`
      INSERT INTO "Event" (${columns.map((column) => `"${column}"`).join(", ")})
      WITH RECURSIVE k(n) AS (SELECT ${from} UNION ALL SELECT n + 1 FROM k WHERE n < ${to})
      SELECT ${columns.map((column) => copied[column] ?? `e."${column}"`).join(", ")}
      FROM k CROSS JOIN "Event" AS e WHERE e."id" <= ${last.id ?? 0} ORDER BY k.n, e."id"`);
  }
  // PostgreSQL does so by itself, some time later.
  if (isPostgres(env.DATABASE_URL)) await db.$executeRawUnsafe("VACUUM ANALYZE");
  await close();
}

async function connectBoth(env: BenchEnv): Promise<void> {
  await (await openConnected(env, [BIG, SMALL])).close();
}

async function measureOrders(envs: Record<Side, BenchEnv>, meta: Child<MetaQuestions>, turns: Turns): Promise<void> {
  const graph = { META_GRAPH_URL: `${await meta.ask("origin")}/server` };
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const side of SIDES) {
      const server = await startChild<WorkerQuestions>(
        "test/bench/worker-process.ts",
        { role: "all" },
        { ...envs[side], ...graph },
      );
      await sleep(WARM_UP_MS);
      const taken = (await meta.ask("taken")).events;
      const started = performance.now();
      for (let n = 0; n < ORDERS_A_ROUND; n += 1) {
        const number = orderNumber();
        const committedAt = await server.ask("order", { shop: SMALL.shop, number });
        note(turns, "order_to_meta", side, (await arrival(number, meta)) - committedAt);
        await sleep(BETWEEN_ORDERS_MS);
      }
      const others = (await meta.ask("taken")).events - taken - ORDERS_A_ROUND;
      note(turns, "others_per_second", side, others / ((performance.now() - started) / 1_000));
      await server.ask("stop");
      await server.kill();
    }
  }
}

/** When the Purchase of an order came to Meta, epoch milliseconds. */
async function arrival(number: number, meta: Child<MetaQuestions>): Promise<number> {
  const patience = Date.now() + PATIENCE_MS;
  for (;;) {
    const at = await meta.ask("arrivedAt", { dataset: SMALL.dataset, id: purchaseIdOf(number) });
    if (at !== null) return at;
    if (Date.now() > patience) throw new Error(`order ${number} did not get to Meta`);
    await sleep(LOOK_MS);
  }
}
