import type { Frame, FrameLocator, Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { webhookOrders } from "../demo/day";
import { announce } from "../demo/play";
import { DATASET } from "../demo/stage";
import { fits } from "./fits";
import { openPlay } from "./play";

const PATIENCE = { timeout: 20_000, interval: 100 };
const CODE = "TEST12345";

/** The entry of an event in the list. */
const entry = (app: FrameLocator, event: string) =>
  app.getByRole("list", { name: "Events" }).getByRole("listitem").filter({ hasText: event });

/** How often the page has asked what left. */
function looksOf(page: Page): () => number {
  let looks = 0;
  page.on("request", (request) => {
    if (new URL(request.url()).pathname === "/app/test-events/latest") looks += 1;
  });
  return () => looks;
}

async function frameOf(page: Page): Promise<Frame> {
  const frame = await (await page.waitForSelector("#app")).contentFrame();
  if (frame === null) throw new Error("there is no frame");
  return frame;
}

/** Somebody turns to another tab, or comes back: no browser without a window hides one by itself. */
async function show(frame: Frame, visibility: DocumentVisibilityState): Promise<void> {
  await frame.evaluate((state) => {
    Object.defineProperty(document, "visibilityState", { configurable: true, get: () => state });
    document.dispatchEvent(new Event("visibilitychange"));
  }, visibility);
}

describe("the page Test events, in Chromium", () => {
  it("takes a test code, sends a test event, and shows what leaves with Meta's answer as it leaves", async () => {
    const { stage, merchant, copies } = await openPlay({ holdSeconds: 0 });
    const { page, app, faults } = await merchant(375);
    const looks = looksOf(page);
    await page.goto(`${stage.shopify.adminUrl}/test-events`);
    await app.getByText("Nothing has left yet").waitFor();
    await app.getByText("No test code is set").waitFor();
    await fits(page, "test-events-nothing");

    await app.getByLabel("Test event code").fill("two words");
    await app.getByRole("button", { name: "Set", exact: true }).click();
    await app.getByText("must be one word, such as TEST12345").waitFor();
    await app.getByLabel("Test event code").fill(CODE);
    await app.getByRole("button", { name: "Set", exact: true }).click();
    await app.getByText(`Test code ${CODE} is on until`).waitFor();
    await app.getByText("Since the test code was set").waitFor();

    const documents = { loaded: 0 };
    (await frameOf(page)).page().on("framenavigated", () => {
      documents.loaded += 1;
    });
    await app.getByRole("button", { name: "Send a test event" }).click();
    await entry(app, "TandemTest").getByText("Meta received 1 event with this request.").waitFor({ timeout: 5_000 });
    const [sent] = copies("TandemTest");
    await entry(app, "TandemTest").getByText(`Event ID ${sent?.event_id}`).waitFor();
    await entry(app, "TandemTest").getByText("Match keys: external_id").waitFor();
    await entry(app, "TandemTest").getByText("a test event leaves from the server alone").waitFor();

    // Nobody touches the page: what leaves now comes by itself.
    const shopper = stage.shopper({ country: "US", consent: "given", blocked: false });
    await shopper.search("mug");
    await shopper.close();
    const search = entry(app, "Search");
    await search.getByText("Accepted by Meta").waitFor(PATIENCE);
    await search.getByText(/^Left the browser, .* Meta never confirms those\.$/).waitFor();
    await search.getByText(/^Match keys: .*client_user_agent/).waitFor();
    for (const scripted of webhookOrders(7_100_000_000_001, new Date().toISOString()).slice(0, 1)) {
      await announce(scripted, stage);
    }
    await entry(app, "Purchase").getByText("The pixel said nothing of one.").waitFor(PATIENCE);
    expect(documents.loaded).toBe(0);
    expect(looks()).toBeGreaterThan(2);
    await fits(page, "test-events");

    const before = looks();
    const frame = await frameOf(page);
    await show(frame, "hidden");
    await page.waitForTimeout(2_500);
    const hidden = looks();
    expect(hidden - before).toBeLessThanOrEqual(1);
    await page.waitForTimeout(5_000);
    expect(looks()).toBe(hidden);
    await show(frame, "visible");
    await expect.poll(looks, { timeout: 1_500, interval: 50 }).toBeGreaterThan(hidden);

    const statuses = await frame.evaluate(async () =>
      Promise.all(["", "?dataset=4711"].map(async (query) => (await fetch(`/app/test-events/latest${query}`)).status)),
    );
    expect(statuses).toEqual([200, 404]);

    await entry(app, "TandemTest").getByRole("link", { name: "TandemTest" }).click();
    await app.getByText("What was sent").waitFor();
    const left = looks();
    await page.waitForTimeout(4_000);
    expect(looks()).toBe(left);
    expect(faults).toEqual([]);
  }, 120_000);

  it("asks whether anybody is there after ten minutes without anything new, and goes on when told", async () => {
    const { stage, merchant } = await openPlay({ holdSeconds: 0 });
    const { page, app, faults } = await merchant();
    await page.clock.install();
    const looks = looksOf(page);
    await page.goto(`${stage.shopify.adminUrl}/test-events?dataset=${DATASET}`);
    await app.getByText("Nothing has left yet").waitFor();
    await expect.poll(looks, PATIENCE).toBeGreaterThan(0);
    await page.clock.fastForward(10 * 60_000);
    await app.getByText("Nothing new for ten minutes").waitFor();
    await fits(page, "test-events-resting");
    const rested = looks();
    await page.clock.fastForward(60_000);
    await page.waitForTimeout(3_000);
    expect(looks()).toBe(rested);
    await app.getByRole("button", { name: "Go on" }).click();
    await expect.poll(looks, PATIENCE).toBeGreaterThan(rested);
    expect(await app.getByText("Nothing new for ten minutes").count()).toBe(0);

    // Whoever presses a button is there.
    await page.clock.fastForward(10 * 60_000);
    await app.getByText("Nothing new for ten minutes").waitFor();
    await app.getByRole("button", { name: "Send a test event" }).click();
    await entry(app, "TandemTest").waitFor();
    await app.getByText("Nothing new for ten minutes").waitFor({ state: "hidden" });
    const woken = looks();
    await expect.poll(looks, PATIENCE).toBeGreaterThan(woken);
    expect(faults).toEqual([]);
  }, 90_000);
});
