import { describe, expect, it } from "vitest";
import { tooBroad } from "~/match-keys/too-broad";
import { merge, type UserData, userData } from "~/match-keys/user-data";

const raw = {
  client_ip_address: "203.0.113.7",
  client_user_agent: "Mozilla/5.0",
  fbc: "fb.1.1700000000000.AbC",
  fbp: "fb.1.1700000000000.42",
};

describe("userData", () => {
  it("joins both kinds of keys in the table's order", () => {
    const data = userData({ zp: ["b"], em: ["a"] }, raw);
    expect(data).toEqual({ em: ["a"], zp: ["b"], ...raw });
    expect(Object.keys(data)).toEqual(["em", "zp", "client_ip_address", "client_user_agent", "fbc", "fbp"]);
  });

  it("leaves out what is null, empty or not there", () => {
    expect(userData({ em: [] }, { client_ip_address: null, fbc: "" })).toEqual({});
  });
});

describe("merge", () => {
  it("adds keys that were missing", () => {
    expect(merge({ em: ["a"] }, { ph: ["b"] })).toEqual({ em: ["a"], ph: ["b"] });
  });

  it("never overwrites a key nor adds to its values", () => {
    expect(merge({ em: ["a"] }, { em: ["b", "a"] })).toEqual({ em: ["a"] });
  });

  it("takes an empty list for a missing key", () => {
    expect(merge({ em: [] }, { em: ["b"] })).toEqual({ em: ["b"] });
  });

  it("changes neither side, and shares no list with them", () => {
    const first = { em: ["a"] };
    const later = { ph: ["b"] };
    const merged = merge(first, later);
    merged.em?.push("x");
    merged.ph?.push("x");
    expect({ first, later }).toEqual({ first: { em: ["a"] }, later: { ph: ["b"] } });
  });

  it("keeps the table's order whatever came first", () => {
    expect(Object.keys(merge({ external_id: ["1"] }, { fn: ["2"], em: ["3"] }))).toEqual(["em", "fn", "external_id"]);
  });
});

describe("tooBroad", () => {
  const h = ["0".repeat(64)];
  const ua = "Mozilla/5.0";

  it.each<{ why: string; data: UserData }>([
    { why: "nothing", data: {} },
    { why: "empty lists", data: { em: [] } },
    { why: "an address without a name", data: { ct: h, country: h, st: h, zp: h, ge: h, client_user_agent: ua } },
    { why: "a part of that", data: { country: h, client_user_agent: ua } },
    { why: "a user agent", data: { client_user_agent: ua } },
    { why: "a date of birth and a user agent", data: { db: h, client_user_agent: ua } },
    { why: "a first name and a gender", data: { fn: h, ge: h } },
    { why: "a first name", data: { fn: h } },
    { why: "a last name and a gender", data: { ln: h, ge: h } },
  ])("holds for $why", ({ data }) => {
    expect(tooBroad(data)).toBe(true);
  });

  it.each<{ why: string; data: UserData }>([
    { why: "an IP address and a user agent", data: { client_ip_address: "203.0.113.7", client_user_agent: ua } },
    { why: "an e-mail", data: { em: h } },
    { why: "a browser id", data: { fbp: "fb.1.1.1" } },
    { why: "both names", data: { fn: h, ln: h } },
    { why: "a name in a city", data: { fn: h, ct: h } },
    { why: "a date of birth and a postal code", data: { db: h, zp: h } },
  ])("does not hold for $why", ({ data }) => {
    expect(tooBroad(data)).toBe(false);
  });
});
