import { describe, expect, it } from "vitest";
import { decideConsent, needsSignal } from "~/consent/decide";
import { GIVEN, REFUSED, SALE_OPT_OUT } from "../fixtures/beacon";

const OREGON = { country: "US", usState: "OR", beacon: false };
const GERMANY = { country: "DE", usState: null, beacon: false };

describe("a consent decision", () => {
  it("keeps everything that led to it, and the version of the policy", () => {
    expect(decideConsent({ ...OREGON, signal: null })).toEqual({
      policy: 1,
      region: "us",
      country: "US",
      usState: "OR",
      signal: "none",
      ruling: "limited",
      limitedDataUse: { country: 1, state: 1004 },
    });
  });

  it.each([
    ["given", GIVEN],
    ["refused", REFUSED],
    ["sale_opt_out", SALE_OPT_OUT],
    ["none", null],
  ] as const)("reads the four booleans as one word: %s", (word, signal) => {
    expect(decideConsent({ ...GERMANY, signal }).signal).toBe(word);
  });

  it("goes by marketing: analytics and preferences alone are no consent to it, and their lack is no refusal", () => {
    const marketingOnly = { analytics: false, marketing: true, preferences: false, saleOfData: true };
    const allButMarketing = { analytics: true, marketing: false, preferences: true, saleOfData: true };
    expect(decideConsent({ ...GERMANY, signal: marketingOnly }).ruling).toBe("send");
    expect(decideConsent({ ...GERMANY, signal: allButMarketing }).ruling).toBe("consent_refused");
  });

  it("a refusal of marketing outweighs everything, in every region", () => {
    for (const country of ["DE", "US", "AU", null]) {
      for (const beacon of [true, false]) {
        const decision = decideConsent({ country, usState: null, beacon, signal: { ...REFUSED, saleOfData: true } });
        expect(decision).toMatchObject({ ruling: "consent_refused", limitedDataUse: null });
      }
    }
  });

  it("Limited Data Use comes with no other ruling than `limited`", () => {
    for (const country of ["DE", "US", "AU", null]) {
      for (const signal of [GIVEN, REFUSED, SALE_OPT_OUT, null]) {
        const { ruling, limitedDataUse } = decideConsent({ country, usState: null, beacon: false, signal });
        expect(limitedDataUse !== null).toBe(ruling === "limited");
      }
    }
  });

  it("a beacon knows no address: its own booleans decide, and its place is 0 and 0", () => {
    expect(decideConsent({ ...OREGON, beacon: true, signal: SALE_OPT_OUT })).toMatchObject({
      region: "browser",
      ruling: "limited",
      limitedDataUse: { country: 0, state: 0 },
    });
  });

  it("a signal is worth waiting for only where nothing may be sent without one", () => {
    expect(["DE", "GB", "CH", "NO", null].map(needsSignal)).toEqual([true, true, true, true, true]);
    expect(["US", "AU", "CA"].map(needsSignal)).toEqual([false, false, false]);
  });
});
