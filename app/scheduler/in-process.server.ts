import type { Log } from "../log.server";
import type { Scheduler } from "./scheduler";

interface InProcessDeps {
  /** Delivers what is due for one dataset. */
  drain: (datasetId: number) => Promise<void>;
  /** Datasets with something for the drain. */
  due: () => number[];
  /** Runs before each poll: settings, lease, notices. */
  tick: () => Promise<void>;
  log: Log;
}

const POLL_MS = 1_000;

/** The scheduler of a single process (SQLite): one drain per dataset at a time, and a due-poll each second. */
export function startInProcessScheduler({ drain, due, tick, log }: InProcessDeps): Scheduler {
  const running = new Map<number, Promise<void>>();
  const again = new Set<number>();
  let stopped = false;

  /** Coalesces wake-ups: one that comes during a drain makes it run once more. */
  function start(datasetId: number): void {
    if (stopped) return;
    if (running.has(datasetId)) {
      again.add(datasetId);
      return;
    }
    const run = drain(datasetId)
      .catch((error) => log.error({ err: error, datasetId }, "drain.failed"))
      .then(() => {
        running.delete(datasetId);
        if (again.delete(datasetId)) start(datasetId);
      });
    running.set(datasetId, run);
  }

  async function poll(): Promise<void> {
    try {
      await tick();
      for (const datasetId of due()) start(datasetId);
    } catch (error) {
      log.error({ err: error }, "poll.failed");
    }
    if (!stopped) timer = setTimeout(() => (polling = poll()), POLL_MS);
  }

  let timer: NodeJS.Timeout | undefined;
  let polling = poll();

  return {
    wake: (datasetIds) => {
      for (const datasetId of datasetIds) start(datasetId);
    },
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await polling;
      again.clear();
      while (running.size > 0) await Promise.all(running.values());
    },
  };
}
