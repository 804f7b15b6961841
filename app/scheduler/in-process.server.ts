import type { Log } from "../log.server";
import type { Scheduler } from "./scheduler";

interface InProcessDeps {
  /** Delivers what is due for one dataset. */
  drain: (datasetId: number) => Promise<void>;
  /** Datasets with something for the drain. */
  due: () => Promise<number[]>;
  /** What is done before each poll, one after the other; a duty that fails keeps none of the others from being done. */
  duties: Record<string, () => Promise<void>>;
  log: Log;
}

const POLL_MS = 1_000;

/** The scheduler of a single process (SQLite): one drain per dataset at a time, and a due-poll each second. */
export function startInProcessScheduler({ drain, due, duties, log }: InProcessDeps): Scheduler {
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

  async function guarded(duty: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      log.error({ err: error, duty }, "duty.failed");
    }
  }

  async function poll(): Promise<void> {
    for (const [duty, work] of Object.entries(duties)) await guarded(duty, work);
    await guarded("due", async () => {
      for (const datasetId of await due()) start(datasetId);
    });
    if (!stopped) {
      timer = setTimeout(() => {
        polling = poll();
      }, POLL_MS);
    }
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
