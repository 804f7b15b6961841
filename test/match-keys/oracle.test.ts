import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DEVIATIONS } from "~/match-keys/deviations";
import { HASHED_ROWS, type HashedKey } from "~/match-keys/keys";
import { builderHash } from "./oracle/builder";
import { type Difference, differenceOf } from "./oracle/difference";
import { explain } from "./oracle/explain";
import { VECTORS } from "./vectors";

const SHA256 = "62A14E44F765419D10FEA99367361A727C12365E2520F32218D505ED9AA0F62F";
const MD5 = "0BC83CB571CD1C50BA6F3E8A78EF1346";
const OF_NOTHING = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/** What every key may hold instead of a value. */
const DIGESTS = [SHA256, ` ${SHA256.toLowerCase()} `, MD5, MD5.toLowerCase(), OF_NOTHING];

/** What real values of a key are made of, and what breaks them. */
const MADE_OF: Record<HashedKey, readonly string[]> = {
  em: [..."aZ09@@..+-_:'é\u200e ", "example", ".com"],
  ph: [..."0123456789+()-. /x٣１\u200e\u0000", "+44", "+1", " ext "],
  fn: [..."aZ9é'’-–. ΣςßŁ李🙂\u0301\u200b\u0000\ud800", "null"],
  ln: [..."aZ9é'’-–. ΣςßŁ李🙂\u0301\u200b\u0000\ud800", "null"],
  ge: [..."fmFM \u200e", "male", "fe", "Mr", "s"],
  db: [..."0129-/. T:Z\u200e", "19", "20", "1997", "02"],
  ct: [..."aZ9é'’- ŁK東\u0301\u200e\u212a", "n/a", "none"],
  st: [..."aZ9é'-. 東\u200e", "new", "york", "kansas", "ca", "us", "n/a"],
  zp: [..."0123456789aB- –.１ー\u200e", "94103", "n/a"],
  country: [..."ukUSzZ .é\u200e\u212a", "germany", "gb"],
  external_id: [..."aZ09 -é\u0000\u200e", "gid://shopify/Customer/", "null"],
};
const anyCountry = fc.constantFrom(null, "us", "gb", "br", "de", "jp");

/** The difference in a line, with the rows that explain it. */
function inWords(difference: Difference): string {
  const { key, value, country, ours, builder } = difference;
  return `${key}: ${JSON.stringify(value.slice(0, 80))} (${country}) is ${ours?.slice(0, 80)} here and ${builder?.slice(0, 80)} there: ${explain(difference).join(" and ") || "unexplained"}`;
}

function differencesOf(key: HashedKey): Difference[] {
  const row = HASHED_ROWS.find((candidate) => candidate.key === key);
  if (row === undefined) throw new Error(`no row for ${key}`);
  const asked = [...VECTORS[key], ...DIGESTS.map((value) => ({ value, country: undefined }))];
  return asked.flatMap(({ value, country = null }) => differenceOf(row, value, country) ?? []);
}

describe("Meta's parameter builder", () => {
  it("is asked as it wants to be: it hashes Meta's samples as Meta does", () => {
    expect(builderHash("em", "John_Smith@gmail.com")).toBe(SHA256.toLowerCase());
    expect(builderHash("country", "US")).toBe("79adb2a2fce5c6ba215fe5f27f532d4e7edbac4b6a5e09e1ef3a08084a904621");
    expect(builderHash("em", "nobody")).toBeNull();
  });

  it.each(HASHED_ROWS)("sends the same $key for most of Meta's own forms", ({ key }) => {
    const same = VECTORS[key].length + DIGESTS.length - differencesOf(key).length;
    expect(same).toBeGreaterThan(5);
  });
});

describe.each(HASHED_ROWS)("where Meta's parameter builder deviates in $key", (row) => {
  it("the table has exactly one reason for it", () => {
    const wrong = differencesOf(row.key).filter((difference) => explain(difference).length !== 1);
    expect(wrong.map(inWords)).toEqual([]);
  });

  it("the table has exactly one reason for it, whatever the value", () => {
    const value = fc.array(fc.constantFrom(...MADE_OF[row.key]), { maxLength: 14 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(value, anyCountry, (generated, country) => {
        const difference = differenceOf(row, generated, country);
        if (difference === null) return;
        expect(explain(difference), inWords(difference)).toHaveLength(1);
      }),
    );
  });
});

describe("the table of deviations", () => {
  it("has one row of a name", () => {
    const ids = DEVIATIONS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it.each(DEVIATIONS)("has met $id in the vectors of each key it names", ({ id, keys }) => {
    const met = keys.filter((key) => differencesOf(key).some((difference) => explain(difference).includes(id)));
    expect(met).toEqual(keys);
  });

  it.each(DEVIATIONS)("gives an example of $id that is true", ({ id, keys, example }) => {
    const { value, country } = example;
    for (const row of HASHED_ROWS.filter(({ key }) => key === keys[0])) {
      const difference = differenceOf(row, value, country);
      expect(difference).toEqual({ key: row.key, ...example });
      expect(difference && explain(difference)).toEqual([id]);
    }
  });
});
