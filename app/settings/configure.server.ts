import type { Store } from "../store/store.server";
import type { Dataset } from "./registry.server";
import { liveTestCode } from "./test-code";

/** Changes what may be changed of a dataset without its token. A test code that stays the same does not get a new day. */
export function configure(
  store: Store,
  dataset: Dataset,
  changes: { testCode?: string | undefined; holdSeconds?: number | undefined },
  now: number,
): Promise<void> {
  const { testCode = dataset.testCode ?? "", holdSeconds = dataset.holdSeconds } = changes;
  const same = changes.testCode === undefined || testCode === liveTestCode(dataset, now);
  return store.configureDataset(dataset.id, {
    testCode: testCode === "" ? null : testCode,
    testCodeAt: testCode === "" ? null : same ? dataset.testCodeAt : now,
    holdSeconds,
  });
}
