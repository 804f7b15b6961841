import { setImmediate as nextTurn } from "node:timers/promises";
import type { Perishable } from "../store/rows";
import type { Store } from "../store/store.server";
import { DEFAULT_RETENTION, keptFor, RETENTION_CLASSES, type Retention } from "./retention";

/** Rows per transaction: to take 250 out of a million costs SQLite 40 ms, and nobody else writes meanwhile. */
export const PORTION = 250;

const PERISHABLES = RETENTION_CLASSES.filter((what): what is Perishable => what !== "context");

/**
 * Forgets what has been kept long enough, portion by portion, for as long as `goOn` says so; what is left over is there the
 * next time. Others come to their turn between two portions. Answers how many rows of each it was.
 */
export async function retain(
  store: Pick<Store, "forget">,
  now: number,
  goOn: () => boolean,
  retention: Retention = DEFAULT_RETENTION,
): Promise<Partial<Record<Perishable, number>>> {
  const forgotten: Partial<Record<Perishable, number>> = {};
  for (const what of PERISHABLES) {
    let portion = PORTION;
    while (portion === PORTION && goOn()) {
      portion = await store.forget(what, now - keptFor(what, retention), PORTION);
      if (portion > 0) forgotten[what] = (forgotten[what] ?? 0) + portion;
      await nextTurn();
    }
  }
  return forgotten;
}
