import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { beaconSchema } from "~/sources/beacon";
import { LISTENED_TO } from "../../extensions/meta-pixel/src/reading";
import {
  addedToCart,
  checkoutEvent,
  pageViewed,
  paidCheckout,
  pixelEvent,
  productViewed,
  searchSubmitted,
  variant,
} from "./support/events";
import { ALLOWED, COLLECT_URL, openPage, TR_URL } from "./support/host";

const rejections: unknown[] = [];
const note = (reason: unknown) => rejections.push(reason);
beforeEach(() => {
  rejections.length = 0;
  process.on("unhandledRejection", note);
});
afterEach(() => {
  process.off("unhandledRejection", note);
});

const CUSTOMER = {
  id: "7002",
  email: "quentin.secret@mail.example",
  firstName: "Quentin",
  lastName: "Secretson",
  phone: "+14155550188",
  ordersCount: 1,
};

const EVENTS = [
  pageViewed(),
  productViewed(),
  searchSubmitted({}, [variant(), variant({ id: "2" })]),
  addedToCart(),
  pixelEvent("product_added_to_cart", { cartLine: null }),
  ...(
    [
      "checkout_started",
      "checkout_contact_info_submitted",
      "checkout_address_info_submitted",
      "checkout_shipping_info_submitted",
      "payment_info_submitted",
      "checkout_completed",
    ] as const
  ).map((name) => checkoutEvent(name, paidCheckout())),
];

const RAW = /marianne|oexample|o’example|quentin|secretson|5550123|5550188|francisco|94103|s3cret/i;

type Tree = { [field: string]: unknown };

/** Every path into a value. */
function pathsOf(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== "object" || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([field, inner]) => pathsOf(inner, [...path, field]))];
}

/** A copy with something else at a path; `undefined` takes the field away. */
function withAt(value: unknown, path: readonly string[], instead: unknown): unknown {
  const [field, ...rest] = path;
  if (field === undefined || typeof value !== "object" || value === null) return instead;
  const copy: Tree = Array.isArray(value) ? ([...value] as never) : { ...value };
  if (rest.length === 0 && instead === undefined) delete copy[field];
  else copy[field] = withAt(copy[field], rest, instead);
  return copy;
}

const RUBBISH = fc.oneof(
  fc.constantFrom(
    undefined,
    null,
    "",
    " ",
    0,
    -1,
    1.5,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    1e21,
    true,
    [],
    {},
    [null],
    "\u0000",
    "\ud800",
    "gid://shopify/Order/1",
    "javascript:alert(1)",
    "2026-13-45T99:99:99Z",
    "a".repeat(5_000),
    Symbol("rubbish"),
    () => 5,
    10n,
  ),
  fc.string({ unit: "binary" }),
  fc.double(),
  fc.jsonValue(),
);

function damaged<Value>(whole: Value): fc.Arbitrary<unknown> {
  const paths = pathsOf(whole);
  return fc
    .array(fc.tuple(fc.constantFrom(...paths), RUBBISH), { maxLength: 6 })
    .map((wounds) => wounds.reduce((value: unknown, [path, instead]) => withAt(value, path, instead), whole));
}

/** Whatever left may be read by who gets it, and names nobody. */
function expectSound(page: ReturnType<typeof openPage>): void {
  for (const { url, init } of page.requests) {
    if (url === COLLECT_URL) {
      const beacon = beaconSchema.safeParse(JSON.parse(String(init.body)));
      expect(beacon.error?.issues).toBeUndefined();
      expect(Buffer.byteLength(String(init.body))).toBeLessThan(64_000);
      expect(String(init.body)).not.toMatch(RAW);
    } else {
      expect(url.startsWith(TR_URL)).toBe(true);
      const parameters = new URLSearchParams(init.body ? String(init.body) : new URL(url).search);
      expect(parameters.get("id")).toMatch(/^\d+$/);
      expect(parameters.get("ev")).toMatch(/^[A-Za-z]+$/);
      expect(parameters.get("eid")).toMatch(/^[\w.-]+$/);
      for (const name of ["cd[contents]", "cd[content_ids]"]) JSON.parse(parameters.get(name) ?? "null");
      expect(decodeURIComponent(`${url} ${init.body ?? ""}`)).not.toMatch(RAW);
    }
  }
}

describe("whatever Shopify sends", () => {
  it.each(
    EVENTS.map((event) => [event.name, event] as const),
  )("as %s, nothing is thrown into the page and only sound messages leave", async (name, event) => {
    await fc.assert(
      fc.asyncProperty(damaged(event), damaged(CUSTOMER), fc.boolean(), async (wounded, customer, consents) => {
        const page = openPage({
          consent: { ...ALLOWED, marketingAllowed: consents },
          data: { customer },
        });
        expect(() => page.listeners.get(name)?.(wounded)).not.toThrow();
        await page.fireRaw(name, wounded);
        expectSound(page);
        expect(rejections).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it("as anything at all under any name, it does no harm", async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...LISTENED_TO), fc.oneof(fc.anything(), RUBBISH), async (name, event) => {
        const page = openPage();
        await page.fireRaw(name, event);
        expectSound(page);
        expect(rejections).toEqual([]);
      }),
    );
  });

  it.each([
    "2026-13-45T99:99:99Z",
    "2026-11-20",
    "1795168800000",
    1_795_168_800_000,
    "",
    null,
    "now",
  ])("sends no beacon that tells no time, and still the browser's copy: %j", async (timestamp) => {
    const page = openPage();
    await page.fireRaw("page_viewed", { ...pageViewed(), timestamp });
    expect(page.bodies()).toEqual([]);
    expect((await page.hits())[0]).not.toHaveProperty("ts");
  });

  it.each(["", null, "a b", "ü", "a".repeat(65), 5.5])("takes %j for no token of a checkout", async (token) => {
    const page = openPage();
    const its = paidCheckout({ token: token as never });
    await page.fire(checkoutEvent("checkout_started", its), checkoutEvent("checkout_completed", its));
    expectSound(page);
    expect((await page.hits()).map(({ eid }) => eid)).toEqual(["purchase.o5501"]);
  });

  it("still reports a purchase one of whose transactions is nothing", async () => {
    const page = openPage();
    await page.fire(checkoutEvent("checkout_completed", paidCheckout({ transactions: [null] as never })));
    expect(page.requests).toHaveLength(2);
  });
});

describe("whatever the page is", () => {
  const whole = {
    customer: CUSTOMER,
    shop: { myshopifyDomain: "a.myshopify.com", storefrontUrl: "https://www.example.com" },
  };

  it("does no harm", async () => {
    await fc.assert(
      fc.asyncProperty(damaged(whole), RUBBISH, fc.boolean(), async (data, rubbish, without) => {
        const page = openPage({
          data: data as object,
          api: ({ init }) => ({ init: without ? rubbish : init }),
        });
        await page.fire(...EVENTS);
        expectSound(page);
        expect(rejections).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    "analytics",
    "browser",
    "customerPrivacy",
    "init",
    "settings",
  ])("does no harm without %s", async (missing) => {
    const page = openPage({ api: () => ({ [missing]: undefined }) });
    await page.fire(...EVENTS);
    expectSound(page);
    expect(rejections).toEqual([]);
  });
});

describe("whatever the settings are", () => {
  it("does no harm", async () => {
    const record = openPage().settings;
    await fc.assert(
      fc.asyncProperty(damaged(record), async (settings) => {
        const page = openPage({ api: () => ({ settings }) });
        await page.fire(...EVENTS);
        for (const { url } of page.requests) expect(URL.canParse(url)).toBe(true);
        expect(rejections).toEqual([]);
      }),
    );
  });

  it("is silent when they are not ours", async () => {
    const page = openPage({ api: () => ({ settings: { accountID: "1" } }) });
    expect(page.listeners.size).toBe(0);
  });

  it("sends no beacon where there is no collector, and no copy where there is no /tr", async () => {
    const page = openPage({ settings: { collectUrl: "nowhere", trUrl: "" } });
    await page.fire(pageViewed());
    expect(page.requests).toEqual([]);
  });
});
