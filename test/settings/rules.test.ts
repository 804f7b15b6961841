import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Question, Rule } from "~/events/rules";
import { ruleSchema, rulesSchema } from "~/settings/rules";
import { DEFAULT_SETTINGS, parseSettings } from "~/settings/settings";

const WHEN = { all: [{ field: "country", is: "any_of", words: ["US"] }] } satisfies Question;
const RULE: Rule = { key: "a1b2c3d4", name: "BigOrder", base: "Purchase", on: false, when: WHEN };

/** What is wrong, by the path of the field. */
function faults(
  given: unknown,
  schema: { safeParse: typeof rulesSchema.safeParse } = rulesSchema,
): Record<string, string> {
  const parsed = schema.safeParse(given);
  return Object.fromEntries((parsed.error?.issues ?? []).map(({ path, message }) => [path.join("."), message]));
}

const ruleFaults = (over: Record<string, unknown>) => faults({ ...RULE, ...over }, ruleSchema as never);
const whenFaults = (when: unknown) => ruleFaults({ when });

describe("a rule's name", () => {
  it.each(["BigOrder", "x", "Big order 2", "big_order-2", "x".repeat(50)])("may be %j", (name) => {
    expect(ruleSchema.parse({ ...RULE, name }).name).toBe(name);
  });

  it("is taken without the space around it", () => {
    expect(ruleSchema.parse({ ...RULE, name: "  BigOrder\t" }).name).toBe("BigOrder");
    expect(ruleSchema.parse({ ...RULE, name: ` ${"x".repeat(50)} ` }).name).toHaveLength(50);
  });

  it.each([
    ["", "must be given"],
    ["   ", "must be given"],
    [undefined, "must be given"],
    [null, "must be given"],
    [7, "must be given"],
    ["x".repeat(51), "must be 50 characters or fewer"],
    ["Größe", "must be letters from A to Z, digits, spaces, _ or -"],
    ["Big.Order", "must be letters from A to Z, digits, spaces, _ or -"],
    ["<script>", "must be letters from A to Z, digits, spaces, _ or -"],
    ["Big\u0000Order", "must be letters from A to Z, digits, spaces, _ or -"],
    ["Big\nOrder", "must be letters from A to Z, digits, spaces, _ or -"],
    ["Big\u200bOrder", "must be letters from A to Z, digits, spaces, _ or -"],
  ])("may not be %j", (name, message) => {
    expect(ruleFaults({ name })).toEqual({ name: message });
  });

  it.each([
    ...["Purchase", "purchase", " PURCHASE ", "ViewContent", "viewcontent", "Lead", "lead", "StartTrial"],
    ...["Subscribe", "Refund", "upsell", "tandemtest", "Renewal", "renewal", "WebPurchase", "freeorder", "PageView"],
  ])("may not be that of another event, Meta's or ours, in capitals or not: %j", (name) => {
    expect(ruleFaults({ name })).toEqual({ name: "is the name of another event; choose one of your own" });
  });
});

describe("a rule's conditions", () => {
  it.each([
    { field: "value", is: "at_least", amount: "99.50", currency: "USD" },
    { field: "value", is: "less_than", amount: "999999999999.999999", currency: "JPY" },
    { field: "product", is: "any_of", words: ["8400100000101"] },
    { field: "vendor", is: "none_of", words: ["Bee & Wick", "Smith, Jones & Co", "__proto__"] },
    { field: "type", is: "any_of", words: ["Home scent"] },
    { field: "tag", is: "any_of", words: ["hand-made", "größe", "手作り"] },
    { field: "collection", is: "none_of", words: ["for-the-table"] },
    { field: "country", is: "any_of", words: ["DE", "AT", "XK"] },
    { field: "source", is: "none_of", words: ["pos", "draft"] },
    { field: "customer", is: "first" },
    { field: "customer", is: "returning" },
  ] as const)("are taken as they are (%#)", (condition) => {
    expect(ruleSchema.parse({ ...RULE, when: condition }).when).toEqual(condition);
  });

  it("are tidied where it is plain what was meant", () => {
    const { when } = ruleSchema.parse({
      ...RULE,
      when: {
        any: [
          { field: "value", is: "at_least", amount: " 100 ", currency: " usd" },
          { field: "country", is: "any_of", words: [" de", "uk"] },
          {
            field: "product",
            is: "any_of",
            words: [" 101 ", "gid://shopify/Product/102", "https://admin.shopify.com/store/example/products/103?tab=1"],
          },
        ],
      },
    });
    expect(when).toEqual({
      any: [
        { field: "value", is: "at_least", amount: "100", currency: "USD" },
        { field: "country", is: "any_of", words: ["DE", "GB"] },
        { field: "product", is: "any_of", words: ["101", "102", "103"] },
      ],
    });
  });

  it.each([
    "",
    "-1",
    "1,50",
    "1.2345678",
    "1e3",
    "0x10",
    "NaN",
    "1234567890123",
    "١٢",
    "1 000",
    100,
    null,
  ])("name an amount: %j is none", (amount) => {
    const value = { field: "value", is: "at_least", amount, currency: "USD" };
    expect(whenFaults({ all: [value] })).toEqual({ "when.all.0.amount": "must be an amount such as 100 or 99.50" });
  });

  it.each(["", "US", "USDT", "$", null])("name a currency: %j is none", (currency) => {
    const value = { field: "value", is: "at_least", amount: "1", currency };
    expect(whenFaults(value)).toEqual({ "when.currency": "must be a currency such as USD" });
  });

  it.each(["Germany", "D", "EN", "ZZZ", "1", "DE,AT"])("name a country by its code: %j is none", (code) => {
    expect(whenFaults({ field: "country", is: "any_of", words: ["DE", code] })).toEqual({
      "when.words.1": "must be two-letter country codes such as DE or US",
    });
  });

  it.each([
    "Tidewater mug",
    "SKU-1",
    "gid://shopify/Product/",
    "1".repeat(25),
    "https://x.example/products/mug",
  ])("name a product by its number: %j is none", (words) => {
    expect(whenFaults({ field: "product", is: "any_of", words: [words] })).toEqual({
      "when.words.0": "must be products' numbers: the digits at the end of a product's address in the admin",
    });
  });

  it("name at least one word, none of them empty, of no end", () => {
    expect(whenFaults({ field: "tag", is: "any_of", words: [] })).toEqual({ "when.words": "must name at least one" });
    expect(whenFaults({ field: "tag", is: "any_of", words: ["a", " "] })).toEqual({
      "when.words.1": "must not be empty",
    });
    expect(whenFaults({ field: "tag", is: "any_of", words: ["x".repeat(256)] })).toEqual({
      "when.words.0": "must be 255 characters or fewer each",
    });
    expect(whenFaults({ field: "tag", is: "any_of", words: Array.from({ length: 101 }, String) })).toEqual({
      "when.words": "must name 100 at the most",
    });
  });

  it("say of each field what is wrong, however deep it lies, and of all of them at once", () => {
    const when = {
      all: [
        { field: "value", is: "at_least", amount: "lots", currency: "USD" },
        {
          any: [{ field: "tag", is: "any_of", words: [] }, { all: [{ field: "country", is: "some", words: ["US"] }] }],
        },
        { field: "colour", is: "any_of", words: ["red"] },
      ],
    };
    expect({ ...ruleFaults({ when, name: "Purchase", base: "Refund" }) }).toEqual({
      name: "is the name of another event; choose one of your own",
      base: expect.stringMatching(/^must be one of PageView, /),
      "when.all.0.amount": "must be an amount such as 100 or 99.50",
      "when.all.1.any.0.words": "must name at least one",
      "when.all.1.any.1.all.0.is": "must be any_of or none_of",
      "when.all.2.field": expect.stringMatching(/^must be value, product, /),
    });
  });

  it("may be nested three deep, and no deeper", () => {
    const nested = (depth: number): unknown => (depth === 0 ? WHEN.all[0] : { any: [nested(depth - 1)] });
    expect(whenFaults(nested(3))).toEqual({});
    expect(whenFaults(nested(4))).toEqual({ "when.any.0.any.0.any.0": "must not be nested more than 3 deep" });
    expect(Object.keys(whenFaults(nested(2_000)))).toEqual(["when.any.0.any.0.any.0"]);
  });

  it("are one at the least and fifty at the most, twenty to a group", () => {
    const [one] = WHEN.all;
    const some = (n: number) => Array.from({ length: n }, () => one);
    expect(whenFaults({ all: [] })).toEqual({ "when.all": "must hold at least one condition" });
    expect(whenFaults({ all: [{ any: [] }] })).toEqual({ "when.all.0.any": "must hold at least one condition" });
    expect(whenFaults({ all: some(21) })).toEqual({ "when.all": "must hold 20 conditions at the most" });
    const full = { all: [{ any: some(20) }, { any: some(20) }, { any: some(10) }] };
    expect(whenFaults(full)).toEqual({});
    expect(whenFaults({ all: [...full.all, one] })).toEqual({
      when: "must hold 50 conditions at the most, all groups together",
    });
  });

  it.each([
    null,
    undefined,
    7,
    "all",
    [],
    {},
    { all: null },
    { all: {} },
    { all: [null] },
    { all: [], any: [] },
  ])("are refused where they are none: %j", (when) => {
    const found = whenFaults(when);
    expect(Object.keys(found)).not.toEqual([]);
    for (const [path, message] of Object.entries(found)) {
      expect(path).toMatch(/^when/);
      expect(message).not.toBe("");
    }
  });

  it("refuse what they do not know rather than forget it", () => {
    const extra = { field: "customer", is: "first", since: "2020" };
    expect(whenFaults(extra)).toEqual({ when: expect.stringContaining("since") });
    expect(whenFaults({ all: [extra], or: [] })).not.toEqual({});
  });
});

describe("a rule", () => {
  it.each(["", "A1", "a-b", "a.b", "x".repeat(17), "new-rule", 7, null])("may not have the key %j", (key) => {
    expect(Object.keys(ruleFaults({ key }))).toEqual(["key"]);
  });

  it("is read again as it was written", () => {
    const settings = { ...DEFAULT_SETTINGS, rules: [RULE, { ...RULE, key: "b", name: "Other" }] };
    expect(parseSettings(JSON.stringify(settings))).toEqual(settings);
  });

  it("takes whatever comes without throwing, and says where it is wrong", () => {
    fc.assert(
      fc.property(fc.anything(), fc.jsonValue(), (anything, json) => {
        for (const when of [anything, json, { all: [anything, json] }, { any: json }]) {
          const parsed = ruleSchema.safeParse({ ...RULE, when });
          if (!parsed.success) expect(parsed.error.issues.every(({ path }) => path[0] === "when")).toBe(true);
        }
        rulesSchema.safeParse(anything);
        rulesSchema.safeParse([json]);
      }),
    );
  });

  it("that was taken is taken again, and stays the same", () => {
    const word = fc.string({ minLength: 1, maxLength: 30, unit: "grapheme" });
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 5 }), (words) => {
        const parsed = ruleSchema.safeParse({ ...RULE, when: { any: [{ field: "tag", is: "any_of", words }] } });
        if (parsed.success) expect(ruleSchema.parse(JSON.parse(JSON.stringify(parsed.data)))).toEqual(parsed.data);
      }),
    );
  });
});

describe("a shop's rules", () => {
  it("have names of their own, in capitals or not; the later one is at fault", () => {
    const second = { ...RULE, key: "b", name: "Other" };
    expect(faults([RULE, second, { ...RULE, key: "c", name: "bigorder " }])).toEqual({
      "2.name": "is the name of another rule of yours",
    });
  });

  it("have keys of their own", () => {
    expect(faults([RULE, { ...RULE, name: "Other" }])).toEqual({ "1.key": "is the key of another rule" });
  });

  it("say which of them is wrong, and where", () => {
    const value = { field: "value", is: "at_least", amount: "x", currency: "USD" };
    expect(faults([RULE, { ...RULE, key: "b", name: "Other", when: { all: [value] } }])).toEqual({
      "1.when.all.0.amount": "must be an amount such as 100 or 99.50",
    });
  });

  it("are fifty at the most", () => {
    const many = (n: number) => Array.from({ length: n }, (_, i) => ({ ...RULE, key: `k${i}`, name: `Rule ${i}` }));
    expect(faults(many(50))).toEqual({});
    expect(faults(many(51))).toEqual({ "": "there may be 50 at the most" });
  });
});
