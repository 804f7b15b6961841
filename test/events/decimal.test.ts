import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decimal, millionths } from "~/events/decimal";

/** Whole numbers of millionths, as far as sums go that anybody can send. */
const sums = fc.bigInt({ min: -(10n ** 21n), max: 10n ** 21n });

describe("an exact decimal", () => {
  it.each([
    ["0", 0n],
    ["0.00", 0n],
    ["-0.000001", -1n],
    ["12.5", 12_500_000n],
    ["00012.500", 12_500_000n],
    ["999999999999999.999999", 999_999_999_999_999_999_999n],
  ])("%s is counted in millionths", (text, counted) => {
    expect(millionths(text)).toBe(counted);
  });

  it.each([
    [0n, "0"],
    [1n, "0.000001"],
    [-1n, "-0.000001"],
    [12_500_000n, "12.5"],
    [12_000_000n, "12"],
    [-12_340_000n, "-12.34"],
    [10_000_000n, "10"],
  ])("%s millionths are written without zeros at their end", (counted, text) => {
    expect(decimal(counted)).toBe(text);
  });

  it.each([
    "",
    " 1",
    "1,5",
    "1.",
    ".5",
    "1e3",
    "0x1",
    "NaN",
    "Infinity",
    "1.0000001",
    "--1",
    "١",
  ])("refuses what is none: %j", (text) => {
    expect(() => millionths(text)).toThrow("not an exact decimal");
  });

  it("comes back as it was counted, without an exponent", () => {
    fc.assert(
      fc.property(sums, (sum) => {
        const text = decimal(sum);
        expect(text).toMatch(/^-?\d+(\.\d{0,5}[1-9])?$/);
        expect(millionths(text)).toBe(sum);
      }),
    );
  });

  it("adds up where binary fractions do not", () => {
    expect(0.1 + 0.2).not.toBe(0.3);
    expect(decimal(millionths("0.1") + millionths("0.2"))).toBe("0.3");
    fc.assert(
      fc.property(sums, sums, (one, other) => {
        expect(millionths(decimal(one)) + millionths(decimal(other))).toBe(millionths(decimal(one + other)));
      }),
    );
  });
});
