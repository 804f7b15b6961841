import type { Log } from "../log.server";
import type { Leaving } from "../outbox/freshness";

/** One alarm per dataset: it rings when the first of its events should leave, or as soon as they fill a request. */
export interface Alarms {
  wake(leaving: Iterable<Leaving>): void;
  /** Rings now. */
  hurry(datasetIds: Iterable<number>): void;
  /** No alarm rings any more; resolves when the work under way has ended. */
  stop(): Promise<void>;
}

interface Alarm {
  timer: NodeJS.Timeout;
  /** On the process's own clock, milliseconds. */
  at: number;
  events: number;
}

interface AlarmsDeps {
  /** What is done for a dataset when its alarm rings. */
  work: (datasetId: number) => Promise<void>;
  /** So many events fill a request. */
  full: number;
  log: Log;
}

/** Works for a dataset once at a time; an alarm that rings meanwhile makes it work once more. */
export function openAlarms({ work, full, log }: AlarmsDeps): Alarms {
  const alarms = new Map<number, Alarm>();
  const running = new Map<number, Promise<void>>();
  const again = new Set<number>();
  let stopped = false;

  function ring(datasetId: number): void {
    clearTimeout(alarms.get(datasetId)?.timer);
    alarms.delete(datasetId);
    if (stopped) return;
    if (running.has(datasetId)) {
      again.add(datasetId);
      return;
    }
    const run = work(datasetId)
      .catch((error) => log.error({ err: error, datasetId }, "drain.failed"))
      .then(() => {
        running.delete(datasetId);
        if (again.delete(datasetId)) ring(datasetId);
      });
    running.set(datasetId, run);
  }

  function set({ datasetId, events, withinMs }: Leaving): void {
    if (stopped) return;
    const before = alarms.get(datasetId);
    const waiting = (before?.events ?? 0) + events;
    if (withinMs <= 0 || waiting >= full) {
      ring(datasetId);
      return;
    }
    const at = performance.now() + withinMs;
    if (before !== undefined && before.at <= at) {
      before.events = waiting;
      return;
    }
    clearTimeout(before?.timer);
    alarms.set(datasetId, { timer: setTimeout(() => ring(datasetId), withinMs), at, events: waiting });
  }

  return {
    wake(leaving) {
      for (const one of leaving) set(one);
    },
    hurry(datasetIds) {
      for (const datasetId of datasetIds) ring(datasetId);
    },
    stop: async () => {
      stopped = true;
      for (const { timer } of alarms.values()) clearTimeout(timer);
      alarms.clear();
      again.clear();
      while (running.size > 0) await Promise.all(running.values());
    },
  };
}
