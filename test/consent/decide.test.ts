import { describe, expect, it } from "vitest";
import { decideConsent, needsSignal } from "~/consent/decide";
import type { ConsentPolicy } from "~/consent/policy";
import { GIVEN, REFUSED, SALE_OPT_OUT } from "../fixtures/beacon";

const POLICY: ConsentPolicy = { revision: 0, choices: {} };
const AT = Date.parse("2026-11-20T10:07:31Z");
const WEB = { source: "web", beacon: false, ipKnown: true, at: AT } as const;
const OREGON = { ...WEB, country: "US", usState: "OR" };
const GERMANY = { ...WEB, country: "DE", usState: null };

describe("a consent decision", () => {
  it("keeps everything that led to it, and the version of the policy", () => {
    expect(decideConsent({ ...OREGON, signal: null }, POLICY)).toEqual({
      policy: "2.0",
      region: "us",
      source: "web",
      country: "US",
      usState: "OR",
      signal: "none",
      ruling: "limited",
      limitedDataUse: { country: 1, state: 1004 },
      at: AT,
    });
  });

  it("goes by the shop's own choice, and says by which version of it", () => {
    const policy: ConsentPolicy = {
      revision: 7,
      choices: { us: { web: { none: "withhold", sale_opt_out: "withhold" } } },
    };
    expect(decideConsent({ ...OREGON, signal: null }, policy)).toMatchObject({
      policy: "2.7",
      ruling: "no_consent_signal",
    });
    expect(decideConsent({ ...OREGON, signal: SALE_OPT_OUT }, policy)).toMatchObject({ ruling: "consent_refused" });
    expect(decideConsent({ ...OREGON, source: "pos", signal: null }, policy)).toMatchObject({ ruling: "limited" });
  });

  it.each([
    ["channel", "other"],
    ["exchange", "other"],
    ["import", "other"],
    ["unknown", "other"],
    ["draft", "draft"],
    ["renewal", "renewal"],
    ["pos", "pos"],
  ] as const)("takes an order from %s for one of %s", (source, counts) => {
    expect(decideConsent({ ...OREGON, source, signal: null }, POLICY).source).toBe(counts);
  });

  it.each([
    ["given", GIVEN],
    ["refused", REFUSED],
    ["sale_opt_out", SALE_OPT_OUT],
    ["none", null],
  ] as const)("reads the four booleans as one word: %s", (word, signal) => {
    expect(decideConsent({ ...GERMANY, signal }, POLICY).signal).toBe(word);
  });

  it("goes by marketing: analytics and preferences alone are no consent to it, and their lack is no refusal", () => {
    const marketingOnly = { analytics: false, marketing: true, preferences: false, saleOfData: true };
    const allButMarketing = { analytics: true, marketing: false, preferences: true, saleOfData: true };
    expect(decideConsent({ ...GERMANY, signal: marketingOnly }, POLICY).ruling).toBe("send");
    expect(decideConsent({ ...GERMANY, signal: allButMarketing }, POLICY).ruling).toBe("consent_refused");
  });

  it("a refusal of marketing outweighs everything, in every region", () => {
    for (const country of ["DE", "US", "AU", null]) {
      for (const beacon of [true, false]) {
        const decision = decideConsent(
          { ...WEB, country, usState: null, beacon, signal: { ...REFUSED, saleOfData: true } },
          POLICY,
        );
        expect(decision).toMatchObject({ ruling: "consent_refused", limitedDataUse: null });
      }
    }
  });

  it("Limited Data Use comes with no other ruling than `limited`", () => {
    for (const country of ["DE", "US", "AU", null]) {
      for (const signal of [GIVEN, REFUSED, SALE_OPT_OUT, null]) {
        const { ruling, limitedDataUse } = decideConsent({ ...WEB, country, usState: null, signal }, POLICY);
        expect(limitedDataUse !== null).toBe(ruling === "limited");
      }
    }
  });

  it("a beacon knows no address: its own booleans decide, and its place is 0 and 0", () => {
    expect(decideConsent({ ...OREGON, beacon: true, signal: SALE_OPT_OUT }, POLICY)).toMatchObject({
      region: "browser",
      ruling: "limited",
      limitedDataUse: { country: 0, state: 0 },
    });
  });

  it("a signal is worth waiting for only where nothing may be sent without one", () => {
    const needs = (country: string | null) => needsSignal({ country, source: "web" }, POLICY);
    expect(["DE", "GB", "CH", "NO", null].map(needs)).toEqual([true, true, true, true, true]);
    expect(["US", "AU", "CA"].map(needs)).toEqual([false, false, false]);
    const policy: ConsentPolicy = { revision: 1, choices: { us: { web: { none: "withhold" } } } };
    expect(needsSignal({ country: "US", source: "web" }, policy)).toBe(true);
    expect(needsSignal({ country: "US", source: "draft" }, policy)).toBe(false);
  });
});
