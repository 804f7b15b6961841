import { coverageOf } from "./dataset-quality";
import { askQuality, type QualityRefusal } from "./dataset-quality.server";
import { type Fetch, PARTNER_AGENT } from "./graph.server";
import { momentPassed } from "./token-check";

interface AskedDataset {
  /** Of its row. */
  id: number;
  dataset: string;
  token: string;
}

/** What an asking brought. The texts are JSON of what dataset-quality.ts reads. */
export interface QualityTold {
  datasetId: number;
  /** All that Meta said, of all senders. */
  reading: string;
  /** What tells senders apart, of all of them and of us alone; null: Meta did not say the latter. */
  senders: { overall: string; ours: string } | null;
}

export interface QualityWatchDeps {
  graph: { url: string; fetch: Fetch };
  /** Those that events leave for: connected, and not on hold. */
  datasets: () => Iterable<AskedDataset>;
  /** When each was last asked about, by its row; epoch milliseconds. */
  askedAt: () => Promise<ReadonlyMap<number, number>>;
  keep: (told: QualityTold) => Promise<void>;
  /** What Meta said before stays. */
  keepRefusal: (datasetId: number, refusal: QualityRefusal) => Promise<void>;
  /** Told of what should not happen, of a dataset or of the whole round; the others are asked about all the same. */
  onFault: (dataset: string | null, error: unknown) => void;
}

/** Asks Meta by the clock what it makes of what it gets. */
export interface QualityWatch {
  /** Begins to ask about those whose moment of the hour has passed; answers at once: no event waits for a score. */
  tick(): void;
  /** Resolves when the round under way, if there is one, has ended. */
  idle(): Promise<void>;
  /** Asks no more; resolves when no answer is being kept any more. */
  stop(): Promise<void>;
}

const HOUR_MS = 3_600_000;
/**
 * A moment that passed so long ago is asked at even now: a round that waited for Meta may be late. One that passed before that is
 * let go, so that a server which was away does not ask about all datasets at once.
 */
const LATE_MS = 600_000;
/** After a long round many moments have passed at once. */
const AT_ONCE = 4;

/** Asks once an hour about each dataset, each at a moment of its own. */
export function openQualityWatch(
  { graph, datasets, askedAt, keep, keepRefusal, onFault }: QualityWatchDeps,
  now: () => number = Date.now,
): QualityWatch {
  const stopping = new AbortController();
  let round: Promise<void> | null = null;

  /** What is in flight when the process ends is let go: nothing would come of it but a wait. */
  const fetchUntilStopped: Fetch = (url, init) =>
    graph.fetch(url, { ...init, signal: AbortSignal.any([init.signal, stopping.signal]) });

  async function ask({ id, dataset, token }: AskedDataset): Promise<void> {
    const destination = { graphUrl: graph.url, dataset, token };
    const overall = await askQuality(destination, null, fetchUntilStopped);
    if (stopping.signal.aborted) return;
    if (overall.kind === "refused") return keepRefusal(id, overall.refusal);
    const ours = await askQuality(destination, PARTNER_AGENT, fetchUntilStopped);
    const senders =
      ours.kind === "told"
        ? { overall: JSON.stringify(coverageOf(overall.events)), ours: JSON.stringify(coverageOf(ours.events)) }
        : null;
    await keep({ datasetId: id, reading: JSON.stringify(overall.events), senders });
  }

  async function askAll(): Promise<void> {
    const at = now();
    const asked = await askedAt();
    const due = [...datasets()].filter(({ id }) =>
      momentPassed(id, Math.max(asked.get(id) ?? 0, at - LATE_MS), at, HOUR_MS),
    );
    // They take from one pile, so that a slow answer keeps only one of the lanes.
    const lane = async () => {
      for (;;) {
        const next = due.shift();
        if (next === undefined || stopping.signal.aborted) return;
        await ask(next).catch((error: unknown) => onFault(next.dataset, error));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, lane));
  }

  return {
    tick() {
      if (stopping.signal.aborted || round !== null) return;
      round = askAll()
        .catch((error: unknown) => onFault(null, error))
        .finally(() => {
          round = null;
        });
    },
    async idle() {
      await round;
    },
    async stop() {
      stopping.abort();
      await round;
    },
  };
}
