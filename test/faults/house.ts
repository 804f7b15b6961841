import { randomBytes } from "node:crypto";
import { connect } from "~/settings/connect.server";
import { sealKey } from "~/store/seal.server";
import { type MetaStandIn, startMeta } from "../simulators/meta/server";
import { type Limited, limitFiles } from "./file-limit";
import { type Employed, type HouseServer, openHouseServer } from "./house-server";
import { graphUrlOf, type Kill } from "./losses";
import type { Random } from "./random";
import { runCommand } from "./server-process";
import type { FaultStore } from "./store";

export const SHOP = "faults.myshopify.com";
export const DATASET = "100200300400500";
export const TOKEN = "EAAfaultsfirst";
export const SECRET = "faults-secret";

/** The servers of one scenario with their database, their Meta and their clock. */
export interface House {
  random: Random;
  meta: MetaStandIn;
  store: FaultStore;
  /** In the order of their roles. */
  servers: readonly HouseServer[];
  /** Stands in every beacon. */
  beaconKey: string;
  /** What time it is there, epoch milliseconds. */
  now(): number;
  /** Where somebody takes webhooks and beacons; null: nobody does. */
  origin(): string | null;
  /** Starts every server that does not run. */
  start(): void;
  /** Resolves when all that run listen. */
  listening(): Promise<void>;
  /** Kills all that run with -9. */
  kill(): Promise<void>;
  /** Ends all that run with SIGTERM. */
  stop(): Promise<void>;
  /** Lets time pass while nobody runs. */
  pass(ms: number): Promise<void>;
  /** All live on so much later: they are ended and started anew. */
  travel(ms: number): Promise<void>;
  /** No file of the database may grow beyond so many bytes; null: as large as they like. Of those that run. */
  limitDisk(mostBytes: number | null): void;
  /** `tandem shop connect`, beside the servers. */
  connect(token: string): Promise<void>;
  kills: Kill[];
  /** What went wrong beside lost and doubled events, in words. */
  complaints: string[];
  /** The errors in the logs of all its servers, each once. */
  errors(): string[];
  close(): Promise<void>;
}

/** An order is told only to a dataset that was connected before it. */
const CONNECTED_BEFORE_MS = 3_600_000;

interface HouseOptions {
  store: FaultStore;
  random: Random;
  /** One server each. */
  servers: readonly Employed[];
  /** What their environment has besides. */
  env?: Record<string, string>;
}

/** A connected shop in a database of its own; no server runs yet. */
export async function openHouse({ store, random, servers: employed, env: more = {} }: HouseOptions): Promise<House> {
  let offset = 0;
  const now = () => Date.now() + offset;
  const meta = await startMeta({ now, tokens: { [DATASET]: TOKEN } });
  const key = randomBytes(32);
  const env = {
    SHOPIFY_API_KEY: "faults-key",
    SHOPIFY_API_SECRET: SECRET,
    SHOPIFY_APP_URL: "http://localhost",
    DATABASE_URL: store.url,
    ENCRYPTION_KEY: key.toString("base64"),
    META_GRAPH_URL: meta.origin,
    LISTEN_HOST: "127.0.0.1",
    PORT: "0",
    ...more,
  };
  const kills: Kill[] = [];
  const complaints: string[] = [];
  const complain = (words: string) => void complaints.push(words);
  const servers = employed.map(({ role, aheadMs = 0 }, n) => {
    const server = `${role}-${n}`;
    return openHouseServer(role, {
      env: { ...env, META_GRAPH_URL: graphUrlOf(server, meta.origin) },
      now: () => now() + aheadMs,
      onKill: () => void kills.push({ at: now(), server }),
      complain,
    });
  });
  const running = () => servers.flatMap((server) => server.pid() ?? []);

  const each = async (act: (server: HouseServer) => Promise<void>) => void (await Promise.all(servers.map(act)));
  const listening = () => each((server) => server.listening());
  const stop = () => each((server) => server.stop());

  function start(): void {
    for (const server of servers) server.start();
  }

  async function pass(ms: number): Promise<void> {
    if (running().length > 0) throw new Error("somebody would live on at the old time");
    offset += ms;
    await store.setClock(offset);
  }

  /** SQLite's files are written by whoever opens them. */
  function writers(): Limited {
    return store.cluster === null ? { pids: running() } : { pids: store.cluster.processes(), user: store.cluster.user };
  }

  try {
    const connection = { shop: SHOP, dataset: DATASET, token: TOKEN, testCode: null, holdSeconds: 0, country: null };
    await store.withStore((open) => connect(open, [sealKey(key)], connection, now() - CONNECTED_BEFORE_MS));
    const beaconKey = await store.beaconKey();
    return {
      random,
      meta,
      store,
      servers,
      beaconKey,
      now,
      origin: () => servers.find(({ role }) => role !== "worker")?.origin() ?? null,
      start,
      listening,
      kill: () => each((server) => server.kill()),
      stop,
      pass,
      travel: async (ms) => {
        await stop();
        await pass(ms);
        start();
        await listening();
      },
      limitDisk: (mostBytes) => limitFiles(writers(), mostBytes),
      connect: (token) => {
        const flags = ["--shop", SHOP, "--dataset", DATASET, "--hold-seconds", "0", "--token-stdin"];
        return runCommand(["shop", "connect", ...flags], { env, clock: new Date(now()).toISOString() }, token);
      },
      kills,
      complaints,
      errors: () => [...new Set(servers.flatMap((server) => server.errors()))],
      close: async () => {
        await each((server) => server.kill());
        await meta.close();
        store.remove();
      },
    };
  } catch (error) {
    await meta.close();
    throw error;
  }
}
