/** What may go wrong with a hostile request. */
export interface Counts {
  requests: number;
  /** The server fell, answered 5xx, or answered nothing where an answer was due. */
  crashes: number;
  /** Something stood in an answer that should not. */
  leaks: number;
  /** It was answered or acted on as if it were honest. */
  accepted_wrongly: number;
}

export type Fault = Exclude<keyof Counts, "requests">;

/** Everything that was counted, kind by kind, and in words what went wrong. */
export interface Tally {
  requests(kind: string, count?: number): void;
  fault(kind: string, fault: Fault, words: string, count?: number): void;
  kinds(): Record<string, Counts>;
  total(): Counts;
  words(): readonly string[];
}

/** Of one kind and one fault: a hundred of them are mostly the same. */
const MOST_WORDS = 8;

export function openTally(): Tally {
  const kinds = new Map<string, Counts>();
  const words = new Map<string, string[]>();
  function of(kind: string): Counts {
    const counts = kinds.get(kind) ?? { requests: 0, crashes: 0, leaks: 0, accepted_wrongly: 0 };
    kinds.set(kind, counts);
    return counts;
  }
  return {
    requests: (kind, count = 1) => {
      of(kind).requests += count;
    },
    fault: (kind, fault, what, count = 1) => {
      of(kind)[fault] += count;
      const topic = `${kind}: ${fault}: `;
      const said = words.get(topic) ?? [];
      words.set(topic, said);
      if (said.length < MOST_WORDS) said.push(topic + what);
    },
    kinds: () => Object.fromEntries(kinds),
    total: () => {
      const sum = { requests: 0, crashes: 0, leaks: 0, accepted_wrongly: 0 };
      for (const counts of kinds.values()) {
        for (const name of Object.keys(sum) as (keyof Counts)[]) sum[name] += counts[name];
      }
      return sum;
    },
    words: () => [...words.values()].flat(),
  };
}
