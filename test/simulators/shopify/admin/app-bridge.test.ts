import { createServer } from "node:http";
import type { Frame, FrameLocator, Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { closing } from "../../../server/stand-ins";
import { openBrowser } from "../../../support/chromium";
import { listen, shut } from "../http";
import { type ShopifyStandIn, startShopify } from "../server";
import { openSessionToken } from "../session-token";

const SHOP = "a-shop.myshopify.com";
const APP = { key: "the-key", secret: "the-secret" };

/** A small app in plain HTML, with a router that hears what Remix's hears. */
const DOCUMENT = `<!doctype html><title>Small app</title>
<script src="https://cdn.shopify.com/shopifycloud/app-bridge.js" data-api-key="${APP.key}"></script>
<ui-nav-menu><a href="/app" rel="home">Home</a><a href="/app/events">Events</a><a href="/app/settings">Settings</a></ui-nav-menu>
<h1></h1><output></output>
<ui-save-bar id="bar" discardConfirmation><button variant="primary" id="save"></button><button id="discard"></button></ui-save-bar>
<ui-modal id="modal"><p>A word in a modal</p></ui-modal>
<a href="https://admin.shopify.com/store/a-shop/settings/customer_events" target="_top">Customer events</a>
<script>
  const heard = [];
  const say = (word) => { heard.push(word); document.querySelector("output").textContent = heard.join(" "); };
  const draw = () => { document.querySelector("h1").textContent = location.pathname; };
  addEventListener("shopify:navigate", (event) => { history.pushState(null, "", event.target.getAttribute("href")); draw(); });
  addEventListener("popstate", draw);
  for (const id of ["save", "discard"]) document.getElementById(id).onclick = () => say(id);
  for (const name of ["show", "hide"]) document.getElementById("bar").addEventListener(name, () => say(name));
  draw();
</script>`;

interface Stage {
  shopify: ShopifyStandIn;
  page: Page;
  app: FrameLocator;
  /** The app's page: what runs in it sees the global `shopify`, in the types of the real one. */
  frame: Frame;
  /** What /data was asked with: Authorization headers. */
  asked: string[];
}

async function stage(path = "", width = 1280): Promise<Stage> {
  const asked: string[] = [];
  const server = createServer(({ url, headers }, response) => {
    if (url !== "/data") return response.writeHead(200, { "content-type": "text/html" }).end(DOCUMENT);
    asked.push(headers.authorization ?? "");
    const refuse = asked.length === 1;
    response.writeHead(refuse ? 401 : 200, refuse ? { "x-shopify-retry-invalid-session-request": "1" } : {}).end("{}");
  });
  const origin = await listen(server, 0);
  closing({ close: () => shut(server) });
  const shopify = closing(await startShopify({ app: origin, shop: SHOP, ...APP }));
  const page = await (await openBrowser()).newPage({ viewport: { width, height: 800 } });
  await page.goto(`${shopify.adminUrl}${path}`);
  const app = page.frameLocator("#app");
  await app.getByRole("heading").waitFor();
  const frame = page.frame({ name: "app-iframe" });
  if (frame === null) throw new Error("there is no frame");
  return { shopify, page, app, frame, asked };
}

describe("App Bridge's stand-in, in Chromium", () => {
  it("tells the app where it is, and hands it session tokens that are good", async () => {
    const at = await stage();
    expect(await at.frame.evaluate(() => ({ ...shopify.config, ...shopify.environment }))).toMatchObject({
      apiKey: APP.key,
      shop: SHOP,
      host: btoa("admin.shopify.com/store/a-shop"),
      embedded: true,
    });
    const token = await at.frame.evaluate(() => shopify.idToken());
    expect(openSessionToken(APP, token)?.dest).toBe(`https://${SHOP}`);
  });

  it("gives requests to the app a token, and a new one when the app asks for it", async () => {
    const at = await stage();
    expect(await at.frame.evaluate(() => fetch("/data").then(({ status }) => status))).toBe(200);
    const tokens = at.asked.map((header) => header.replace("Bearer ", ""));
    expect(tokens.map((token) => openSessionToken(APP, token)?.aud)).toEqual([APP.key, APP.key]);
    expect(new Set(tokens).size).toBe(2);
  });

  it("opens deep links, and the admin's address follows the app", async () => {
    const { page, app, shopify } = await stage("/settings?tab=two");
    expect(await app.getByRole("heading").textContent()).toBe("/app/settings");
    const menu = page.getByRole("navigation");
    await menu.getByRole("link", { name: "Events" }).click();
    await app.getByRole("heading", { name: "/app/events" }).waitFor();
    await page.waitForURL(`${shopify.adminUrl}/events`);
    expect(await menu.locator("[aria-current]").allTextContents()).toEqual(["Events"]);
    // The entry with rel="home" is the app's own.
    expect(await menu.locator("#links a").allTextContents()).toEqual(["Tandem", "Events", "Settings"]);
    await page.goBack();
    await app.getByRole("heading", { name: "/app/settings" }).waitFor();
    await page.waitForURL(`${shopify.adminUrl}/settings?tab=two`);
    await menu.getByRole("link", { name: "Tandem" }).click();
    await app.getByRole("heading", { name: "/app", exact: true }).waitFor();
  });

  it("hides the navigation behind a button where there is no room", async () => {
    const { page, app } = await stage("", 375);
    const link = page.getByRole("link", { name: "Settings" });
    expect(await link.isVisible()).toBe(false);
    await page.getByRole("button", { name: "Menu" }).click();
    await link.waitFor();
    const folder = process.env.SCREENSHOTS;
    await page.waitForTimeout(250);
    if (folder !== undefined) await page.screenshot({ path: `${folder}/menu-375.png` });
    await link.click();
    await app.getByRole("heading", { name: "/app/settings" }).waitFor();
    await link.waitFor({ state: "hidden" });
  });

  it.each([375, 1280])("shows the save bar at %i px; its buttons do what the app says", async (width) => {
    const at = await stage("", width);
    const save = at.app.getByRole("button", { name: "Save" });
    expect(await save.isVisible()).toBe(false);
    await at.frame.evaluate(() => shopify.saveBar.show("bar"));
    const folder = process.env.SCREENSHOTS;
    if (folder !== undefined) await at.page.screenshot({ path: `${folder}/save-bar-${width}.png` });
    await save.click();
    await at.app.getByRole("button", { name: "Discard" }).click();
    await at.app.getByRole("button", { name: "Continue editing" }).click();
    await at.app.getByRole("button", { name: "Discard" }).click();
    await at.app.getByRole("button", { name: "Discard changes" }).click();
    // The question is answered first, and only then the app's button clicked.
    await expect.poll(() => at.app.locator("output").textContent()).toBe("show save discard");
    await at.frame.evaluate(() => shopify.saveBar.hide("bar"));
    await save.waitFor({ state: "hidden" });
    expect(await at.app.locator("output").textContent()).toBe("show save discard hide");
  });

  it("asks before a page with unsaved changes is left", async () => {
    const at = await stage();
    await at.frame.evaluate(() => shopify.saveBar.show("bar"));
    const events = at.page.getByRole("link", { name: "Events" });
    await events.click();
    await at.app.getByRole("button", { name: "Stay" }).click();
    expect(await at.app.getByRole("heading").first().textContent()).toBe("/app");
    await events.click();
    await at.app.getByRole("button", { name: "Leave page" }).click();
    await at.app.getByRole("heading", { name: "/app/events" }).waitFor();
    expect(await at.app.getByRole("button", { name: "Save" }).isVisible()).toBe(false);
  });

  it("shows toasts, with an action and an end", async () => {
    const at = await stage();
    await at.frame.evaluate(() => {
      shopify.toast.show("Saved", { duration: 60_000 });
      shopify.toast.show("Not sent", {
        isError: true,
        duration: 60_000,
        action: "Again",
        onAction: () => shopify.toast.show("Sent"),
      });
    });
    await at.page.getByRole("status").filter({ hasText: "Saved" }).waitFor();
    const folder = process.env.SCREENSHOTS;
    await at.page.waitForTimeout(250);
    if (folder !== undefined) await at.page.screenshot({ path: `${folder}/toasts.png` });
    await at.page.getByRole("button", { name: "Again" }).click();
    await at.page.getByRole("status").filter({ hasText: /^Sent/ }).waitFor();
    await at.page.getByRole("status").filter({ hasText: "Saved" }).getByRole("button", { name: "Dismiss" }).click();
    expect(await at.page.getByRole("status").allTextContents()).toEqual(["Sent"]);
  });

  it("shows a modal, and that something loads", async () => {
    const at = await stage();
    const word = at.app.getByText("A word in a modal");
    expect(await word.isVisible()).toBe(false);
    await at.frame.evaluate(() => shopify.modal.show("modal"));
    await word.waitFor();
    await at.frame.evaluate(() => shopify.loading(true));
    await at.page.locator("#loading").waitFor();
  });

  it("keeps links to Shopify's admin on this machine", async () => {
    const { page, app, shopify } = await stage();
    await app.getByRole("link", { name: "Customer events" }).click();
    await page.waitForURL(`${shopify.origin}/admin/settings/customer_events`);
    await page.getByRole("heading", { name: "Settings › Customer events" }).waitFor();
    const folder = process.env.SCREENSHOTS;
    if (folder !== undefined) await page.screenshot({ path: `${folder}/elsewhere.png` });
  });
});
