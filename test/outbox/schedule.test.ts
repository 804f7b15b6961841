import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nextRunAt, RETRY_DELAYS } from "~/outbox/schedule";

const NOW = 1_800_000_000_000;
const middle = () => 0.5;

describe("the next try", () => {
  it.each([
    [0, 5],
    [1, 5],
    [2, 15],
    [3, 60],
    [4, 300],
    [5, 900],
    [6, 3_600],
    [7, 7_200],
    [8, 7_200],
    [500, 7_200],
  ])("after %i tries comes %i seconds later", (attempts, seconds) => {
    expect(nextRunAt(attempts, NOW, { random: middle }) - NOW).toBe(seconds * 1_000);
  });

  it.each([
    { draw: 0, share: 0.8 },
    { draw: 0.5, share: 1 },
    { draw: 1, share: 1.2 },
  ])("is spread: a draw of $draw gives $share of the delay", ({ draw, share }) => {
    expect(nextRunAt(3, NOW, { random: () => draw }) - NOW).toBe(60_000 * share);
  });

  it("comes no sooner than Meta asked", () => {
    expect(nextRunAt(1, NOW, { retryAfter: 120_000, random: middle })).toBe(NOW + 120_000);
    expect(nextRunAt(7, NOW, { retryAfter: 120_000, random: middle })).toBe(NOW + 7_200_000);
    expect(nextRunAt(1, NOW, { retryAfter: null, random: middle })).toBe(NOW + 5_000);
  });

  it("is always a whole instant in the future, within the longest delay and its spread", () => {
    const longest = Math.max(...RETRY_DELAYS) * 1.2;
    fc.assert(
      fc.property(fc.nat({ max: 10_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (attempts, draw) => {
        const at = nextRunAt(attempts, NOW, { random: () => draw });
        expect(Number.isInteger(at)).toBe(true);
        expect(at).toBeGreaterThan(NOW);
        expect(at).toBeLessThanOrEqual(NOW + longest);
      }),
    );
  });
});
