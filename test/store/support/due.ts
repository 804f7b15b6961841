import { freshness } from "~/outbox/freshness";
import type { Store } from "~/store/store.server";

/** The datasets a look finds something for, whatever it is, in their order. */
export async function dueAtAll(store: Store, now: number): Promise<number[]> {
  const leaving = (await store.dueDatasets(now, now, freshness(1_000))).map(({ id }) => id);
  return [...new Set([...leaving, ...(await store.uncountedDatasets(now))])].sort();
}
