import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cleanFbc, cleanFbp, clickIdOf, fbcFromUrl } from "~/match-keys/normalise/click-id";

const AT = 1_700_000_000_000;

describe("cleanFbp", () => {
  it.each([
    "fb.1.1700000000000.1098115397",
    "fb.2.1700000000000.42",
    "fb.1.1700000000000.42.AQQCAQIB",
    "fb.1.1700000000000.42.Bg",
  ])("passes byte for byte: %s", (value) => expect(cleanFbp(value)).toBe(value));

  it.each([
    null,
    "",
    " fb.1.1700000000000.42",
    "fb.1.1700000000000.42\n",
    "FB.1.1700000000000.42",
    "fb.x.1700000000000.42",
    "fb.10.1700000000000.42",
    "fb.1.1700000000000",
    "fb.1.1700000000000.",
    "fb.1.1700000000000.abc",
    "fb.1.1700000000000.42.AQQCAQIB.AQQCAQIB",
    "fb.1.1700000000000.42.ZZ",
    "undefined",
    `fb.1.1.${"1".repeat(2_000)}`,
  ])("refuses any other shape: %j", (value) => {
    expect(cleanFbp(value)).toBeNull();
  });
});

describe("cleanFbc", () => {
  it.each([
    "fb.1.1700000000000.IwAR2F4-dbP0l7Mn1IawQQGCINEz7PYXQvwjNwB_qa2ofrHyiLjcbCRxTDMgk",
    "fb.1.1700000000000.AbCdEf_aem_GhIjKl",
    "fb.1.1700000000000.AbC.d.e",
    "fb.1.1700000000000.AbC.AQQCAQIB",
  ])("passes byte for byte: %s", (value) => expect(cleanFbc(value)).toBe(value));

  it.each([
    null,
    "",
    "fb.1.1700000000000.",
    "fb.1.1700000000000.a b",
    "fb.1.1700000000000.a\u0000",
    "fb.1.1700000000000.é",
    "fb.1.soon.AbC",
    "fb.1.1700000000000.AbC ",
    "AbC",
  ])("refuses any other shape: %j", (value) => {
    expect(cleanFbc(value)).toBeNull();
  });

  it("never changes what it lets through", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (rest) => {
        const value = `fb.1.1.${rest}`;
        expect([value, null]).toContain(cleanFbc(value));
      }),
    );
  });
});

describe("fbcFromUrl", () => {
  it.each([
    { landing: "https://shop.example/?fbclid=IwAR_AbC-123", clickId: "IwAR_AbC-123", why: "a URL" },
    { landing: "/products/hat?utm_source=fb&fbclid=AbC_aem_DeF&x=1", clickId: "AbC_aem_DeF", why: "path and query" },
    { landing: "/?fbclid=AbC#top", clickId: "AbC", why: "a fragment ends it" },
    { landing: "/?fbclid=Ab%2DC", clickId: "Ab-C", why: "an escape is decoded" },
    { landing: "/?fbclid=Ab%252DC", clickId: "Ab%2DC", why: "once, not twice" },
    { landing: "/?fbclid=Ab+C", clickId: "Ab+C", why: "a plus is a plus" },
    { landing: "/?fbclid=Ab=C", clickId: "Ab=C", why: "an equals sign may be part of it" },
    { landing: "/?fbclid=AbC&fbclid=DeF", clickId: "AbC", why: "the first counts" },
    { landing: `/?fbclid=${"a".repeat(500)}`, clickId: "a".repeat(500), why: "500 characters" },
  ])("takes the click id byte for byte: $why", ({ landing, clickId }) => {
    expect(fbcFromUrl(landing, AT)).toBe(`fb.1.1700000000000.${clickId}`);
  });

  it.each([
    { landing: null, why: "no page" },
    { landing: "", why: "an empty page" },
    { landing: "/", why: "no query" },
    { landing: "/?fbclid=", why: "an empty click id" },
    { landing: "/?FBCLID=AbC", why: "another name" },
    { landing: "/?xfbclid=AbC", why: "a longer name" },
    { landing: "/#?fbclid=AbC", why: "a fragment is no query" },
    { landing: "/?fbclid=%E0%A4%A", why: "a broken escape" },
    { landing: "/?fbclid=a%20b", why: "white space" },
    { landing: "/?fbclid=a%00b", why: "NUL" },
    { landing: `/?fbclid=${"a".repeat(501)}`, why: "501 characters" },
  ])("finds none in $why", ({ landing }) => {
    expect(fbcFromUrl(landing, AT)).toBeNull();
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])("needs a real instant, not %s", (at) => {
    expect(fbcFromUrl("/?fbclid=AbC", at)).toBeNull();
  });

  it("carries the subdomain index of the cookie it is for, 1 where there is none", () => {
    expect(fbcFromUrl("/?fbclid=AbC", AT, 2)).toBe("fb.2.1700000000000.AbC");
    expect(fbcFromUrl("/?fbclid=AbC", AT)).toBe("fb.1.1700000000000.AbC");
  });

  it("never throws, and always makes an fbc that would pass", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (rest) => {
        const fbc = fbcFromUrl(`/?fbclid=${rest}`, AT);
        expect(cleanFbc(fbc)).toBe(fbc);
      }),
    );
  });
});

describe("clickIdOf", () => {
  it.each([
    ["fb.1.1700000000000.AbC", "AbC"],
    ["fb.1.1700000000000.AbC.d", "AbC.d"],
    ["fb.1.1700000000000.AbC.AQQCAQIB", "AbC"],
    ["fb.1.1700000000000.AbC.Bg", "AbC"],
    ["fb.1.1700000000000.AbC.de", "AbC.de"],
    ["fb.1.1700000000000.AQQCAQIB", "AQQCAQIB"],
    ["AbC", null],
  ])("compares %s as %s", (fbc, clickId) => {
    expect(clickIdOf(fbc)).toBe(clickId);
  });
});
