import { describe, expect, it } from "vitest";
import { decideConsent } from "~/consent/decide";
import { consentWords } from "~/diagnostics/consent-words";
import { GIVEN, REFUSED } from "../fixtures/beacon";

const AT = Date.parse("2026-11-20T10:07:31Z");
const OREGON = { country: "US", usState: "OR", source: "web", beacon: false, ipKnown: true, at: AT } as const;
const POLICY = { revision: 4, choices: {} };

function wordsOf(inputs: Parameters<typeof decideConsent>[0]) {
  return consentWords(JSON.stringify(decideConsent(inputs, POLICY)));
}

describe("the words of a consent decision", () => {
  it("say where, by what way, what the shopper said, and by which table", () => {
    expect(wordsOf({ ...OREGON, signal: null })).toEqual({
      known: "United States (US, OR), Online store: the shopper said nothing.",
      ruling: "Send with Limited Data Use",
      policy: "Version 2.4 of the table",
      at: AT,
    });
    expect(wordsOf({ ...OREGON, source: "pos", country: null, usState: null, signal: null })).toMatchObject({
      known: "Where consent is asked for (no country known), Point of sale: the shopper said nothing.",
      ruling: "Do not send",
    });
    expect(wordsOf({ ...OREGON, beacon: true, signal: REFUSED })).toMatchObject({
      known: "A page of the shop, which knows no address: the shopper refused.",
      ruling: "Do not send",
    });
    expect(wordsOf({ ...OREGON, signal: GIVEN })).toMatchObject({ ruling: "Send" });
  });

  it("are there for a decision of before a shop could choose", () => {
    const old = {
      policy: 1,
      region: "consent",
      country: "DE",
      usState: null,
      signal: "none",
      ruling: "no_consent_signal",
    };
    expect(consentWords(JSON.stringify({ ...old, limitedDataUse: null }))).toEqual({
      known: "Where consent is asked for (DE): the shopper said nothing.",
      ruling: "Do not send",
      policy: "Version 1 of the table",
      at: null,
    });
  });

  it.each(["", "{}", "null", '{"ruling":"perhaps"}'])("are none where no decision stands: %j", (stored) => {
    expect(consentWords(stored)).toBeNull();
  });
});
