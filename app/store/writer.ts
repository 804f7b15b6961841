import type { Work } from "./statement";

/** How the store's verbs are carried out in one database. */
export interface Writer {
  /** Runs a verb as a transaction of its own. The verb may run again when it could not be committed. */
  transaction<T>(work: () => Work<T>): Promise<T>;
  /** Runs a verb that only reads. */
  read<T>(work: () => Work<T>): Promise<T>;
  /** Joins the next group commit; settles after the commit, alone if its neighbours cannot be stored. */
  grouped<Item, Result>(apply: (items: Item[]) => Work<Result[]>): (item: Item) => Promise<Result>;
  /**
   * Leaves nothing in the files of what was deleted or overwritten. False: they are larger than `mostBytes`, and nothing was
   * done, for others would have to wait.
   */
  sweep(mostBytes: number): Promise<boolean>;
  /** Waits for what was asked before, then lets the database go. */
  close(): Promise<void>;
}

/** The database could not take the write for longer than we wait. The sender should try again. */
export class StoreBusy extends Error {
  override name = "StoreBusy";
}

/** How long a write waits for a database that is busy or away. */
export const PATIENCE_MS = 5_000;
