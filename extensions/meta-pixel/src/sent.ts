import type { BrowserLocalStorage } from "@shopify/web-pixels-extension";
import { ask, attempt } from "./asking";
import type { Effects } from "./effects";
import { oneAtATime } from "./in-turn";
import { MOST_SENT_KEPT, SENT_KEPT_MS } from "./limits";

export const SENT_KEY = "tandem_sent";

/**
 * What has left, remembered for as long as a checkout may be re-entered, because Meta does not merge two browser copies:
 * kept in the page's local storage, and in this worker where there is none or it holds rubbish. Says whether it is the
 * first to ask for a mark, and leaves the mark unless told only to look.
 */
export function sentMemory(storage: BrowserLocalStorage, { now }: Effects) {
  const inTurn = oneAtATime();
  /** Instants, epoch milliseconds. */
  const marks = new Map<string, number>();

  return (mark: string, onlyLook = false): Promise<boolean> =>
    inTurn(async () => {
      const stored = await attempt(() => storage.getItem(SENT_KEY));
      ask(() => {
        for (const [known, at] of JSON.parse(String(stored))) if (at > now() - SENT_KEPT_MS) marks.set(known, at);
      });
      const first = !marks.has(mark);
      if (first && !onlyLook) {
        marks.set(mark, now());
        const newest = [...marks].sort(([, one], [, other]) => one - other).slice(-MOST_SENT_KEPT);
        await attempt(() => storage.setItem(SENT_KEY, JSON.stringify(newest)));
      }
      return first;
    });
}
