import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { intoBatches, isTooLarge, MOST_EVENTS } from "~/delivery/batch";
import { requestBody } from "~/delivery/graph.server";

/** What Meta's stand-in takes: one binary megabyte. */
const META_BYTES = 1_048_576;
const OUR_BYTES = 1_000_000;

function eventOf(bytes: number, letter = "x"): { json: string } {
  const letters = Math.max(0, Math.floor((bytes - 2) / Buffer.byteLength(letter)));
  return { json: `"${letter.repeat(letters)}"` };
}

function bytesOf(batch: { json: string }[], testCode: string | null = null): number {
  return Buffer.byteLength(
    requestBody(
      batch.map(({ json }) => json),
      testCode,
    ),
  );
}

describe("a request", () => {
  it("holds 1,000 events, and the next ones travel in the next", () => {
    const events = Array.from({ length: 2_001 }, (_, n) => ({ json: String(n) }));
    expect(intoBatches(events).map(({ length }) => length)).toEqual([MOST_EVENTS, MOST_EVENTS, 1]);
    expect(MOST_EVENTS).toBe(1_000);
  });

  it("holds no more than a megabyte", () => {
    const batches = intoBatches(Array.from({ length: 5 }, () => eventOf(400_000)));
    expect(batches.map(({ length }) => length)).toEqual([2, 2, 1]);
  });

  it.each([
    { what: "umlauts", letter: "ü" },
    { what: "Korean", letter: "정" },
    { what: "emoji", letter: "🛒" },
  ])("counts bytes, not letters: $what", ({ letter }) => {
    const batches = intoBatches(Array.from({ length: 5 }, () => eventOf(400_000, letter)));
    expect(batches.map(({ length }) => length)).toEqual([2, 2, 1]);
    for (const batch of batches) expect(bytesOf(batch)).toBeLessThanOrEqual(OUR_BYTES);
  });

  it("is never empty: no event, no request", () => {
    expect(intoBatches([])).toEqual([]);
  });

  it("whatever is in it is within both limits, in order, and each event is in one", () => {
    const sizes = fc.oneof(
      fc.integer({ min: 2, max: 2_000 }),
      fc.integer({ min: 100_000, max: 999_900 }),
      fc.constantFrom(499_949, 499_950, 999_899, 999_900),
    );
    const letters = fc.constantFrom("x", "ü", "정", "🛒");
    fc.assert(
      fc.property(fc.array(fc.tuple(sizes, letters), { maxLength: 12 }), (described) => {
        const events = described.map(([bytes, letter]) => eventOf(bytes, letter));
        const batches = intoBatches(events);
        expect(batches.flat()).toEqual(events);
        for (const batch of batches) {
          expect(batch.length).toBeGreaterThan(0);
          expect(batch.length).toBeLessThanOrEqual(MOST_EVENTS);
          expect(bytesOf(batch)).toBeLessThanOrEqual(OUR_BYTES);
          expect(bytesOf(batch, "TEST12345")).toBeLessThanOrEqual(META_BYTES);
        }
      }),
      { numRuns: 40 },
    );
  });

  it("does not begin a new one before it must", () => {
    const two = [eventOf(499_940), eventOf(499_940)];
    expect(intoBatches(two)).toHaveLength(1);
  });
});

describe("an event that is too large to travel", () => {
  it("is told by its bytes", () => {
    expect(isTooLarge(eventOf(999_900))).toBe(false);
    expect(isTooLarge(eventOf(999_901))).toBe(true);
    expect(isTooLarge(eventOf(1_000_001, "정"))).toBe(true);
    expect(isTooLarge({ json: "정".repeat(500_000) })).toBe(true);
  });

  it("just below travels alone, and its request is still within the limit", () => {
    const batches = intoBatches([eventOf(10), eventOf(999_900), eventOf(10)]);
    expect(batches.map(({ length }) => length)).toEqual([1, 1, 1]);
    for (const batch of batches) expect(bytesOf(batch)).toBeLessThanOrEqual(OUR_BYTES);
  });
});
