import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { CONSENT_GIVEN, hashed } from "../examples/example";
import { checkout } from "../fixtures/checkout";
import { customer } from "../fixtures/customer";
import { order } from "../fixtures/order";
import { freshDatabase } from "../support/database";
import { SHOP } from "../support/pipeline";
import { tandem } from "./run";
import { CONNECT, testStore } from "./store";

const AU = JSON.stringify(order({ country: "AU" }));
const payload = (args: string[], stdin: string = AU) => tandem(["payload", ...args], { stdin });
const orders = (...args: string[]) => payload(["--topic", "orders/create", ...args]);

function fileOf(text: string): string {
  const path = join(dirname(freshDatabase()), "browser.json");
  writeFileSync(path, text);
  return path;
}

const withBrowser = (browser: unknown) => orders("--browser", fileOf(JSON.stringify(browser)));

describe("payload", () => {
  it("prints one line of JSON and no words, and needs no environment", async () => {
    const { code, out, err } = await orders();
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(/^\{"events":\[\{"event_name":"Purchase".*\}\],"skipped":\[\]\}\n$/);
    expect(out.split("\n")).toHaveLength(2);
  });

  it("gives the same bytes for the same webhook, today and tomorrow", async () => {
    const body = JSON.stringify(checkout());
    const args = ["payload", "--topic", "checkouts/update"];
    const today = await tandem(args, { stdin: body });
    expect(await tandem(args, { stdin: body, now: Date.parse("2027-01-01T00:00:00Z") })).toEqual(today);
  });

  it("never holds: a guessed InitiateCheckout and a blind Purchase are printed at once", async () => {
    const { out } = await payload(["--topic", "checkouts/update"], JSON.stringify(checkout()));
    expect(JSON.parse(out).events).toHaveLength(1);
  });

  it.each([
    ["--topic", []],
    ["--topic", ["--topic"]],
    ["--topic", ["--topic", "orders/unknown"]],
    ["--topic", ["--topic", "ORDERS_CREATE"]],
    ["--topic", ["--topic", "constructor"]],
    ["--now", ["--topic", "orders/create", "--now", "yesterday"]],
    ["--now", ["--topic", "orders/create", "--now", "1763632800"]],
    ["--now", ["--topic", "orders/create", "--now", "2026-13-45T00:00:00Z"]],
    ["--shop", ["--topic", "orders/create", "--shop", "shop.example.com"]],
    ["--verbose", ["--topic", "orders/create", "--verbose"]],
    ["arguments", ["orders/create"]],
  ])("refuses bad input and names %s: %j", async (field, args) => {
    const { code, out, err } = await payload(args);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err.startsWith(`${field}:`), err).toBe(true);
  });

  it.each(["", "{", "orders", '{"id":1}}'])("refuses a body that is not JSON: %j", async (body) => {
    const { code, out, err } = await payload(["--topic", "orders/create"], body);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(/^standard input: /);
  });

  it.each([
    ["{}", "id"],
    ["[]", "body"],
    ["null", "body"],
    [JSON.stringify(order({}, { currency: undefined })), "currency"],
    [JSON.stringify(order({}, { line_items: [{ quantity: -1 }] })), "line_items.0.quantity"],
  ])("a body that fails its schema is an answer, not an error: rejected, reason %#", async (body, reason) => {
    const { code, out, err } = await payload(["--topic", "orders/create"], body);
    expect({ code, err, out: JSON.parse(out) }).toEqual({
      code: 0,
      err: "",
      out: { events: [], skipped: [{ event: "Purchase", outcome: "rejected", reason }] },
    });
  });
});

describe("payload --now", () => {
  const skipped = async (at: string, now: string) => {
    const body = JSON.stringify(order({ country: "AU", at }));
    const { out } = await payload(["--topic", "orders/create", "--now", now], body);
    return JSON.parse(out).skipped.map(({ reason }: { reason: string }) => reason);
  };

  it("applies Meta's age limits, which do not apply without it", async () => {
    expect(await skipped("2026-11-13T10:00:00Z", "2026-11-20T10:00:00Z")).toEqual([]);
    expect(await skipped("2026-11-13T09:59:59Z", "2026-11-20T10:00:00Z")).toEqual(["too_late"]);
    const ancient = JSON.stringify(order({ at: "2019-01-01T00:00:00Z" }));
    expect(JSON.parse((await payload(["--topic", "orders/create"], ancient)).out).events).toHaveLength(1);
    const distant = JSON.stringify(order({ at: "2039-01-01T00:00:00Z" }));
    expect(JSON.parse((await payload(["--topic", "orders/create"], distant)).out).events).toHaveLength(1);
  });

  it("refuses what lies more than a quarter of an hour ahead", async () => {
    expect(await skipped("2026-11-20T10:15:00Z", "2026-11-20T10:00:00Z")).toEqual([]);
    expect(await skipped("2026-11-20T10:15:01Z", "2026-11-20T10:00:00Z")).toEqual(["event_time_in_future"]);
  });

  it("understands an offset", async () => {
    expect(await skipped("2026-11-13T09:59:59Z", "2026-11-20T12:00:00+02:00")).toEqual(["too_late"]);
  });

  it("says a rule of the order before an age", async () => {
    const body = JSON.stringify(order({ at: "2019-01-01T00:00:00Z" }, { test: true }));
    const { out } = await payload(["--topic", "orders/create", "--now", "2026-11-20T10:00:00Z"], body);
    expect(JSON.parse(out).skipped).toEqual([{ event: "Purchase", outcome: "skipped", reason: "test_order" }]);
  });
});

describe("payload --browser", () => {
  it("takes every field of the file, and each is optional", async () => {
    const { code, out } = await withBrowser({
      fbp: "fb.1.1763632800000.1098115397",
      fbc: "fb.1.1763632800123.IwAR0aBcD",
      clientIp: "2001:db8::7",
      userAgent: "Mozilla/5.0 (Macintosh)",
      url: "https://shop.example.com/products/tee?utm=1",
      clientId: "visitor-0001",
      consent: CONSENT_GIVEN,
    });
    expect(code).toBe(0);
    expect(JSON.parse(out).events[0]).toMatchObject({
      event_source_url: "https://shop.example.com/products/tee",
      user_data: {
        fbp: "fb.1.1763632800000.1098115397",
        fbc: "fb.1.1763632800123.IwAR0aBcD",
        client_ip_address: "2001:db8::7",
        external_id: hashed("8880001", "visitor-0001"),
      },
    });
    expect((await withBrowser({})).code).toBe(0);
    expect((await withBrowser({ fbp: null, consent: null })).code).toBe(0);
  });

  it.each([
    "visitor 0001",
    "a;b",
    "x".repeat(65),
    "ü",
    "",
  ])("makes no external id of a visitor id without the shape of one: %j", async (clientId) => {
    const { code, out } = await withBrowser({ clientId, consent: CONSENT_GIVEN });
    expect(code).toBe(0);
    expect(JSON.parse(out).events[0].user_data.external_id).toEqual(hashed("8880001"));
  });

  it("fills in the browser of an order that has none", async () => {
    const body = JSON.stringify(order({ country: "AU" }, { browser_ip: null, client_details: null }));
    const path = fileOf(JSON.stringify({ userAgent: "Mozilla/5.0 (X11)", clientIp: "203.0.113.9" }));
    const { out } = await payload(["--topic", "orders/create", "--browser", path], body);
    expect(JSON.parse(out).events[0].user_data).toMatchObject({
      client_user_agent: "Mozilla/5.0 (X11)",
      client_ip_address: "203.0.113.9",
    });
  });

  it("without `consent` means: no signal; without a file: consent given", async () => {
    const german = JSON.stringify(order({ country: "DE" }));
    const args = ["--topic", "orders/create"];
    const reasons = (out: string) => JSON.parse(out).skipped.map(({ reason }: { reason: string }) => reason);
    expect(reasons((await payload([...args, "--browser", fileOf("{}")], german)).out)).toEqual(["no_consent_signal"]);
    expect(reasons((await payload(args, german)).out)).toEqual([]);
  });

  it("says what the shopper said; else the order's cart does; only then is consent taken for given", async () => {
    const refusing = [{ name: "_tandem_consent", value: "0000" }];
    const refused = JSON.stringify(order({ country: "AU" }, { note_attributes: refusing }));
    const reasons = async (...args: string[]) => {
      const { out } = await payload(["--topic", "orders/create", ...args], refused);
      return JSON.parse(out).skipped.map(({ reason }: { reason: string }) => reason);
    };
    expect(await reasons()).toEqual(["consent_refused"]);
    expect(await reasons("--browser", fileOf("{}"))).toEqual(["consent_refused"]);
    expect(await reasons("--browser", fileOf(JSON.stringify({ consent: CONSENT_GIVEN })))).toEqual([]);
  });

  it.each([
    ["fpb", { fpb: "fb.1.1763632800000.1" }],
    ["clientIp", { clientIp: 5 }],
    ["consent.marketing", { consent: { marketing: "yes" } }],
    ["consent.ads", { consent: { ads: true } }],
    ["consent", { consent: true }],
    ["", []],
    ["", "fbp"],
  ])("refuses a file that does not fit and names the field: %s", async (field, browser) => {
    const { code, out, err } = await withBrowser(browser);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err.startsWith(`--browser${field === "" ? "" : ` ${field}`}:`), err).toBe(true);
  });

  it("refuses a file that is not there or is no JSON", async () => {
    for (const path of [join(dirname(freshDatabase()), "missing.json"), fileOf("{"), fileOf("")]) {
      const { code, err } = await orders("--browser", path);
      expect(code).toBe(2);
      expect(err).toMatch(/^--browser: /);
    }
  });
});

describe("payload --shop", () => {
  it("reads the shop's own settings; an unknown shop is bad input", async () => {
    const store = testStore();
    await store.tandem(CONNECT, "EAAtesttoken");
    const known = await store.tandem(`payload --topic customers/create --shop ${SHOP}`, JSON.stringify(customer()));
    expect(known.code).toBe(0);
    expect(JSON.parse(known.out).skipped).toEqual([
      { event: "CompleteRegistration", outcome: "skipped", reason: "event_off" },
    ]);
    const unknown = await store.tandem("payload --topic orders/create --shop other-shop.myshopify.com", AU);
    expect(unknown.code).toBe(2);
    expect(unknown.err).toMatch(/^--shop: /);
  });

  it("says of a shop whose datasets are all disconnected that nothing would be sent", async () => {
    const store = testStore();
    await store.tandem(CONNECT, "EAAtesttoken");
    await store.tandem(`shop disconnect --shop ${SHOP}`);
    const { code, out } = await store.tandem(`payload --topic orders/create --shop ${SHOP}`, AU);
    expect({ code, out: JSON.parse(out) }).toEqual({
      code: 0,
      out: { events: [], skipped: [{ event: "Purchase", outcome: "withheld", reason: "disconnected" }] },
    });
  });
});
