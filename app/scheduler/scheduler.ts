import type { Leaving } from "../outbox/freshness";

/** Says when work is done. A wake-up is a hint; what guarantees delivery is the look that each process takes each second. */
export interface Scheduler {
  /** Tells of events that may leave. May be forgotten: the next look finds them. */
  wake(leaving: Iterable<Leaving>): void;
  /** Tells that something has changed for all that waits for these datasets: a token, a connection. */
  hurry(datasetIds: Iterable<number>): void;
  /** Nothing new begins; resolves when what is under way has ended. */
  stop(): Promise<void>;
}

/** What a look finds, by dataset. */
export interface Due {
  /** Events may leave, and should at that time at the latest (epoch milliseconds). */
  leaving: readonly { id: number; leavesAt: number }[];
  /** Something has ended that is to be counted or to be forgotten. */
  uncounted: readonly number[];
}

/** What is scheduled. */
export interface Work {
  /** Delivers all that may leave for one dataset. */
  drain(datasetId: number): Promise<void>;
  /** Counts what has ended for one dataset. */
  tally(datasetId: number): Promise<void>;
  /** Looks what is to be done. */
  due(): Promise<Due>;
  /** Done each second, in each process, one after the other, before the look; one that fails keeps no other from being done. */
  duties: Readonly<Record<string, () => Promise<void>>>;
  /** Done so often, by one process of all. */
  chores: Readonly<Record<string, Chore>>;
}

export interface Chore {
  every: "minute" | "hour";
  run(): Promise<void>;
}
