import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { judge, saysOfAnswer, VERDICTS } from "~/delivery/verdicts";
import { wordsOf } from "~/diagnostics/words";
import { REASONS } from "~/events/outcome";

/** The answer of Graph with one code, as it comes on an ordinary day. */
function error(code: number, subcode: number | null = null) {
  const rest = { status: 400, transient: false, fbtraceId: null, retryAfter: null, text: "" };
  return { kind: "error" as const, code, subcode, ...rest };
}

function middle(rule: number | readonly [number, number]): number {
  return typeof rule === "number" ? rule : rule[0];
}

describe("what a merchant reads for a reason", () => {
  it.each(Object.entries(REASONS))("of our own table is the table's: %s", (reason, { says }) => {
    expect(wordsOf(reason)).toBe(says);
  });

  it.each(
    VERDICTS.map((row) => [middle(row.code), row.subcode === undefined ? null : middle(row.subcode), row.says]),
  )("of Meta's answer %s %s is the verdict's own words", (code, subcode, says) => {
    const { reason } = judge(error(Number(code), subcode as number | null));
    expect(wordsOf(reason ?? "")).toBe(says);
  });

  it("of Meta's answer is what Meta's answer was judged by, whatever its code", () => {
    const answers = fc.record({ code: fc.integer(), subcode: fc.option(fc.nat()) });
    fc.assert(
      fc.property(answers, ({ code, subcode }) => {
        const { reason, says } = judge(error(code, subcode));
        expect(saysOfAnswer(reason ?? "")).toBe(says);
        expect(wordsOf(reason ?? "")).toBe(says);
      }),
    );
  });

  it("of an answer with a subcode nobody knows is that of its code", () => {
    expect(wordsOf("meta_190_999999")).toBe(wordsOf("meta_190"));
    expect(wordsOf("meta_190_463")).toContain("access token");
  });

  it("of an answer nobody knows says so, and invents nothing", () => {
    expect(wordsOf("meta_987654")).toBe("Meta gave an answer that Tandem does not know.");
  });

  it("of a negative code is found too", () => {
    expect(wordsOf("meta_-1")).toBe(judge(error(-1)).says);
  });

  it.each([
    ["an answer that is not Graph's", { kind: "foreign", status: 502, retryAfter: null, text: "<html>" } as const],
    ["a timeout", { kind: "silence", cause: "timeout", text: "" } as const],
    ["a network that is down", { kind: "silence", cause: "network", text: "" } as const],
  ])("of %s is what it was judged by", (_what, answer) => {
    const { reason, says } = judge(answer);
    expect(wordsOf(reason ?? "")).toBe(says);
  });

  it.each([
    "line_items.0.quantity",
    "body",
    "total_price_set.shop_money.amount",
  ])("of a field that did not parse names the field: %s", (path) => {
    expect(saysOfAnswer(path)).toBeNull();
    expect(wordsOf(path)).toContain(path);
  });

  it.each([
    "toString",
    "constructor",
    "__proto__",
    "hasOwnProperty",
  ])("of a field named like JavaScript's own is a field's too: %s", (path) => {
    expect(wordsOf(path)).toContain(`the field ${path} is not`);
  });

  it("is always a sentence", () => {
    fc.assert(
      fc.property(fc.string(), (reason) => {
        expect(wordsOf(reason)).toMatch(/^[A-Z][\s\S]*\.$/);
      }),
    );
  });
});

describe("what is no answer of Meta's", () => {
  it.each([
    "",
    "meta",
    "meta_",
    "meta_x",
    "meta_190_",
    "xmeta_190",
    "meta_190 ",
    "timeouts",
    "accepted",
    "dataset_held",
  ])("has no words in Meta's table: %s", (reason) => {
    expect(saysOfAnswer(reason)).toBeNull();
  });
});
