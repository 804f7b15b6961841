import type { FrameLocator } from "playwright-core";
import { describe, expect, it } from "vitest";
import { shopperOrders, webhookOrders } from "../demo/day";
import { announce, shop } from "../demo/play";
import { DATASET } from "../demo/stage";
import { fits } from "./fits";
import { openPlay, picture } from "./play";

const PATIENCE = { timeout: 20_000, interval: 100 };

/** Every page of the admin, with something that stands on it once it is there. */
const PAGES = [
  { name: "overview", path: "", shows: "5 of 5 done" },
  { name: "events", path: "/events", shows: "Which events leave, and from where." },
  { name: "deliveries", path: "/deliveries", shows: "Every event, one line per dataset" },
  { name: "test-events", path: "/test-events", shows: "What Tandem saw leave" },
  { name: "replay", path: "/replay", shows: "Nothing was refused or given up" },
  { name: "alerts", path: "/alerts", shows: "Nothing is the matter." },
  { name: "parity", path: "/parity", shows: "Orders whose copies differ" },
  { name: "health", path: "/health", shows: "Looked at" },
  { name: "settings", path: "/settings", shows: "Send a test event" },
] as const;

/** Polaris draws its own radio button over the real one: people click the words. */
async function choose(app: FrameLocator, label: string): Promise<void> {
  await app.getByText(label, { exact: true }).click();
}

interface Previewed {
  event_name: string;
  event_id: string;
  action_source: string;
  user_data: Record<string, unknown>;
  custom_data?: { value?: number };
}

/** The event that the preview shows; null: none. */
async function previewed(app: FrameLocator): Promise<Previewed | null> {
  const shown = app.getByRole("region", { name: "The event as it would be sent" });
  return (await shown.count()) === 0 ? null : JSON.parse(await shown.first().innerText());
}

describe("the admin's pages, in Chromium", () => {
  it("fit, read aloud and work by keyboard, on a phone and at a desk", async () => {
    const { stage, merchant, window, copies } = await openPlay({ holdSeconds: 1 });
    for (const scripted of shopperOrders().slice(0, 3)) await shop(scripted, stage);
    for (const scripted of webhookOrders(7_100_000_000_001, new Date().toISOString()).slice(0, 8)) {
      await announce(scripted, stage);
    }
    await expect.poll(() => copies("Purchase").length, PATIENCE).toBeGreaterThanOrEqual(6);
    const { page, app, faults } = await merchant(375);
    for (const { name, path, shows } of PAGES) {
      await page.goto(stage.shopify.adminUrl + path);
      await app.getByText(shows).first().waitFor();
      await fits(page, name);
    }
    await page.goto(`${stage.shopify.adminUrl}/deliveries?event=Purchase`);
    await app.getByRole("link", { name: "Purchase" }).first().click();
    await app.getByText("What was sent").waitFor();
    await fits(page, "delivery");

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

    const visitor = await window(1280);
    await visitor.page.goto(`${stage.shopify.origin}/products/tidewater-mug`);
    await picture(visitor.page, "storefront-1280");
    await visitor.page.goto(stage.meta.origin);
    await visitor.page.getByText("Purchase").first().waitFor();
    await picture(visitor.page, "meta-1280");
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
    expect(stage.shopify.pixel()?.settings.datasets).toContain("PageView");
    stage.shopify.graphqlWeather.fail(0, "status 500");
    await expect
      .poll(async () => {
        await app
          .getByRole("button", { name: "Try again now" })
          .click({ timeout: 1_000 })
          .catch(() => undefined);
        return stage.shopify.pixel()?.settings.datasets;
      }, PATIENCE)
      .not.toContain("PageView");
    await app.getByText(/Pixel updated at/).waitFor();
    expect(faults).toEqual([]);
  }, 60_000);

  it("say what a dataset is sent, and show it of the last order before it is saved", async () => {
    const { stage, merchant, copies } = await openPlay({ holdSeconds: 0 });
    const { page, app, faults } = await merchant(375);
    const address = `${stage.shopify.adminUrl}/datasets/${DATASET}`;
    await page.goto(address);
    await app.getByText("No order has arrived yet, so this one is made up.").waitFor();
    for (const scripted of webhookOrders(7_100_000_000_001, new Date().toISOString()).slice(0, 1)) {
      await announce(scripted, stage);
    }
    await expect.poll(() => copies("Purchase").length, PATIENCE).toBe(1);
    await page.goto(`${stage.shopify.adminUrl}/settings`);
    await app.getByRole("link", { name: "What is sent" }).click();
    await app.getByText("Your last order would send this").waitFor();
    const shown = () => previewed(app);
    const [purchase] = copies("Purchase");
    await expect.poll(shown, PATIENCE).toMatchObject({ event_id: purchase?.event_id });
    const before = await shown();
    await fits(page, "dataset");

    await choose(app, "Without shipping and tax");
    await expect.poll(async () => (await shown())?.custom_data?.value, PATIENCE).not.toBe(before?.custom_data?.value);
    await choose(app, "When the order is paid");
    await app.getByText("The browser leg of Purchase is off for this dataset").waitFor();
    const hosts = app.getByLabel("Only these hosts");
    const countries = app.getByLabel("Only these countries");
    await hosts.fill("https://shop.example.com");
    await countries.fill("us, DEU");
    await app.getByText(/There is no preview until the form is right/).waitFor();
    await app.getByRole("button", { name: "Save" }).click();
    await app.getByText("Nothing was saved: please look at the fields that are marked.").waitFor();
    await app
      .getByText('"https://shop.example.com" must be a host such as shop.example.com, without https://', {
        exact: true,
      })
      .waitFor();
    await app.getByText('"DEU" must be a two-letter country code such as DE', { exact: true }).waitFor();
    expect([await hosts.inputValue(), await countries.inputValue()]).toEqual(["https://shop.example.com", "us, DEU"]);
    await fits(page, "dataset-faults");

    await hosts.fill("Shop.example.com");
    await countries.fill("us, de\nGB");
    await app.getByRole("button", { name: "Save" }).click();
    await app.getByRole("button", { name: "Save" }).waitFor({ state: "hidden" });
    await page.goto(address);
    await app.getByText("Your last order would send this").waitFor();
    expect(await app.getByLabel("Only these hosts").inputValue()).toBe("shop.example.com");
    expect(await app.getByLabel("Only these countries").inputValue()).toBe("US\nDE\nGB");
    expect(await app.getByLabel("Without shipping and tax").isChecked()).toBe(true);
    await app.getByLabel("Only these countries").fill("NZ");
    await app.getByText("The dataset's filter lets only other pages or countries through.").waitFor();

    await page.goto(`${stage.shopify.adminUrl}/events`);
    await app
      .getByText(/Purchases count when they are paid, and a browser is not there to see that/)
      .first()
      .waitFor();
    const browserLeg = app.getByRole("group", { name: /^Purchase/ }).getByLabel("Browser leg");
    expect([await browserLeg.isDisabled(), await browserLeg.isChecked()]).toEqual([true, false]);
    await fits(page, "events-at-payment");
    await page.goto(`${stage.shopify.adminUrl}/datasets/4711`);
    await app.getByText("This dataset is not connected.").waitFor();
    expect(faults).toEqual([]);
  }, 90_000);

  it("give each of several datasets switches of its own", async () => {
    const { stage, merchant } = await openPlay({ holdSeconds: 0 });
    const { page, app, faults } = await merchant(375);
    await page.goto(`${stage.shopify.adminUrl}/settings`);
    await app.getByLabel("Dataset ID").fill("4711");
    await app.getByLabel("Access token", { exact: true }).fill("EAAsecond");
    await app.getByRole("button", { name: "Connect", exact: true }).click();
    await app.getByText("Dataset 4711 is connected.").waitFor();
    await page.goto(`${stage.shopify.adminUrl}/datasets/4711`);
    await app.getByText("This dataset has switches of its own").click();
    const purchase = app.getByRole("group", { name: /^Purchase/ });
    await purchase.getByLabel("Server leg").uncheck();
    await app.getByText("The server leg of this event is switched off.").waitFor();
    await app.getByRole("button", { name: "Save" }).click();
    await app.getByRole("button", { name: "Save" }).waitFor({ state: "hidden" });
    await page.goto(`${stage.shopify.adminUrl}/events`);
    await app.getByText("it has switches of its own, which go before these").waitFor();
    await app.getByRole("heading", { name: `Dataset ${DATASET}` }).waitFor();
    await app.getByRole("heading", { name: "Dataset 4711" }).waitFor();
    expect(await purchase.getByLabel("Server leg").isChecked()).toBe(true);
    await fits(page, "events-two-datasets");
    await page.goto(`${stage.shopify.adminUrl}/datasets/4711`);
    expect(await purchase.getByLabel("Server leg").isChecked()).toBe(false);
    await app.getByText("This dataset has switches of its own").click();
    await app.getByRole("button", { name: "Save" }).click();
    await app.getByRole("button", { name: "Save" }).waitFor({ state: "hidden" });
    await expect
      .poll(async () => (await stage.db.shop.findFirst())?.settings, PATIENCE)
      .toMatch(/"4711":\{"toggles":\{\}/);
    expect(faults).toEqual([]);
  }, 120_000);

  it("set out what is told by consent, and in words why an order was not sent", async () => {
    const { stage, merchant } = await openPlay({ holdSeconds: 0 });
    const { page, app, faults } = await merchant(375);
    const address = `${stage.shopify.adminUrl}/consent`;
    await page.goto(address);
    await app.getByText("What the choices mean").waitFor();
    await fits(page, "consent");
    const silent = app.getByLabel("Shopper said nothing");
    // Where consent is asked for, the United States, elsewhere: five sources each.
    expect(await silent.count()).toBe(15);
    for (let field = 5; field < 15; field += 1) await silent.nth(field).selectOption({ label: "Do not send" });
    await app.getByRole("button", { name: "Save" }).click();
    await app.getByRole("button", { name: "Save" }).waitFor({ state: "hidden" });
    await page.goto(address);
    await app.getByText("What the choices mean").waitFor();
    expect(await silent.nth(5).inputValue()).toBe("withhold");

    for (const scripted of webhookOrders(7_300_000_000_001, new Date().toISOString()).slice(0, 8)) {
      await announce(scripted, stage);
    }
    const withheld = () => stage.db.event.findFirst({ where: { name: "Purchase", reason: "no_consent_signal" } });
    await expect.poll(async () => (await withheld())?.outcome, PATIENCE).toBe("withheld");
    await page.goto(`${stage.shopify.adminUrl}/deliveries/${(await withheld())?.id}`);
    await app.getByText("Why was this not sent?").waitFor();
    await app.getByText("the shopper said nothing").waitFor();
    await app.getByText("Version 2.1 of the table").waitFor();
    await fits(page, "withheld");
    await page.goto(address);
    await app.getByText("no consent signal was heard").waitFor();
    await fits(page, "consent-no-signal");
    await page.goto(stage.shopify.adminUrl);
    await app.getByText("no consent signal was heard").waitFor();
    await fits(page, "overview-no-signal");
    await app.getByRole("link", { name: "Consent" }).last().click();
    await app.getByText("What the choices mean").waitFor();
    expect(faults).toEqual([]);
  }, 120_000);

  it("set out the sources of orders, and what becomes of them", async () => {
    const { stage, merchant, copies } = await openPlay({ holdSeconds: 0 });
    for (const scripted of webhookOrders(7_100_000_000_001, new Date().toISOString()).slice(0, 1)) {
      await announce(scripted, stage);
    }
    await expect.poll(() => copies("Purchase").length, PATIENCE).toBe(1);
    const { page, app, faults } = await merchant(375);
    const address = `${stage.shopify.adminUrl}/sources`;
    await page.goto(address);
    await app.getByText("Your last order would send this").waitFor();
    await fits(page, "sources");

    // The first of the day was rung up at a till.
    const till = app.getByLabel("Point of sale");
    await expect
      .poll(() => previewed(app), PATIENCE)
      .toMatchObject({ event_name: "Purchase", action_source: "physical_store" });
    await till.selectOption({ label: "Custom event: StorePurchase" });
    await expect.poll(() => previewed(app), PATIENCE).toMatchObject({ event_name: "StorePurchase" });
    await till.selectOption({ label: "Not sent" });
    await app.getByText("The sources matrix says that orders of this kind are not sent.").waitFor();
    await app.getByLabel("Apps whose orders are renewals").fill(`1234567\n${"x".repeat(101)}`);
    await app.getByRole("button", { name: "Save" }).click();
    await app
      .getByText(/x…" is too long/)
      .first()
      .waitFor();
    expect(await till.inputValue()).toBe("skip");
    await app.getByLabel("Apps whose orders are renewals").fill("1234567, Recharge");
    await choose(app, "Every new customer record");
    await app.getByLabel("B2B", { exact: true }).selectOption({ label: "Custom event: WholesalePurchase" });
    await app.getByRole("button", { name: "Save" }).click();
    await app.getByRole("button", { name: "Save" }).waitFor({ state: "hidden" });
    await page.goto(address);
    await app.getByText("The sources matrix says that orders of this kind are not sent.").waitFor();
    expect(await app.getByLabel("Apps whose orders are renewals").inputValue()).toBe("1234567\nrecharge");
    expect(await app.getByLabel("Every new customer record").isChecked()).toBe(true);
    expect(await app.getByLabel("B2B", { exact: true }).inputValue()).toBe("custom");
    for (const scripted of webhookOrders(7_200_000_000_001, new Date().toISOString()).slice(0, 1)) {
      await announce(scripted, stage);
    }
    const skipped = () => stage.db.event.findFirst({ where: { name: "Purchase", outcome: "skipped" } });
    await expect.poll(async () => (await skipped())?.reason, PATIENCE).toBe("source_off");
    expect(faults).toEqual([]);
  }, 90_000);
});
