import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { PrismaClient } from "@prisma/client";
import { type Alerts, openAlerts } from "./alerting/alerts.server";
import { isPostgres } from "./database-address";
import { openDatabase } from "./db.server";
import { MOST_EVENTS } from "./delivery/batch";
import { type Fetch, openGraphPool } from "./delivery/graph.server";
import { openPace } from "./delivery/pace";
import { openQualityWatch } from "./delivery/quality-watch.server";
import { openTokenWatch } from "./delivery/token-check.server";
import { databaseAddress, EnvError, mailEnv, type Role, type StoreEnv } from "./env.server";
import { headText } from "./ledger/chain.server";
import { seal } from "./ledger/sealer.server";
import type { Log } from "./log.server";
import type { Lookups } from "./lookup/lookups";
import { openLookups } from "./lookup/lookups.server";
import { countingSettled, type Metrics, openMetrics, queueAge } from "./metrics.server";
import { actOnNotices, sweepErased } from "./notices.server";
import { freshness } from "./outbox/freshness";
import { openLeaseClock } from "./outbox/lease-clock";
import { keptFor, type Retention, retentionOf } from "./outbox/retention";
import { retain } from "./outbox/retention.server";
import { type Outgoing, openOutgoing } from "./outgoing/outgoing.server";
import type { AttemptDeps } from "./pipeline/attempt.server";
import { openSlots } from "./pipeline/slots";
import { type DrainDeps, drain, expireHeld, tally } from "./pipeline.server";
import { startInProcessScheduler } from "./scheduler/in-process.server";
import { startPgBossMessenger, startPgBossScheduler } from "./scheduler/pg-boss.server";
import type { Scheduler, Work } from "./scheduler/scheduler";
import { type KeeperDeps, openPixelKeeper, type PixelKeeper } from "./settings/pixel-keeper.server";
import { connectedDatasets, type Dataset, openRegistry, type Registry } from "./settings/registry.server";
import { TEST_CODE_MS } from "./settings/test-code";
import { type Keyring, loadKeyring } from "./store/keyring.server";
import { MigrationError, migrate } from "./store/migrate.server";
import { whileMigratingPostgres } from "./store/postgres/migrations.server";
import { openStore, type Store } from "./store/store.server";
import { openSweeper, type Sweeper } from "./sweep/sweeper.server";

/** The live objects of one process: one database client, one writer, one scheduler. */
export interface Runtime {
  db: PrismaClient;
  store: Store;
  keyring: Keyring;
  registry: Registry;
  metrics: Metrics;
  scheduler: Scheduler;
  pixels: PixelKeeper;
  alerts: Alerts;
  /** Finds the orders that no webhook told of. */
  sweeper: Sweeper;
  /** Asks Shopify what webhooks do not say. */
  lookups: Lookups;
  /** The way out of this process. */
  outgoing: Outgoing;
  /** What sending one event by hand needs. */
  delivery: AttemptDeps;
  /** How long what is kept. */
  retention: Retention;
  /** How many processes take in what arrives, as far as is known. */
  receivers: () => number;
  log: Log;
  now: () => number;
  /** Sends nothing more; resolves when what is in flight to Meta has settled. */
  settle(): Promise<void>;
  /** Settles, and lets everything go. */
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
  /** Another server has taken over the file (this process slept too long): whoever runs us must end us. */
  onLeaseLost?: () => void;
  /** The app's own origin, as shoppers reach it. */
  appUrl: string;
  /** What this process does: receives, delivers, or (absent too) both. */
  role?: Role;
  limits?: Limits;
  graphqlOf: KeeperDeps["graphqlOf"];
}

/** How much one process sends at once. */
export interface Limits {
  /** Events in a request. */
  events: number;
  /** Requests in flight, of all datasets together. */
  inFlight: number;
}

/** Each in flight holds a request of a megabyte at the most, and the rows it was made of. */
const LIMITS: Limits = { events: MOST_EVENTS, inFlight: 24 };

/** How often a process that takes messages in says so, and for how long its word holds. */
const RECEIVERS_COUNTED_MS = 5_000;
const RECEIVER_MS = 15_000;

const LEASE_MS = 8_000;
/** A holder that was killed cannot let go: its lease runs out while we wait. */
const LEASE_PATIENCE_MS = LEASE_MS + 1_000;

/** Opens the store and starts delivering. Throws EnvError, MigrationError or SecondServer, in words for the operator. */
export async function openRuntime(
  env: StoreEnv,
  {
    log,
    root,
    now = Date.now,
    random = Math.random,
    fetch,
    onLeaseLost,
    appUrl,
    role = "all",
    limits = LIMITS,
    graphqlOf,
  }: RuntimeDeps,
): Promise<Runtime> {
  const path = databaseAddress(env);
  const kept = retentionOf(env.RETENTION_DAYS);
  if (!kept.ok) throw new EnvError(`RETENTION_DAYS ${kept.says}`);
  const smtp = mailEnv(env);
  const keyring = loadKeyring(env);
  if (env.MIGRATE) await migrate({ path, root });
  const store = openStore(path);
  const holder = randomUUID();
  // SQLite takes one server; on PostgreSQL any number work, and one of them leads.
  const alone = !isPostgres(path);
  const leases = await openLeaseClock(alone ? null : () => store.databaseNow(), now);
  if (alone && !(await takeLease(store, holder, leases.now))) {
    await store.close();
    throw new SecondServer(`another server is running on ${path}; a SQLite file takes one`);
  }
  const db = openDatabase(env.DATABASE_URL);
  const outgoing = openOutgoing({ graphUrl: env.META_GRAPH_URL, smtp, log });
  const pool = openGraphPool(outgoing.onlyAllowed);
  const fresh = freshness(limits.events);
  const look = () => store.dueDatasets(now(), leases.now(), fresh);
  const metrics = openMetrics({ queueAge: async () => queueAge(now(), await look()) });
  const registry = await openRegistry({ db, keyring, version: () => store.settingsVersion() });

  let stopping = false;
  const delivery: AttemptDeps = {
    log,
    graph: { url: env.META_GRAPH_URL, version: env.META_GRAPH_VERSION, fetch: fetch ?? pool.fetch },
    now,
    onAttempt: metrics.attempted,
  };
  const lookups = openLookups({ store, graphqlOf, log, now });
  const counted = { ...store, settle: countingSettled(store.settle, metrics) };
  const drainDeps: DrainDeps = {
    ...delivery,
    store: counted,
    registry,
    lookups,
    leaseNow: leases.now,
    keptContextMs: keptFor("context", kept.retention),
    random,
    stopping: () => stopping,
    slots: openSlots(limits.inFlight),
    pace: openPace(limits.events, random),
    mostEvents: limits.events,
  };
  const addresses = { appUrl, trUrl: env.META_TR_URL };
  const pixels = openPixelKeeper({ db, store, registry, log, now, addresses, graphqlOf });
  const sweeper = openSweeper({ db, store, registry, log, now, leaseNow: leases.now, graphqlOf });
  const tokens = openTokenWatch(
    {
      graph: delivery.graph,
      datasets: () => flowing(registry),
      hold: async (dataset, { reason, says }) => {
        await store.holdDataset(dataset, reason ?? "hold", now());
        log.warn({ dataset: dataset.dataset, reason, says }, "dataset.held");
        await registry.refresh();
      },
      onAnswer: ({ dataset }, { verdict, reason }) => log.info({ dataset, verdict, reason }, "token.checked"),
      onFault: ({ dataset }, error) => log.error({ err: error, dataset }, "token.not_checked"),
    },
    now,
  );
  const quality = openQualityWatch(
    {
      graph: delivery.graph,
      datasets: () => flowing(registry),
      askedAt: () => store.qualityAskedAt(),
      keep: (told) => store.qualityTold(told, now()),
      keepRefusal: async (datasetId, refusal) => {
        await store.qualityRefused(datasetId, refusal, now());
        log.info({ datasetId, ...refusal }, "quality.refused");
      },
      onFault: (dataset, error) => log.error({ err: error, dataset }, "quality.not_asked"),
    },
    now,
  );
  const alerts = openAlerts({
    store,
    db,
    registry,
    outgoing,
    log,
    now,
    headOf: async (shopId) => {
      const head = await store.ledgerHead(shopId);
      return head === null ? null : headText(head);
    },
    sweepFound: (shopId, since) => store.foundBySweep(shopId, since),
  });
  const delivers = role !== "web";
  let receivers = 1;
  let countedAt = 0;
  /** Does what one process is to do for all. */
  let leads = alone;
  const leading = (duty: () => Promise<void>) => async () => {
    if (leads) await duty();
  };
  const work: Work = {
    drain: (datasetId) => drain(datasetId, drainDeps),
    tally: (datasetId) => tally(datasetId, drainDeps),
    due: async () => ({
      leaving: await look(),
      uncounted: await store.uncountedDatasets(now()),
    }),
    duties: {
      lease: async () => {
        await leases.compare();
        const held = delivers && (await store.takeServerLease(holder, leases.now(), leases.now() + LEASE_MS));
        if (!alone) leads = held;
        if (held || !alone) return;
        stopping = true;
        log.fatal("another server took over this database while this one slept");
        onLeaseLost?.();
      },
      receivers: async () => {
        if (alone || role === "worker" || leases.now() < countedAt + RECEIVERS_COUNTED_MS) return;
        countedAt = leases.now();
        receivers = await store.countReceivers(holder, countedAt, countedAt + RECEIVER_MS);
      },
      notices: leading(async () => {
        await actOnNotices({ store, db, registry, now, log });
        await sweepErased({ store, db, registry, now, log });
      }),
      settings: async () => {
        if (!(await registry.refresh())) return;
        for (const { message } of registry.unreadable()) log.error({ detail: message }, "shop.unreadable");
      },
      ledger: leading(async () => {
        await seal({ store, registry, now, stopping: () => stopping });
      }),
      web_pixels: leading(async () => pixels.tick()),
      tokens: leading(async () => tokens.tick()),
      test_codes: leading(async () => {
        if (hasTestCode(registry)) await store.clearTestCodes(now() - TEST_CODE_MS);
      }),
    },
    chores: {
      retention: {
        every: "hour",
        run: async () => {
          const forgotten = await retain(store, now(), () => !stopping, kept.retention);
          if (Object.keys(forgotten).length > 0) log.info({ forgotten }, "retention.done");
        },
      },
      alerts: {
        every: "minute",
        run: async () => {
          // A mail server that does not answer keeps no event waiting.
          void alerts.tick();
        },
      },
      sweep: { every: "hour", run: async () => sweeper.tick() },
      quality: { every: "minute", run: async () => quality.tick() },
      held: {
        every: "minute",
        run: async () => {
          for (const { datasets } of registry.all()) {
            for (const { id, heldReason } of datasets) if (heldReason !== null) await expireHeld(id, drainDeps);
          }
        },
      },
    },
  };
  const scheduler = await startScheduler(work, {
    address: path,
    delivers,
    migrate: env.MIGRATE,
    full: limits.events,
    log,
    now,
  });

  async function settle(): Promise<void> {
    stopping = true;
    await Promise.all([scheduler.stop(), pixels.stop(), tokens.stop(), quality.stop(), sweeper.stop(), alerts.stop()]);
  }

  return {
    db,
    store,
    keyring,
    registry,
    metrics,
    scheduler,
    pixels,
    alerts,
    sweeper,
    lookups,
    outgoing,
    delivery,
    retention: kept.retention,
    receivers: () => receivers,
    log,
    now,
    settle,
    async close() {
      await settle();
      await store.dropServerLease(holder);
      await store.close();
      await db.$disconnect();
      await pool.close();
      await outgoing.close();
    },
  };
}

/** SQLite takes one process; on PostgreSQL pg-boss speaks between any number of them. */
async function startScheduler(
  work: Work,
  {
    address,
    delivers,
    ...deps
  }: { address: string; delivers: boolean; migrate: boolean; full: number; log: Log; now: () => number },
): Promise<Scheduler> {
  if (!isPostgres(address)) return startInProcessScheduler(work, deps);
  const onPostgres = {
    url: address,
    alone: (setUp: () => Promise<void>) => whileMigratingPostgres(address, setUp),
    ...deps,
  };
  try {
    return await (delivers ? startPgBossScheduler(work, onPostgres) : startPgBossMessenger(work.duties, onPostgres));
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    throw new MigrationError(`the scheduler's tables are not as they should be (start once with MIGRATE=1): ${words}`, {
      cause: error,
    });
  }
}

/** The datasets that events leave for. */
function flowing(registry: Registry): Dataset[] {
  return [...registry.all()].flatMap(connectedDatasets).filter(({ heldReason }) => heldReason === null);
}

function hasTestCode(registry: Registry): boolean {
  for (const { datasets } of registry.all()) if (datasets.some(({ testCode }) => testCode !== null)) return true;
  return false;
}

async function takeLease(store: Store, holder: string, now: () => number): Promise<boolean> {
  for (let waited = 0; waited <= LEASE_PATIENCE_MS; waited += 250) {
    if (await store.takeServerLease(holder, now(), now() + LEASE_MS)) return true;
    await sleep(250);
  }
  return false;
}
