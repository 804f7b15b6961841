import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cleanIp, cleanUserAgent, isNotPublic, isPlainlyPublic, preferredIp } from "~/match-keys/browser.server";
import { clean, isPlaceholder } from "~/match-keys/normalise/text";

describe("cleanIp", () => {
  it.each([
    ["203.0.113.7", "203.0.113.7"],
    [" 198.51.100.1 ", "198.51.100.1"],
    ["2001:db8::1", "2001:db8::1"],
    ["172.32.0.1", "172.32.0.1"],
    ["100.128.0.1", "100.128.0.1"],
    ["::ffff:203.0.113.7", "203.0.113.7"],
  ])("keeps an address of the internet: %s", (value, is) => {
    expect(cleanIp(value)).toBe(is);
  });

  it.each([
    null,
    "",
    "undefined",
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "127.0.0.1",
    "169.254.1.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fe80::1%eth0",
    "2001:db8::1%eth0",
    "ff02::1",
    "::ffff:10.0.0.1",
    "::ffff:7f00:1",
    "203.0.113.7:443",
    "203.0.113.7, 203.0.113.8",
    "203.0.113",
    "203.0.113.256",
    "203.0.113.07",
    "[2001:db8::1]",
  ])("drops what no shopper comes from: %s", (value) => {
    expect(cleanIp(value)).toBeNull();
  });

  it("never throws", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (value) => void cleanIp(value)));
    fc.assert(fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (value) => void cleanIp(value)));
  });
});

describe("an address that is plainly public", () => {
  it.each([
    "203.0.113.7",
    "1.1.1.1",
    "223.255.255.255",
    "2001:db8::1",
    "3fff::1",
    "2A00::",
  ])("is one: %s", (address) => {
    expect([isPlainlyPublic(address), isNotPublic(address)]).toEqual([true, false]);
  });

  it.each([
    "100.128.0.1",
    "172.32.0.1",
    "169.253.0.1",
    "192.0.2.1",
    "64:ff9b::1",
    "200::1",
  ])("may not be plain and public all the same: %s", (address) => {
    expect([isPlainlyPublic(address), isNotPublic(address), cleanIp(address)]).toEqual([false, false, address]);
  });

  it("is in none of the ranges that no shopper comes from", () => {
    const octet = fc.constantFrom(0, 1, 9, 10, 63, 64, 100, 127, 128, 168, 169, 172, 192, 223, 224, 239, 240, 254, 255);
    const edges = fc.tuple(octet, octet, octet, octet).map((octets) => octets.join("."));
    let plain = 0;
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), edges), (address) => {
        if (!isPlainlyPublic(address)) return;
        plain += 1;
        expect(isNotPublic(address)).toBe(false);
      }),
      { seed: 20261120, numRuns: 5_000 },
    );
    expect(plain).toBeGreaterThan(1_000);
  });

  it("cannot begin with the first number of any such range", () => {
    for (let first = 0; first < 256; first += 1) {
      for (const rest of ["0.0.0", "0.0.1", "64.0.1", "128.0.1", "168.0.1", "16.0.1", "254.0.1", "255.255.255"]) {
        const address = `${first}.${rest}`;
        if (isNotPublic(address)) expect([address, isPlainlyPublic(address)]).toEqual([address, false]);
      }
    }
  });
});

describe("of two addresses of one buyer", () => {
  it.each([
    ["the first", "203.0.113.7", "198.51.100.1", "203.0.113.7"],
    ["an IPv6 address that comes second", "203.0.113.7", "2001:db8::1", "2001:db8::1"],
    ["an IPv6 address that comes first", "2001:db8::1", "203.0.113.7", "2001:db8::1"],
    ["the first of two IPv6 addresses", "2001:db8::1", "2001:db8::2", "2001:db8::1"],
    ["a public one behind a private one", "10.0.0.7", "203.0.113.7", "203.0.113.7"],
    ["a public one behind a link's own", "fe80::1", "203.0.113.7", "203.0.113.7"],
    ["a public one behind a word", "unknown", "203.0.113.7", "203.0.113.7"],
    ["a public one before a private one", "203.0.113.7", "fd00::1", "203.0.113.7"],
    ["a public one before a word with a colon", "203.0.113.7", "unknown:", "203.0.113.7"],
    ["the only one", null, "203.0.113.7", "203.0.113.7"],
    ["the only one", "203.0.113.7", null, "203.0.113.7"],
    ["none of two that no browser can have", "192.168.1.4", "::1", null],
    ["none of none", null, null, null],
  ])("%s is taken: %s, %s", (_which, first, second, is) => {
    expect(preferredIp(first, second)).toBe(is);
  });

  it("an IPv4 address that is mapped into IPv6 is not preferred to another: it is IPv4", () => {
    expect(preferredIp("203.0.113.7", "::ffff:198.51.100.1")).toBe("203.0.113.7");
    expect(preferredIp("::ffff:203.0.113.7", "2001:db8::1")).toBe("2001:db8::1");
  });
});

describe("cleanUserAgent", () => {
  it("takes the short way only where the long one says the same", () => {
    const products = fc.constantFrom("Mozilla/5.0", "n/a", "n/1", "null", "NaN/", "curl/8.4.0", "");
    const rests = fc.oneof(
      fc.string(),
      fc.string({ unit: "binary" }),
      fc.constantFrom(" ", " x ", "\u200b", "x".repeat(5_000)),
    );
    fc.assert(
      fc.property(products, rests, (product, rest) => {
        const value = product + rest;
        const text = clean(value);
        const long = text === "" || text.length > 4_096 || isPlaceholder(text) ? null : text;
        expect(cleanUserAgent(value)).toBe(long);
      }),
      { seed: 20261120, numRuns: 3_000 },
    );
  });

  it("keeps what the browser said", () => {
    expect(cleanUserAgent("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)")).toBe(
      "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)",
    );
  });

  it.each([null, "", "  ", "undefined", "null", "\u0000"])("drops nothing in disguise: %j", (value) => {
    expect(cleanUserAgent(value)).toBeNull();
  });

  it("drops what is longer than any browser's", () => {
    expect(cleanUserAgent("a".repeat(4_096))).toHaveLength(4_096);
    expect(cleanUserAgent("a".repeat(4_097))).toBeNull();
  });

  it("drops lone surrogates, which Meta's JSON parser may refuse together with the whole request", () => {
    expect(cleanUserAgent("Mozilla/5.0\ud800")).toBe("Mozilla/5.0");
  });
});
