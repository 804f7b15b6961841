import type { Checkout } from "@shopify/web-pixels-extension";
import { describe, expect, it } from "vitest";
import type { PixelDataset } from "~/events/pixel-settings";
import {
  addedToCart,
  address,
  COUNTRY_ONLY,
  checkout,
  checkoutCompleted,
  checkoutStarted,
  lineItem,
  pageViewed,
  paidCheckout,
  productViewed,
  variant,
} from "./support/events";
import { datasetLike, newBrowser, openPage } from "./support/host";

const none = address(Object.fromEntries(Object.keys(address()).map((field) => [field, null])));

/** Which of two datasets heard of it; the second wants everything. */
async function heardBy(wishes: Partial<PixelDataset>, event: { name: string }) {
  const datasets = [datasetLike({ dataset: "111", ...wishes }), datasetLike({ dataset: "222" })];
  const page = openPage({ settings: { datasets } });
  await page.fire(event);
  const hits = await page.hits();
  expect(hits.map(({ id }) => id)).toContain("222");
  expect(page.beacons()).toHaveLength(1);
  return hits.some(({ id }) => id === "111");
}

describe("of two datasets each gets", () => {
  it("the events it wants, under one id, in its own words", async () => {
    const datasets = [
      datasetLike({ dataset: "111", events: ["Purchase"], value: "subtotal", ids: "$s" }),
      datasetLike({ dataset: "222", restricted: true }),
    ];
    const page = openPage({ settings: { datasets } });
    await page.fire(productViewed());
    await page.fire(checkoutCompleted(paidCheckout({ lineItems: [lineItem()] })));
    const said = (await page.hits()).map((hit) => [hit.id, hit.ev, hit.dl, hit["cd[value]"], hit["cd[content_ids]"]]);
    expect(said).toEqual([
      ["222", "ViewContent", "https://www.example.com", "29.95", '["48001"]'],
      ["111", "Purchase", "https://www.example.com/checkouts", "60", '["TEE-M"]'],
      ["222", "Purchase", "https://www.example.com", "64.5", '["48001"]'],
    ]);
    expect(new Set((await page.hits()).slice(1).map(({ eid }) => eid)).size).toBe(1);
    expect(page.beacons().map(({ tr }) => tr)).toEqual(["resolved", "resolved"]);
  });

  it("its own, when the other's wishes make no sense", async () => {
    const broken = { ...datasetLike({ dataset: "111" }), events: undefined, hosts: 5 } as never;
    const page = openPage({ settings: { datasets: [broken, null as never, datasetLike({ dataset: "222" })] } });
    await page.fire(pageViewed());
    expect((await page.hits()).map(({ id }) => id)).toEqual(["222"]);
  });
});

describe("a filter on pages", () => {
  const at = (href: string) => pageViewed({ href });
  it.each<[string, Partial<PixelDataset>, string, boolean]>([
    ["its host", { hosts: ["www.example.com"] }, "https://www.example.com/a", true],
    ["its host in capitals", { hosts: ["www.example.com"] }, "https://WWW.Example.com/a", true],
    ["another host", { hosts: ["shop.example.com"] }, "https://www.example.com/a", false],
    ["a host that only ends like it", { hosts: ["example.com"] }, "https://www.example.com/a", false],
    ["one of two hosts", { hosts: ["a.example", "www.example.com"] }, "https://www.example.com/", true],
    ["its path", { paths: ["/en-gb/"] }, "https://www.example.com/en-gb/products/tee", true],
    ["its path further in", { paths: ["/en-gb/"] }, "https://www.example.com/blog/en-gb/", false],
    ["its path in the query", { paths: ["/en-gb/"] }, "https://www.example.com/?to=/en-gb/", false],
    ["its host and not its path", { hosts: ["www.example.com"], paths: ["/de/"] }, "https://www.example.com/", false],
    ["a country's filter, which is not for pages", { countries: ["DE"] }, "https://www.example.com/", true],
  ])("%s: %j of %s passes: %s", async (_what, wishes, href, passes) => {
    expect(await heardBy(wishes, at(href))).toBe(passes);
  });

  it("is one on everything before the checkout, and on nothing after", async () => {
    expect(await heardBy({ hosts: ["elsewhere.example"] }, addedToCart())).toBe(false);
    expect(await heardBy({ hosts: ["elsewhere.example"] }, checkoutStarted())).toBe(true);
  });

  it("is passed by no page that is unknown", async () => {
    const page = openPage({ settings: { datasets: [datasetLike({ paths: ["/"] })] } });
    await page.fireRaw("page_viewed", { ...pageViewed(), context: null });
    expect(await page.hits()).toEqual([]);
    expect(page.beacons()).toMatchObject([{ tr: "not_attempted" }]);
  });
});

describe("a filter on countries", () => {
  const german = address({ countryCode: "DE" });
  const localized = { localization: { ...checkout().localization, country: { isoCode: "AT" } } };
  it.each<[string, Partial<Checkout>, string]>([
    ["of the billing address", { billingAddress: german }, "DE"],
    [
      "of the shipping address while that is the fuller",
      { billingAddress: COUNTRY_ONLY, shippingAddress: german },
      "DE",
    ],
    ["of the checkout while no address has one", { billingAddress: none, shippingAddress: null, ...localized }, "AT"],
    ["of the address before the checkout's", { billingAddress: german, ...localized }, "DE"],
  ])("asks for the country %s", async (_which, its, country) => {
    expect(await heardBy({ countries: ["FR", country] }, checkoutStarted(checkout(its)))).toBe(true);
    expect(await heardBy({ countries: ["FR"] }, checkoutStarted(checkout(its)))).toBe(false);
    const page = openPage();
    await page.fire(checkoutStarted(checkout(its)));
    expect(JSON.parse(page.bodies()[0] ?? "").data.country).toBe(country);
  });

  it.each([null, "", "Germany", 5, {}])("is passed by no country that is none: %j", async (isoCode) => {
    const its = { billingAddress: none, shippingAddress: none, localization: { country: { isoCode } } } as never;
    expect(await heardBy({ countries: ["DE"] }, checkoutStarted(checkout(its)))).toBe(false);
    expect(await heardBy({}, checkoutStarted(checkout(its)))).toBe(true);
  });

  it("that lets nobody have it is no attempt, and is told of once", async () => {
    const browser = newBrowser();
    const away = { browser, settings: { datasets: [datasetLike({ countries: ["JP"] })] } };
    await openPage(away).fire(checkoutCompleted());
    const reloaded = openPage(away);
    await reloaded.fire(checkoutCompleted());
    expect(reloaded.requests).toEqual([]);
    const home = openPage({ browser });
    await home.fire(checkoutCompleted());
    expect(await home.hits()).toHaveLength(1);
  });
});

describe("a beacon's lines", () => {
  it("carry what the server's own copies are made of", async () => {
    const plan = { sellingPlan: { id: "1", name: "Monthly" } };
    const page = openPage();
    const lineItems = [lineItem({ sellingPlanAllocation: plan }), lineItem()];
    await page.fire(checkoutStarted(checkout({ lineItems })));
    const { lines } = JSON.parse(page.bodies()[0] ?? "").data;
    const line = { product: "9001", variant: "48001", sku: "TEE-M", title: "Tee", quantity: 2, price: 29.95 };
    expect(lines).toEqual([{ ...line, subscription: true }, line]);
  });

  it("carry names as long as there is room, and then go without", async () => {
    const sku = "TEE-".repeat(10);
    const lineItems = Array.from({ length: 250 }, () => lineItem({ variant: variant({ sku }) }));
    const page = openPage();
    await page.fire(checkoutStarted(checkout({ lineItems })));
    const { lines } = JSON.parse(page.bodies()[0] ?? "").data;
    expect(lines[40]).toMatchObject({ sku, title: "Tee" });
    expect(lines[249]).toEqual({ product: "9001", variant: "48001", quantity: 2, price: 29.95 });
  });
});
