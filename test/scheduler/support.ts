import { inject, onTestFinished } from "vitest";
import { openLog } from "~/log.server";
import { startInProcessScheduler } from "~/scheduler/in-process.server";
import { startPgBossMessenger, startPgBossScheduler } from "~/scheduler/pg-boss.server";
import type { Scheduler, Work } from "~/scheduler/scheduler";
import { whileMigratingPostgres } from "~/store/postgres/migrations.server";
import { freshDatabase } from "../support/database";

/** So many events fill a request. */
export const FULL = 10;

/** Schedulers of one cluster: on SQLite there is one process in it, on PostgreSQL there may be any number. */
export interface Cluster {
  /** A process that delivers; its work is nothing but what is named. */
  start(work?: Partial<Work>): Promise<Scheduler>;
  /** A process that only receives. */
  startMessenger(): Promise<Scheduler>;
  /** What they logged. */
  log: string[];
}

const NOTHING: Work = {
  drain: async () => undefined,
  tally: async () => undefined,
  due: async () => ({ leaving: [], uncounted: [] }),
  duties: {},
  chores: {},
};

export function openCluster(): Cluster {
  const url = freshDatabase();
  const log: string[] = [];
  const deps = {
    full: FULL,
    now: Date.now,
    log: openLog("info", { write: (line) => void log.push(line) }),
    migrate: true,
    alone: (work: () => Promise<void>) => whileMigratingPostgres(url, work),
    url,
  };
  const stopping = <S extends Scheduler>(scheduler: S): S => {
    onTestFinished(() => scheduler.stop());
    return scheduler;
  };
  return {
    start: async (work = {}) => {
      const all = { ...NOTHING, ...work };
      return stopping(
        inject("store") === "postgres" ? await startPgBossScheduler(all, deps) : startInProcessScheduler(all, deps),
      );
    },
    startMessenger: async () => stopping(await startPgBossMessenger({}, deps)),
    log,
  };
}
