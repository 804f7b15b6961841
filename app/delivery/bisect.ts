import type { Judgement } from "./verdicts";

/** What became of some events: how Meta's answer was judged, and which request it was. */
export interface Judged<Item> {
  items: Item[];
  judgement: Judgement;
  /** Index of the request among all that were made; null: none was. */
  request: number | null;
}

/**
 * Delivers events although Meta refuses a whole request for one bad event. One bad event at a time is found by halving: a
 * half that must be bad because its sister was taken is not sent again whole, and halves that nobody tested go back into
 * one pool that is sent together. k bad ones among n cost about k · (log2 n + 1) requests.
 *
 * Invariant: the last refusal speaks of `suspects`, for everything else in that request has been taken since.
 */
export async function deliverWithBisection<Item>(
  events: readonly Item[],
  send: (items: Item[]) => Promise<{ judgement: Judgement; request: number | null }>,
): Promise<Judged<Item>[]> {
  const judged: Judged<Item>[] = [];
  let pool = [...events];

  while (pool.length > 0) {
    let suspects = pool;
    pool = [];
    let refusal = await send(suspects);
    if (refusal.judgement.verdict !== "rejected") {
      judged.push({ items: suspects, ...refusal });
      continue;
    }
    while (suspects.length > 1) {
      const half = suspects.slice(0, Math.ceil(suspects.length / 2));
      const sister = suspects.slice(half.length);
      const answer = await send(half);
      if (answer.judgement.verdict === "rejected") {
        pool.push(...sister);
        suspects = half;
        refusal = answer;
      } else {
        judged.push({ items: half, ...answer });
        if (answer.judgement.verdict === "accepted") {
          suspects = sister;
        } else {
          judged.push({ items: [...sister, ...pool], ...answer });
          return judged;
        }
      }
    }
    judged.push({ items: suspects, ...refusal });
  }
  return judged;
}
