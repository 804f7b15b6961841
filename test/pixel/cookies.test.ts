import { describe, expect, it } from "vitest";
import { checkoutStarted, pageViewed } from "./support/events";
import { ALLOWED, NOW, newBrowser, openPage, REFUSED } from "./support/host";

/** The identity of both legs of the only event; they must be one. */
async function identity(page: ReturnType<typeof openPage>) {
  const [hit] = await page.hits();
  const [beacon] = page.beacons();
  expect({ fbp: hit?.fbp ?? null, fbc: hit?.fbc ?? null }).toEqual({ fbp: beacon?.fbp, fbc: beacon?.fbc });
  return { fbp: beacon?.fbp, fbc: beacon?.fbc };
}

function shopAt(storefrontUrl: unknown, myshopifyDomain: unknown = "example-shop.myshopify.com") {
  return { data: { shop: { storefrontUrl, myshopifyDomain } } };
}

async function written(storefrontUrl: unknown, href: string): Promise<string[]> {
  const page = openPage(shopAt(storefrontUrl));
  await page.fire(pageViewed({ href }));
  return page.browser.written;
}

describe("Meta's cookies", () => {
  it("are read as they are and not written again", async () => {
    const browser = newBrowser();
    browser.cookies.set("_fbp", "fb.1.1700000000000.42.AQQCAQIB");
    browser.cookies.set("_fbc", "fb.1.1700000000000.AbC_dEf.AQQCAQIB");
    const page = openPage({ browser });
    await page.fire(pageViewed());
    expect(await identity(page)).toEqual({
      fbp: "fb.1.1700000000000.42.AQQCAQIB",
      fbc: "fb.1.1700000000000.AbC_dEf.AQQCAQIB",
    });
    expect(browser.written).toEqual([]);
  });

  it("are made where there are none, for 90 days, in Meta's format", async () => {
    const page = openPage();
    await page.fire(pageViewed({ href: "https://www.example.com/?a=1&fbclid=IwAR_AbC-123%2Bx#top" }));
    const attributes = "; path=/; max-age=7776000; SameSite=Lax; domain=example.com; Secure";
    const fbp = `fb.1.${NOW}.${Math.floor(0.001 * 2 ** 31)}`;
    const fbc = `fb.1.${NOW}.IwAR_AbC-123+x`;
    expect(page.browser.written).toEqual([`_fbp=${fbp}${attributes}`, `_fbc=${fbc}${attributes}`]);
    expect(await identity(page)).toEqual({ fbp, fbc });
  });

  it("are made once for two events at once", async () => {
    const page = openPage();
    const href = "https://www.example.com/?fbclid=AbC";
    await page.fire(pageViewed({ href }), checkoutStarted(undefined, { href }), pageViewed({ href }));
    expect(page.browser.written).toHaveLength(2);
    expect(new Set((await page.hits()).map(({ fbp }) => fbp)).size).toBe(1);
    expect(new Set(page.beacons().map(({ fbp }) => fbp)).size).toBe(1);
  });

  it("are one identity for a page even where the browser keeps none", async () => {
    const page = openPage({
      api: ({ browser }) => ({
        browser: { ...browser, cookie: { get: async () => "", set: () => Promise.reject(new Error("blocked")) } },
      }),
      effects: {
        now: (() => {
          let at = NOW;
          return () => (at += 1);
        })(),
      },
    });
    await page.fire(pageViewed({ href: "https://www.example.com/?fbclid=AbC" }));
    await page.fire(pageViewed({ href: "https://www.example.com/?fbclid=AbC" }));
    const [first, second] = page.beacons();
    expect([second?.fbp, second?.fbc]).toEqual([first?.fbp, first?.fbc]);
    expect(first?.fbc).toMatch(/^fb\.1\.\d{13}\.AbC$/);
  });

  it("are neither sent nor made when they cannot be read: they may well be there", async () => {
    const page = openPage({
      api: ({ browser }) => ({
        browser: { ...browser, cookie: { ...browser.cookie, get: () => Promise.reject(new Error("no")) } },
      }),
    });
    await page.fire(pageViewed());
    expect(await identity(page)).toEqual({ fbp: null, fbc: null });
    expect(page.browser.written).toEqual([]);
  });

  it.each([
    "undefined",
    "fb.1.1.",
    "GA1.2.3",
  ])("are made anew where something else stands in their place: %s", async (rubbish) => {
    const browser = newBrowser();
    browser.cookies.set("_fbp", rubbish);
    const page = openPage({ browser });
    await page.fire(pageViewed());
    expect((await identity(page)).fbp).toBe(`fb.1.${NOW}.${Math.floor(0.001 * 2 ** 31)}`);
  });

  it("say Secure only where the page is", async () => {
    expect(await written("http://shop.localhost:3000", "http://shop.localhost:3000/")).toEqual([
      expect.not.stringContaining("Secure"),
    ]);
  });
});

describe("the click id", () => {
  const OLD = "fb.1.1700000000000.AbC";

  async function pageWith(stored: string, href: string) {
    const browser = newBrowser();
    browser.cookies.set("_fbp", "fb.1.1700000000000.42");
    browser.cookies.set("_fbc", stored);
    const page = openPage({ browser });
    await page.fire(pageViewed({ href }));
    return { ...(await identity(page)), written: browser.written.length };
  }

  it.each([OLD, `${OLD}.AQQCAQIB`, `${OLD}.Bg`])("keeps its time when the page names it again: %s", async (stored) => {
    expect(await pageWith(stored, "https://www.example.com/?fbclid=AbC")).toMatchObject({ fbc: stored, written: 0 });
  });

  it("stays when the page names none", async () => {
    expect(await pageWith(OLD, "https://www.example.com/")).toMatchObject({ fbc: OLD, written: 0 });
  });

  it.each(["abc", "AbC.d", "Other"])("gives way to another one, letter by letter: %s", async (fbclid) => {
    const fbc = `fb.1.${NOW}.${fbclid}`;
    expect(await pageWith(OLD, `https://www.example.com/?fbclid=${fbclid}`)).toMatchObject({ fbc, written: 1 });
  });

  it("is found although Shopify says that the address has no query", async () => {
    const event = pageViewed({ href: "https://www.example.com/?fbclid=AbC" });
    expect(event.context.document.location.search).toBe("");
    const page = openPage();
    await page.fire(event);
    expect((await identity(page)).fbc).toBe(`fb.1.${NOW}.AbC`);
  });
});

describe("the shop's own domain", () => {
  it.each([
    { storefront: "https://www.example.com", href: "https://www.example.com/a", index: 1, domain: "example.com" },
    { storefront: "https://www.example.com/", href: "https://example.com/a", index: 1, domain: "example.com" },
    { storefront: "https://example.com", href: "https://www.example.com/", index: 1, domain: "example.com" },
    { storefront: "https://example.com", href: "https://example.com/", index: 1, domain: "example.com" },
    { storefront: "https://www.example.com", href: "https://checkout.example.com/", index: 1, domain: "example.com" },
    { storefront: "https://shop.example.com", href: "https://shop.example.com/", index: 2, domain: "shop.example.com" },
    { storefront: "https://www.example.co.uk", href: "https://www.example.co.uk/", index: 2, domain: "example.co.uk" },
    { storefront: "https://WWW.Example.COM", href: "https://www.example.com/", index: 1, domain: "example.com" },
    {
      storefront: "https://müller.example",
      href: "https://xn--mller-kva.example/",
      index: 1,
      domain: "xn--mller-kva.example",
    },
    {
      storefront: "https://example-shop.myshopify.com",
      href: "https://example-shop.myshopify.com/",
      index: 2,
      domain: "example-shop.myshopify.com",
    },
    { storefront: null, href: "https://example-shop.myshopify.com/", index: 2, domain: "example-shop.myshopify.com" },
    {
      storefront: "no address",
      href: "https://example-shop.myshopify.com/",
      index: 2,
      domain: "example-shop.myshopify.com",
    },
    { storefront: "http://127.0.0.1:3001", href: "http://127.0.0.1:3001/cart", index: 3, domain: null },
    {
      storefront: "https://a.b.c.d.e.f.g.h.i.j.k.example",
      href: "https://a.b.c.d.e.f.g.h.i.j.k.example/",
      index: 9,
      domain: "a.b.c.d.e.f.g.h.i.j.k.example",
    },
  ])("of $storefront holds $href: index $index, domain $domain", async ({ storefront, href, index, domain }) => {
    const [cookie = ""] = await written(storefront, href);
    expect(cookie).toMatch(new RegExp(`^_fbp=fb\\.${index}\\.${NOW}\\.\\d+;`));
    expect(/domain=([^;]+)/.exec(cookie)?.[1] ?? null).toBe(domain);
  });

  it.each([
    { storefront: "https://www.example.com", href: "https://shop.app/checkout/1" },
    { storefront: "https://www.example.com", href: "https://checkout.shopify.com/1" },
    { storefront: "https://www.example.com", href: "https://example-shop.myshopify.com/checkouts/1" },
    { storefront: "https://www.example.com", href: "https://example.com.evil.example/" },
    { storefront: "https://www.example.com", href: "https://notexample.com/" },
    { storefront: "https://shop.example.com", href: "https://example.com/" },
    { storefront: "https://shop.example.com", href: "https://www.example.com/" },
    { storefront: "https://example-shop.myshopify.com", href: "https://other-shop.myshopify.com/" },
    { storefront: null, href: "https://www.example.com/" },
    { storefront: "https://www.com", href: "https://example.com/" },
    { storefront: "mailto:a@example.com", href: "https://example.com/" },
  ])("of $storefront does not hold $href", async ({ storefront, href }) => {
    const browser = newBrowser();
    browser.cookies.set("_fbp", "fb.1.1700000000000.42");
    browser.cookies.set("_fbc", "fb.1.1700000000000.AbC");
    const page = openPage({ browser, ...shopAt(storefront) });
    await page.fire(pageViewed({ href: `${href}?fbclid=AbC` }));
    expect(await page.hits()).toHaveLength(1);
    expect(await identity(page)).toEqual({ fbp: null, fbc: null });
    expect(browser.touched.filter((what) => what.startsWith("cookie"))).toEqual([]);
  });

  it.each([
    undefined,
    null,
    5,
    "",
    {},
    { storefrontUrl: {}, myshopifyDomain: [] },
  ])("is nowhere when the shop is %j", async (shop) => {
    const page = openPage({ data: { shop } });
    await page.fire(pageViewed());
    expect(page.browser.written).toEqual([]);
    expect(await page.hits()).toHaveLength(1);
  });
});

describe("without marketing consent", () => {
  it("no cookie is read or written, and nothing is stored", async () => {
    const page = openPage({ consent: { ...ALLOWED, marketingAllowed: false } });
    await page.fire(pageViewed(), checkoutStarted());
    expect(page.browser.touched).toEqual([]);
  });

  it("a cookie that was being read when it went is not written", async () => {
    const page: ReturnType<typeof openPage> = openPage({
      api: ({ browser }) => ({
        browser: {
          ...browser,
          cookie: {
            ...browser.cookie,
            get: async () => {
              page.consents(REFUSED);
              return "";
            },
          },
        },
      }),
    });
    await page.fire(checkoutStarted());
    expect(page.browser.written).toEqual([]);
    expect(page.browser.storage.size).toBe(0);
    expect(page.bodies().filter((body) => body.includes("fbp"))).toEqual([]);
    expect(await page.hits()).toEqual([]);
  });
});
