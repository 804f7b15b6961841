import type { Browser, Frame, FrameLocator, Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import {
  API_KEY,
  API_SECRET,
  connectShop,
  freshHouse,
  type Server,
  startServer,
  until,
} from "../../../server/processes";
import { closing } from "../../../server/stand-ins";
import { openBrowser, PERSON } from "../../../support/chromium";
import { SHOP } from "../../../support/pipeline";
import { type ShopifyStandIn, startShopify } from "../server";
import { mintSessionToken } from "../session-token";
import { hostOf } from "./addresses";

const APP = { key: API_KEY, secret: API_SECRET };

/** The production build behind the stand-in. */
async function stage(): Promise<ShopifyStandIn> {
  let server: Server | undefined;
  const shopify = closing(await startShopify({ app: () => server?.origin ?? "", shop: SHOP, ...APP }));
  const house = freshHouse({
    SHOPIFY_APP_URL: shopify.origin,
    SHOPIFY_STAND_IN: shopify.origin,
    TRUSTED_PROXIES: "1",
  });
  await connectShop(house);
  server = await startServer(house, ["./test/simulators/shopify/preload.mjs"]);
  return shopify;
}

async function openPage(browser: Browser, width = 1280): Promise<{ page: Page; faults: string[] }> {
  const page = await browser.newPage({ userAgent: PERSON, viewport: { width, height: 800 } });
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(error.message));
  return { page, faults };
}

async function appFrame(page: Page): Promise<Frame> {
  const frame = await (await page.waitForSelector("#app")).contentFrame();
  if (frame === null) throw new Error("there is no frame");
  return frame;
}

const overviewIn = (view: Page | FrameLocator) => view.getByRole("heading", { name: "Overview", level: 1 });

describe("the app in the stand-in's admin, in Chromium", () => {
  it.each([375, 1280])("opens the unchanged app's overview at %i px, without a fault", async (width) => {
    const shopify = await stage();
    const { page, faults } = await openPage(await openBrowser(), width);
    await page.goto(`${shopify.origin}/admin`);
    await overviewIn(page.frameLocator("#app")).waitFor();
    await page.waitForURL(shopify.adminUrl);
    const app = await appFrame(page);
    for (const view of [page, app]) {
      expect(await view.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    }
    // React found what it expected: it has not drawn the document anew, with Shopify's own address in it.
    await app.waitForFunction(() => Object.keys(document).some((key) => key.startsWith("__reactContainer")));
    const tags = await app.locator("script[data-api-key]").evaluateAll((all) => all.map((tag) => tag.outerHTML));
    expect(tags).toEqual([`<script src="/stand-in/app-bridge.js" data-api-key="${API_KEY}"></script>`]);
    expect(faults).toEqual([]);
    const folder = process.env.SCREENSHOTS;
    if (folder !== undefined) await page.screenshot({ path: `${folder}/admin-${width}.png` });
  });

  it("comes back from the bounce page with a new token when the one in the address is over", async () => {
    const shopify = await stage();
    const { page, faults } = await openPage(await openBrowser());
    const query = new URLSearchParams({
      embedded: "1",
      shop: SHOP,
      host: hostOf(SHOP),
      id_token: mintSessionToken(APP, SHOP, { ttl: -60 }),
    });
    const paths: string[] = [];
    page.on("framenavigated", (frame) => paths.push(new URL(frame.url()).pathname));
    await page.goto(`${shopify.origin}/app?${query}`);
    await overviewIn(page).waitFor();
    // The app writes its own address anew when it comes to life.
    expect([...new Set(paths)]).toEqual(["/auth/session-token", "/app"]);
    expect(faults).toEqual([]);
  });

  it("brings whoever opens the app outside the admin into it", async () => {
    const shopify = await stage();
    const { page } = await openPage(await openBrowser());
    const query = new URLSearchParams({ shop: SHOP, host: hostOf(SHOP) });
    await page.goto(`${shopify.origin}/?${query}`);
    await page.waitForURL(shopify.adminUrl);
    await overviewIn(page.frameLocator("#app")).waitFor();
  });

  it("shows the app's navigation as its own: a click turns the page in the frame, a reload stays there", async () => {
    const shopify = await stage();
    const { page, faults } = await openPage(await openBrowser());
    await page.goto(shopify.adminUrl);
    await page.getByRole("navigation").getByRole("link", { name: "Settings" }).click();
    const heading = page.frameLocator("#app").getByRole("heading", { name: "Settings", level: 1 });
    await heading.waitFor();
    await page.waitForURL(`${shopify.adminUrl}/settings`);
    await page.reload();
    await heading.waitFor();
    expect(faults).toEqual([]);
  });

  it("keeps the web pixel that the app has asked for", async () => {
    const shopify = await stage();
    const { page } = await openPage(await openBrowser());
    await page.goto(shopify.adminUrl);
    await overviewIn(page.frameLocator("#app")).waitFor();
    const pixel = await until(() => shopify.pixel() ?? undefined, "the app has made its pixel");
    expect(pixel.settings.collectUrl).toBe(`${shopify.origin}/collect`);
  });

  it("leaves the frame through the library's exit page", async () => {
    const shopify = await stage();
    const { page } = await openPage(await openBrowser());
    await page.goto(shopify.adminUrl);
    await overviewIn(page.frameLocator("#app")).waitFor();
    const exitIframe = `https://admin.shopify.com/store/${SHOP.split(".")[0]}/settings/customer_events`;
    const query = new URLSearchParams({ shop: SHOP, host: hostOf(SHOP), exitIframe });
    await (await appFrame(page)).evaluate((address) => location.assign(address), `/auth/exit-iframe?${query}`);
    await page.waitForURL(`${shopify.origin}/admin/settings/customer_events`);
  });
});
