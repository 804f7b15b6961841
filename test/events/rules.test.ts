import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Facts, type Line, noFacts } from "~/events/event";
import {
  type Answer,
  answerOf,
  asksForFiling,
  type Condition,
  type ProductFiling,
  type Question,
  type RuleSubject,
} from "~/events/rules";

function line(over: Partial<Line> = {}): Line {
  return {
    product: "101",
    variant: null,
    sku: null,
    vendor: "Saltmarsh Pottery",
    title: null,
    type: null,
    subscription: null,
    quantity: 1,
    price: null,
    ...over,
  };
}

const MUG: ProductFiling = {
  type: "Tableware",
  vendor: "Saltmarsh Pottery",
  tags: ["handmade", "ceramic"],
  collections: ["for-the-table", "For the table"],
};

function subject(over: Partial<Omit<RuleSubject, "facts">> & { facts?: Partial<Facts> } = {}): RuleSubject {
  const { facts, ...rest } = over;
  return {
    value: { amount: "64.50", currency: "USD" },
    firstOrder: true,
    products: new Map([["101", MUG]]),
    ...rest,
    facts: { ...noFacts("web"), country: "US", lines: [line()], ...facts },
  };
}

const among = (field: "product" | "vendor" | "type" | "tag" | "collection" | "country", ...words: string[]) =>
  ({ field, is: "any_of", words }) satisfies Condition;
const without = (field: "product" | "vendor" | "type" | "tag" | "collection" | "country", ...words: string[]) =>
  ({ field, is: "none_of", words }) satisfies Condition;
const worth = (is: "at_least" | "less_than", amount: string, currency = "USD"): Condition => ({
  field: "value",
  is,
  amount,
  currency,
});

describe("a condition on the value", () => {
  it.each([
    ["at_least", "64.50", true],
    ["at_least", "64.500000", true],
    ["at_least", "64.51", false],
    ["less_than", "64.50", false],
    ["less_than", "64.51", true],
    ["at_least", "0", true],
  ] as const)("%s %s of 64.50: %s", (is, amount, answer) => {
    expect(answerOf(worth(is, amount), subject())).toBe(answer);
  });

  it("compares exactly, to the last millionth of the largest sum", () => {
    const value = { amount: "999999999999.999998", currency: "USD" };
    expect(answerOf(worth("at_least", "999999999999.999999"), subject({ value }))).toBe(false);
    expect(answerOf(worth("less_than", "999999999999.999999"), subject({ value }))).toBe(true);
  });

  it("cannot tell in another currency, nor without a value: neither is less than anything", () => {
    for (const value of [null, { amount: "64.50", currency: "EUR" }]) {
      expect(answerOf(worth("at_least", "1"), subject({ value }))).toBe(null);
      expect(answerOf(worth("less_than", "1000"), subject({ value }))).toBe(null);
    }
  });
});

describe("a condition on the goods", () => {
  it.each([
    [among("product", "101"), true],
    [among("product", "102", "101"), true],
    [among("product", "102"), false],
    [without("product", "102"), true],
    [among("vendor", "saltmarsh pottery"), true],
    [among("type", " TABLEWARE "), true],
    [without("type", "Tableware"), false],
    [among("tag", "wool", "Ceramic"), true],
    [among("tag", "ceram"), false],
    [among("collection", "for-the-table"), true],
    [among("collection", "FOR THE TABLE"), true],
    [without("collection", "for-the-evening"), true],
  ] as const)("is about what the products are filed under (%#)", (question, answer) => {
    expect(answerOf(question, subject())).toBe(answer);
  });

  it("is met by one line of many, and excluded by one", () => {
    const facts = { lines: [line({ product: "404", vendor: null }), line()] };
    expect(answerOf(among("tag", "ceramic"), subject({ facts }))).toBe(true);
    expect(answerOf(without("tag", "ceramic"), subject({ facts }))).toBe(false);
  });

  it("cannot tell of a product that nobody has told of, whichever way it is asked", () => {
    const products = new Map<string, ProductFiling>();
    for (const field of ["type", "tag", "collection"] as const) {
      expect(answerOf(among(field, "x"), subject({ products }))).toBe(null);
      expect(answerOf(without(field, "x"), subject({ products }))).toBe(null);
    }
    const half = new Map([["101", { ...MUG, tags: null, collections: null }]]);
    expect(answerOf(among("tag", "x"), subject({ products: half }))).toBe(null);
    expect(answerOf(without("collection", "x"), subject({ products: half }))).toBe(null);
    expect(answerOf(among("type", "Tableware"), subject({ products: half }))).toBe(true);
  });

  it("cannot say that none is there while one line is not known", () => {
    const facts = { lines: [line(), line({ product: "404", vendor: null })] };
    expect(answerOf(without("tag", "wool"), subject({ facts }))).toBe(null);
    expect(answerOf(among("tag", "wool"), subject({ facts }))).toBe(null);
  });

  it("takes the line's own words before the table's", () => {
    const facts = { lines: [line({ vendor: "Ninefold Mill", type: "Textiles" })] };
    expect(answerOf(among("vendor", "Ninefold Mill"), subject({ facts }))).toBe(true);
    expect(answerOf(among("type", "Tableware"), subject({ facts }))).toBe(false);
  });

  it("knows of a line without a product, as staff write them, its own words and nothing besides", () => {
    const facts = { lines: [line({ product: null, vendor: "Grainworks", type: "Service" })] };
    expect(answerOf(among("vendor", "Grainworks"), subject({ facts }))).toBe(true);
    expect(answerOf(among("type", "service"), subject({ facts }))).toBe(true);
    expect(answerOf(among("tag", "ceramic"), subject({ facts }))).toBe(false);
    expect(answerOf(without("product", "101"), subject({ facts }))).toBe(true);
  });

  it("of an event about no goods, is not met; that it has none of them is", () => {
    const facts = { lines: [] };
    expect(answerOf(among("tag", "ceramic"), subject({ facts }))).toBe(false);
    expect(answerOf(without("tag", "ceramic"), subject({ facts }))).toBe(true);
  });
});

describe("other conditions", () => {
  it.each([
    [among("country", "us"), true],
    [without("country", "US"), false],
    [among("country", "DE", "US"), true],
    [{ field: "source", is: "any_of", words: ["web"] }, true],
    [{ field: "source", is: "any_of", words: ["pos", "draft"] }, false],
    [{ field: "source", is: "none_of", words: ["pos"] }, true],
    [{ field: "customer", is: "first" }, true],
    [{ field: "customer", is: "returning" }, false],
  ] as [Condition, Answer][])("are answered (%#)", (question, answer) => {
    expect(answerOf(question, subject())).toBe(answer);
  });

  it("cannot be told where nothing is known: neither first nor returning, neither here nor elsewhere", () => {
    const unknown = subject({ firstOrder: null, facts: { country: null } });
    for (const is of ["first", "returning"] as const) expect(answerOf({ field: "customer", is }, unknown)).toBe(null);
    expect(answerOf(among("country", "US"), unknown)).toBe(null);
    expect(answerOf(without("country", "US"), unknown)).toBe(null);
  });
});

describe("words", () => {
  it.each([
    ["Café", "Cafe\u0301"],
    ["ΟΔΟΣ", "οδος"],
    ["STRASSE", "straße"],
    ["İstanbul", "istanbul".replace("i", "i\u0307")],
    ["  Tableware\u00a0", "tableware"],
  ])("are the same however they are written: %j, %j", (asked, filed) => {
    const products = new Map([["101", { ...MUG, tags: [filed] }]]);
    expect(answerOf(among("tag", asked), subject({ products }))).toBe(true);
  });

  it.each([
    "__proto__",
    "constructor",
    "toString",
    "null",
    "undefined",
    '\'; DROP TABLE "Event"; --',
    "\u0000",
    "%",
    "*",
  ])("are words, and nothing more: %j", (word) => {
    expect(answerOf(among("tag", word), subject())).toBe(false);
    expect(answerOf(among("product", word), subject())).toBe(false);
    const products = new Map([["101", { ...MUG, tags: [word] }]]);
    expect(answerOf(among("tag", word), subject({ products }))).toBe(true);
    const facts = { lines: [line({ product: word, vendor: null })] };
    expect(answerOf(among("tag", "ceramic"), subject({ facts }))).toBe(null);
  });
});

describe("and, or", () => {
  const yes = among("country", "US");
  const no = among("country", "DE");
  const open = among("tag", "x");
  const unfiled = subject({ products: new Map() });

  it.each([
    [{ all: [yes, yes] }, true],
    [{ all: [yes, no] }, false],
    [{ all: [yes, open] }, null],
    [{ all: [open, no] }, false],
    [{ any: [no, yes] }, true],
    [{ any: [no, no] }, false],
    [{ any: [no, open] }, null],
    [{ any: [open, yes] }, true],
    [{ all: [{ any: [no, yes] }, { any: [open, yes] }] }, true],
    [{ any: [{ all: [open, no] }, { all: [open, yes] }] }, null],
  ] as [Question, Answer][])("weigh what is not known (%#)", (question, answer) => {
    expect(answerOf(question, unfiled)).toBe(answer);
  });

  it("ask for what products are filed under only where a condition does, however deep it lies", () => {
    expect(asksForFiling({ all: [yes, { any: [no, { all: [open] }] }] })).toBe(true);
    expect(asksForFiling({ any: [yes, among("product", "1"), worth("at_least", "1")] })).toBe(false);
  });
});

/* Properties: few words, few products, so that questions meet what they ask for. */

const WORD = fc.constantFrom("red", "Blue", "GREEN", "__proto__", "é");
const PRODUCT = fc.constantFrom("1", "2", "3");
const membership = fc.constantFrom("any_of" as const, "none_of" as const);
const words = fc.array(WORD, { minLength: 1, maxLength: 3 });
const condition: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({
    field: fc.constant("value" as const),
    is: fc.constantFrom("at_least" as const, "less_than" as const),
    amount: fc.constantFrom("0", "10", "10.01", "500"),
    currency: fc.constantFrom("USD", "EUR"),
  }),
  fc.record({
    field: fc.constantFrom("vendor" as const, "type" as const, "tag" as const, "collection" as const),
    is: membership,
    words,
  }),
  fc.record({ field: fc.constant("product" as const), is: membership, words: fc.array(PRODUCT, { minLength: 1 }) }),
  fc.record({
    field: fc.constant("country" as const),
    is: membership,
    words: fc.array(fc.constantFrom("US", "de"), { minLength: 1 }),
  }),
  fc.record({
    field: fc.constant("source" as const),
    is: membership,
    words: fc.array(fc.constantFrom("web" as const, "pos" as const), { minLength: 1 }),
  }),
  fc.record({ field: fc.constant("customer" as const), is: fc.constantFrom("first" as const, "returning" as const) }),
);
const { question } = fc.letrec<{ question: Question }>((tie) => ({
  question: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    condition,
    fc.record({ all: fc.array(tie("question"), { maxLength: 4 }) }),
    fc.record({ any: fc.array(tie("question"), { maxLength: 4 }) }),
  ),
}));

/** All there is to know. */
const world: fc.Arbitrary<RuleSubject> = fc
  .record({
    amount: fc.constantFrom("0", "9.99", "10", "10.01", "499.999999"),
    currency: fc.constantFrom("USD", "EUR"),
    firstOrder: fc.boolean(),
    country: fc.constantFrom("US", "DE", "FR"),
    source: fc.constantFrom("web" as const, "pos" as const, "draft" as const),
    filings: fc.array(fc.record({ type: WORD, vendor: WORD, tags: fc.array(WORD), collections: fc.array(WORD) }), {
      minLength: 3,
      maxLength: 3,
    }),
    bought: fc.array(fc.option(PRODUCT), { maxLength: 4 }),
  })
  .map(({ amount, currency, firstOrder, country, source, filings, bought }) => {
    const products = new Map<string, ProductFiling>(filings.map((filing, index) => [String(index + 1), filing]));
    const lines = bought.map((product) => {
      const filing = product === null ? undefined : products.get(product);
      return line({ product, vendor: filing?.vendor ?? null, type: filing?.type ?? null });
    });
    return {
      value: { amount, currency },
      firstOrder,
      products,
      facts: { ...noFacts(source), country, lines },
    };
  });

/** The same world, as somebody sees it who was not told everything. */
function seen(whole: RuleSubject, tells: () => boolean): RuleSubject {
  const orNull = <T>(value: T): T | null => (tells() ? value : null);
  const products = new Map<string, ProductFiling>();
  for (const [id, { type, vendor, tags, collections }] of whole.products) {
    if (!tells()) continue;
    products.set(id, {
      type: orNull(type),
      vendor: orNull(vendor),
      tags: orNull(tags),
      collections: orNull(collections),
    });
  }
  return {
    value: orNull(whole.value),
    firstOrder: orNull(whole.firstOrder),
    products,
    facts: {
      ...whole.facts,
      country: orNull(whole.facts.country),
      lines: whole.facts.lines.map((one) => ({ ...one, vendor: orNull(one.vendor), type: orNull(one.type) })),
    },
  };
}

function opposite(asked: Question): Question {
  if ("all" in asked) return { any: asked.all.map(opposite) };
  if ("any" in asked) return { all: asked.any.map(opposite) };
  switch (asked.field) {
    case "value":
      return { ...asked, is: asked.is === "at_least" ? "less_than" : "at_least" };
    case "customer":
      return { ...asked, is: asked.is === "first" ? "returning" : "first" };
    case "source":
      return { ...asked, is: asked.is === "any_of" ? "none_of" : "any_of" };
    default:
      return { ...asked, is: asked.is === "any_of" ? "none_of" : "any_of" };
  }
}

const not = (answer: Answer): Answer => (answer === null ? null : !answer);
const sights = fc.infiniteStream(fc.boolean());
const teller = (stream: Iterator<boolean>) => () => stream.next().value === true;

describe("for any question and any event", () => {
  it("the opposite question has the opposite answer (De Morgan), also where nobody can tell", () => {
    fc.assert(
      fc.property(question, world, sights, (asked, whole, stream) => {
        const partly = seen(whole, teller(stream[Symbol.iterator]()));
        expect(answerOf(opposite(asked), partly)).toBe(not(answerOf(asked, partly)));
      }),
    );
  });

  it("who knows everything can always tell, but of sums in another currency and of goods that are filed nowhere", () => {
    fc.assert(
      fc.property(question, world, (asked, whole) => {
        const currencies = JSON.stringify(asked).match(/"currency":"(\w+)"/g) ?? [];
        fc.pre(currencies.every((one) => one.includes(whole.value?.currency ?? "")));
        expect(answerOf(asked, whole)).not.toBe(null);
      }),
    );
  });

  it("more knowledge never turns a yes into a no or back, and never makes a yes unsure again", () => {
    fc.assert(
      fc.property(question, world, sights, sights, (asked, whole, first, second) => {
        const more = seen(whole, teller(first[Symbol.iterator]()));
        const less = seen(more, teller(second[Symbol.iterator]()));
        const before = answerOf(asked, less);
        if (before === null) return;
        expect(answerOf(asked, more)).toBe(before);
        expect(answerOf(asked, whole)).toBe(before);
      }),
      { numRuns: 500 },
    );
  });

  it("a yes is a yes in every world that looks the same: an unknown never becomes one", () => {
    fc.assert(
      fc.property(question, world, world, sights, (asked, one, other, stream) => {
        // Of the other world everything that was not told of the first.
        const partly = seen(one, teller(stream[Symbol.iterator]()));
        const filled = filledUp(partly, other);
        const answer = answerOf(asked, partly);
        if (answer !== null) expect(answerOf(asked, filled)).toBe(answer);
      }),
      { numRuns: 500 },
    );
  });

  it("asking twice, or in another order, changes nothing, nor does the question", () => {
    fc.assert(
      fc.property(fc.array(question, { minLength: 1, maxLength: 4 }), world, sights, (parts, whole, stream) => {
        const partly = seen(whole, teller(stream[Symbol.iterator]()));
        const before = JSON.stringify(parts);
        for (const joined of [(some: Question[]) => ({ all: some }), (some: Question[]) => ({ any: some })]) {
          const answer = answerOf(joined(parts), partly);
          expect(answerOf(joined([...parts].reverse()), partly)).toBe(answer);
          expect(answerOf(joined([...parts, ...parts]), partly)).toBe(answer);
        }
        expect(JSON.stringify(parts)).toBe(before);
      }),
    );
  });

  it("never throws, whatever words a merchant or a product has", () => {
    const any = fc.string({ unit: "binary", maxLength: 20 });
    fc.assert(
      fc.property(any, any, fc.constantFrom("vendor", "type", "tag", "collection"), (asked, filed, field) => {
        const products = new Map([["101", { type: filed, vendor: filed, tags: [filed], collections: [filed] }]]);
        const facts = { lines: [line({ vendor: null })] };
        const told = subject({ facts, products });
        const answer = answerOf({ field, is: "any_of", words: [asked] } as Condition, told);
        expect(answerOf({ field, is: "none_of", words: [asked] } as Condition, told)).toBe(not(answer));
        if (asked === filed) expect(answer).toBe(true);
      }),
    );
  });
});

/** What is not known in one is as in the other; a line's own words are its product's. */
function filledUp(partly: RuleSubject, other: RuleSubject): RuleSubject {
  const products = new Map<string, ProductFiling>();
  for (const [id, theirs] of other.products) {
    const ours = partly.products.get(id);
    const own = partly.facts.lines.find(({ product }) => product === id);
    products.set(id, {
      type: own?.type ?? ours?.type ?? theirs.type,
      vendor: own?.vendor ?? ours?.vendor ?? theirs.vendor,
      tags: ours?.tags ?? theirs.tags,
      collections: ours?.collections ?? theirs.collections,
    });
  }
  return {
    value: partly.value ?? other.value,
    firstOrder: partly.firstOrder ?? other.firstOrder,
    products,
    facts: { ...partly.facts, country: partly.facts.country ?? other.facts.country },
  };
}
