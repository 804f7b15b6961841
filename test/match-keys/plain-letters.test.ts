import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HASHED_ROWS } from "~/match-keys/keys";
import { PLAIN_LETTERS } from "~/match-keys/plain-letters";

const words = fc.oneof(
  fc.string(),
  fc.string({ unit: "grapheme" }),
  fc.string({ unit: fc.integer({ min: 0, max: 0xff }).map((unit) => String.fromCharCode(unit)) }),
  fc.string({ unit: fc.constantFrom(..."NUnul a/.-[]objectOBJECT09'\t\n") }),
  fc.string({ unit: fc.constantFrom(..."aZ0123456789 -−–_.\u00a0") }),
  fc.stringMatching(/^\d{5}(?:[ -]?\d{4})?$/),
  fc.stringMatching(/^[A-Z]{1,2}\d{1,2} ?\d[A-Z]{2}$/),
  fc.constantFrom(
    "Null",
    "null",
    "N/A",
    "n.a.",
    "[object Object]",
    " none ",
    "NaN",
    "undefined",
    "Mary-Ann",
    "D’Angelo",
    "Käthe",
    "Ka\u0308the",
    "×÷",
    "ÿß",
    "ÀÉÎÕÜÞ",
    "ª²º",
    "St. Albans",
  ),
);

describe.each(HASHED_ROWS.filter(({ key }) => PLAIN_LETTERS[key] !== undefined))("the short way to $key", (row) => {
  it("says what the row's own rule says, or nothing", () => {
    let said = 0;
    fc.assert(
      fc.property(words, fc.constantFrom(null, "us", "gb", "de", "jp"), (value, country) => {
        const short = PLAIN_LETTERS[row.key]?.(value, country) ?? null;
        if (short === null) return;
        said += 1;
        expect(short).toBe(row.normalise(value, country));
      }),
      { seed: 20261120, numRuns: 5_000 },
    );
    expect(said).toBeGreaterThan(500);
  });
});
