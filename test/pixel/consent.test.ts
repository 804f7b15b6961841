import { describe, expect, it, vi } from "vitest";
import { CLIENT_KEY } from "../../extensions/meta-pixel/src/pixel";
import {
  CLIENT_ID,
  checkoutCompleted,
  checkoutStarted,
  contactSubmitted,
  pageViewed,
  productViewed,
  TIMESTAMP,
  TOKEN,
} from "./support/events";
import { ALLOWED, NOW, openPage, REFUSED, SHOP } from "./support/host";

const AGREED = { analytics: true, marketing: true, preferences: true, saleOfData: true };

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
      ["client_id", "consent", "id", "key", "name", "shop", "timestamp", "tr", "v"],
      ["checkout_token", "consent", "id", "key", "name", "shop", "timestamp", "tr", "v"],
    ]);
  });
});

describe("a browser that asks for Global Privacy Control", () => {
  it("has opted out of the sale of its data, on both legs", async () => {
    vi.stubGlobal("navigator", { globalPrivacyControl: true });
    const page = openPage();
    await page.fire(checkoutStarted());
    expect(await page.hits()).toMatchObject([{ dpo: "LDU", dpoco: "0", dpost: "0" }]);
    expect(page.beacons()).toMatchObject([{ consent: { ...AGREED, saleOfData: false } }]);
  });

  it("has, also once the shopper answers the banner", async () => {
    vi.stubGlobal("navigator", { globalPrivacyControl: true });
    const page = openPage({ consent: REFUSED });
    page.consents(ALLOWED);
    await page.fire(pageViewed());
    expect((await page.hits())[0]).toMatchObject({ dpo: "LDU" });
    expect(page.beacons()).toMatchObject([{ consent: { ...AGREED, saleOfData: false } }]);
  });

  it.each([
    ["does not", { globalPrivacyControl: false }],
    ["does not know of it", {}],
    ["has no navigator", undefined],
    [
      "throws",
      {
        get globalPrivacyControl() {
          throw new Error("not here");
        },
      },
    ],
  ])("and one that %s has said nothing by that", async (_which, navigator) => {
    vi.stubGlobal("navigator", navigator);
    const page = openPage();
    await page.fire(checkoutStarted());
    expect((await page.hits())[0]).not.toHaveProperty("dpo");
    expect(page.beacons()).toMatchObject([{ consent: AGREED }]);
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
    expect((await page.hits()).length).toBe(1);
    expect(page.beacons().map(({ name }) => name)).toEqual(["page_viewed", "consent_withdrawn"]);
  });
});

describe("the visitor's id", () => {
  it("stands in the page's storage once the shopper agrees, written once", async () => {
    const page = openPage();
    await page.fire(pageViewed(), productViewed());
    expect(page.browser.storage.get(CLIENT_KEY)).toBe(CLIENT_ID);
    expect(page.browser.touched.filter((what) => what === `storage.set ${CLIENT_KEY}`)).toHaveLength(1);
  });

  it("does not without their agreement", async () => {
    const page = openPage({ consent: REFUSED });
    await page.fire(pageViewed(), checkoutStarted());
    expect(page.browser.storage.size).toBe(0);
  });

  it.each(["", null, "a b", "ü", "a".repeat(65)])("is not %j, which is none", async (clientId) => {
    const page = openPage();
    await page.fireRaw("page_viewed", { ...pageViewed(), clientId });
    expect(page.browser.storage.size).toBe(0);
  });

  it("stays when another event tells none", async () => {
    const page = openPage();
    await page.fire(pageViewed());
    await page.fireRaw("page_viewed", { ...pageViewed(), clientId: null });
    expect(page.browser.storage.get(CLIENT_KEY)).toBe(CLIENT_ID);
  });
});

describe("a shopper who takes their consent back", () => {
  it("is forgotten by the page, and the server is told to forget, in so many words", async () => {
    const page = openPage();
    await page.fire(pageViewed());
    page.consents(REFUSED);
    await page.fire();
    expect(page.browser.storage.size).toBe(0);
    expect(JSON.parse(page.bodies()[1] ?? "")).toEqual({
      v: 1,
      shop: SHOP,
      key: "key-of-the-shop",
      name: "consent_withdrawn",
      id: CLIENT_ID,
      timestamp: new Date(NOW).toISOString(),
      client_id: CLIENT_ID,
      consent: { analytics: false, marketing: false, preferences: false, saleOfData: false },
      tr: "not_attempted",
    });
    expect(page.beacons()).toHaveLength(2);
  });

  it("is told of once, and again only after they agreed again", async () => {
    const page = openPage();
    await page.fire(pageViewed());
    page.consents(REFUSED);
    page.consents(REFUSED);
    await page.fire();
    page.consents(ALLOWED);
    await page.fire(pageViewed());
    expect(page.browser.storage.get(CLIENT_KEY)).toBe(CLIENT_ID);
    page.consents(REFUSED);
    await page.fire();
    expect(page.beacons().filter(({ name }) => name === "consent_withdrawn")).toHaveLength(2);
  });

  it("of whom nothing was ever said here is forgotten in silence", async () => {
    const page = openPage();
    page.browser.storage.set(CLIENT_KEY, CLIENT_ID);
    page.consents(REFUSED);
    await page.fire();
    expect(page.requests).toEqual([]);
    expect(page.browser.storage.size).toBe(0);
  });

  it("is not one who never gave it, nor one who only opts out of sale", async () => {
    const refusing = openPage({ consent: REFUSED });
    await refusing.fire(pageViewed());
    refusing.consents({ ...REFUSED, analyticsProcessingAllowed: true });
    await refusing.fire();
    expect(refusing.requests).toEqual([]);
    const optingOut = openPage();
    await optingOut.fire(pageViewed());
    optingOut.consents({ ...ALLOWED, saleOfDataAllowed: false });
    await optingOut.fire();
    expect(optingOut.beacons().map(({ name }) => name)).toEqual(["page_viewed"]);
    expect(optingOut.browser.storage.get(CLIENT_KEY)).toBe(CLIENT_ID);
  });
});
