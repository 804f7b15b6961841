import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sha256Hex } from "~/match-keys/hash.server";
import { parseRaw } from "~/match-keys/parse-raw.server";

function json(text: string): unknown {
  return JSON.parse(text);
}

describe("parseRaw", () => {
  it("takes every key of Meta's and answers user_data as it would be sent", () => {
    const parsed = parseRaw({
      fbp: "fb.1.1700000000000.42",
      fbc: "fb.1.1700000000000.AbC",
      client_user_agent: "Mozilla/5.0",
      client_ip_address: "203.0.113.7",
      external_id: ["gid://shopify/Customer/7", "visitor-1"],
      country: "US",
      zp: "94103-1234",
      st: "California",
      ct: "San Francisco",
      db: "1997-02-16",
      ge: "Female",
      ln: "O’Brien",
      fn: "Mary",
      ph: "(650) 555-1212",
      em: "John_Smith@gmail.com",
    });
    expect(parsed).toEqual({
      ok: true,
      value: {
        em: ["62a14e44f765419d10fea99367361a727c12365e2520f32218d505ed9aa0f62f"],
        ph: ["e323ec626319ca94ee8bff2e4c87cf613be6ea19919ed1364124e16807ab3176"],
        fn: ["6915771be1c5aa0c886870b6951b03d7eafc121fea0e80a5ea83beb7c449f4ec"],
        ln: [sha256Hex("obrien")],
        ge: [sha256Hex("f")],
        db: ["01acdbf6ec7b4f478a225f1a246e5d6767eeab1a7ffa17f025265b5b94f40f0c"],
        ct: [sha256Hex("sanfrancisco")],
        st: [sha256Hex("ca")],
        zp: [sha256Hex("94103")],
        country: ["79adb2a2fce5c6ba215fe5f27f532d4e7edbac4b6a5e09e1ef3a08084a904621"],
        external_id: [sha256Hex("7"), sha256Hex("visitor-1")],
        client_ip_address: "203.0.113.7",
        client_user_agent: "Mozilla/5.0",
        fbc: "fb.1.1700000000000.AbC",
        fbp: "fb.1.1700000000000.42",
      },
    });
  });

  it("answers an array with an array", () => {
    expect(parseRaw([{ fn: "Mary" }, {}])).toEqual({ ok: true, value: [{ fn: [sha256Hex("mary")] }, {}] });
    expect(parseRaw([])).toEqual({ ok: true, value: [] });
  });

  it("reads numbers as their decimal string and null as absent", () => {
    expect(parseRaw({ external_id: 7, db: 19970216, zp: [94103, null], country: "us", em: null, fbc: null })).toEqual({
      ok: true,
      value: {
        db: [sha256Hex("19970216")],
        zp: [sha256Hex("94103")],
        country: [sha256Hex("us")],
        external_id: [sha256Hex("7")],
      },
    });
  });

  it("leaves out what cannot be normalised", () => {
    expect(parseRaw({ em: "junk", ph: "6505551212", fn: ["", "🙂"], fbp: "" })).toEqual({ ok: true, value: {} });
  });

  it("passes raw keys exactly as they are", () => {
    const raw = { client_ip_address: " 10.0.0.1 ", client_user_agent: "UA\u0000 ", fbc: "Not An FBC", fbp: " x" };
    expect(parseRaw(raw)).toEqual({ ok: true, value: raw });
  });

  it.each([
    { input: { ph: true }, field: "ph" },
    { input: { ph: { a: 1 } }, field: "ph" },
    { input: { ph: ["+16505551212", ["+16505551213"]] }, field: "ph[1]" },
    { input: { ph: [false] }, field: "ph[0]" },
    { input: { em: undefined }, field: "em" },
    { input: { external_id: Number.NaN }, field: "external_id" },
    { input: json('{"external_id": 1e999}'), field: "external_id" },
    { input: { external_id: 1e21 }, field: "external_id" },
    { input: { external_id: 1e-7 }, field: "external_id" },
    { input: json('{"external_id": 12345678901234567890}'), field: "external_id" },
    { input: { fbp: ["fb.1.1.1"] }, field: "fbp" },
    { input: { client_ip_address: {} }, field: "client_ip_address" },
    { input: { email: "a@example.com" }, field: "email" },
    { input: { EM: "a@example.com" }, field: "EM" },
    { input: json('{"__proto__": {"em": "a@example.com"}}'), field: "__proto__" },
    { input: { constructor: "x" }, field: "constructor" },
    { input: { toString: "x" }, field: "toString" },
    { input: [{}, {}, { ph: true }], field: "[2].ph" },
    { input: [{ nope: 1 }], field: "[0].nope" },
    { input: [{}, "x"], field: "[1]" },
    { input: [[]], field: "[0]" },
    { input: "x", field: "input" },
    { input: null, field: "input" },
    { input: 1, field: "input" },
  ])("refuses $input and names $field", ({ input, field }) => {
    expect(parseRaw(input)).toEqual({ ok: false, field, says: expect.stringMatching(/./) });
  });

  it("says what would do instead", () => {
    expect(parseRaw({ ph: true })).toMatchObject({ says: "must be a string or an array of strings, not boolean" });
    expect(parseRaw({ fbp: [] })).toMatchObject({ says: "must be a string, not an array" });
    expect(parseRaw({ email: "x" })).toMatchObject({ says: expect.stringContaining("use em, ph, fn") });
  });

  it("does not echo the value it refuses, which may be somebody's", () => {
    const parsed = parseRaw({ em: { address: "jane@example.com" } });
    expect(JSON.stringify(parsed)).not.toContain("jane");
  });

  it("pollutes nothing", () => {
    parseRaw(json('{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}'));
    expect({}).not.toHaveProperty("polluted");
  });

  it("never throws, whatever JSON arrives", () => {
    const key = fc.constantFrom("em", "ph", "st", "fbc", "__proto__", "constructor");
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fc.dictionary(key, fc.jsonValue())), (input) => {
        expect(parseRaw(input).ok).toBeTypeOf("boolean");
      }),
    );
  });
});
