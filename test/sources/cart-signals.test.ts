import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cartSignals } from "~/sources/cart-signals";

const FBP = "fb.1.1763632800000.1098115397";
const FBC = 'fb.2.1763632800000.IwAR_%2B-x~!"aem_z';
const CLIENT = "2fb1d6a0-1C2D-4e3f-8a9b-0c1d2e3f4a5b";
const NOTHING = { fbp: null, fbc: null, clientId: null, consent: null };

const noted = (values: Record<string, string | null>) =>
  Object.entries(values).map(([name, value]) => ({ name, value }));

describe("what the app embed wrote into the cart", () => {
  it("is read byte for byte", () => {
    const attributes = noted({ _fbp: FBP, _fbc: FBC, _tandem_client: CLIENT, _tandem_consent: "1110" });
    expect(cartSignals(attributes)).toEqual({
      fbp: FBP,
      fbc: FBC,
      clientId: CLIENT,
      consent: { analytics: true, marketing: true, preferences: true, saleOfData: false },
    });
  });

  it.each([
    ["1101", { analytics: true, marketing: true, preferences: false, saleOfData: true }],
    ["0100", { analytics: false, marketing: true, preferences: false, saleOfData: false }],
    ["1011", { analytics: true, marketing: false, preferences: true, saleOfData: true }],
  ])("names one purpose with each character: %s", (flags, consent) => {
    expect(cartSignals(noted({ _tandem_consent: flags })).consent).toEqual(consent);
  });

  it("is a refusal and nothing beside it, whoever left ids in the cart", () => {
    const attributes = noted({ _fbp: FBP, _fbc: FBC, _tandem_client: CLIENT, _tandem_consent: "0000" });
    const consent = { analytics: false, marketing: false, preferences: false, saleOfData: false };
    expect(cartSignals(attributes)).toEqual({ ...NOTHING, consent });
  });

  it("may be ids of another app without a word on consent", () => {
    expect(cartSignals(noted({ _fbp: FBP, "gift wrapping": "yes" }))).toEqual({ ...NOTHING, fbp: FBP });
  });

  it.each([
    [null],
    [undefined],
    [[]],
    [[null, { name: "_fbp", value: null }, { name: "_fbc", value: "" }]],
  ])("is nothing where there is nothing: %j", (attributes) => {
    expect(cartSignals(attributes)).toEqual(NOTHING);
  });

  it.each([
    ["_tandem_consent", "", "111", "11111", "yes!", "1 11", "１１１１", "1111\n", "true"],
    ["_tandem_client", "", "a b", "a".repeat(65), "ü", "a;b", "abc\n", "../x"],
    ["_fbp", "", " ", "fb.1 .2", "f\u00fc", "\u0000", "a".repeat(1025), "fb.1\n"],
    ["_fbc", "", "fb.1.1763632800000.a b", "\ud800", "a".repeat(1025), "fb.1\n"],
  ])("says nothing in %s where it makes no sense", (name, ...values) => {
    for (const value of values) expect([value, cartSignals([{ name, value }])]).toEqual([value, NOTHING]);
  });

  it("of two of one name the last counts", () => {
    const attributes = [
      { name: "_tandem_consent", value: "1111" },
      { name: "_tandem_consent", value: "0000" },
    ];
    expect(cartSignals(attributes).consent?.marketing).toBe(false);
  });

  it("never throws, and lets nothing through that is neither a cookie's value nor an id", () => {
    const name = fc.oneof(
      fc.constantFrom("_fbp", "_fbc", "_tandem_client", "_tandem_consent", "__proto__"),
      fc.string(),
    );
    const value = fc.oneof(fc.constant(null), fc.string({ unit: "binary" }), fc.string({ unit: "grapheme-ascii" }));
    const attributes = fc.array(fc.oneof(fc.constant(null), fc.record({ name, value })));
    fc.assert(
      fc.property(attributes, (attributes) => {
        const { fbp, fbc, clientId, consent } = cartSignals(attributes);
        for (const cookie of [fbp, fbc]) if (cookie !== null) expect(cookie).toMatch(/^[!-~]+$/);
        if (clientId !== null) expect(clientId).toMatch(/^[\w-]{1,64}$/);
        if (consent !== null) expect(Object.values(consent).every((flag) => typeof flag === "boolean")).toBe(true);
      }),
    );
  });
});
