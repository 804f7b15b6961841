const DAY_MS = 24 * 3_600_000;

/** Of all fractions the one whose multiples lie most evenly: neighbours in the table are asked about hours apart. */
const GOLDEN = 0.618_033_988_749_894_8;

/**
 * The moment of each period at which a dataset is asked about, in milliseconds after its start; of each UTC day where nothing else
 * is said. Periods are counted from 1970, `id` is of its row.
 */
export function momentOf(id: number, periodMs: number = DAY_MS): number {
  return Math.floor(((id * GOLDEN) % 1) * periodMs);
}

/**
 * Whether a dataset's moment lies after `from` and not after `to`; epoch milliseconds. Nothing has to be remembered of when
 * it was last asked about.
 */
export function momentPassed(id: number, from: number, to: number, periodMs: number = DAY_MS): boolean {
  const moment = momentOf(id, periodMs);
  return Math.floor((to - moment) / periodMs) > Math.floor((from - moment) / periodMs);
}
