import { randomUUID } from "node:crypto";
import type { PrismaClient } from "@prisma/client";
import { openDatabase } from "./db.server";
import { type Fetch, openGraphPool } from "./delivery/graph.server";
import { type DrainDeps, drain } from "./drain.server";
import { databasePath, type StoreEnv } from "./env.server";
import { type Metrics, openMetrics } from "./http/metrics.server";
import type { Log } from "./log.server";
import { actOnNotices } from "./notices.server";
import { startInProcessScheduler } from "./scheduler/in-process.server";
import type { Scheduler } from "./scheduler/scheduler";
import { openRegistry, type Registry, type Shop } from "./settings/registry.server";
import { type Keyring, loadKeyring } from "./store/keyring.server";
import { migrate } from "./store/migrate.server";
import { openStore, type Store } from "./store/store.server";

/** The live objects of one process: one database client, one writer, one scheduler. */
export interface Runtime {
  db: PrismaClient;
  store: Store;
  keyring: Keyring;
  registry: Registry;
  metrics: Metrics;
  scheduler: Scheduler;
  log: Log;
  now: () => number;
  /** Settles what is in flight and lets everything go. */
  close(): Promise<void>;
}

/** Another server is alive on the same SQLite file. */
export class SecondServer extends Error {
  override name = "SecondServer";
}

interface RuntimeDeps {
  log: Log;
  /** The project's folder. */
  root: string;
  now?: () => number;
  random?: () => number;
  fetch?: Fetch;
}

const LEASE_MS = 5_000;

/** Opens the store and starts delivering. Throws EnvError, MigrationError or SecondServer, in words for the operator. */
export async function openRuntime(
  env: StoreEnv,
  { log, root, now = Date.now, random = Math.random, fetch }: RuntimeDeps,
): Promise<Runtime> {
  const path = databasePath(env);
  const keyring = loadKeyring(env);
  if (env.MIGRATE) await migrate({ path, root });
  const store = openStore(path);
  const holder = randomUUID();
  if (!(await store.takeServerLease(holder, now(), now() + LEASE_MS))) {
    await store.close();
    throw new SecondServer(`another server is running on ${path}; SQLite takes one (use PostgreSQL for more)`);
  }
  const db = openDatabase(env.DATABASE_URL);
  const pool = openGraphPool();
  const metrics = openMetrics();
  const registry = await openRegistry({ db, keyring, version: () => store.settingsVersion() });

  let stopping = false;
  const drainDeps: DrainDeps = {
    store,
    log,
    graph: { url: env.META_GRAPH_URL, version: env.META_GRAPH_VERSION, fetch: fetch ?? pool.fetch },
    now,
    random,
    stopping: () => stopping,
    onAttempt: ({ verdict, ms }) => {
      metrics.attempts.inc({ verdict });
      metrics.metaSeconds.observe(ms / 1000);
    },
  };
  const scheduler = startInProcessScheduler({
    log,
    drain: async (datasetId) => {
      const found = findDataset(registry, datasetId);
      if (found !== undefined) await drain(found.shop, found.dataset, drainDeps);
    },
    due: () => dueDatasets(registry, store, now()),
    tick: async () => {
      await store.takeServerLease(holder, now(), now() + LEASE_MS);
      await actOnNotices({ store, registry, now, log });
      await registry.refresh();
    },
  });

  return {
    db,
    store,
    keyring,
    registry,
    metrics,
    scheduler,
    log,
    now,
    async close() {
      stopping = true;
      await scheduler.stop();
      await store.dropServerLease(holder);
      await store.close();
      await db.$disconnect();
      await pool.close();
    },
  };
}

function findDataset(
  registry: Registry,
  datasetId: number,
): { shop: Shop; dataset: Shop["datasets"][number] } | undefined {
  for (const shop of registry.all()) {
    const dataset = shop.datasets.find(({ id }) => id === datasetId);
    if (dataset !== undefined) return { shop, dataset };
  }
  return undefined;
}

function dueDatasets(registry: Registry, store: Store, now: number): number[] {
  const due: number[] = [];
  for (const shop of registry.all()) {
    for (const { id } of shop.datasets) if (store.hasDue(id, now)) due.push(id);
  }
  return due;
}
