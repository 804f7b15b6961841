import type { Log } from "../log.server";
import { openErrands } from "./errands.server";
import { guarded } from "./guarded.server";
import { lookEachSecond } from "./look.server";
import type { Chore, Scheduler, Work } from "./scheduler";

interface InProcessDeps {
  /** So many events fill a request. */
  full: number;
  log: Log;
  now: () => number;
}

const EVERY_MS: Readonly<Record<Chore["every"], number>> = { minute: 60_000, hour: 3_600_000 };

/** The scheduler of a single process (SQLite). */
export function startInProcessScheduler(work: Work, deps: InProcessDeps): Scheduler {
  const { log, now } = deps;
  const errands = openErrands(work, deps);
  const nextRun = new Map<string, number>();

  async function doChores(): Promise<void> {
    for (const [chore, { every, run }] of Object.entries(work.chores)) {
      if (now() < (nextRun.get(chore) ?? 0)) continue;
      nextRun.set(chore, now() + EVERY_MS[every]);
      await guarded({ chore }, run, log);
    }
  }

  const looking = lookEachSecond({ ...work.duties, chores: doChores, due: errands.look }, log);
  return {
    wake: errands.wake,
    hurry: errands.hurry,
    async stop() {
      await Promise.all([looking.stop(), errands.stop()]);
    },
  };
}
