import type { PrismaClient } from "@prisma/client";
import { openConnection } from "~/store/sqlite/connection.server";
import { startServerProcess } from "../faults/server-process";
import { calm } from "./calm";
import { startChild } from "./child";
import { cpuOf } from "./cpu";
import { benchEnv, openConnected } from "./load";
import { median, rounded } from "./medians";
import type { SenderQuestions } from "./sender-process";
import type { FrontQuestions } from "./stock/process";
import { generatedClient, TABLES } from "./stock/schema";
import { type Databases, openDatabases } from "./stores";

/** What a front did with signed orders of about 8 KB; medians of all rounds, and the least and the most of them. */
interface FrontFigures {
  /** Webhooks answered 200 after their commit, per second. */
  acked_per_s: number;
  acked_per_s_least: number;
  acked_per_s_most: number;
  /** Microseconds of the server's process for each. */
  cpu_us: number;
  /** Of PostgreSQL's processes. */
  postgres_cpu_us: number;
  /** What one of so many senders waits for, milliseconds. */
  p50_ms: number;
  p99_ms: number;
  /** Of the process that sends. */
  sender_cpu_us: number;
}

interface Ratios {
  /** How many times as many as the template's route acknowledges in the same run, and of what it costs. */
  ratio_vs_stock: number;
  cpu_ratio_vs_stock: number;
  /** The same of the floor. */
  ratio_vs_floor: number;
}

/** By `<store>.<front>`, and by `<store>` what they come to. */
export type IngestResult = Record<string, FrontFigures | Ratios>;

const CONNECTIONS = 64;
const ROUNDS = 5;
/** So many in a turn, that each takes some seconds. */
const REQUESTS = { stock: 1_500, floor: 12_000, tandem: 6_000 };
/** Longer than the bench takes: it measures what arrives; what leaves is the drain's. */
const PAUSE_MS = 86_400_000;
const SECRET = "bench-secret";
const SHOP = "bench-shop.myshopify.com";
const DATASETS = ["1234567890", "1234567891"];

type FrontName = keyof typeof REQUESTS;

interface Front {
  pid: number;
  port: number;
  /** Rows of it that are committed. */
  stored(): Promise<number>;
  durability(): Promise<string>;
  close(): Promise<void>;
}

/** How many webhooks a second each front acknowledges, and what one costs, in turn on the same machine. */
export async function benchIngest(): Promise<IngestResult> {
  const stores = await openDatabases({ fsync: true });
  const sender = await startChild<SenderQuestions>("test/bench/sender-process.ts", { secret: SECRET, shop: SHOP });
  const results: IngestResult = {};
  try {
    for (const store of stores) Object.assign(results, await benchStore(store, sender));
  } finally {
    await sender.kill();
    for (const store of stores) store.close();
  }
  return results;
}

type Sender = Awaited<ReturnType<typeof startChild<SenderQuestions>>>;

async function benchStore(databases: Databases, sender: Sender): Promise<IngestResult> {
  const fronts: Record<FrontName, Front> = {
    stock: await stockFront(databases),
    floor: await floorFront(databases),
    tandem: await ownFront(databases),
  };
  const names = Object.keys(REQUESTS) as FrontName[];
  const rounds: Record<FrontName, FrontFigures[]> = { stock: [], floor: [], tandem: [] };
  try {
    for (const name of names) await expectDurable(name, fronts[name], databases);
    // The first warms up.
    for (let round = 0; round <= ROUNDS; round += 1) {
      await calm();
      for (const name of names) {
        const figures = await turn(fronts[name], { name, round, sender, databases });
        if (round > 0) rounds[name].push(figures);
      }
    }
  } finally {
    for (const name of names) await fronts[name].close();
  }
  const result: IngestResult = {};
  for (const name of names) result[`${databases.name}.${name}`] = medians(rounds[name]);
  const each = (ratio: (round: Record<FrontName, FrontFigures>) => number) =>
    rounded(median(rounds.tandem.map((tandem, n) => ratio({ tandem, ...others(rounds, n) }))), 3);
  result[databases.name] = {
    ratio_vs_stock: each(({ tandem, stock }) => tandem.acked_per_s / stock.acked_per_s),
    cpu_ratio_vs_stock: each(({ tandem, stock }) => tandem.cpu_us / stock.cpu_us),
    ratio_vs_floor: each(({ tandem, floor }) => tandem.acked_per_s / floor.acked_per_s),
  };
  return result;
}

function others({ stock, floor }: Record<FrontName, FrontFigures[]>, n: number) {
  const [ofStock, ofFloor] = [stock[n], floor[n]];
  if (ofStock === undefined || ofFloor === undefined) throw new Error("a round has not all fronts");
  return { stock: ofStock, floor: ofFloor };
}

let sent = 0;

interface Turn {
  name: FrontName;
  round: number;
  sender: Sender;
  databases: Databases;
}

async function turn(front: Front, { name, round, sender, databases }: Turn): Promise<FrontFigures> {
  const count = round === 0 ? Math.ceil(REQUESTS[name] / 2) : REQUESTS[name];
  await sender.ask("prepare", { from: sent, count });
  sent += count;
  const stored = await front.stored();
  const before = [cpuOf([front.pid]), cpuOf(databases.processes())] as const;
  const { ok, refused, seconds, p50_ms, p99_ms, cpu_us } = await sender.ask("sendAll", {
    port: front.port,
    connections: CONNECTIONS,
  });
  const after = [cpuOf([front.pid]), cpuOf(databases.processes())] as const;
  if (refused > 0) throw new Error(`${name} did not acknowledge ${refused} of ${count}`);
  const committed = (await front.stored()) - stored;
  if (committed !== count * rowsOfOne(name)) throw new Error(`${name} acknowledged ${ok} and stored ${committed}`);
  return {
    acked_per_s: ok / seconds,
    acked_per_s_least: ok / seconds,
    acked_per_s_most: ok / seconds,
    cpu_us: (after[0] - before[0]) / ok,
    postgres_cpu_us: (after[1] - before[1]) / ok,
    p50_ms,
    p99_ms,
    sender_cpu_us: cpu_us,
  };
}

/** An order is an event of each dataset. */
function rowsOfOne(name: FrontName): number {
  return name === "tandem" ? DATASETS.length : 1;
}

function medians(rounds: readonly FrontFigures[]): FrontFigures {
  const of = (what: keyof FrontFigures) => median(rounds.map((round) => round[what]));
  const speeds = rounds.map(({ acked_per_s }) => acked_per_s);
  return {
    acked_per_s: rounded(of("acked_per_s")),
    acked_per_s_least: rounded(Math.min(...speeds)),
    acked_per_s_most: rounded(Math.max(...speeds)),
    cpu_us: rounded(of("cpu_us")),
    postgres_cpu_us: rounded(of("postgres_cpu_us")),
    p50_ms: rounded(of("p50_ms"), 1),
    p99_ms: rounded(of("p99_ms"), 1),
    sender_cpu_us: rounded(of("sender_cpu_us")),
  };
}

/** What SQLite calls FULL, and PostgreSQL on. */
const DURABLE = { sqlite: "2", postgres: "on" };

/** An acknowledgement that the disk does not have would be a cheap one. */
async function expectDurable(name: FrontName, front: Front, { name: store }: Databases): Promise<void> {
  const durability = await front.durability();
  if (durability !== DURABLE[store]) throw new Error(`${name} commits with ${durability} on ${store}`);
}

function stockFront(databases: Databases): Promise<Front> {
  const { name } = databases;
  const own = { client: generatedClient(name), tables: TABLES[name], secret: SECRET, shop: SHOP };
  return childFront(databases, (url) => startChild("test/bench/stock/process.ts", { ...own, url }));
}

function floorFront(databases: Databases): Promise<Front> {
  return childFront(databases, (url) => startChild("test/bench/floor-process.ts", { url, secret: SECRET, shop: SHOP }));
}

/** The production build, as an operator starts it. */
async function ownFront(databases: Databases): Promise<Front> {
  const place = databases.fresh();
  const env = benchEnv(place.address);
  const connected = await openConnected(
    env,
    DATASETS.map((dataset) => ({ shop: SHOP, dataset })),
  );
  const { store, registry } = connected.deps;
  for (const dataset of registry.shop(SHOP)?.datasets ?? []) await store.pauseDataset(dataset, Date.now() + PAUSE_MS);
  const server = startServerProcess({
    env: {
      ...env,
      SHOPIFY_API_KEY: "bench",
      SHOPIFY_API_SECRET: SECRET,
      SHOPIFY_APP_URL: "https://tandem.example.com",
      // Nobody listens there: nothing leaves while what arrives is measured.
      META_GRAPH_URL: "http://127.0.0.1:9",
      LISTEN_HOST: "127.0.0.1",
      PORT: "0",
      NODE_ENV: "production",
    },
  });
  await server.listening();
  return {
    pid: server.pid,
    port: Number(new URL(server.origin() ?? "").port),
    stored: () => connected.db.event.count(),
    durability: () => durabilityOf(databases, place.address, connected.db),
    close: async () => {
      await connected.close();
      await server.stop();
      place.remove();
    },
  };
}

/** Of a connection as the server opens it. */
async function durabilityOf({ name }: Databases, address: string, db: PrismaClient): Promise<string> {
  if (name === "postgres") {
    const [row] = await db.$queryRawUnsafe<{ synchronous_commit: string }[]>("SHOW synchronous_commit");
    return row?.synchronous_commit ?? "";
  }
  const connection = openConnection(address);
  const [row] = connection.all<{ synchronous: number }>("PRAGMA synchronous");
  connection.close();
  return String(row?.synchronous);
}

type FrontChild = {
  pid: number;
  ask: Awaited<ReturnType<typeof startChild<FrontQuestions>>>["ask"];
  kill(): Promise<void>;
};

async function childFront(databases: Databases, start: (url: string) => Promise<FrontChild>): Promise<Front> {
  const place = databases.fresh({ empty: true });
  const child = await start(benchEnv(place.address).DATABASE_URL);
  return {
    pid: child.pid,
    port: await child.ask("port"),
    stored: () => child.ask("stored"),
    durability: () => child.ask("durability"),
    close: async () => {
      await child.kill();
      place.remove();
    },
  };
}
