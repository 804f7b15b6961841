import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseJson } from "~/sources/json";

describe("parseJson", () => {
  it.each([
    ['{"id":820982911946154508}', { id: "820982911946154508" }],
    ['{"id": 820982911946154508 , "n":1}', { id: "820982911946154508", n: 1 }],
    ['{"id":\n\t820982911946154508}', { id: "820982911946154508" }],
    ["[820982911946154508,9007199254740993]", ["820982911946154508", "9007199254740993"]],
    ["[[1],[ 9007199254740993]]", [[1], ["9007199254740993"]]],
    ['{"id":-9007199254740993}', { id: "-9007199254740993" }],
    ['{"a":{"b":[{"id":9007199254740993}]}}', { a: { b: [{ id: "9007199254740993" }] } }],
  ])("keeps every digit of an id beyond 2^53, wherever it stands: %j", (text, value) => {
    expect(parseJson(text)).toEqual(value);
  });

  it.each([
    '{"note":"call 5032261234567890123, please","id":1}',
    '{"note":"[820982911946154508]","n":[1, 2]}',
    String.raw`{"note":"she said \"id\": 820982911946154508, twice","id":1}`,
    String.raw`{"path":"C:\\","id":"820982911946154508"}`,
    '{" 820982911946154508":1}',
  ])("leaves digits inside a text alone: %s", (text) => {
    expect(parseJson(text)).toEqual(JSON.parse(text));
    expect(parseJson(`[9007199254740993,${text}]`)).toEqual(["9007199254740993", JSON.parse(text)]);
  });

  it.each([
    "1",
    "-1",
    "9007199254740",
    "29.5",
    "-0.25",
    "0.1234567890123456789",
    "1.7976931348623157",
    "12345678901234567.25",
    "12345678901234567e2",
    "1234567890123456E-3",
    "1e21",
    "2.5e-1234567890123456",
  ])("leaves fractions, exponents and small numbers alone, beside a large id too: %s", (number) => {
    expect(parseJson(`{"n": ${number}}`)).toEqual({ n: Number(number) });
    expect(parseJson(`{"id":9007199254740993,"n":${number}}`)).toEqual({ id: "9007199254740993", n: Number(number) });
  });

  it.each([
    [String.raw`{"name":"Jor\u0000dan"}`, "Jordan"],
    [String.raw`{"name":"Jor\ud83ddan"}`, "Jordan"],
    [String.raw`{"name":"Jor\uDE00dan"}`, "Jordan"],
    [String.raw`{"name":"\ud83d\ude00 Jordan"}`, "😀 Jordan"],
    [String.raw`{"name":"\\u0000 Jordan"}`, String.raw`\u0000 Jordan`],
  ])("removes what no store takes and nothing else: %s", (text, name) => {
    expect(parseJson(text)).toEqual({ name });
  });

  it("removes it in nested lists as well", () => {
    expect(parseJson(String.raw`{"a":[{"b":["x\u0000y",9007199254740993]}]}`)).toEqual({
      a: [{ b: ["xy", "9007199254740993"] }],
    });
  });

  it.each(["", "{", '{"id":}', "undefined", '{"a":1}{"b":2}', "\u0000"])("refuses what is not JSON: %j", (text) => {
    expect(() => parseJson(text)).toThrow(SyntaxError);
  });

  it("reads every other document exactly as JSON.parse does", () => {
    const text = fc.json({ noUnicodeString: false }).filter((json) => !/\d{16,}|\\u/.test(json));
    fc.assert(
      fc.property(text, (json) => {
        expect(parseJson(json)).toEqual(JSON.parse(json));
      }),
      { seed: 20261120, numRuns: 500 },
    );
  });

  it("keeps the digits of any integer of 16 digits or more", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 10n ** 15n, max: 10n ** 30n }), fc.boolean(), (size, negative) => {
        const id = negative ? -size : size;
        expect(parseJson(`{"x":"5","id":${id},"l":[${id}]}`)).toEqual({ x: "5", id: String(id), l: [String(id)] });
      }),
      { seed: 20261120, numRuns: 300 },
    );
  });
});
