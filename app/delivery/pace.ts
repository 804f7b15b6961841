/**
 * How much is risked on the next request. An answer that never came, or was not Meta's, does not say whether the events were
 * taken, and those that were will be sent again: after one the next request carries a single event, after a pause, and each
 * answer lets it carry more. Known to one process only: what it forgets costs a request.
 */
export interface Pace {
  /** So many events the next request for a dataset may carry; 0: none for the moment. `now`: epoch milliseconds. */
  most(datasetId: number, now: number): number;
  /** Meta answered, whatever it was. */
  answered(datasetId: number): void;
  /** Nobody knows whether the last request was taken. */
  unanswered(datasetId: number, now: number): void;
}

const GROWTH = 8;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 5_000;
/** Spread, so that datasets that met the same silence do not all ask again at once. */
const JITTER = 0.2;

/** `full`: as many as a request may carry when all is well. */
export function openPace(full: number, random: () => number = Math.random): Pace {
  const careful = new Map<number, { most: number; silences: number; notBefore: number }>();
  return {
    most(datasetId, now) {
      const care = careful.get(datasetId);
      if (care === undefined) return full;
      return now < care.notBefore ? 0 : care.most;
    },
    answered(datasetId) {
      const care = careful.get(datasetId);
      if (care === undefined) return;
      const most = care.most * GROWTH;
      if (most >= full) careful.delete(datasetId);
      else careful.set(datasetId, { most, silences: 0, notBefore: 0 });
    },
    unanswered(datasetId, now) {
      const silences = (careful.get(datasetId)?.silences ?? 0) + 1;
      const pause = Math.min(FIRST_PAUSE_MS * 2 ** (silences - 1), LONGEST_PAUSE_MS);
      const notBefore = Math.round(now + pause * (1 - JITTER + 2 * JITTER * random()));
      careful.set(datasetId, { most: 1, silences, notBefore });
    },
  };
}
