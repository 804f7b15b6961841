import { z } from "zod";
import { type Destination, type Fetch, postEvents } from "./graph.server";
import { momentPassed } from "./token-check";
import { type Answer, type Judgement, judge } from "./verdicts";

/** A request without a body. */
export type Get = (
  url: string,
  init: { method: "GET"; headers: Record<string, string>; signal: AbortSignal },
) => ReturnType<Fetch>;

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

/**
 * Asks Graph for a dataset by its number, as whoever the token stands for: nothing is sent, nothing is counted. Never throws.
 * The token travels in a header, never in the URL.
 */
export async function askAboutDataset(destination: Destination, get: Get): Promise<Answer> {
  const url = `${destination.graphUrl}/${destination.version}/${destination.dataset}?fields=id`;
  // Events' own way to Graph, with another question on it: patience, and the reading of answers, are the same.
  const answer = await postEvents(destination, "", (_events, { headers, signal }) =>
    get(url, { method: "GET", headers: { authorization: headers.authorization ?? "" }, signal }),
  );
  const known = answer.kind === "foreign" && answer.status === 200 && namesDataset(answer.text);
  return known ? { kind: "accepted", status: answer.status, fbtraceId: null, text: answer.text } : answer;
}

const node = z.object({ id: z.string() });

function namesDataset(text: string): boolean {
  try {
    return node.safeParse(JSON.parse(text)).success;
  } catch {
    return false;
  }
}

export interface TokenWatchDeps<Checked extends CheckedDataset> {
  graph: { url: string; version: string };
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

/**
 * The token itself is dead. A permission may be missing for reading the dataset and be there for sending to it: what Meta says
 * of that is heeded when events leave. https://developers.facebook.com/docs/graph-api/guides/error-handling
 */
const OF_THE_TOKEN = /^meta_(?:190|10[24])(?:_|$)/;

/** Asks once a day about each dataset, each at a moment of its own; an answer that is not about the token changes nothing. */
export function openTokenWatch<Checked extends CheckedDataset>(
  { graph, datasets, hold, onAnswer, onFault }: TokenWatchDeps<Checked>,
  now: () => number = Date.now,
  get: Get = (url, init) => fetch(url, init),
): TokenWatch {
  const stopping = new AbortController();
  let round: Promise<void> | null = null;
  let lookedAt = now() - LOOK_BACK_MS;
  let nextLook = 0;

  /** What is in flight when the process ends is let go: nothing would come of it but a wait. */
  const getUntilStopped: Get = (url, init) =>
    get(url, { ...init, signal: AbortSignal.any([init.signal, stopping.signal]) });

  async function check(dataset: Checked): Promise<void> {
    try {
      const destination = {
        graphUrl: graph.url,
        version: graph.version,
        dataset: dataset.dataset,
        token: dataset.token,
      };
      const judgement = judge(await askAboutDataset(destination, getUntilStopped));
      if (stopping.signal.aborted) return;
      onAnswer(dataset, judgement);
      if (judgement.verdict === "hold" && OF_THE_TOKEN.test(judgement.reason ?? "")) await hold(dataset, judgement);
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
