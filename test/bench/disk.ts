import { rmSync, statSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { isPostgres } from "~/database-address";
import { storeEnv } from "~/env.server";
import { openLog } from "~/log.server";
import { openRuntime } from "~/runtime.server";
import { inPostgres } from "../support/psql";
import { benchEnv, benchShop, type Connected, openConnected, receiveAll, receiveOrder, upTo } from "./load";
import { rounded } from "./medians";
import { type Databases, openDatabases } from "./stores";

/** Bytes in a packed database for each order, tables and indexes, what hangs on it included. */
interface DiskFigures {
  /** Its thank-you page and its Purchase were received; the Purchase waits. */
  waiting: number;
  /** It was delivered, and the browser's copy was counted. */
  delivered: number;
  /** The same without the bytes sent, as after a week. */
  after_7_days: number;
  /** Without facts and Meta's answers, and the visitor is forgotten: as after 90 days. */
  after_90_days: number;
}

/** By store. */
export type DiskResult = Record<string, DiskFigures>;

const ORDERS = 4_000;
const SHOP = benchShop(0);
const PORTION = 1_000;
const LOOK_MS = 200;

/** How much disk an order takes, and how much of it is given back. */
export async function benchDisk(): Promise<DiskResult> {
  const stores = await openDatabases();
  const results: DiskResult = {};
  try {
    for (const store of stores) results[store.name] = await benchStore(store);
  } finally {
    for (const store of stores) store.close();
  }
  return results;
}

async function benchStore(databases: Databases): Promise<DiskFigures> {
  const { address, remove } = databases.fresh();
  const env = benchEnv(address);
  const open = await openConnected(env, [SHOP]);
  // pg-boss brings tables of its own, which take a megabyte however many orders there are.
  await deliver(env, open);
  const empty = await packedBytes(address, open);
  const perOrder = async () => rounded(((await packedBytes(address, open)) - empty) / ORDERS);
  try {
    await receiveAll(receiveOrder, [SHOP], upTo(ORDERS), open.deps);
    const waiting = await perOrder();
    await deliver(env, open);
    const delivered = await perOrder();
    await forget("bytes", open);
    const afterWeek = await perOrder();
    await forget("facts", open);
    await forget("browser_contexts", open);
    return { waiting, delivered, after_7_days: afterWeek, after_90_days: await perOrder() };
  } finally {
    await open.close();
    remove();
  }
}

/** Runs a server, whose Meta takes everything, until nothing is left to do. */
async function deliver(env: Parameters<typeof storeEnv>[0], { db }: Connected): Promise<void> {
  const answer = JSON.stringify({ events_received: 1, messages: [], fbtrace_id: "bench" });
  const runtime = await openRuntime(storeEnv(env), {
    log: openLog("silent"),
    root: process.cwd(),
    appUrl: "https://tandem.example.com",
    graphqlOf: () => Promise.reject(new Error("there is no Shopify here")),
    fetch: async () => ({ status: 200, headers: { get: () => null }, text: async () => answer }),
  });
  const left = async () => {
    const [row] = await db.$queryRaw<{ left: bigint | number }[]>`
      SELECT (SELECT count(*) FROM "Event" WHERE "outcome" = 'waiting') + (SELECT count(*) FROM "CopiesToCount") AS "left"`;
    return Number(row?.left);
  };
  while ((await left()) !== 0) await sleep(LOOK_MS);
  await runtime.close();
}

async function forget(what: "bytes" | "facts" | "browser_contexts", { store }: Connected): Promise<void> {
  while ((await store.forget(what, Date.now(), PORTION)) > 0);
}

async function packedBytes(address: string, { db }: Connected): Promise<number> {
  if (isPostgres(address)) {
    inPostgres(address, "VACUUM FULL");
    return Number(inPostgres(address, "SELECT pg_database_size(current_database())"));
  }
  const packed = `${address}.packed`;
  await db.$executeRawUnsafe(`VACUUM INTO '${packed}'`);
  const { size } = statSync(packed);
  rmSync(packed);
  return size;
}
