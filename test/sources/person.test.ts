import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Address,
  address as addressSchema,
  type Customer,
  customer as customerSchema,
  leadingAddress,
  personOf,
  regionOf,
} from "~/sources/person";
import { PEOPLE } from "../fixtures/order";

const { email: _email, ...HOME } = PEOPLE.AU;
const BUYER = { first_name: "Matilda", last_name: "Sample" };
const FRIEND = { first_name: "Kylie", last_name: "Placeholder" };

const place = (over: Record<string, unknown> = {}): Address => addressSchema.parse({ ...HOME, ...over });
const owner = (over: Record<string, unknown> = {}): Customer =>
  customerSchema.parse({ id: 8880001, ...BUYER, email: null, phone: null, ...over });

function person(over: Partial<Parameters<typeof personOf>[0]>) {
  return personOf({ emails: [], phones: [], billing: null, shipping: null, customer: null, ...over });
}

describe("a person is described by", () => {
  it("every value that is known, the most trusted first, each once", () => {
    const known = person({
      emails: ["a@example.com", null, "b@example.com", "a@example.com"],
      phones: [undefined, "1"],
      billing: place({ phone: "2" }),
      customer: owner({ email: "c@example.com", phone: "1" }),
    });
    expect(known).toMatchObject({
      email: ["a@example.com", "b@example.com", "c@example.com"],
      phone: ["1", "2"],
      firstName: ["Matilda"],
      lastName: ["Sample"],
      externalId: ["8880001"],
    });
  });

  it("a state's code in the US and its name elsewhere", () => {
    expect(person({ billing: place({ country_code: "us", province: "Oregon", province_code: "OR" }) }).state).toEqual([
      "OR",
    ]);
    expect(person({ billing: place({ country_code: "US", province_code: null }) }).state).toEqual(["New South Wales"]);
    expect(person({ billing: place() }).state).toEqual(["New South Wales"]);
  });

  it("nothing where nothing is known", () => {
    expect(Object.values(person({})).flat()).toEqual([]);
  });
});

describe("a parcel", () => {
  it("to somebody else tells of nobody: it is a present", () => {
    const present = person({ billing: place({ phone: "1" }), shipping: place({ ...FRIEND, phone: "2" }) });
    expect(present).toMatchObject({ firstName: ["Matilda"], lastName: ["Sample"], phone: ["1"] });
  });

  it.each([
    ["the bill's name", { billing: place({ phone: "1" }) }],
    ["the customer's", { customer: owner({ phone: "1" }) }],
  ])("to %s adds its phone", (_whose, known) => {
    expect(person({ ...known, shipping: place({ phone: "2" }) }).phone).toEqual(["1", "2"]);
  });

  it("to the buyer in other letters is the buyer's too", () => {
    const shipping = place({ first_name: " MATILDA ", last_name: "sample", phone: "2" });
    expect(person({ billing: place({ phone: "1" }), shipping })).toMatchObject({
      phone: ["1", "2"],
      firstName: ["Matilda", " MATILDA "],
    });
  });

  it("to half a name is somebody else's", () => {
    for (const over of [{ last_name: null }, { first_name: null }, { first_name: "Sample", last_name: "Matilda" }]) {
      expect(person({ billing: place({ phone: "1" }), shipping: place({ ...over, phone: "2" }) }).phone).toEqual(["1"]);
    }
  });

  it("without a name is nobody's, though the bill has none either", () => {
    const nameless = { first_name: null, last_name: " " };
    const known = person({ billing: place({ ...nameless, phone: "1" }), shipping: place({ ...nameless, phone: "2" }) });
    expect(known.phone).toEqual(["1"]);
  });

  it("of a guest without a bill tells where the goods go, and of nobody", () => {
    expect(person({ shipping: place({ phone: "2" }) })).toMatchObject({
      phone: [],
      firstName: [],
      city: ["Sydney"],
      country: ["AU"],
    });
  });

  it("never tells a name or a phone of anybody but the buyer", () => {
    const name = fc.constantFrom("Matilda", "Kylie", "", null);
    const someone = fc.record({ first_name: name, last_name: name, phone: fc.constantFrom("1", "2", null) });
    fc.assert(
      fc.property(someone, someone, someone, (billed, sent, owned) => {
        const billing = place(billed);
        const shipping = place(sent);
        const customer = owner(owned);
        const { phone, firstName, lastName } = person({ billing, shipping, customer });
        const same = (other: typeof sent) =>
          `${other.first_name ?? ""} ${other.last_name ?? ""}` === `${sent.first_name ?? ""} ${sent.last_name ?? ""}`;
        const buyers = (sent.first_name || sent.last_name) && (same(billed) || same(owned));
        const allowed = [billed, owned, ...(buyers ? [sent] : [])];
        for (const one of phone) expect(allowed.map((each) => each.phone)).toContain(one);
        for (const one of firstName) expect(allowed.map((each) => each.first_name)).toContain(one);
        for (const one of lastName) expect(allowed.map((each) => each.last_name)).toContain(one);
      }),
    );
  });
});

describe("the address a customer has kept", () => {
  it("adds its phone where it is the customer's own", () => {
    expect(person({ customer: owner({ default_address: { ...HOME, phone: "3" } }) }).phone).toEqual(["3"]);
  });

  it("tells of nobody where it is a friend's", () => {
    expect(person({ customer: owner({ default_address: { ...HOME, ...FRIEND, phone: "3" } }) })).toMatchObject({
      phone: [],
      firstName: ["Matilda"],
    });
  });
});

describe("a phone of an address", () => {
  const AUSTRIAN = { country_code: "AT", phone: "0664 1234567" };
  const LIECHTENSTEIN = { country_code: "LI", phone: "+423 234 56 78" };

  it("in another country than the leading one would be read as a stranger's there", () => {
    expect(person({ billing: place(), shipping: place(AUSTRIAN) }).phone).toEqual([HOME.phone]);
    expect(person({ billing: place(), customer: owner({ default_address: { ...HOME, ...AUSTRIAN } }) }).phone).toEqual([
      HOME.phone,
    ]);
  });

  it.each([
    ["(+43) 664 1234567"],
    ["＋43 664 1234567"],
    ["\u202a+43 664 1234567\u202c"],
  ])("in another country counts however its plus is written: %s", (phone) => {
    expect(person({ billing: place(), shipping: place({ ...AUSTRIAN, phone }) }).phone).toEqual([HOME.phone, phone]);
  });

  it("in the United Kingdom counts under either of its codes", () => {
    const british = { country_code: "UK", phone: "020 7946 0958" };
    const billing = place({ country_code: "GB", phone: null });
    expect(person({ billing, shipping: place(british) }).phone).toEqual(["020 7946 0958"]);
  });

  it("in another country counts with its own code", () => {
    const plus = place({ ...AUSTRIAN, phone: " +43 664 1234567" });
    const kept = owner({ default_address: { ...HOME, ...LIECHTENSTEIN } });
    expect(person({ billing: place(), shipping: plus, customer: kept }).phone).toEqual([
      HOME.phone,
      " +43 664 1234567",
      "+423 234 56 78",
    ]);
  });

  it("of a bill without a country, beside a parcel with one, counts with its own code only", () => {
    const nowhere = (phone: string) => place({ country_code: null, phone });
    expect(person({ billing: nowhere("0664 1234567"), shipping: place() }).phone).toEqual([HOME.phone]);
    expect(person({ billing: nowhere("+43 664 1234567"), shipping: place() }).phone).toEqual([
      "+43 664 1234567",
      HOME.phone,
    ]);
  });

  it("in the same country counts however that is written, and where no country is known at all", () => {
    const shipping = place({ country_code: " au ", phone: "02 5550 1234" });
    expect(person({ billing: place(), shipping }).phone).toEqual([HOME.phone, "02 5550 1234"]);
    const nowhere = { country_code: null };
    expect(person({ billing: place(nowhere), shipping: place({ ...nowhere, phone: "2" }) }).phone).toEqual([
      HOME.phone,
      "2",
    ]);
  });
});

describe("the address that leads", () => {
  const billing = place({ city: "Billing" });
  const shipping = place({ city: "Shipping" });
  const customer = owner({ default_address: { ...HOME, city: "Default" } });
  const nowhere = (city: string) => place({ city, country_code: null });

  it("is the bill's, else the parcel's, else the one that was kept", () => {
    expect(leadingAddress(billing, shipping, customer)?.city).toBe("Billing");
    expect(leadingAddress(null, shipping, customer)?.city).toBe("Shipping");
    expect(leadingAddress(null, null, customer)?.city).toBe("Default");
    expect(leadingAddress(null, null, null)).toBeNull();
  });

  it("is one with a country before one without", () => {
    expect(leadingAddress(nowhere("Billing"), shipping, customer)?.city).toBe("Shipping");
    expect(leadingAddress(nowhere("Billing"), nowhere("Shipping"), null)?.city).toBe("Billing");
  });

  it.each([
    [
      { country_code: "us", province_code: "ca" },
      { country: "US", usState: "CA" },
    ],
    [{ country_code: "UK" }, { country: "GB", usState: null }],
    [
      { country_code: "AU", province_code: "WA" },
      { country: "AU", usState: null },
    ],
    [
      { country_code: "USA", province_code: "CA" },
      { country: null, usState: null },
    ],
    [
      { country_code: "US", province_code: "Oregon" },
      { country: "US", usState: null },
    ],
    [{ country_code: "XK" }, { country: "XK", usState: null }],
    [
      { country_code: "ZZ", province_code: "CA" },
      { country: null, usState: null },
    ],
    [{ country_code: "EU" }, { country: null, usState: null }],
    [{ country_code: "XX" }, { country: null, usState: null }],
  ])("says the region: %j", (over, region) => {
    expect(regionOf(place(over))).toEqual(region);
  });
});
