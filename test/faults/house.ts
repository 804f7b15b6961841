import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { connect } from "~/settings/connect.server";
import { sealKey } from "~/store/seal.server";
import { type MetaStandIn, startMeta } from "../simulators/meta/server";
import { type Loss, unwritten } from "./losses";
import type { Random } from "./random";
import { runCommand, type ServerProcess, startServerProcess } from "./server-process";
import type { FaultStore } from "./store";

export const SHOP = "faults.myshopify.com";
export const DATASET = "100200300400500";
export const TOKEN = "EAAfaultsfirst";
export const SECRET = "faults-secret";

/** The server of one scenario with its database, its Meta and its clock. */
export interface House {
  random: Random;
  meta: MetaStandIn;
  store: FaultStore;
  /** Stands in every beacon. */
  beaconKey: string;
  /** What time it is there, epoch milliseconds. */
  now(): number;
  /** Where the server listens; null: it does not. */
  origin(): string | null;
  listening(): Promise<void>;
  /** Starts the server so much later than it ended. */
  start(options?: { laterMs?: number; mostFileBytes?: number }): void;
  /** What limited its files does so no more. */
  giveRoom(): void;
  /** Kills it with -9 and looks which answers it had not written down. */
  kill(): Promise<void>;
  /** Ends it with SIGTERM. */
  stop(): Promise<void>;
  /** Everybody lives on so much later; the server is started anew. */
  travel(ms: number): Promise<void>;
  /** `tandem shop connect`, beside the server. */
  connect(token: string): Promise<void>;
  /** One for each kill. */
  losses: Loss[];
  /** What went wrong beside lost and doubled events, in words. */
  complaints: string[];
  /** The errors in the logs of all its servers, each once. */
  errors(): string[];
  close(): Promise<void>;
}

/** An order is told only to a dataset that was connected before it. */
const CONNECTED_BEFORE_MS = 3_600_000;
/** What a killed server sent arrives at the stand-in a moment after its death. */
const ARRIVING_MS = 50;

/** A connected shop in a database of its own; the server does not run yet. */
export async function openHouse(store: FaultStore, random: Random): Promise<House> {
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
  };
  let server: ServerProcess | null = null;
  const errors = new Set<string>();
  const losses: Loss[] = [];
  const complaints: string[] = [];

  function connectBesideServer(token: string): Promise<void> {
    const flags = ["--shop", SHOP, "--dataset", DATASET, "--hold-seconds", "0", "--token-stdin"];
    return runCommand(["shop", "connect", ...flags], { env, clock: new Date(now()).toISOString() }, token);
  }

  function start({ laterMs = 0, mostFileBytes }: { laterMs?: number; mostFileBytes?: number } = {}): void {
    offset += laterMs;
    const limit = mostFileBytes === undefined ? {} : { mostFileBytes };
    server = startServerProcess({ env, clock: new Date(now()).toISOString(), ...limit });
  }

  async function stop(): Promise<void> {
    const code = await server?.stop();
    if (code !== undefined && code !== 0) complaints.push(`SIGTERM ended the server with ${code}, not with 0`);
    leave();
  }

  function leave(): void {
    for (const error of server?.errors() ?? []) errors.add(error);
    server = null;
  }

  async function kill(): Promise<void> {
    const at = now();
    await server?.kill();
    leave();
    await sleep(ARRIVING_MS);
    losses.push({ at, requests: unwritten(meta.requests, await store.requestsWritten(), at, losses) });
  }

  const listening = async () => void (await server?.listening());
  try {
    const connection = { shop: SHOP, dataset: DATASET, token: TOKEN, testCode: null, holdSeconds: 0, country: null };
    await store.withStore((open) => connect(open, [sealKey(key)], connection, now() - CONNECTED_BEFORE_MS));
    const beaconKey = await store.beaconKey();
    return {
      random,
      meta,
      store,
      beaconKey,
      now,
      origin: () => server?.origin() ?? null,
      listening,
      start,
      giveRoom: () => server?.giveRoom(),
      kill,
      stop,
      travel: async (ms) => {
        await stop();
        start({ laterMs: ms });
        await listening();
      },
      connect: connectBesideServer,
      losses,
      complaints,
      errors: () => [...errors],
      close: async () => {
        await server?.kill();
        await meta.close();
        store.remove();
      },
    };
  } catch (error) {
    await meta.close();
    throw error;
  }
}
