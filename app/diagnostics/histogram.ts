/** How many took no longer than a bound, and longer than the one before it. Milliseconds. */
export interface Bucket {
  /** Infinity: longer than the last bound there is. */
  bound: number;
  count: number;
}

/** Rows of a rollup that counts by upper bounds (app/outbox/rollup.ts), as buckets. */
export function bucketsOf(rows: readonly { value: string; count: number }[]): Bucket[] {
  return rows.map(({ value, count }) => {
    if (value !== "inf" && !/^\d+$/.test(value)) throw new Error(`a bound nobody knows: ${value}`);
    return { bound: value === "inf" ? Number.POSITIVE_INFINITY : Number(value), count };
  });
}

/**
 * The bound that so many per cent stayed within: an upper bound, for where inside a bucket they lie nobody knows. Null: nothing
 * was counted. `percent`: a whole number from 1 to 100.
 */
export function percentileBound(buckets: readonly Bucket[], percent: number): number | null {
  const total = buckets.reduce((sum, { count }) => sum + count, 0);
  const rank = Math.ceil((total * percent) / 100);
  let passed = 0;
  for (const { bound, count } of [...buckets].sort((a, b) => (a.bound < b.bound ? -1 : 1))) {
    passed += count;
    if (count > 0 && passed >= rank) return bound;
  }
  return null;
}
