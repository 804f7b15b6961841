import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cleanIp, cleanUserAgent } from "~/match-keys/browser.server";

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

describe("cleanUserAgent", () => {
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
