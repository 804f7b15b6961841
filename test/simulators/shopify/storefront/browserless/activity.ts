import { setTimeout as sleep } from "node:timers/promises";

/** What is going on in a page's sandbox, so that one can wait until nothing is. */
export interface Activity {
  /** Something began; call what comes back when it ended. */
  begin(): () => void;
  during<Result>(work: Promise<Result>): Promise<Result>;
  /** False: it was still busy when the time was over. */
  quiet(atMostMs: number): Promise<boolean>;
}

/** So long must nothing go on, in case one step leads to the next. */
const QUIET_MS = 20;
const LOOK_EVERY_MS = 4;

export function openActivity(): Activity {
  let underWay = 0;
  let changedAt = performance.now();

  function begin(): () => void {
    underWay += 1;
    let ended = false;
    return () => {
      if (ended) return;
      ended = true;
      underWay -= 1;
      changedAt = performance.now();
    };
  }

  return {
    begin,
    async during(work) {
      const end = begin();
      try {
        return await work;
      } finally {
        end();
      }
    },
    async quiet(atMostMs) {
      const until = performance.now() + atMostMs;
      while (underWay > 0 || performance.now() - changedAt < QUIET_MS) {
        if (performance.now() > until) return false;
        await sleep(LOOK_EVERY_MS);
      }
      return true;
    },
  };
}
