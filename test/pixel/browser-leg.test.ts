import { describe, expect, it } from "vitest";
import { sha256Hex } from "~/match-keys/hash.server";
import {
  addedToCart,
  CLIENT_ID,
  checkout,
  checkoutCompleted,
  checkoutStarted,
  contactSubmitted,
  lineItem,
  pageViewed,
  paymentSubmitted,
  productViewed,
  searchSubmitted,
  TIMESTAMP,
  TOKEN,
  variant,
} from "./support/events";
import { ALLOWED, DATASET, datasetLike, openPage, TR_URL } from "./support/host";

describe("the browser's own copy", () => {
  it("of a page says which event, under which id, where and when", async () => {
    const page = openPage();
    await page.fire(pageViewed({ id: "sh-1", href: "https://www.example.com/a?email=x@y.example#z" }));
    expect(await page.hits()).toEqual([
      {
        id: DATASET,
        ev: "PageView",
        eid: "sh-1",
        dl: "https://www.example.com/a",
        rl: "https://www.example.com/",
        ts: String(Date.parse(TIMESTAMP)),
        if: "false",
        a: "tandem",
        fbp: page.browser.cookies.get("_fbp"),
        externalIds: [sha256Hex(CLIENT_ID)],
      },
    ]);
  });

  it("is a GET that outlives the page and asks for no answer", async () => {
    const page = openPage();
    await page.fire(pageViewed());
    expect(page.requests[0]?.url.startsWith(`${TR_URL}?`)).toBe(true);
    expect(page.requests[0]?.init).toEqual({ method: "GET", mode: "no-cors", keepalive: true, body: null });
  });

  it("goes as a form when its address would be longer than 2,048 bytes", async () => {
    const lineItems = Array.from({ length: 30 }, (_, index) => lineItem({ variant: variant({ id: `48${index}` }) }));
    const page = openPage();
    await page.fire(checkoutStarted(checkout({ lineItems })));
    expect(page.requests[0]?.url).toBe(TR_URL);
    expect(page.requests[0]?.init).toMatchObject({ method: "POST", mode: "no-cors", keepalive: true });
    expect(page.requests[0]?.init.body).toBeInstanceOf(URLSearchParams);
    const [hit] = await page.hits();
    expect(JSON.parse(hit?.["cd[content_ids]"] ?? "")).toHaveLength(30);
  });

  it("does not ask to outlive the page when the browser would refuse so much", async () => {
    const lineItems = Array.from({ length: 250 }, (_, index) => lineItem({ variant: variant({ id: `48${index}` }) }));
    const page = openPage();
    await page.fire(checkoutCompleted(checkout({ lineItems })));
    expect(page.requests[0]?.init.keepalive).toBe(false);
  });

  it.each([
    { event: pageViewed(), name: "PageView" },
    { event: productViewed(), name: "ViewContent" },
    { event: searchSubmitted(), name: "Search" },
    { event: addedToCart(), name: "AddToCart" },
    { event: checkoutStarted(), name: "InitiateCheckout" },
    { event: paymentSubmitted(), name: "AddPaymentInfo" },
    { event: checkoutCompleted(), name: "Purchase" },
  ])("of $event.name is Meta's $name", async ({ event, name }) => {
    const page = openPage();
    await page.fire(event);
    expect((await page.hits()).map(({ ev }) => ev)).toEqual([name]);
  });

  it("hangs the ids of a checkout on its token", async () => {
    const page = openPage();
    await page.fire(checkoutStarted(), paymentSubmitted(), checkoutCompleted());
    expect((await page.hits()).map(({ eid }) => eid).sort()).toEqual([
      `api.${TOKEN}`,
      `ic.${TOKEN}`,
      `purchase.${TOKEN}`,
    ]);
  });

  it.each([
    "5501",
    5501,
    "gid://shopify/Order/5501",
    "gid://shopify/OrderIdentity/5501",
    btoa("gid://shopify/Order/5501"),
  ])("falls back on the order when a purchase has no token: %s", async (id) => {
    const page = openPage();
    const order = { id: id as string, customer: null };
    await page.fire(checkoutCompleted(checkout({ token: null, order })));
    expect(await page.hits()).toMatchObject([{ eid: "purchase.o5501", "cd[order_id]": "5501" }]);
  });

  it("is not made of a purchase that has neither token nor order", async () => {
    const page = openPage();
    await page.fire(checkoutCompleted(checkout({ token: "", order: { id: null, customer: null } })));
    expect(await page.hits()).toEqual([]);
    expect(page.beacons()).toMatchObject([{ tr: "not_attempted" }]);
  });

  it("is not made of the steps that only tell who it is", async () => {
    const page = openPage();
    await page.fire(contactSubmitted());
    expect(await page.hits()).toEqual([]);
    expect(page.beacons()).toMatchObject([{ name: "checkout_contact_info_submitted", tr: "not_attempted" }]);
    expect(page.beacons()[0]?.data).toBeUndefined();
  });

  it("stays away when the merchant switched it off, and the beacon goes all the same", async () => {
    const page = openPage({ settings: { datasets: [datasetLike({ events: ["PageView"] })] } });
    await page.fire(productViewed(), pageViewed());
    expect((await page.hits()).map(({ ev }) => ev)).toEqual(["PageView"]);
    expect(page.beacons().map(({ name, tr }) => [name, tr])).toEqual(
      expect.arrayContaining([
        ["product_viewed", "not_attempted"],
        ["page_viewed", "resolved"],
      ]),
    );
  });

  it("goes to every dataset once, under one id, with one beacon", async () => {
    const page = openPage({
      settings: { datasets: ["111", "222", "not-a-number"].map((dataset) => datasetLike({ dataset })) },
    });
    await page.fire(productViewed({ id: "sh-9" }));
    expect((await page.hits()).map(({ id, eid }) => [id, eid])).toEqual([
      ["111", "sh-9"],
      ["222", "sh-9"],
    ]);
    expect(page.beacons()).toHaveLength(1);
  });

  it("asks for Limited Data Use where the shopper opted out of the sale of data", async () => {
    const page = openPage({ consent: { ...ALLOWED, saleOfDataAllowed: false } });
    await page.fire(pageViewed());
    expect(await page.hits()).toMatchObject([{ dpo: "LDU", dpoco: "0", dpost: "0" }]);
    expect(page.beacons()).toMatchObject([{ consent: { marketing: true, saleOfData: false } }]);
  });

  it("carries the path of a checkout no further than its section", async () => {
    const page = openPage();
    await page.fire(checkoutStarted());
    expect((await page.hits())[0]?.dl).toBe("https://www.example.com/checkouts");
    expect(page.bodies().join()).not.toContain("Z2NwLXNlY3JldA");
  });

  it("knows the customer by their id and the visitor by theirs", async () => {
    const page = openPage();
    await page.fire(checkoutCompleted());
    expect(await page.hits()).toMatchObject([{ externalIds: [sha256Hex("7001"), sha256Hex(CLIENT_ID)] }]);
    expect(page.beacons()).toMatchObject([{ client_id: CLIENT_ID, user_data: { external_id: [sha256Hex("7001")] } }]);
  });
});

describe("how it fared", () => {
  const never = () => new Promise<never>(() => undefined);
  const blocked = () => Promise.reject(new TypeError("Failed to fetch"));

  it("is told by the beacon: it resolved", async () => {
    const page = openPage();
    await page.fire(pageViewed());
    expect(page.beacons()).toMatchObject([{ tr: "resolved" }]);
  });

  it("is told by the beacon: something threw", async () => {
    const page = openPage({ tr: blocked });
    await page.fire(pageViewed());
    expect(page.beacons()).toMatchObject([{ tr: "threw" }]);
  });

  it("is told by the beacon even when fetch throws at once", async () => {
    const page = openPage({
      tr: () => {
        throw new TypeError("blocked");
      },
    });
    await page.fire(pageViewed());
    expect(page.beacons()).toMatchObject([{ tr: "threw" }]);
  });

  it("is unknown after 300 ms, and the beacon waits no longer", async () => {
    const page = openPage({ tr: never });
    await page.fire(pageViewed());
    expect(page.bodies()).toEqual([]);
    await page.pass(299);
    expect(page.bodies()).toEqual([]);
    await page.pass(300);
    expect(page.beacons()).toMatchObject([{ tr: "unknown" }]);
  });

  it("is unknown when two datasets fared differently", async () => {
    let calls = 0;
    const page = openPage({
      settings: { datasets: ["111", "222"].map((dataset) => datasetLike({ dataset })) },
      tr: () => {
        calls += 1;
        return calls === 1 ? blocked() : Promise.resolve({ ok: false });
      },
    });
    await page.fire(pageViewed());
    expect(page.beacons()).toMatchObject([{ tr: "unknown" }]);
  });

  it("is never a reason to send again", async () => {
    const page = openPage({ tr: blocked, collect: blocked });
    await page.fire(pageViewed());
    await page.pass(100_000);
    expect(page.requests).toHaveLength(2);
  });
});
