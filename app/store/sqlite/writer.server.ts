import { setTimeout as sleep } from "node:timers/promises";
import { type Connection, isBusy } from "./connection.server";

/**
 * The one writer of a process. Each transaction is one synchronous turn (BEGIN IMMEDIATE … COMMIT), so nothing of this
 * process can land inside it; against other processes it waits asynchronously, so the event loop never stands still.
 */
export interface Writer {
  /** Runs `work` in a transaction of its own. `work` may run again when it threw for want of the lock. */
  transaction<T>(work: (connection: Connection) => T): Promise<T>;
  /** Joins the next group commit; settles after the commit, alone if its neighbours cannot be stored. */
  grouped<Item, Result>(apply: (connection: Connection, items: Item[]) => Result[]): (item: Item) => Promise<Result>;
  /** Waits for what was asked before, then closes the connection. */
  close(): Promise<void>;
}

/** Another process held the write lock for longer than we wait. The sender should try again. */
export class StoreBusy extends Error {
  override name = "StoreBusy";
}

/** How long a write waits for another process's lock. */
const PATIENCE_MS = 5_000;
const GROUP_ROWS = 256;

interface WriterDeps {
  now?: () => number;
  random?: () => number;
}

export function openWriter(connection: Connection, { now = Date.now, random = Math.random }: WriterDeps = {}): Writer {
  let tail: Promise<unknown> = Promise.resolve();

  /** One transaction at a time, in the order asked for. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = tail.then(work);
    tail = turn.catch(() => undefined);
    return turn;
  }

  /** `asked`: when the write was asked for; waiting behind others counts. */
  async function patiently<T>(asked: number, work: () => T): Promise<T> {
    const deadline = asked + PATIENCE_MS;
    for (;;) {
      try {
        return work();
      } catch (error) {
        if (!isBusy(error)) throw error;
        if (now() >= deadline) throw new StoreBusy("another process holds the database", { cause: error });
      }
      await sleep(10 + random() * 40);
    }
  }

  function commit<T>(work: (connection: Connection) => T): T {
    connection.exec("BEGIN IMMEDIATE");
    try {
      const result = work(connection);
      connection.exec("COMMIT");
      return result;
    } catch (error) {
      rollBack(connection);
      throw error;
    }
  }

  function transactionSince<T>(asked: number, work: (connection: Connection) => T): Promise<T> {
    return inTurn(() => patiently(asked, () => commit(work)));
  }

  return {
    transaction: (work) => transactionSince(now(), work),
    grouped: (apply) => groupCommit(apply, transactionSince, now),
    close: async () => {
      await tail;
      connection.close();
    },
  };
}

/** Gathers what arrives in one turn of the event loop; no timer, so a lone write waits for nobody. */
function groupCommit<Item, Result>(
  apply: (connection: Connection, items: Item[]) => Result[],
  transactionSince: <T>(asked: number, work: (connection: Connection) => T) => Promise<T>,
  now: () => number,
): (item: Item) => Promise<Result> {
  interface Waiting {
    item: Item;
    asked: number;
    resolve: (result: Result) => void;
    reject: (error: unknown) => void;
  }
  let waiting: Waiting[] = [];
  let flushing = false;

  /** Halves a group the database refuses until the bad row stands alone: it costs only itself. */
  async function store(group: Waiting[]): Promise<void> {
    try {
      const results = await transactionSince(group[0]?.asked ?? now(), (connection) =>
        apply(
          connection,
          group.map(({ item }) => item),
        ),
      );
      for (const [index, { resolve, reject }] of group.entries()) {
        const result = results[index];
        if (result === undefined) reject(new Error("a group commit answered fewer results than items"));
        else resolve(result);
      }
    } catch (error) {
      if (error instanceof StoreBusy) return giveUpOrWaitOn(group, error);
      if (group.length === 1) {
        group[0]?.reject(error);
        return;
      }
      const half = Math.ceil(group.length / 2);
      await store(group.slice(0, half));
      await store(group.slice(half));
    }
  }

  /** The oldest of a group has lost its patience; what came after it goes into the next try. */
  function giveUpOrWaitOn(group: Waiting[], error: StoreBusy): void {
    const patient = group.filter(({ asked }) => now() < asked + PATIENCE_MS);
    for (const item of group) if (!patient.includes(item)) item.reject(error);
    waiting = [...patient, ...waiting];
  }

  async function flush(): Promise<void> {
    while (waiting.length > 0) {
      const group = waiting.slice(0, GROUP_ROWS);
      waiting = waiting.slice(GROUP_ROWS);
      await store(group);
    }
    flushing = false;
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, asked: now(), resolve, reject });
      if (flushing) return;
      flushing = true;
      setImmediate(flush);
    });
}

function rollBack(connection: Connection): void {
  try {
    connection.exec("ROLLBACK");
  } catch {
    // BEGIN itself failed, or SQLite rolled back already: there is nothing to undo.
  }
}
