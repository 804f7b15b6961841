import { describe, expect, it } from "vitest";
import { DATASET, TOKEN } from "../demo/stage";
import type { ReceivedCopy } from "../simulators/meta/server";
import { openPlay, picture } from "./play";
import { enterCheckout, pay, putInCart } from "./storefront";

const PATIENCE = { timeout: 20_000, interval: 100 };

/** Value, currency and goods of a copy, in one form for both legs. */
function sayingOf({ leg, body }: ReceivedCopy): unknown {
  const custom = (leg === "server" ? (body.custom_data ?? {}) : {}) as Record<string, unknown>;
  const read = (key: string) => (leg === "server" ? custom[key] : body[`cd[${key}]`]);
  const ids = read("content_ids");
  return {
    value: read("value") === undefined ? undefined : Number(read("value")),
    currency: read("currency"),
    ids: typeof ids === "string" ? JSON.parse(ids) : ids,
  };
}

describe("a merchant and a shopper, in Chromium", () => {
  it("connects a dataset, switches a browser leg off, and Meta counts each event of a purchase once, with the legs that are on", async () => {
    const { stage, merchant, window, copies } = await openPlay();
    const { meta, shopify } = stage;
    const { page: admin, app, faults: adminFaults } = await merchant();
    await app
      .getByRole("button", { name: "Connect a dataset" })
      .or(app.getByRole("link", { name: "Connect a dataset" }))
      .click();
    await app.getByLabel("Dataset ID").fill(DATASET);
    await app.getByLabel("Access token", { exact: true }).fill(TOKEN);
    await app.getByRole("button", { name: "Connect", exact: true }).click();
    await app.getByRole("heading", { name: `Dataset ${DATASET}` }).waitFor();
    await app.getByRole("button", { name: "Send a test event" }).click();
    await app.getByText('"events_received"').waitFor();
    expect(await app.locator("body").innerText()).not.toContain(TOKEN);
    expect(copies("TandemTest")).toHaveLength(1);
    await picture(admin, "settings-1280");

    await admin.goto(`${shopify.adminUrl}/events`);
    const addToCart = app.getByRole("group", { name: /Add to cart/ });
    await addToCart.getByLabel("Browser leg").uncheck();
    await picture(admin, "events-1280");
    await app.getByRole("button", { name: "Save" }).click();
    await app.getByText(/Pixel updated at/).waitFor();
    await expect.poll(() => shopify.pixel()?.settings.datasets, PATIENCE).not.toContain("AddToCart");

    const { page, faults } = await window();
    await page.goto(`${shopify.origin}/?fbclid=IwAR-e2e_Click`);
    // Nobody leaves a page within a tenth of a second.
    await expect.poll(() => copies("PageView").length, PATIENCE).toBe(2);
    await page.goto(`${shopify.origin}/search?q=mug`);
    await expect.poll(() => copies("Search").length, PATIENCE).toBe(2);
    await putInCart(page, shopify.origin);
    await enterCheckout(page, shopify.origin);
    await pay(page);
    await expect
      .poll(
        () =>
          copies("Purchase")
            .map(({ leg }) => leg)
            .sort(),
        PATIENCE,
      )
      .toEqual(["browser", "server"]);
    await expect
      .poll(
        () =>
          copies("AddPaymentInfo")
            .map(({ leg }) => leg)
            .sort(),
        PATIENCE,
      )
      .toEqual(["browser", "server"]);

    for (const event of ["ViewContent", "Search", "InitiateCheckout", "AddPaymentInfo", "Purchase"]) {
      const both = copies(event);
      expect([event, ...both.map(({ leg }) => leg).sort()]).toEqual([event, "browser", "server"]);
      expect(new Set(both.map(({ event_id }) => event_id)).size, event).toBe(1);
      expect(sayingOf(both[0] as ReceivedCopy), event).toEqual(sayingOf(both[1] as ReceivedCopy));
    }
    expect(copies("AddToCart").map(({ leg }) => leg)).toEqual(["server"]);
    expect(meta.counted().filter(({ event_name }) => event_name === "Purchase")).toHaveLength(1);
    for (const { leg, body } of copies("Purchase")) {
      const fbc = leg === "browser" ? body.fbc : (body.user_data as Record<string, unknown>).fbc;
      expect(fbc).toMatch(/^fb\.\d\.\d{13}\.IwAR-e2e_Click$/);
    }
    expect(meta.received.flatMap(({ warnings }) => warnings)).toEqual([]);

    await admin.goto(`${shopify.adminUrl}/deliveries`);
    await app.getByRole("link", { name: "Purchase" }).first().waitFor();
    await picture(admin, "deliveries-1280");
    await app.getByRole("link", { name: "Purchase" }).first().click();
    await app.getByText("The request left the browser. Meta never confirms those.").waitFor();
    await app.getByText('"events_received"').waitFor();
    await picture(admin, "delivery-1280");
    await admin.goto(shopify.adminUrl);
    await app.getByText("5 of 5 done").waitFor();
    await picture(admin, "overview-1280");
    const watching = await window();
    await watching.page.goto(meta.origin);
    await watching.page.getByText("Purchase").first().waitFor();
    await picture(watching.page, "meta-1280");
    expect([...faults, ...adminFaults]).toEqual([]);
  }, 120_000);

  it("still counts the purchase of a shopper whose browser blocks Meta", async () => {
    const { stage, window, copies } = await openPlay({ holdSeconds: 2 });
    const { page, context, faults } = await window();
    await context.route(`${stage.meta.origin}/tr**`, (route) => route.abort("blockedbyclient"));
    await putInCart(page, stage.shopify.origin);
    await enterCheckout(page, stage.shopify.origin);
    await pay(page);
    await expect.poll(() => copies("Purchase").map(({ leg }) => leg), PATIENCE).toEqual(["server"]);
    const [purchase] = copies("Purchase");
    expect(purchase?.body.user_data).toMatchObject({ fbp: expect.stringMatching(/^fb\.\d\.\d{13}\.\d+$/) });
    const copy = () => stage.db.browserCopy.findFirst({ where: { name: "Purchase" } });
    await expect.poll(async () => (await copy())?.tr, PATIENCE).toBe("threw");
    expect(faults).toEqual([]);
  }, 60_000);

  it("sends nothing to Meta and sets no cookie of Meta's for a shopper who declines", async () => {
    const { stage, window } = await openPlay({ holdSeconds: 1 });
    const { page, context, faults } = await window();
    const toMeta: string[] = [];
    context.on("request", (request) => {
      if (request.url().startsWith(stage.meta.origin)) toMeta.push(request.url());
    });
    const shop = stage.shopify.origin;
    await context.addCookies([{ name: "localization", value: "DE", url: shop }]);
    await page.goto(shop);
    await page.getByRole("button", { name: "Decline" }).click();
    await putInCart(page, shop);
    await enterCheckout(page, shop);
    await pay(page);
    const ended = () => stage.db.event.findFirst({ where: { name: "Purchase", outcome: "withheld" } });
    await expect.poll(async () => (await ended())?.reason, PATIENCE).toBe("no_consent_signal");
    expect(toMeta).toEqual([]);
    expect(stage.meta.received).toEqual([]);
    expect((await context.cookies()).map(({ name }) => name).filter((name) => name.startsWith("_fb"))).toEqual([]);
    expect(faults).toEqual([]);
  }, 60_000);

  it("does not count a checkout twice that is entered again on the third day", async () => {
    const { stage, window, copies } = await openPlay({ clock: "2026-11-20T10:00:00Z", holdSeconds: 2 });
    const shop = stage.shopify.origin;
    const { page } = await window();
    await putInCart(page, shop);
    await enterCheckout(page, shop);
    await expect
      .poll(
        () =>
          copies("InitiateCheckout")
            .map(({ leg }) => leg)
            .sort(),
        PATIENCE,
      )
      .toEqual(["browser", "server"]);
    await stage.travel("2026-11-23T09:00:00Z");
    await enterCheckout(page, shop);
    await pay(page);
    await expect
      .poll(
        () =>
          copies("Purchase")
            .map(({ leg }) => leg)
            .sort(),
        PATIENCE,
      )
      .toEqual(["browser", "server"]);
    expect(copies("InitiateCheckout")).toHaveLength(2);
    const counted = stage.meta.counted().map(({ event_name }) => event_name);
    expect(counted.filter((name) => name === "InitiateCheckout")).toHaveLength(1);
    expect(counted.filter((name) => name === "Purchase")).toHaveLength(1);
  }, 60_000);
});
