import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Page } from "../../theme/cart-signals/embed";
import { ALLOWED, newBrowser, openPage, quiet, REFUSED, SILENT } from "./support/page";

const FBP = "fb.1.1795000000000.1098115397";
const FBC = 'fb.1.1795000000000.IwAR_%2B"x~!aem_Z';
const CLIENT = "2fb1d6a0-1C2D-4e3f-8a9b-0c1d2e3f4a5b";
const COOKIES = { _fbp: FBP, _fbc: FBC, _shopify_y: CLIENT };
const WHOLE = { _fbp: FBP, _fbc: FBC, _tandem_client: CLIENT, _tandem_consent: "1111" };
const REFUSAL = { _fbp: "", _fbc: "", _tandem_client: "", _tandem_consent: "0000" };

const rejections: unknown[] = [];
const keep = (reason: unknown) => rejections.push(reason);
beforeEach(() => process.on("unhandledRejection", keep));
afterEach(() => {
  process.off("unhandledRejection", keep);
  expect(rejections.splice(0)).toEqual([]);
});

describe("where consent is there", () => {
  it("the cart is written once, through Shopify's own door, in a way that outlives the page", async () => {
    const page = openPage({ browser: newBrowser(COOKIES) });
    expect(await page.attributes()).toEqual([WHOLE]);
    expect(page.features).toEqual([[{ name: "consent-tracking-api", version: "0.1" }]]);
    expect(page.writes[0]).toMatchObject({
      url: "/cart/update.js",
      request: { method: "POST", keepalive: true, headers: { "content-type": "application/json" } },
    });
  });

  it("a shop in another language has its cart elsewhere", async () => {
    const page = openPage({ page: ({ Shopify }) => ({ Shopify: { ...Shopify, routes: { root: "/fr-ca/" } } }) });
    await quiet();
    expect(page.writes.map(({ url }) => url)).toEqual(["/fr-ca/cart/update.js"]);
  });

  it.each([
    [true, "1110"],
    [false, "1111"],
  ])("the sale of data is as the browser's Global Privacy Control (%j) has it", async (globalPrivacyControl, flags) => {
    expect(await openPage({ globalPrivacyControl }).attributes()).toMatchObject([{ _tandem_consent: flags }]);
  });

  it("a page without a navigator has the cart written all the same", async () => {
    const page = openPage({ page: (page) => ({ ...page, navigator: undefined }) });
    expect(await page.attributes()).toMatchObject([{ _tandem_consent: "1111" }]);
  });

  it("nothing is written again on the next pages, until something changes", async () => {
    const browser = newBrowser({ _shopify_y: CLIENT });
    expect(await openPage({ browser }).attributes()).toEqual([{ _tandem_client: CLIENT, _tandem_consent: "1111" }]);
    expect(await openPage({ browser }).attributes()).toEqual([]);
    browser.cookies.set("_fbp", FBP);
    expect(await openPage({ browser }).attributes()).toEqual([
      { _fbp: FBP, _tandem_client: CLIENT, _tandem_consent: "1111" },
    ]);
    expect(await openPage({ browser }).attributes()).toEqual([]);
  });

  it("the cart after an order is written anew", async () => {
    const browser = newBrowser(COOKIES);
    await openPage({ browser }).attributes();
    browser.cookies.set("cart", "another");
    expect(await openPage({ browser }).attributes()).toEqual([WHOLE]);
    expect(await openPage({ browser }).attributes()).toEqual([]);
  });

  it("the visitor's id is the pixel's where Shopify's cookie cannot be read", async () => {
    const browser = newBrowser();
    browser.local.set("tandem_client", CLIENT);
    expect(await openPage({ browser }).attributes()).toMatchObject([{ _tandem_client: CLIENT }]);
  });

  it("no cookie is mistaken for one whose name ends alike", async () => {
    const browser = newBrowser({ x_fbp: "fb.1.1795000000000.1", _fbp: FBP });
    expect(await openPage({ browser }).attributes()).toMatchObject([{ _fbp: FBP }]);
  });

  it("what was not taken is written by the next page, not by this one", async () => {
    const browser = newBrowser(COOKIES);
    for (const answer of [async () => ({ ok: false }), () => Promise.reject(new TypeError("Failed to fetch"))]) {
      const page = openPage({ browser, answer });
      await page.attributes();
      await page.says(ALLOWED);
      expect(page.writes).toHaveLength(1);
    }
    expect(await openPage({ browser }).attributes()).toEqual([WHOLE]);
  });
});

describe("where consent is asked for", () => {
  it("nothing is written, and nothing is kept, before the shopper says something", async () => {
    const page = openPage({ browser: newBrowser(COOKIES), said: SILENT });
    expect(await page.attributes()).toEqual([]);
    expect(page.browser.session.size).toBe(0);
  });

  it("a yes is written at once", async () => {
    const page = openPage({ browser: newBrowser(COOKIES), said: SILENT });
    await page.says(ALLOWED);
    expect(await page.attributes()).toEqual([WHOLE]);
  });

  it("a no is written, and nothing beside it, once for all pages", async () => {
    const browser = newBrowser(COOKIES);
    const page = openPage({ browser, said: SILENT });
    await page.says(REFUSED);
    expect(await page.attributes()).toEqual([REFUSAL]);
    expect(await openPage({ browser, said: REFUSED }).attributes()).toEqual([]);
  });

  it("a no of an earlier visit travels with this one's cart", async () => {
    expect(await openPage({ browser: newBrowser(COOKIES), said: REFUSED }).attributes()).toEqual([REFUSAL]);
  });

  it("what is taken back goes out of the cart, and comes back with consent", async () => {
    const page = openPage({ browser: newBrowser(COOKIES) });
    await page.says(REFUSED);
    await page.says(ALLOWED);
    expect(await page.attributes()).toEqual([WHOLE, REFUSAL, WHOLE]);
  });

  it("a refusal waits for the write that it takes back", async () => {
    let taken = (_: { ok: boolean }) => {};
    const slow = new Promise<{ ok: boolean }>((resolve) => {
      taken = resolve;
    });
    const page = openPage({ browser: newBrowser(COOKIES), answer: () => slow });
    await page.says(REFUSED);
    expect(await page.attributes()).toEqual([WHOLE]);
    taken({ ok: true });
    expect(await page.attributes()).toEqual([WHOLE, REFUSAL]);
  });

  it("an opt-out of sale is told beside the ids", async () => {
    const browser = newBrowser(COOKIES);
    const page = openPage({ browser });
    await page.says({ ...ALLOWED, saleOfData: false });
    expect(await page.attributes()).toEqual([WHOLE, { ...WHOLE, _tandem_consent: "1110" }]);
  });
});

describe("whatever the page is", () => {
  const BLOCKED = new Proxy({}, { get: () => raise("SecurityError") });
  const raise = (words: string): never => {
    throw new Error(words);
  };

  it("works where storage is blocked, once a page", async () => {
    const browser = newBrowser({ ...COOKIES, _shopify_y: "" });
    const blocked = () =>
      openPage({ browser, page: () => ({ sessionStorage: BLOCKED, localStorage: BLOCKED }) }).attributes();
    expect(await blocked()).toEqual([{ _fbp: FBP, _fbc: FBC, _tandem_consent: "1111" }]);
    expect(await blocked()).toHaveLength(1);
  });

  it.each([
    "",
    "{",
    "null",
    "[]",
    '["cart-1"]',
    '["cart-1",{"_fbc":5,"_fbp":[]}]',
    "7",
  ])("works where its memory holds %s", async (rubbish) => {
    const browser = newBrowser(COOKIES);
    browser.session.set("tandem_cart", rubbish);
    expect(await openPage({ browser }).attributes()).toEqual([WHOLE]);
  });

  const faults: Record<string, (page: Page) => object> = {
    "is no shop's": () => ({ Shopify: undefined }),
    "has no feature to load": () => ({ Shopify: {} }),
    "fails to load it": () => ({
      Shopify: { loadFeatures: (_: unknown, done: (e: Error) => void) => done(new Error()) },
    }),
    "throws as it loads": () => ({ Shopify: { loadFeatures: () => raise("not now") } }),
    "has half an API": () => ({
      Shopify: {
        customerPrivacy: { marketingAllowed: () => true },
        loadFeatures: (_: unknown, done: () => void) => done(),
      },
    }),
    "has no fetch": () => ({ fetch: undefined }),
    "has a fetch that throws": () => ({ fetch: () => raise("blocked") }),
    "keeps its cookies to itself": ({ document }) => ({
      document: Object.defineProperty({ ...document }, "cookie", { get: () => raise("SecurityError") }),
    }),
    "has a document that hears nothing": () => ({ document: {} }),
  };

  it.each(Object.entries(faults))("does no harm where it %s", async (_, fault) => {
    const page = openPage({ browser: newBrowser(COOKIES), page: fault });
    expect(await page.attributes()).toEqual([]);
    await page.says(ALLOWED);
    expect(page.browser.session.size).toBe(0);
  });
});
