import type { BrowserContext, Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { cartSignals, type NoteAttributes } from "~/sources/cart-signals";
import { type Serving, serve } from "../simulators/shopify/storefront/support/serve";
import { openBrowser, PERSON } from "../support/chromium";
import { enterCheckout, pay, putInCart } from "./storefront";

const FBP = "fb.1.1795000000000.1098115397";
/** Every kind of byte that a browser and a cart might be tempted to change. */
const FBC = "fb.1.1795000000000.IwAR_%2B%25-x~!+'()*[]{}|^`:@$&=/?aem_Z";
const CLIENT = "2fb1d6a0-1C2D-4e3f-8a9b-0c1d2e3f4a5b";
const REFUSAL = { analytics: false, marketing: false, preferences: false, saleOfData: false };

interface Visit {
  page: Page;
  context: BrowserContext;
  faults: string[];
  /** Bodies posted to the cart. */
  writes: string[];
}

/** Somebody whose browser lets no pixel in, neither Shopify's sandbox nor what would run in it. */
async function withBlocker({ origin }: Serving, cookies: Record<string, string> = {}): Promise<Visit> {
  const context = await (await openBrowser()).newContext({ userAgent: PERSON });
  await context.route(/\/storefront-assets\/pixel(-host)?\.js$/, (route) => route.abort("blockedbyclient"));
  await context.addCookies(Object.entries(cookies).map(([name, value]) => ({ name, value, url: origin })));
  const page = await context.newPage();
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(error.message));
  const writes: string[] = [];
  page.on("request", (request) => {
    if (new URL(request.url()).pathname === "/cart/update.js") writes.push(request.postData() ?? "");
  });
  return { page, context, faults, writes };
}

/** What the webhooks of checkouts and orders carried, oldest first. */
function carried({ webhooks }: Serving, topics: RegExp): NoteAttributes[] {
  const of = webhooks.filter(({ topic }) => topics.test(topic));
  return of.map(({ body }) => (body as { note_attributes: NoteAttributes }).note_attributes);
}

const cartIsWritten = (page: Page) => page.waitForResponse((response) => response.url().endsWith("/cart/update.js"));

describe("the app embed, in Chromium, where the pixel is blocked", () => {
  it("lets ids and consent travel with checkout and order, byte for byte, and writes them once", async () => {
    const serving = await serve({ cartSignals: true });
    const { page, faults, writes } = await withBlocker(serving, { _fbp: FBP, _fbc: FBC, _shopify_y: CLIENT });
    const written = cartIsWritten(page);
    await page.goto(serving.origin);
    await written;
    await putInCart(page, serving.origin);
    await enterCheckout(page, serving.origin);
    await pay(page);

    const orders = carried(serving, /^orders\//);
    expect(orders).toHaveLength(2);
    for (const attributes of [...orders, ...carried(serving, /^checkouts\//)]) {
      expect(new Map(attributes?.map((attribute) => [attribute?.name, attribute?.value]))).toEqual(
        new Map(Object.entries({ _fbp: FBP, _fbc: FBC, _tandem_client: CLIENT, _tandem_consent: "1111" })),
      );
      const consent = { analytics: true, marketing: true, preferences: true, saleOfData: true };
      expect(cartSignals(attributes)).toEqual({ fbp: FBP, fbc: FBC, clientId: CLIENT, consent });
    }
    expect(writes).toHaveLength(1);
    expect(serving.collected).toEqual([]);
    expect(faults).toEqual([]);
  }, 60_000);

  it("keeps the click of the landing page, where no cookie of it could be made", async () => {
    const serving = await serve({ cartSignals: true });
    const { page, context, writes } = await withBlocker(serving);
    const written = cartIsWritten(page);
    await page.goto(`${serving.origin}/?utm_source=fb&fbclid=IwAR_e2e-Click.1`);
    await written;
    await putInCart(page, serving.origin);
    await enterCheckout(page, serving.origin);
    await pay(page);
    const [order] = carried(serving, /^orders\//);
    expect(cartSignals(order)).toMatchObject({
      fbp: null,
      fbc: expect.stringMatching(/^fb\.1\.\d{13}\.IwAR_e2e-Click\.1$/),
      clientId: expect.stringMatching(/^[\w-]{36}$/),
    });
    expect(writes).toHaveLength(1);
    // Cookies are the pixel's business.
    expect((await context.cookies()).filter(({ name }) => name.startsWith("_fb"))).toEqual([]);

    // The order took the cart with it: the next one is written anew.
    const again = cartIsWritten(page);
    await page.goto(serving.origin);
    await again;
    expect(writes[1]).toBe(writes[0]);
  }, 60_000);

  it("tells of a refusal, and of nothing beside it; before that, of nothing at all", async () => {
    const serving = await serve({ cartSignals: true });
    const cookies = { localization: "DE", _fbp: FBP, _fbc: FBC, _shopify_y: CLIENT };
    const { page, faults, writes } = await withBlocker(serving, cookies);
    await page.goto(serving.origin);
    await page.getByRole("heading", { name: "A word about cookies" }).waitFor();
    await putInCart(page, serving.origin);
    expect(writes).toEqual([]);
    const accepted = cartIsWritten(page);
    await page.getByRole("button", { name: "Accept" }).click();
    await accepted;
    expect(JSON.parse(writes[0] ?? "")).toMatchObject({ attributes: { _fbp: FBP, _tandem_consent: "1111" } });
    await page.getByRole("button", { name: "Cookie preferences" }).click();
    const withdrawn = cartIsWritten(page);
    await page.getByRole("button", { name: "Decline" }).click();
    await withdrawn;
    await enterCheckout(page, serving.origin);
    await pay(page);
    const noted = carried(serving, /^(orders|checkouts)\//);
    expect(noted.length).toBeGreaterThan(2);
    for (const attributes of noted) {
      expect(attributes).toEqual([{ name: "_tandem_consent", value: "0000" }]);
      expect(cartSignals(attributes)).toEqual({ fbp: null, fbc: null, clientId: null, consent: REFUSAL });
    }
    expect(writes).toHaveLength(2);
    expect(faults).toEqual([]);
  }, 60_000);

  it("is not on any page until the merchant switches it on, and never in the checkout", async () => {
    const embed = 'script[src$="/cart-signals.js"]';
    const off = await serve();
    const without = await withBlocker(off, { _fbp: FBP });
    await putInCart(without.page, off.origin);
    expect([await without.page.locator(embed).count(), without.writes]).toEqual([0, []]);

    const on = await serve({ cartSignals: true });
    const { page } = await withBlocker(on);
    await putInCart(page, on.origin);
    expect(await page.locator(embed).count()).toBe(1);
    await enterCheckout(page, on.origin);
    expect(await page.locator(embed).count()).toBe(0);
  }, 60_000);
});
