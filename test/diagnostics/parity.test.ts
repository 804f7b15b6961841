import { describe, expect, it } from "vitest";
import { type BrowserSide, parityOf, type ServerSide } from "~/diagnostics/parity";
import type { Told } from "~/events/browser-copy";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NOON = Date.UTC(2026, 10, 23, 12);

const TOLD: Told = { value: "64.5", currency: "USD", ids: ["48001", "48002"], keys: ["em", "fbp"] };
const SENT: Told = { ...TOLD, keys: ["em", "ph", "fbp", "client_ip_address", "client_user_agent"] };
const SAME = { dataset: "1234567890", name: "Purchase", eventId: "purchase.token" };

function browser(over: Partial<BrowserSide> = {}): BrowserSide {
  return { ...SAME, tr: "resolved", at: NOON, told: TOLD, ...over };
}

function server(over: Partial<ServerSide> = {}): ServerSide {
  return {
    ...SAME,
    outcome: "accepted",
    at: NOON + MINUTE,
    told: SENT,
    mayHaveBrowser: true,
    tokenless: false,
    ...over,
  };
}

describe("the copies of an event", () => {
  it.each([
    ["both", browser(), server()],
    ["browser_only", browser(), server({ outcome: "withheld" })],
    ["browser_only", browser(), null],
    ["server_only", browser({ tr: "threw" }), server()],
    ["server_only", browser({ tr: "not_attempted" }), server()],
    ["server_only", null, server({ mayHaveBrowser: false })],
    ["unclear", browser({ tr: "unknown" }), server()],
    ["unclear", null, server()],
    ["neither", browser({ tr: "threw" }), server({ outcome: "dead" })],
    ["neither", null, server({ outcome: "rejected" })],
    ["neither", null, null],
  ] as const)("are %s", (legs, ofBrowser, ofServer) => {
    expect(parityOf(ofBrowser, ofServer).legs).toBe(legs);
  });

  it("are equal although sums are written differently and goods come in another order", () => {
    const told = { ...SENT, value: "64.50", ids: ["48002", "48001"] };
    expect(parityOf(browser(), server({ told })).differs).toEqual([]);
  });

  it.each([
    ["value", { value: "64.49" }, "64.5", "64.49"],
    ["value", { value: null }, "64.5", null],
    ["currency", { currency: "EUR" }, "USD", "EUR"],
    ["ids", { ids: ["48001"] }, "48001, 48002", "48001"],
  ] as const)("differ in %s where it is %j on the server", (field, change, ofBrowser, ofServer) => {
    const { differs } = parityOf(browser(), server({ told: { ...SENT, ...change } as Told }));
    expect(differs).toEqual([{ field, browser: ofBrowser, server: ofServer }]);
  });

  it("are not said to be equal where what one told is not known", () => {
    expect(parityOf(browser({ told: null }), server()).differs).toBeNull();
    expect(parityOf(browser(), server({ told: null })).differs).toBeNull();
  });

  it("do not differ in goods that one of them is not known to have named", () => {
    expect(parityOf(browser({ told: { ...TOLD, ids: null } }), server()).differs).toEqual([]);
  });
});

describe("an order whose checkout is not told", () => {
  const twice = (of: Partial<ServerSide>) => parityOf(null, server({ tokenless: true, ...of })).twice;

  it("may count twice, where its page may have told Meta of it", () => {
    expect(twice({})).toEqual(["no_token"]);
    expect(twice({ tokenless: false })).toEqual([]);
    expect(twice({ mayHaveBrowser: false })).toEqual([]);
    expect(twice({ outcome: "withheld" })).toEqual([]);
  });
});

describe("the copy that Meta keeps", () => {
  it.each([
    ["browser_favoured", 0],
    ["browser_favoured", 5 * MINUTE],
    ["browser_favoured", -5 * MINUTE],
    ["browser_first", 5 * MINUTE + 1],
    ["server_first", -5 * MINUTE - 1],
    ["browser_first", 48 * HOUR],
    ["server_first", -48 * HOUR],
    ["each", 48 * HOUR + 1],
    ["each", -48 * HOUR - 1],
  ] as const)("is %s where the server's came %d ms after the browser's", (keeps, after) => {
    const parity = parityOf(browser(), server({ at: NOON + after }));
    expect(parity.keeps).toBe(keeps);
    expect(parity.twice).toEqual(keeps === "each" ? ["apart"] : []);
  });

  it.each([
    ["only_server", browser({ tr: "threw" }), server()],
    ["only_browser", browser(), server({ outcome: "withheld" })],
    ["unknown", browser({ tr: "unknown" }), server()],
    ["unknown", null, server()],
    ["none", null, null],
  ] as const)("is %s", (keeps, ofBrowser, ofServer) => {
    expect(parityOf(ofBrowser, ofServer).keeps).toBe(keeps);
  });

  it("loses what only the other one carried, but for what any request of a browser has", () => {
    expect(parityOf(browser(), server()).losesIdentity).toEqual(["ph"]);
    const late = server({ at: NOON - HOUR, told: { ...SENT, keys: ["em"] } });
    expect(parityOf(browser(), late).losesIdentity).toEqual(["fbp"]);
  });

  it("is not said to lose anything where the keys of one are not known", () => {
    expect(parityOf(browser(), server({ told: { ...SENT, keys: null } })).losesIdentity).toBeNull();
    expect(parityOf(browser({ tr: "unknown" }), server()).losesIdentity).toBeNull();
  });
});

describe("an event counts twice", () => {
  it.each([
    ["dataset", { dataset: "2234567890" }],
    ["name", { name: "StorePurchase" }],
    ["id", { eventId: "purchase.o5550001" }],
  ] as const)("where the copies have not the same %s", (reason, change) => {
    const parity = parityOf(browser(), server(change));
    expect(parity).toMatchObject({ twice: [reason], keeps: "each" });
  });

  it("never by a copy that did not leave", () => {
    expect(parityOf(browser({ tr: "threw" }), server({ eventId: "purchase.o5550001" })).twice).toEqual([]);
  });
});
