import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type BrowserContext, unknownBrowser } from "~/events/event";
import { CLICK_LIFE_MS, freshFbc } from "~/match-keys/click-age";
import { joinBrowser } from "~/match-keys/join-browser";
import { cleanFbc, fbcFromUrl } from "~/match-keys/normalise/click-id";

const NOW = 1_795_183_200_000;
const OLDEST = NOW - CLICK_LIFE_MS;
const FRESH = `fb.1.${OLDEST}.AbC`;
const STALE = `fb.1.${OLDEST - 1}.AbC`;

const browser = (over: Partial<BrowserContext> = {}): BrowserContext => ({ ...unknownBrowser(), ...over });

describe("a click", () => {
  it("of 90 days may be sent, one that is a millisecond older not", () => {
    expect(freshFbc(FRESH, NOW)).toBe(FRESH);
    expect(freshFbc(STALE, NOW)).toBeNull();
  });

  it("of any age may be sent where ages do not matter, and none stays none", () => {
    expect(freshFbc(STALE, null)).toBe(STALE);
    expect(freshFbc(null, NOW)).toBeNull();
    expect(freshFbc(null, null)).toBeNull();
  });

  it("from tomorrow, by a browser's clock, is fresh", () => {
    const tomorrow = `fb.1.${NOW + 24 * 3_600_000}.AbC`;
    expect(freshFbc(tomorrow, NOW)).toBe(tomorrow);
  });

  it("has its time where it is looked for, whatever the cookie holds", () => {
    const digit = fc.integer({ min: 0, max: 9 });
    const time = fc.integer({ min: 1_000_000_000_000, max: 9_999_999_999_999 });
    fc.assert(
      fc.property(digit, time, fc.stringMatching(/^[!-~]{1,40}$/), (index, clickedAt, id) => {
        const fbc = `fb.${index}.${clickedAt}.${id}`;
        expect(cleanFbc(fbc)).toBe(fbc);
        expect(freshFbc(fbc, clickedAt + CLICK_LIFE_MS)).toBe(fbc);
        expect(freshFbc(fbc, clickedAt + CLICK_LIFE_MS + 1)).toBeNull();
      }),
      { seed: 20261120 },
    );
    const made = fbcFromUrl("/?fbclid=AbC", OLDEST - 1);
    expect(freshFbc(made, NOW)).toBeNull();
  });
});

describe("one browser out of several accounts", () => {
  it("has no click that any of them dates too old, however new another account's date of it is", () => {
    const again = browser({ fbc: `fb.1.${NOW}.AbC.AgEBAQEB` });
    expect(joinBrowser(again, [browser({ fbc: STALE })], NOW).fbc).toBeNull();
    expect(joinBrowser(browser({ fbc: STALE }), [again], NOW).fbc).toBeNull();
    const another = `fb.1.${NOW}.xYz`;
    expect(joinBrowser(browser({ fbc: another }), [browser({ fbc: STALE })], NOW).fbc).toBe(another);
    expect(joinBrowser(again, [browser({ fbc: STALE })], null).fbc).toBe(STALE);
  });

  it("takes the IPv6 address of whoever knows one, else the event's own", () => {
    const own = browser({ ip: "203.0.113.7" });
    expect(joinBrowser(own, [browser({ ip: "2001:db8::1" })], NOW).ip).toBe("2001:db8::1");
    expect(joinBrowser(own, [browser({ ip: "198.51.100.1" })], NOW).ip).toBe("203.0.113.7");
    expect(joinBrowser(browser(), [browser({ ip: "198.51.100.1" })], NOW).ip).toBe("198.51.100.1");
  });

  it("believes the browser's own words of ids and page, and the request of its user agent", () => {
    const own = browser({ fbp: "own", url: "own", userAgent: "own", clientId: "own" });
    const told = browser({ fbp: "told", url: "told", userAgent: "told", referrer: "told" });
    expect(joinBrowser(own, [told], NOW)).toEqual(
      browser({ fbp: "told", url: "told", userAgent: "own", clientId: "own", referrer: "told" }),
    );
  });

  it("passes over a click that is too old", () => {
    const older = `fb.1.${OLDEST - 1}.xYz`;
    expect(joinBrowser(browser({ fbc: FRESH }), [browser({ fbc: older })], NOW).fbc).toBe(FRESH);
    expect(joinBrowser(browser({ fbc: STALE }), [], NOW).fbc).toBeNull();
    expect(joinBrowser(browser({ fbc: STALE }), [], null).fbc).toBe(STALE);
  });

  it("is the same whether nobody else spoke or had nothing to say", () => {
    const text = fc.option(fc.constantFrom("203.0.113.7", "2001:db8::1", "x"));
    const consent = fc.option(
      fc.record({
        analytics: fc.boolean(),
        marketing: fc.boolean(),
        preferences: fc.boolean(),
        saleOfData: fc.boolean(),
      }),
    );
    const drawn: fc.Arbitrary<BrowserContext> = fc.record({
      ip: text,
      userAgent: text,
      fbp: text,
      fbc: fc.option(fc.constantFrom(FRESH, STALE)),
      url: text,
      referrer: text,
      clientId: text,
      consent,
    });
    fc.assert(
      fc.property(drawn, fc.constantFrom(NOW, null), (own, now) => {
        expect(joinBrowser(own, [], now)).toStrictEqual(joinBrowser(own, [browser()], now));
      }),
      { seed: 20261120, numRuns: 500 },
    );
  });
});
