import { askAboutToken, type Fetch } from "./graph.server";
import { momentPassed } from "./token-check";
import type { Judgement } from "./verdicts";

/** A dataset with what Meta is asked about it. */
export interface CheckedDataset {
  /** Of its row. */
  id: number;
  /** Which of its tokens this is. */
  connection: number;
  /** Meta's number. */
  dataset: string;
  token: string;
}

export interface TokenWatchDeps<Checked extends CheckedDataset> {
  graph: { url: string; version: string; fetch: Fetch };
  /** Those that events leave for: connected, and not on hold. */
  datasets: () => Iterable<Checked>;
  /** Stops a dataset, for the answer that delivery would stop it for. */
  hold: (dataset: Checked, judgement: Judgement) => Promise<void>;
  /** Told of each answer. */
  onAnswer: (dataset: Checked, judgement: Judgement) => void;
  /** Told of what should not happen; the others are asked about all the same. */
  onFault: (dataset: Checked, error: unknown) => void;
}

/** Finds a dead token before an order does. */
export interface TokenWatch {
  /** Begins to ask about those whose moment of the day has passed; answers at once. */
  tick(): void;
  /** Asks no more; resolves when no answer is being heeded any more. */
  stop(): Promise<void>;
}

/** How often it looks whose moment has passed. */
const LOOK_MS = 60_000;
const DAY_MS = 24 * 3_600_000;
/** A process that has just started asks about those, too, that the one before it may have missed. */
const LOOK_BACK_MS = 3_600_000;
/** After a long sleep many moments have passed at once. */
const AT_ONCE = 4;

/** Asks once a day about each dataset, each at a moment of its own; what would not hold an event back changes nothing. */
export function openTokenWatch<Checked extends CheckedDataset>(
  { graph, datasets, hold, onAnswer, onFault }: TokenWatchDeps<Checked>,
  now: () => number = Date.now,
): TokenWatch {
  const stopping = new AbortController();
  let round: Promise<void> | null = null;
  let lookedAt = now() - LOOK_BACK_MS;
  let nextLook = 0;

  /** What is in flight when the process ends is let go: nothing would come of it but a wait. */
  const fetchUntilStopped: Fetch = (url, init) =>
    graph.fetch(url, { ...init, signal: AbortSignal.any([init.signal, stopping.signal]) });

  async function check(dataset: Checked): Promise<void> {
    try {
      const destination = {
        graphUrl: graph.url,
        version: graph.version,
        dataset: dataset.dataset,
        token: dataset.token,
      };
      const judgement = await askAboutToken(destination, fetchUntilStopped);
      if (stopping.signal.aborted) return;
      onAnswer(dataset, judgement);
      if (judgement.verdict === "hold") await hold(dataset, judgement);
    } catch (error) {
      onFault(dataset, error);
    }
  }

  /** Takes from one pile, so that a slow answer keeps only one of the lanes. */
  async function checkAll(pile: Checked[]): Promise<void> {
    const lane = async () => {
      for (let dataset = pile.shift(); dataset !== undefined; dataset = pile.shift()) {
        if (stopping.signal.aborted) return;
        await check(dataset);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, lane));
  }

  return {
    tick() {
      const at = now();
      if (stopping.signal.aborted || round !== null || at < nextLook) return;
      nextLook = at + LOOK_MS;
      const from = Math.max(lookedAt, at - DAY_MS);
      lookedAt = at;
      const due = [...datasets()].filter(({ id }) => momentPassed(id, from, at));
      if (due.length === 0) return;
      round = checkAll(due).finally(() => {
        round = null;
      });
    },
    async stop() {
      stopping.abort();
      await round;
    },
  };
}
