import { readFileSync } from "node:fs";
import type { Frame, Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { shopperOrders, webhookOrders } from "../demo/day";
import { announce, shop } from "../demo/play";
import { openPlay, picture } from "./play";

const AXE = readFileSync("node_modules/axe-core/axe.min.js", "utf8");
const PATIENCE = { timeout: 20_000, interval: 100 };

/** Every page of the admin, with something that stands on it once it is there. */
const PAGES = [
  { name: "overview", path: "", shows: "5 of 5 done" },
  { name: "events", path: "/events", shows: "Which events leave, and from where." },
  { name: "deliveries", path: "/deliveries", shows: "Every event, one line per dataset" },
  { name: "settings", path: "/settings", shows: "Send a test event" },
] as const;

async function appFrame(page: Page): Promise<Frame> {
  const frame = await (await page.waitForSelector("#app")).contentFrame();
  if (frame === null) throw new Error("there is no frame");
  return frame;
}

/** What a screen reader's user, or one without a mouse, would trip over: https://github.com/dequelabs/axe-core */
async function obstacles(frame: Frame): Promise<string[]> {
  await frame.evaluate(AXE);
  return frame.evaluate(async () => {
    const { axe } = window as unknown as {
      axe: { run: (o: object) => Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }> };
    };
    const { violations } = await axe.run({ runOnly: ["wcag2a", "wcag2aa"] });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
  });
}

const overflow = (view: Page | Frame) =>
  view.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

describe("the admin's pages, in Chromium", () => {
  it.each([375, 1280])("fit, read aloud and work by keyboard at %i px", async (width) => {
    const { stage, merchant, window, copies } = await openPlay({ holdSeconds: 1 });
    for (const scripted of shopperOrders().slice(0, 3)) await shop(scripted, stage);
    for (const scripted of webhookOrders(7_100_000_000_001, new Date().toISOString()).slice(0, 8)) {
      await announce(scripted, stage);
    }
    await expect.poll(() => copies("Purchase").length, PATIENCE).toBeGreaterThanOrEqual(6);
    const { page, app, faults } = await merchant(width);
    for (const { name, path, shows } of PAGES) {
      await page.goto(stage.shopify.adminUrl + path);
      await app.getByText(shows).first().waitFor();
      const frame = await appFrame(page);
      expect([name, await overflow(page), await overflow(frame)]).toEqual([name, 0, 0]);
      expect([name, ...(await obstacles(frame))]).toEqual([name]);
      await picture(page, `${name}-${width}`);
    }
    await page.goto(`${stage.shopify.adminUrl}/deliveries?event=Purchase`);
    await app.getByRole("link", { name: "Purchase" }).first().click();
    await app.getByText("What was sent").waitFor();
    const frame = await appFrame(page);
    expect(["delivery", await overflow(page), await overflow(frame)]).toEqual(["delivery", 0, 0]);
    expect(["delivery", ...(await obstacles(frame))]).toEqual(["delivery"]);
    await picture(page, `delivery-${width}`);

    // A leg is switched and saved without a mouse.
    await page.goto(`${stage.shopify.adminUrl}/events`);
    const search = app.getByRole("group", { name: /^Search/ }).getByLabel("Server leg");
    await search.focus();
    await page.keyboard.press("Space");
    await app.getByRole("button", { name: "Save" }).focus();
    await page.keyboard.press("Enter");
    await app.getByRole("button", { name: "Save" }).waitFor({ state: "hidden" });
    const before = copies("Search").length;
    const shopper = stage.shopper({ country: "US", consent: "given", blocked: false });
    await shopper.search("mug");
    await shopper.close();
    const skipped = () => stage.db.event.findFirst({ where: { name: "Search", outcome: "skipped" } });
    await expect.poll(async () => (await skipped())?.reason, PATIENCE).toBe("event_off");
    expect(
      copies("Search")
        .slice(before)
        .map(({ leg }) => leg),
    ).toEqual(["browser"]);
    expect(faults).toEqual([]);

    const visitor = await window(width);
    await visitor.page.goto(`${stage.shopify.origin}/products/tidewater-mug`);
    await picture(visitor.page, `storefront-${width}`);
    await visitor.page.goto(stage.meta.origin);
    await visitor.page.getByText("Purchase").first().waitFor();
    await picture(visitor.page, `meta-${width}`);
    expect(visitor.faults).toEqual([]);
  }, 90_000);

  it("say what is missing before anything is connected, and that a delivery is not there", async () => {
    const { stage, merchant } = await openPlay();
    const { page, app, faults } = await merchant();
    await app.getByText("1 of 5 done").waitFor();
    await app.getByText("Nothing has happened yet today").waitFor();
    await page.goto(`${stage.shopify.adminUrl}/deliveries`);
    await app.getByText("No event has arrived yet").waitFor();
    await page.goto(`${stage.shopify.adminUrl}/deliveries/4711`);
    await app.getByText("There is no such delivery.").waitFor();
    await page.goto(`${stage.shopify.adminUrl}/settings`);
    await app.getByLabel("Dataset ID").fill("not a number");
    await app.getByRole("button", { name: "Connect", exact: true }).click();
    await app.getByText("must be the dataset's number (digits) from Events Manager").waitFor();
    await app.getByText("must be given: Events Manager makes it").waitFor();
    expect(faults).toEqual([]);
  }, 60_000);

  it("say that Shopify did not take the pixel's settings, and try again when asked", async () => {
    const { stage, merchant } = await openPlay({ holdSeconds: 1 });
    const { page, app, faults } = await merchant();
    await page.goto(`${stage.shopify.adminUrl}/events`);
    const leg = app.getByRole("group", { name: /^Page view/ }).getByLabel("Browser leg");
    await leg.uncheck();
    stage.shopify.graphqlWeather.fail(6, "status 500");
    await app.getByRole("button", { name: "Save" }).click();
    await app.getByText("The pixel is not up to date").waitFor();
    expect(stage.shopify.pixel()?.settings.browserLeg).toContain('"PageView":true');
    stage.shopify.graphqlWeather.fail(0, "status 500");
    await expect
      .poll(async () => {
        await app
          .getByRole("button", { name: "Try again now" })
          .click({ timeout: 1_000 })
          .catch(() => undefined);
        return stage.shopify.pixel()?.settings.browserLeg;
      }, PATIENCE)
      .toContain('"PageView":false');
    await app.getByText(/Pixel updated at/).waitFor();
    expect(faults).toEqual([]);
  }, 60_000);
});
