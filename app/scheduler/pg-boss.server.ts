import PgBoss from "pg-boss";
import type { Log } from "../log.server";
import { openAlarms } from "./alarms.server";
import { openBossDatabase } from "./boss-database.server";
import { openErrands } from "./errands.server";
import { guarded } from "./guarded.server";
import { lookEachSecond } from "./look.server";
import type { Chore, Scheduler, Work } from "./scheduler";

interface PgBossDeps {
  /** PostgreSQL's address. */
  url: string;
  /** Does something while no other process of the cluster does it. */
  alone: (work: () => Promise<void>) => Promise<void>;
  /** Whether pg-boss may bring its own tables up to date. */
  migrate: boolean;
  /** So many events fill a request. */
  full: number;
  log: Log;
  now: () => number;
}

/** Its queue of hints: one waits per dataset, however many were sent. */
const HINTS = "drain";
/** As short as pg-boss allows. */
const HINTS_EVERY_SECONDS = 0.5;
/** What nobody took up by then is stale: a look has found the events. */
const HINT_LIVES_SECONDS = 60;

const CRON: Readonly<Record<Chore["every"], string>> = { minute: "* * * * *", hour: "7 * * * *" };
/** How often it is looked whether a chore's time has come, and who does it. */
const CHORES_EVERY_SECONDS = 5;

const CONNECTIONS = 3;
/** Nobody asks for what is done; pg-boss wants to keep it a minute at least, or its cron would not run. */
const ARCHIVED_AFTER_SECONDS = 60;
const DELETED_AFTER_SECONDS = 3_600;
/** A chore works in portions, and none of them takes so long. */
const STOP_MS = 8_000;

/**
 * The scheduler of a process that delivers, one of any number on PostgreSQL. Each looks for itself what is due; pg-boss brings
 * the hints of those that only receive, and sees that a chore is done once: https://github.com/timgit/pg-boss
 */
export async function startPgBossScheduler(work: Work, deps: PgBossDeps): Promise<Scheduler> {
  const { log } = deps;
  const { boss, close } = await openBoss(deps, Object.keys(work.chores));
  const errands = openErrands(work, deps);
  await boss.work<{ datasetId: number }>(
    HINTS,
    { pollingIntervalSeconds: HINTS_EVERY_SECONDS, batchSize: 100 },
    async (hints) => errands.hurry(hints.map(({ data }) => data.datasetId)),
  );
  for (const [chore, { every, run }] of Object.entries(work.chores)) {
    const queue = queueOf(chore);
    await boss.work(queue, { pollingIntervalSeconds: CHORES_EVERY_SECONDS }, () => guarded({ chore }, run, log));
    await boss.schedule(queue, CRON[every]);
  }
  const looking = lookEachSecond({ ...work.duties, due: errands.look }, log);
  return {
    wake: errands.wake,
    hurry: errands.hurry,
    async stop() {
      await Promise.all([looking.stop(), errands.stop()]);
      await boss.stop({ graceful: true, wait: true, timeout: STOP_MS });
      await close();
    },
  };
}

/** The scheduler of a process that only receives: it passes on what it is told, one hint for all that leaves together. */
export async function startPgBossMessenger(duties: Work["duties"], deps: PgBossDeps): Promise<Scheduler> {
  const { full, log } = deps;
  const { boss, close } = await openBoss(deps, null);
  const alarms = openAlarms({
    work: async (datasetId) => {
      await boss.send(HINTS, { datasetId }, { singletonKey: String(datasetId) });
    },
    full,
    log,
  });
  const looking = lookEachSecond(duties, log);
  return {
    wake: alarms.wake,
    hurry: alarms.hurry,
    async stop() {
      await Promise.all([looking.stop(), alarms.stop()]);
      await boss.stop({ graceful: false });
      await close();
    },
  };
}

/** `chores`: those it sees to, null for a process that does none. */
async function openBoss(
  { url, migrate, alone, log }: PgBossDeps,
  chores: readonly string[] | null,
): Promise<{ boss: PgBoss; close: () => Promise<void> }> {
  const delivers = chores !== null;
  const database = openBossDatabase({ url, max: CONNECTIONS, log });
  const boss = new PgBoss({
    db: database,
    migrate,
    schedule: delivers,
    supervise: delivers,
    cronMonitorIntervalSeconds: CHORES_EVERY_SECONDS,
    cronWorkerIntervalSeconds: CHORES_EVERY_SECONDS,
    archiveCompletedAfterSeconds: ARCHIVED_AFTER_SECONDS,
    deleteAfterSeconds: DELETED_AFTER_SECONDS,
  });
  boss.on("error", (error) => log.warn({ err: error }, "pg_boss.failed"));
  // A queue is a table, and two processes that create one at once lock each other out.
  await alone(async () => {
    await boss.start();
    await boss.createQueue(HINTS, {
      name: HINTS,
      policy: "short",
      retryLimit: 0,
      retentionSeconds: HINT_LIVES_SECONDS,
    });
    for (const queue of (chores ?? []).map(queueOf)) {
      // One of it waits and one is under way, in all processes together.
      await boss.createQueue(queue, { name: queue, policy: "stately", retryLimit: 0 });
    }
  });
  return { boss, close: database.close };
}

function queueOf(chore: string): string {
  return `chore-${chore}`;
}
