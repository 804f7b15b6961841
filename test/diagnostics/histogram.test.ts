import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { boundWords, lagOf } from "~/diagnostics/flow";
import { type Bucket, bucketsOf, percentileBound } from "~/diagnostics/histogram";
import { rollupChanges } from "~/outbox/rollup";
import { DAY } from "../support/clock";

/** What the drain counts of events that took so long. */
function counted(lags: readonly number[]): Bucket[] {
  const row = { datasetId: 1, name: "Purchase", eventTime: DAY, receivedAt: DAY, countedAs: null, countedSum: null };
  const counts = new Map<string, number>();
  for (const lag of lags) {
    const changes = rollupChanges(row, null, "accepted", DAY + lag);
    for (const { dimension, value } of changes) {
      if (dimension === "latency") counts.set(value, (counts.get(value) ?? 0) + 1);
    }
  }
  return bucketsOf([...counts].map(([value, count]) => ({ value, count })));
}

/** The value that so many per cent do not exceed, by the nearest rank. */
function percentileOf(lags: readonly number[], percent: number): number {
  const sorted = [...lags].sort((a, b) => a - b);
  return sorted[Math.ceil((lags.length * percent) / 100) - 1] ?? Number.NaN;
}

const lags = fc.array(
  fc.oneof(fc.nat(3_000), fc.nat(600_000), fc.nat(200_000_000), fc.constantFrom(250, 251, 86_400_000, 86_400_001)),
  { minLength: 1, maxLength: 300 },
);

describe("the bound of a percentile", () => {
  it("is that of the bucket which the true one lies in: never below it, and no bucket further than it", () => {
    fc.assert(
      fc.property(lags, fc.integer({ min: 1, max: 100 }), (took, percent) => {
        const truth = percentileOf(took, percent);
        const bound = percentileBound(counted(took), percent) ?? Number.NaN;
        expect(truth).toBeLessThanOrEqual(bound);
        expect(percentileBound(counted([truth]), 100)).toBe(bound);
      }),
    );
  });

  it("is the same in whatever order the buckets come, and none of them is empty", () => {
    const buckets = [
      { bound: 500, count: 0 },
      { bound: Number.POSITIVE_INFINITY, count: 1 },
      { bound: 250, count: 98 },
      { bound: 2_000, count: 1 },
    ];
    expect([50, 98, 99, 100].map((percent) => percentileBound(buckets, percent))).toEqual([
      250,
      250,
      2_000,
      Number.POSITIVE_INFINITY,
    ]);
  });

  it("is not known of nothing", () => {
    expect(percentileBound([], 95)).toBeNull();
    expect(percentileBound([{ bound: 250, count: 0 }], 95)).toBeNull();
  });

  it("takes no value for a bound that is none", () => {
    expect(() => bucketsOf([{ value: "soon", count: 1 }])).toThrow("a bound nobody knows: soon");
  });
});

describe("the lag in words", () => {
  it("says within what, and more than a day only where it was more than a day", () => {
    fc.assert(
      fc.property(fc.nat(200_000_000), (took) => {
        const { p50 } = lagOf(counted([took]));
        expect(boundWords(p50) === "more than a day").toBe(took > 86_400_000);
      }),
    );
  });

  it.each([
    [250, "within 250 milliseconds"],
    [1_000, "within 1 second"],
    [2_000, "within 2 seconds"],
    [60_000, "within 1 minute"],
    [600_000, "within 10 minutes"],
    [3_600_000, "within 1 hour"],
    [86_400_000, "within 1 day"],
  ])("%i ms: %s", (bound, words) => {
    expect(boundWords(lagOf(counted([bound])).p95)).toBe(words);
  });
});
