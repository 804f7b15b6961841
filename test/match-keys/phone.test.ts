import fc from "fast-check";
import { getCountries, getExampleNumber } from "libphonenumber-js/max";
import examples from "libphonenumber-js/mobile/examples";
import { describe, expect, it } from "vitest";
import { phone, phoneByLibrary } from "~/match-keys/phone";

const COUNTRIES = getCountries();
const CALLING_CODES = [
  "1",
  "7",
  "44",
  "49",
  "39",
  "54",
  "55",
  "52",
  "61",
  "590",
  "358",
  "800",
  "808",
  "870",
  "979",
  "999",
];

/** Digits with the punctuation people write, and what begins numbers: trunk zeros, 00, the plus. */
const written = fc
  .tuple(
    fc.constantFrom("", "", "", "+", "(+", "+ ", "0", "00", "011", "(0", "8", "1", "15", "90", "49", "44 "),
    fc.array(fc.tuple(fc.stringMatching(/^\d{1,5}$/), fc.constantFrom("", " ", "-", ".", "/", ") ", " (")), {
      minLength: 1,
      maxLength: 6,
    }),
  )
  .map(([start, groups]) => start + groups.map(([digits, between]) => digits + between).join(""));

function expectTheSame(value: string, country: string | null): void {
  expect(phone(value, country), `${value} (${country})`).toBe(phoneByLibrary(value, country));
}

describe("the quick way to read a phone number", () => {
  it.each(COUNTRIES)("agrees with the library on numbers of %s, right and wrong", (region) => {
    const country = region.toLowerCase();
    const example = getExampleNumber(region, examples);
    const national = example?.formatNational() ?? "0123456789";
    const digits = example?.nationalNumber ?? "123456789";
    for (const value of [
      national,
      digits,
      `0${digits}`,
      `1${digits}`,
      example?.number ?? "",
      `+${national}`,
      (example?.number ?? "").slice(1),
    ]) {
      expectTheSame(value, country);
      expectTheSame(value, null);
    }
    // Near the example: one digit changed, dropped or added.
    fc.assert(
      fc.property(
        fc.nat(digits.length),
        fc.stringMatching(/^\d{0,2}$/),
        fc.constantFrom("", "0", "+", "8"),
        (at, by, start) => {
          const changed = digits.slice(0, at) + by + digits.slice(at + 1);
          expectTheSame(start + changed, country);
          expectTheSame(`+${example?.countryCallingCode ?? ""}${start.replace("+", "")}${changed}`, null);
        },
      ),
      { seed: 20261120, numRuns: 60 },
    );
  });

  it("agrees with the library on whatever is written in digits", () => {
    fc.assert(
      fc.property(written, fc.option(fc.constantFrom(...COUNTRIES, "ZZ")), (value, region) => {
        expectTheSame(value, region === null ? null : region.toLowerCase());
      }),
      { seed: 20261120, numRuns: 10_000 },
    );
  });

  it("agrees with the library on international numbers", () => {
    fc.assert(
      fc.property(fc.constantFrom(...CALLING_CODES), fc.stringMatching(/^\d{0,18}$/), (code, digits) => {
        expectTheSame(`+${code}${digits}`, "us");
      }),
      { seed: 20261120, numRuns: 5_000 },
    );
  });

  it.each([
    "+",
    "++1",
    "1",
    "12",
    "+12",
    "(",
    "()",
    "+()1650 555 1212",
    "--",
    "+1 650 555 1212 x5",
    "~650 555 1212",
  ])("leaves what is unusual to the library: %s", (value) => {
    expectTheSame(value, "us");
    expectTheSame(value, null);
  });
});
