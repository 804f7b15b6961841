const DAY_MS = 24 * 3_600_000;

/** Of all fractions the one whose multiples lie most evenly: neighbours in the table are asked about hours apart. */
const GOLDEN = 0.618_033_988_749_894_8;

/** The moment of each UTC day at which a dataset is asked about, in milliseconds after midnight. `id`: of its row. */
export function momentOf(id: number): number {
  return Math.floor(((id * GOLDEN) % 1) * DAY_MS);
}

/**
 * Whether a dataset's moment lies after `from` and not after `to`; epoch milliseconds. Nothing has to be remembered of when
 * it was last asked about.
 */
export function momentPassed(id: number, from: number, to: number): boolean {
  const moment = momentOf(id);
  return Math.floor((to - moment) / DAY_MS) > Math.floor((from - moment) / DAY_MS);
}
