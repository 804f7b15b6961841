import type { BrowserLocalStorage } from "@shopify/web-pixels-extension";
import { ask, askLater } from "./asking";
import { MOST_SENT_KEPT, SENT_KEPT_MS } from "./limits";

export const SENT_KEY = "tandem_sent";

/**
 * What has left, remembered for as long as a checkout may be re-entered, because Meta does not merge two browser copies:
 * kept in the page's local storage, and in this worker where there is none or it holds rubbish.
 */
export function sentMemory(storage: BrowserLocalStorage) {
  /** Instants, epoch milliseconds; the newest last. */
  const marks = new Map<string, number>();
  /** Marks are added one after another, or a slow write would take a later one back. Never fails. */
  let last: Promise<unknown> = Promise.resolve();

  const has = (mark: string): Promise<boolean> =>
    askLater(() => storage.getItem(SENT_KEY)).then((stored) => {
      ask(() => {
        for (const [known, at] of JSON.parse(String(stored))) if (at > Date.now() - SENT_KEPT_MS) marks.set(known, at);
      });
      return marks.has(mark);
    });

  return {
    has,
    /** False: it was there already. */
    addNew(mark: string): Promise<boolean> {
      const added = last
        .then(() => has(mark))
        .then((known) => {
          if (known) return false;
          const newest = [...marks.set(mark, Date.now())]
            .sort(([, one], [, other]) => one - other)
            .slice(-MOST_SENT_KEPT);
          return askLater(() => storage.setItem(SENT_KEY, JSON.stringify(newest))).then(() => true);
        });
      last = added;
      return added;
    },
  };
}
