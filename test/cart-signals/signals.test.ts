import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cartSignals } from "~/sources/cart-signals";
import { attributesFor, type CartAttributes, type Sight } from "../../theme/cart-signals/signals";

const NOW = 1_795_168_801_000;
const FBP = "fb.1.1795000000000.1098115397";
const FBC = "fb.2.1795000000000.IwAR_%2B-x~!aem_Z";
const CLIENT = "2fb1d6a0-1C2D-4e3f-8a9b-0c1d2e3f4a5b";
const EVERYTHING = { analytics: true, marketing: true, preferences: true, saleOfData: true };
const NOTHING = { analytics: false, marketing: false, preferences: false, saleOfData: false };
const CLEARED = { _fbp: "", _fbc: "", _tandem_client: "" };

function sight(over: Partial<Sight> = {}): Sight {
  return {
    consent: EVERYTHING,
    refused: false,
    fbp: FBP,
    fbc: FBC,
    clientId: CLIENT,
    page: "https://www.example.com/",
    now: NOW,
    ...over,
  };
}

describe("with consent to marketing", () => {
  it("the cart gets both cookies, the visitor's id and the consent, byte for byte", () => {
    expect(attributesFor(sight(), null)).toEqual({
      _fbp: FBP,
      _fbc: FBC,
      _tandem_client: CLIENT,
      _tandem_consent: "1111",
    });
  });

  it("the four characters stand for analytics, marketing, preferences and sale of data", () => {
    const flags = (over: Partial<Sight["consent"]>) =>
      attributesFor(sight({ consent: { ...NOTHING, marketing: true, ...over } }), null)?._tandem_consent;
    expect([flags({}), flags({ analytics: true }), flags({ preferences: true }), flags({ saleOfData: true })]).toEqual([
      ...["0100", "1100", "0110", "0101"],
    ]);
  });

  it("what is no cookie of Meta's and no visitor's id stays out of the cart", () => {
    const strange = sight({ fbp: "fb.1.now.x", fbc: "IwAR", clientId: "<script>" });
    expect(attributesFor(strange, null)).toEqual({ _tandem_consent: "1111" });
  });

  it("what was written stays when a cookie is gone, for a blocker keeps it from coming back", () => {
    const written = { _fbp: FBP, _fbc: FBC, _tandem_client: CLIENT, _tandem_consent: "1111" };
    expect(attributesFor(sight({ fbp: "", fbc: "", clientId: "" }), written)).toEqual(written);
  });
});

describe("the click", () => {
  const click = (over: Partial<Sight>, written: CartAttributes | null = null) =>
    attributesFor(sight(over), written)?._fbc;
  const landing = "https://www.example.com/products/mug?utm_source=fb&fbclid=IwAR_New-Click.1#top";

  it("of a landing page is written as Meta would, where there is no cookie", () => {
    expect(click({ fbc: "", page: landing })).toBe(`fb.1.${NOW}.IwAR_New-Click.1`);
  });

  it("keeps the time it was first seen when the page is loaded again", () => {
    const first = attributesFor(sight({ fbc: "", page: landing }), null);
    expect(click({ fbc: "", page: landing, now: NOW + 60_000 }, first)).toBe(`fb.1.${NOW}.IwAR_New-Click.1`);
  });

  it("is the cookie's once the pixel has made one of it", () => {
    const first = attributesFor(sight({ fbc: "", page: landing }), null);
    const cookie = `fb.1.${NOW + 40}.IwAR_New-Click.1`;
    expect(click({ fbc: cookie, page: landing, now: NOW + 60_000 }, first)).toBe(cookie);
  });

  it("is the new one where an old cookie speaks of another, also on the pages after", () => {
    const fresh = `fb.1.${NOW}.IwAR_New-Click.1`;
    const first = attributesFor(sight({ page: landing }), null);
    expect(first?._fbc).toBe(fresh);
    expect(click({ now: NOW + 60_000 }, first)).toBe(fresh);
  });

  it("is the cookie's where that is newer than what was written", () => {
    const cookie = "fb.1.1795168900000.IwAR_later";
    expect(click({ fbc: cookie }, { _fbc: `fb.1.${NOW}.IwAR_New-Click.1` })).toBe(cookie);
  });

  it("that was taken back by a refusal is found again when consent is given again", () => {
    expect(click({}, { ...CLEARED, _tandem_consent: "0000" })).toBe(FBC);
  });
});

describe("without consent to marketing", () => {
  it("nothing is written for a shopper who has not said a word", () => {
    expect(attributesFor(sight({ consent: NOTHING }), null)).toBeNull();
  });

  it("a refusal is written, and nothing beside it", () => {
    const refused = sight({ consent: { ...NOTHING, analytics: true }, refused: true });
    expect(attributesFor(refused, null)).toEqual({ ...CLEARED, _tandem_consent: "1000" });
  });

  it("a refusal takes back what consent had allowed", () => {
    const written = { _fbp: FBP, _tandem_consent: "1111" };
    const refused = sight({ consent: NOTHING, refused: true });
    expect(attributesFor(refused, written)).toEqual({ ...CLEARED, _tandem_consent: "0000" });
  });

  it("consent that ran out without a word is taken back too, and is no refusal", () => {
    const written = { _fbp: FBP, _tandem_consent: "1111" };
    expect(attributesFor(sight({ consent: NOTHING }), written)).toEqual({ ...CLEARED, _tandem_consent: "" });
  });
});

it("whatever the browser holds, the server reads back what was written", () => {
  const text = fc.oneof(fc.string(), fc.string({ unit: "binary" }), fc.constantFrom(FBP, FBC, CLIENT, ""));
  const cases = fc.record({
    consent: fc.record({
      analytics: fc.boolean(),
      marketing: fc.boolean(),
      preferences: fc.boolean(),
      saleOfData: fc.boolean(),
    }),
    refused: fc.boolean(),
    fbp: text,
    fbc: text,
    clientId: text,
    page: fc.oneof(text, fc.webUrl({ withQueryParameters: true })),
    now: fc.nat(),
  });
  fc.assert(
    fc.property(cases, (seen) => {
      const written = attributesFor(seen, null);
      if (written === null) return;
      const read = cartSignals(Object.entries(written).map(([name, value]) => ({ name, value })));
      expect(read).toEqual({
        fbp: written._fbp || null,
        fbc: written._fbc || null,
        clientId: written._tandem_client || null,
        consent: written._tandem_consent ? seen.consent : null,
      });
    }),
  );
});
