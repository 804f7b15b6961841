import type { Store } from "../store/store.server";
import { isMeant, type Obstacle, obstacleOf, type ReplaySelection } from "./replay";

/** What became of the events that were meant. */
export interface Replayed {
  matched: number;
  /** Brought back; of a dry run, what would be. */
  replayed: number;
  /** The others, by what stands in their way. */
  obstacles: Partial<Record<Obstacle, number>>;
}

interface ReplayDeps {
  store: Pick<Store, "replayCandidates" | "replay">;
  /** Epoch milliseconds. */
  now: number;
  /** Only look. */
  dryRun: boolean;
}

/** Rows per transaction: a command must not keep a running server from writing. */
const PORTION = 250;

/**
 * A person's attempt: what was rejected or given up waits again and is due at once, as far as Meta would take it. What was
 * accepted is never sent again.
 */
export async function replay(selection: ReplaySelection, { store, now, dryRun }: ReplayDeps): Promise<Replayed> {
  const result: Replayed = { matched: 0, replayed: 0, obstacles: {} };
  for (const outcome of selection.outcomes) {
    for (let after: number | undefined = 0; after !== undefined; ) {
      const portion = await store.replayCandidates(selection.shopId, outcome, after, PORTION);
      after = portion.at(-1)?.id;
      const free: number[] = [];
      for (const candidate of portion.filter((one) => isMeant(one, selection))) {
        result.matched += 1;
        const obstacle = obstacleOf(candidate, now);
        if (obstacle === null) free.push(candidate.id);
        else result.obstacles[obstacle] = (result.obstacles[obstacle] ?? 0) + 1;
      }
      result.replayed += dryRun ? free.length : (await store.replay(free, now)).length;
    }
  }
  return result;
}
