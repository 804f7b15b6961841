import { describe, expect, it } from "vitest";
import { order } from "../fixtures/order";
import { startMeta } from "../simulators/meta/server";
import { startShopifyAuth } from "../simulators/shopify/auth";
import { mintSessionToken } from "../simulators/shopify/session-token";
import { openBrowser, PERSON } from "../support/chromium";
import { DATASET, SHOP } from "../support/pipeline";
import { API_KEY, API_SECRET, connectShop, freshHouse, postWebhook, startServer, until } from "./processes";
import { closing } from "./stand-ins";

const APP = { key: API_KEY, secret: API_SECRET };

describe("the overview, in Chromium", () => {
  it.each([375, 1280])("shows datasets and what became of the events at %i px, without a fault", async (width) => {
    const shopify = closing(await startShopifyAuth(APP));
    const meta = closing(await startMeta());
    const house = freshHouse({ SHOPIFY_STAND_IN: shopify.origin, META_GRAPH_URL: meta.origin });
    await connectShop(house);
    const server = await startServer(house, ["./test/simulators/shopify/preload.mjs"]);
    const at = new Date(Date.now() - 60_000).toISOString();
    expect(await postWebhook(server, "orders/create", order({ at }))).toBe(200);
    await until(() => meta.received.length === 1, "the order is at Meta");

    const browser = await openBrowser();
    const page = await browser.newPage({ userAgent: PERSON, viewport: { width, height: 800 } });
    const faults: string[] = [];
    page.on("pageerror", (error) => faults.push(error.message));
    // App Bridge lives at Shopify, which is not here; the page must stand without it.
    await page.route("https://cdn.shopify.com/**", (route) =>
      route.fulfill({ contentType: "text/javascript", body: "window.shopify = {}" }),
    );
    const query = new URLSearchParams({
      embedded: "1",
      shop: SHOP,
      host: Buffer.from("admin.shopify.com/store/example-shop").toString("base64url"),
      id_token: mintSessionToken(APP, SHOP),
    });
    await page.goto(`${server.origin}/app?${query}`, { waitUntil: "load" });

    await page.getByText(DATASET).waitFor();
    await page.getByText("accepted", { exact: true }).waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    expect(faults).toEqual([]);
    const folder = process.env.SCREENSHOTS;
    if (folder !== undefined) await page.screenshot({ path: `${folder}/overview-${width}.png`, fullPage: true });
  });
});
