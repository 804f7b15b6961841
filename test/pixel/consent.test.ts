import { describe, expect, it } from "vitest";
import {
  checkoutCompleted,
  checkoutStarted,
  contactSubmitted,
  pageViewed,
  productViewed,
  TIMESTAMP,
  TOKEN,
} from "./support/events";
import { ALLOWED, openPage, REFUSED, SHOP } from "./support/host";

describe("a shopper who refuses marketing", () => {
  it("is not told of at all while they look around", async () => {
    const page = openPage({ consent: REFUSED });
    await page.fire(pageViewed(), productViewed());
    expect(page.requests).toEqual([]);
  });

  it("of a checkout only the refusal is told, to nobody but the shop's own server", async () => {
    const page = openPage({ consent: { ...REFUSED, analyticsProcessingAllowed: true } });
    const event = checkoutCompleted();
    await page.fire(event);
    expect(page.bodies().map((body) => JSON.parse(body))).toEqual([
      {
        v: 1,
        shop: SHOP,
        key: "key-of-the-shop",
        name: "checkout_completed",
        id: event.id,
        timestamp: TIMESTAMP,
        checkout_token: TOKEN,
        consent: { analytics: true, marketing: false, preferences: false, saleOfData: false },
        tr: "not_attempted",
      },
    ]);
    expect(page.beacons()).toHaveLength(1);
    expect(page.requests).toHaveLength(1);
  });

  it("is told of once for an event that is said twice", async () => {
    const page = openPage({ consent: REFUSED });
    const event = contactSubmitted();
    await page.fire(event, event);
    expect(page.beacons()).toHaveLength(1);
  });

  it("is one of whom nothing is said", async () => {
    const page = openPage({ api: ({ init }) => ({ init: { ...init, customerPrivacy: undefined } }) });
    await page.fire(pageViewed(), checkoutStarted());
    expect(await page.hits()).toEqual([]);
    expect(page.beacons()).toMatchObject([{ consent: { marketing: false } }]);
  });

  it("is one whose answer makes no sense", async () => {
    const page = openPage();
    page.consents("yes" as never);
    await page.fire(pageViewed());
    expect(page.requests).toEqual([]);
  });

  it("is heard at once, also between the two legs", async () => {
    let meta = () => {};
    const page = openPage({ tr: () => new Promise((resolve) => (meta = () => resolve({ ok: false }))) });
    await page.fire(checkoutStarted());
    page.consents(REFUSED);
    meta();
    await page.fire();
    expect(page.bodies().map((body) => Object.keys(JSON.parse(body)).sort())).toEqual([
      ["checkout_token", "consent", "id", "key", "name", "shop", "timestamp", "tr", "v"],
    ]);
  });
});

describe("a shopper who agrees", () => {
  it("later is told of from then on, by events that are said again", async () => {
    const page = openPage({ consent: REFUSED });
    const [viewed, started] = [pageViewed(), checkoutStarted()];
    await page.fire(viewed, started);
    page.consents(ALLOWED);
    await page.fire(viewed, started);
    expect((await page.hits()).map(({ ev }) => ev)).toEqual(["PageView", "InitiateCheckout"]);
    expect(page.beacons().map(({ name, consent }) => [name, consent.marketing])).toEqual([
      ["checkout_started", false],
      ["page_viewed", true],
      ["checkout_started", true],
    ]);
  });

  it("and then refuses is told of no longer", async () => {
    const page = openPage();
    await page.fire(pageViewed());
    page.consents(REFUSED);
    await page.fire(pageViewed());
    expect(page.requests).toHaveLength(2);
  });
});
