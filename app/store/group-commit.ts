import type { Work } from "./statement";
import { PATIENCE_MS, StoreBusy } from "./writer";

const GROUP_ROWS = 256;

/** Gathers what arrives in one turn of the event loop; no timer, so a lone write waits for nobody. */
export function groupCommit<Item, Result>(
  apply: (items: Item[]) => Work<Result[]>,
  transactionSince: <T>(asked: number, work: () => Work<T>) => Promise<T>,
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
      const results = await transactionSince(group[0]?.asked ?? now(), () => apply(group.map(({ item }) => item)));
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
