import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HASHED_ROWS, MATCH_KEYS } from "~/match-keys/keys";
import { country } from "~/match-keys/normalise/country";
import { SOURCES, VECTORS } from "./vectors";

/** Any UTF-16, lone surrogates too, mixed with what real fields hold. */
const anyText = fc.oneof(
  fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)) }),
  fc.string({ unit: "grapheme" }),
  fc.string({ unit: fc.constantFrom(..."aZ09 -+@./:'’\u0000\u200e\u0301İΣßＡ９٣") }),
);
const anyCountry = fc.constantFrom(null, "us", "gb", "de", "jp", "br", "zz", "__proto__");

describe.each(HASHED_ROWS)("$key", ({ key, normalise }) => {
  it.each(VECTORS[key])("$why: $value ($country) → $is", ({ value, country = null, is }) => {
    expect(normalise(value, country)).toBe(is);
  });
});

describe("the vectors", () => {
  // First and family names share theirs.
  const vectors = [...new Set(Object.values(VECTORS).flat())];

  it("are 250 and more, however names are counted", () => {
    expect(vectors.length).toBeGreaterThanOrEqual(250);
  });

  it("each ask something else", () => {
    for (const [key, table] of Object.entries(VECTORS)) {
      const asked = table.map(({ value, country }) => JSON.stringify([key, value, country]));
      expect(asked.filter((question, index) => asked.indexOf(question) !== index)).toEqual([]);
    }
  });

  it("name every source of the table, and no source is unused", () => {
    const named = new Set<string>(vectors.map(({ source }) => source));
    expect(Object.keys(SOURCES).filter((source) => !named.has(source))).toEqual([]);
  });
});

describe("the table", () => {
  it("has one row per key", () => {
    const keys = MATCH_KEYS.map((row) => row.key);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it("lists the keys in the order they are sent", () => {
    expect(MATCH_KEYS.map((row) => row.key).join(" ")).toBe(
      "em ph fn ln ge db ct st zp country external_id client_ip_address client_user_agent fbc fbp",
    );
  });

  it("carries Meta's tiers", () => {
    const inTier = (tier: string) => MATCH_KEYS.flatMap((row) => (row.tier === tier ? [row.key] : [])).join(" ");
    expect(inTier("high")).toBe("em fbc");
    expect(inTier("medium")).toBe("ph db country external_id fbp");
    expect(inTier("low")).toBe("fn ln ct zp");
  });
});

describe.each(HASHED_ROWS)("whatever arrives as $key", (row) => {
  it("never throws, and is absent rather than empty", () => {
    fc.assert(
      fc.property(anyText, anyCountry, (value, known) => {
        expect(row.normalise(value, known)).not.toBe("");
      }),
    );
  });

  it("comes out without NUL, white space at the ends or lone surrogates", () => {
    fc.assert(
      fc.property(anyText, anyCountry, (value, known) => {
        const normal = row.normalise(value, known) ?? "";
        expect(normal).toBe(normal.trim());
        expect(normal).not.toContain("\u0000");
        expect(normal).not.toMatch(/\p{Cs}/u);
      }),
    );
  });
});

// Not phones: E.164 digits have lost their plus. Not names: Null is a person, null a placeholder.
describe.each(HASHED_ROWS.filter(({ key }) => !["ph", "fn", "ln"].includes(key)))("a normal $key", ({ normalise }) => {
  it("stays the same when it is normalised again", () => {
    fc.assert(
      fc.property(anyText, anyCountry, (value, known) => {
        const once = normalise(value, known);
        if (once !== null) expect(normalise(once, known)).toBe(once);
      }),
    );
  });
});

describe("names", () => {
  it("stay the same when they are normalised again, once they hold an accent no placeholder has", () => {
    const name = HASHED_ROWS.find((row) => row.key === "fn");
    fc.assert(
      fc.property(anyText, (value) => {
        const once = name?.normalise(`é${value}`, null) ?? null;
        expect(once).not.toBeNull();
        expect(name?.normalise(once ?? "", null)).toBe(once);
      }),
    );
  });
});

describe("countries", () => {
  it("are the 249 of ISO 3166-1 and Kosovo", () => {
    const alphabet = "abcdefghijklmnopqrstuvwxyz".split("");
    const pairs = alphabet.flatMap((first) => alphabet.map((second) => first + second));
    expect(pairs.filter((code) => country(code, null) === code)).toHaveLength(250);
  });

  it("all have a name, so none is a slip of the pen", () => {
    const names = new Intl.DisplayNames("en", { type: "region", fallback: "none" });
    const alphabet = "abcdefghijklmnopqrstuvwxyz".split("");
    const codes = alphabet.flatMap((first) => alphabet.flatMap((second) => country(first + second, null) ?? []));
    expect(codes.filter((code) => names.of(code.toUpperCase()) === undefined)).toEqual([]);
  });
});
