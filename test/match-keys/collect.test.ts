import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nobody, type Person } from "~/events/event";
import { collect } from "~/match-keys/collect.server";
import { sha256Hex } from "~/match-keys/hash.server";
import { alreadyHashed, isDigest } from "~/match-keys/hashed";
import { HASHED_ROWS } from "~/match-keys/keys";

const EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const MD5 = "d41d8cd98f00b204e9800998ecf8427e";
const JOHN = "62a14e44f765419d10fea99367361a727c12365e2520f32218d505ed9aa0f62f";

function person(known: Partial<Person>): Person {
  return { ...nobody(), ...known };
}

describe("Meta's sample hashes", () => {
  // https://developers.facebook.com/documentation/ads-commerce/conversions-api/parameters/customer-information-parameters
  it.each([
    { from: { email: ["John_Smith@gmail.com"] }, keys: { em: [JOHN] } },
    {
      from: { phone: ["+1 (650) 555-1212"] },
      keys: { ph: ["e323ec626319ca94ee8bff2e4c87cf613be6ea19919ed1364124e16807ab3176"] },
    },
    {
      from: { firstName: ["Mary"] },
      keys: { fn: ["6915771be1c5aa0c886870b6951b03d7eafc121fea0e80a5ea83beb7c449f4ec"] },
    },
    {
      from: { firstName: ["정"] },
      keys: { fn: ["8fa8cd9c440be61d0151429310034083132b35975c4bea67fdd74158eb51db14"] },
    },
    {
      from: { firstName: ["Valéry"] },
      keys: { fn: ["08e1996b5dd49e62a4b4c010d44e4345592a863bb9f8e3976219bac29417149c"] },
    },
    {
      from: { country: ["US"] },
      keys: { country: ["79adb2a2fce5c6ba215fe5f27f532d4e7edbac4b6a5e09e1ef3a08084a904621"] },
    },
    {
      from: { birthdate: ["1997-02-16"] },
      keys: { db: ["01acdbf6ec7b4f478a225f1a246e5d6767eeab1a7ffa17f025265b5b94f40f0c"] },
    },
  ])("come out of $from", ({ from, keys }) => {
    expect(collect(person(from), null)).toEqual(keys);
  });
});

describe("collect", () => {
  it("gives nothing for nobody", () => {
    expect(collect(nobody(), "us")).toEqual({});
  });

  it("keeps every value once, in the sender's order", () => {
    const keys = collect(person({ email: ["b@example.com", "a@example.com", "B@EXAMPLE.COM ", "junk"] }), null);
    expect(keys.em).toEqual([sha256Hex("b@example.com"), sha256Hex("a@example.com")]);
  });

  it("leaves a key out when none of its values can be normalised", () => {
    expect(collect(person({ email: ["junk", ""], phone: ["n/a"] }), "us")).toEqual({});
  });

  it("reads a local phone number with the address's country", () => {
    const keys = collect(person({ phone: ["020 7946 0958"], country: ["GB"] }), "US");
    expect(keys.ph).toEqual([sha256Hex("442079460958")]);
  });

  it("reads a local phone number with the shop's country when the address has none, but does not claim that country", () => {
    const keys = collect(person({ phone: ["020 7946 0958"] }), "GB");
    expect(keys).toEqual({ ph: [sha256Hex("442079460958")] });
  });

  it("does not read state and postal code with the shop's country", () => {
    const keys = collect(person({ state: ["California"], zip: ["94103-1234"] }), "us");
    expect(keys).toEqual({ st: [sha256Hex("california")], zp: [sha256Hex("941031234")] });
  });

  it("takes the first country it can read for the address", () => {
    const keys = collect(person({ country: ["Great Britain", "US", "DE"], zip: ["94103-1234"] }), null);
    expect(keys).toEqual({ country: [sha256Hex("us"), sha256Hex("de")], zp: [sha256Hex("94103")] });
  });

  it("is not misled by a shop country it cannot read", () => {
    expect(collect(person({ phone: ["(650) 555-1212"] }), "nowhere")).toEqual({});
  });

  it("writes its keys in the table's order", () => {
    const everything = person({ externalId: ["1"], country: ["US"], firstName: ["Mary"], email: ["a@example.com"] });
    expect(Object.keys(collect(everything, null))).toEqual(["em", "fn", "country", "external_id"]);
  });
});

describe("what arrives hashed", () => {
  it("passes as it is, in lower case", () => {
    expect(collect(person({ email: [JOHN.toUpperCase()] }), null)).toEqual({ em: [JOHN] });
  });

  it.each(HASHED_ROWS)("is never hashed a second time as $key", ({ key, from }) => {
    expect(collect(person({ [from]: [` ${JOHN} `] }), null)).toEqual({ [key]: [JOHN] });
  });

  it.each(HASHED_ROWS)("is refused as $key when it is MD5 or the hash of nothing", ({ from }) => {
    expect(collect(person({ [from]: [MD5, MD5.toUpperCase(), EMPTY, EMPTY.toUpperCase()] }), null)).toEqual({});
  });

  it("is told from text that only looks like it", () => {
    expect(alreadyHashed(JOHN.slice(1))).toBeNull();
    expect(alreadyHashed(`${JOHN}0`)).toBeNull();
    expect(alreadyHashed(JOHN.replace("6", "g"))).toBeNull();
    expect(alreadyHashed(MD5)).toBeNull();
    expect(alreadyHashed(EMPTY)).toBeNull();
    expect(isDigest(MD5)).toBe(true);
    expect(isDigest(EMPTY)).toBe(true);
    expect(isDigest("john")).toBe(false);
  });
});

describe("whatever a person is made of", () => {
  const texts = fc.array(
    fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)) }),
      fc.constantFrom("", EMPTY, MD5, "undefined", "US", "a@example.com", "+16505551212"),
    ),
    { maxLength: 3 },
  );
  const anyone: fc.Arbitrary<Person> = fc.record({
    email: texts,
    phone: texts,
    firstName: texts,
    lastName: texts,
    gender: texts,
    birthdate: texts,
    city: texts,
    state: texts,
    zip: texts,
    country: texts,
    externalId: texts,
  });

  it("leaves as lists of distinct SHA-256 hex, never empty and never the hash of nothing", () => {
    fc.assert(
      fc.property(anyone, fc.option(fc.string()), (someone, shopCountry) => {
        for (const hashes of Object.values(collect(someone, shopCountry))) {
          expect(hashes.length).toBeGreaterThan(0);
          expect(new Set(hashes).size).toBe(hashes.length);
          expect(hashes).not.toContain(EMPTY);
          for (const hash of hashes) expect(hash).toMatch(/^[0-9a-f]{64}$/);
        }
      }),
    );
  });
});
