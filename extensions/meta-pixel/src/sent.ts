import type { BrowserLocalStorage } from "@shopify/web-pixels-extension";
import { ask, askLater } from "./asking";
import type { Effects } from "./effects";
import { oneAtATime } from "./in-turn";
import { MOST_SENT_KEPT, SENT_KEPT_MS } from "./limits";

export const SENT_KEY = "tandem_sent";

/**
 * What has left, remembered for as long as a checkout may be re-entered, because Meta does not merge two browser copies:
 * kept in the page's local storage, and in this worker where there is none or it holds rubbish.
 */
export function sentMemory(storage: BrowserLocalStorage, { now }: Effects) {
  const inTurn = oneAtATime();
  /** Instants, epoch milliseconds; the newest last. */
  const marks = new Map<string, number>();

  async function has(mark: string): Promise<boolean> {
    const stored = await askLater(() => storage.getItem(SENT_KEY));
    ask(() => {
      for (const [known, at] of JSON.parse(String(stored))) if (at > now() - SENT_KEPT_MS) marks.set(known, at);
    });
    return marks.has(mark);
  }

  return {
    has,
    /** False: it was there already. */
    addNew: (mark: string): Promise<boolean> =>
      inTurn(async () => {
        if (await has(mark)) return false;
        marks.set(mark, now());
        const newest = [...marks].sort(([, one], [, other]) => one - other).slice(-MOST_SENT_KEPT);
        await askLater(() => storage.setItem(SENT_KEY, JSON.stringify(newest)));
        return true;
      }),
  };
}
