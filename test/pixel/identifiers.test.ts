import type { Checkout, Customer, MailingAddress } from "@shopify/web-pixels-extension";
import { describe, expect, it } from "vitest";
import { nobody, type Person } from "~/events/event";
import { idDigits } from "~/events/event-id";
import { collect } from "~/match-keys/collect.server";
import { sha256Hex } from "~/match-keys/hash.server";
import { HASHED_ROWS } from "~/match-keys/keys";
import { identifiersOf } from "../../extensions/meta-pixel/src/identifiers";
import { LONGEST_TEXT } from "../../extensions/meta-pixel/src/limits";
import { VECTORS } from "../match-keys/vectors";
import { address, CLIENT_ID, COUNTRY_ONLY, checkout, checkoutCompleted, paidCheckout } from "./support/events";
import { openPage } from "./support/host";

const JOHN = "62a14e44f765419d10fea99367361a727c12365e2520f32218d505ed9aa0f62f";
const MD5 = "d41d8cd98f00b204e9800998ecf8427e";
const EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

const NOBODY = { billingAddress: null, shippingAddress: null, email: null, phone: null, order: null };

/** What the pixel's code makes of a checkout, by key. */
async function hashed(
  its: Partial<Checkout>,
  customer: Partial<Customer> | null = null,
): Promise<{ [key in PixelKey]?: string }> {
  const identifiers = await identifiersOf({ ...NOBODY, ...its } as never, customer as never);
  return Object.fromEntries(Object.entries(identifiers).map(([key, [hash]]) => [key, hash]));
}

type PixelKey = "em" | "ph" | "fn" | "ln" | "ct" | "st" | "zp" | "country" | "external_id";

/** Where in a checkout each key stands. */
const PLACES: Record<PixelKey, (value: string) => Partial<Checkout>> = {
  em: (email) => ({ email }),
  ph: (phone) => ({ phone }),
  fn: (firstName) => ({ billingAddress: { firstName } as MailingAddress }),
  ln: (lastName) => ({ billingAddress: { lastName } as MailingAddress }),
  ct: (city) => ({ billingAddress: { city } as MailingAddress }),
  st: (province) => ({ billingAddress: { province } as MailingAddress }),
  zp: (zip) => ({ billingAddress: { zip } as MailingAddress }),
  country: (countryCode) => ({ billingAddress: { countryCode } as MailingAddress }),
  external_id: (id) => ({ order: { id: null, customer: { id, isFirstOrder: null } } }),
};
const KEYS = Object.keys(PLACES) as PixelKey[];

/** The server's answer to the same value. */
function onServer(key: PixelKey, value: string, country?: string): string | undefined {
  const row = HASHED_ROWS.find((row) => row.key === key);
  if (row === undefined) throw new Error(`no row for ${key}`);
  const person: Person = { ...nobody(), [row.from]: [value] };
  if (country !== undefined) person.country = [country];
  return collect(person, null)[key]?.[0];
}

function withCountry(its: Partial<Checkout>, country?: string): Partial<Checkout> {
  if (country === undefined) return its;
  return { ...its, billingAddress: { ...its.billingAddress, countryCode: country } as MailingAddress };
}

/** As the pixel hears a text: without NUL and lone surrogates. */
function heard(value: string): string {
  return value.replace(/[\0\p{Cs}]/gu, "");
}

describe.each(KEYS.filter((key) => key !== "ph" && key !== "st" && key !== "external_id"))("%s", (key) => {
  it.each(
    VECTORS[key],
  )("$value ($why) is hashed as on the server, or by neither where it is too long", async (vector) => {
    const { value, country, is } = vector;
    const { [key]: hash } = await hashed(withCountry(PLACES[key](value), country));
    const expected = is === null || value.length > LONGEST_TEXT ? undefined : sha256Hex(is);
    expect([hash, onServer(key, value, country)]).toEqual([expected, expected]);
  });
});

describe("st", () => {
  it.each(VECTORS.st)("$value ($why) is hashed as on the server, or left to it", async ({ value, country, is }) => {
    const { st } = await hashed(withCountry(PLACES.st(value), country));
    const named = country === "us" && !/^(us-)?[a-z]{2}$/i.test(value.replaceAll(".", ""));
    expect(st).toBe(is === null || named ? undefined : sha256Hex(is));
  });

  it("of the US is its code, whatever Shopify calls it", async () => {
    const billingAddress = address({ province: "California", provinceCode: "CA" });
    expect((await hashed({ billingAddress })).st).toBe(sha256Hex("ca"));
  });
});

describe("ph", () => {
  it.each(VECTORS.ph)("$value ($why) is hashed as on the server, or left to it", async ({ value, country, is }) => {
    const { ph } = await hashed(withCountry(PLACES.ph(value), country));
    const exact = /^\+[1-9]\d{6,14}$/.test(heard(value));
    expect(ph).toBe(exact && is !== null ? sha256Hex(is) : undefined);
  });

  it("is taken from wherever there is a number that carries its country", async () => {
    const billingAddress = address({ phone: "+14155550123" });
    const { ph } = await hashed({ phone: "0415 555 0123", billingAddress }, { phone: "+14155550199" });
    expect(ph).toBe(sha256Hex("14155550123"));
  });
});

describe("external_id", () => {
  it.each(VECTORS.external_id)("$value ($why) is hashed as on the server, as far as it is a customer's number", async ({
    value,
  }) => {
    const digits = idDigits(heard(value));
    const { external_id } = await hashed(PLACES.external_id(value));
    expect(external_id).toBe(digits === null ? undefined : onServer("external_id", digits));
  });
});

describe("what arrives hashed", () => {
  it.each(KEYS.filter((key) => key !== "external_id"))("is never hashed a second time as %s", async (key) => {
    expect((await hashed(PLACES[key](` ${JOHN.toUpperCase()} `)))[key]).toBe(JOHN);
  });

  it.each([MD5, EMPTY, EMPTY.toUpperCase()])("is refused when it is MD5 or the hash of nothing: %s", async (digest) => {
    for (const key of KEYS) expect(await hashed(PLACES[key](digest))).toEqual({});
  });
});

describe("who it is", () => {
  it("is what the checkout says", async () => {
    expect(await hashed(paidCheckout())).toEqual({
      em: sha256Hex("marianne.oexample@mail.example"),
      ph: sha256Hex("14155550123"),
      fn: sha256Hex("marianne"),
      ln: sha256Hex("oexample"),
      ct: sha256Hex("sanfrancisco"),
      st: sha256Hex("ca"),
      zp: sha256Hex("94103"),
      country: sha256Hex("us"),
      external_id: sha256Hex("7001"),
    });
  });

  it("is the customer who is logged in where the checkout says nothing, or nothing of use", async () => {
    const customer = {
      id: "7002",
      email: "a@example.com",
      firstName: "Ann",
      lastName: "Example",
      phone: "+14155550199",
    };
    const known = {
      em: sha256Hex("a@example.com"),
      ph: sha256Hex("14155550199"),
      fn: sha256Hex("ann"),
      ln: sha256Hex("example"),
      external_id: sha256Hex("7002"),
    };
    expect(await hashed({}, customer)).toEqual(known);
    expect(await hashed({ email: "n/a", phone: "null" }, customer)).toEqual(known);
    expect(await hashed(paidCheckout(), customer)).toEqual(await hashed(paidCheckout()));
  });

  it("is read from the shipping address as long as the billing address is only a country", async () => {
    const shippingAddress = address({ city: "Springfield", zip: "62701", province: "IL", provinceCode: "IL" });
    const keys = await hashed({ billingAddress: COUNTRY_ONLY, shippingAddress });
    expect(keys).toMatchObject({ ct: sha256Hex("springfield"), zp: sha256Hex("62701"), st: sha256Hex("il") });
  });

  it("is never one address's city with another's country", async () => {
    const billingAddress = address({
      countryCode: "DE",
      country: "DE",
      zip: "10115-1234",
      province: null,
      provinceCode: null,
    });
    const keys = await hashed({ billingAddress, shippingAddress: address() });
    expect(keys).toMatchObject({ country: sha256Hex("de"), zp: sha256Hex("101151234") });
    expect(keys.st).toBeUndefined();
  });

  it("names a state outside the US only where Shopify gives its name and not its code", async () => {
    const named = address({ countryCode: "AU", province: "New South Wales", provinceCode: "NSW" });
    const coded = address({ countryCode: "AU", province: "NSW", provinceCode: "NSW" });
    expect((await hashed({ billingAddress: named })).st).toBe(sha256Hex("newsouthwales"));
    expect((await hashed({ billingAddress: coded })).st).toBeUndefined();
  });
});

describe("on both legs", () => {
  it("it is the same hashes, and nothing raw", async () => {
    const page = openPage();
    await page.fire(checkoutCompleted());
    const [hit] = await page.hits();
    const [beacon] = page.beacons();
    const onMeta = Object.fromEntries(
      Object.entries(hit ?? {}).flatMap(([name, value]) =>
        name.startsWith("ud[") ? [[name.slice(3, -1), [value]]] : [],
      ),
    );
    const { external_id, ...others } = beacon?.user_data ?? {};
    expect(onMeta).toEqual(others);
    // The server adds the visitor's hash to what the beacon says: it has the id.
    expect(hit?.externalIds).toEqual([...(external_id ?? []), sha256Hex(CLIENT_ID)]);
    const everything = page.requests.map(({ url, init }) => decodeURIComponent(url) + String(init.body)).join();
    for (const raw of ["Marianne", "marianne", "OExample", "O’Example", "5550123", "94103", "Francisco"]) {
      expect(everything).not.toContain(raw);
    }
  });

  it.each([
    [
      "is missing",
      () => {
        throw new TypeError("undefined is not an object");
      },
    ],
    ["refuses", () => Promise.reject(new Error("no"))],
  ])("it is nobody where the browser's crypto %s, and the event goes out all the same", async (_how, sha256) => {
    const page = openPage({ effects: { sha256 } });
    await page.fire(checkoutCompleted(paidCheckout({ email: JOHN })));
    const [hit] = await page.hits();
    expect(Object.keys(hit ?? {}).filter((name) => name.startsWith("ud["))).toEqual([]);
    expect(hit?.externalIds).toEqual([]);
    expect(page.beacons()[0]?.user_data ?? {}).toEqual({});
  });

  it("it is nobody where Shopify filters every protected field", async () => {
    const page = openPage();
    const blank = Object.fromEntries(Object.keys(address()).map((field) => [field, null])) as never;
    const its = checkout({ email: null, phone: null, billingAddress: blank, shippingAddress: blank });
    await page.fire(checkoutCompleted(its));
    expect(page.beacons()).toMatchObject([{ user_data: {} }]);
    expect(await page.hits()).toHaveLength(1);
  });
});
