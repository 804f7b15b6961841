/** Says when a dataset is drained. A wake-up is a hint: what guarantees delivery is the due-poll. */
export interface Scheduler {
  /** Something may be due for these datasets. */
  wake(datasetIds: Iterable<number>): void;
  /** No new drain begins; resolves when those under way have settled. */
  stop(): Promise<void>;
}
