import type { Checkout } from "@shopify/web-pixels-extension";
import { describe, expect, it } from "vitest";
import { contentIdsOf, metaEvent } from "~/delivery/payload";
import { type Facts, noFacts } from "~/events/event";
import { publicPageUrl } from "~/events/page-url";
import type { PixelDataset } from "~/events/pixel-settings";
import { eventValue } from "~/events/value";
import { readBeacon } from "~/sources/beacon";
import { TOPICS } from "~/sources/topics";
import {
  addedToCart,
  checkout,
  checkoutCompleted,
  checkoutStarted,
  lineItem,
  money,
  pageViewed,
  paidCheckout,
  paymentSubmitted,
  pixelEvent,
  productViewed,
  searchSubmitted,
  TOKEN,
  variant,
} from "./support/events";
import { datasetLike, type Hit, NOW, openPage } from "./support/host";

/** What /tr was told, in the words of the server leg. */
function customDataOf(hit: Hit = { externalIds: [] }) {
  type Name = `cd[${string}]`;
  const json = (name: Name) => (hit[name] === undefined ? undefined : JSON.parse(hit[name]));
  const number = (name: Name) => (hit[name] === undefined ? undefined : Number(hit[name]));
  return JSON.parse(
    JSON.stringify({
      value: number("cd[value]"),
      currency: hit["cd[currency]"],
      content_ids: json("cd[content_ids]"),
      content_type: hit["cd[content_type]"],
      contents: json("cd[contents]"),
      num_items: number("cd[num_items]"),
      order_id: hit["cd[order_id]"],
      search_string: hit["cd[search_string]"],
      content_name: hit["cd[content_name]"],
      content_category: hit["cd[content_category]"],
    }),
  );
}

/** The same wishes in the words of the server leg. */
function wanted({ ids, value, restricted }: PixelDataset, facts: Facts) {
  const told = value === null ? null : eventValue(facts, { basis: value, money: "presentment" }, null);
  return { contentIds: ids, value: told, restricted, firstOrder: null };
}

/** Both copies of one event: as the browser sent it, and as the server would from the beacon. */
async function bothLegs(event: { name: string }, wishes: Partial<PixelDataset> = {}) {
  const dataset = datasetLike(wishes);
  const page = openPage({ settings: { datasets: [dataset] } });
  await page.fire(event);
  const [hit] = await page.hits();
  if (hit === undefined) throw new Error("no hit");
  const [beacon] = page.beacons();
  if (beacon === undefined) throw new Error("no beacon");
  const reading = readBeacon(beacon, { ip: null, userAgent: null, globalPrivacyControl: false });
  if (reading.event === null) throw new Error("no event");
  const { name, id: eventId, time, actionSource, facts } = reading.event;
  const pageOf = (url: string | null) => {
    const page = publicPageUrl(url);
    return page !== null && dataset.restricted ? new URL(page).origin : page;
  };
  const server = metaEvent({
    name,
    eventId,
    time,
    actionSource,
    facts,
    ...wanted(dataset, facts),
    userData: {},
    pageUrl: pageOf(reading.browser.url),
    referrerUrl: pageOf(reading.browser.referrer),
    limitedDataUse: null,
  });
  expect(hit.ev).toBe(server.event_name);
  expect(hit.eid).toBe(server.event_id);
  expect(hit.dl).toBe(server.event_source_url);
  expect(hit.rl).toBe(server.referrer_url);
  expect(Number(hit.ts)).toBe(time);
  expect(customDataOf(hit)).toEqual(server.custom_data ?? {});
  return server.custom_data ?? {};
}

const ONE_TEE = { content_ids: ["48001"], content_type: "product" };

describe("both legs say the same", () => {
  it("of a page", async () => {
    expect(await bothLegs(pageViewed())).toEqual({});
  });

  it("of a product", async () => {
    expect(await bothLegs(productViewed())).toEqual({
      value: 29.95,
      currency: "EUR",
      ...ONE_TEE,
      content_name: "Tee",
      contents: [{ id: "48001", quantity: 1, item_price: 29.95 }],
      num_items: 1,
    });
  });

  it("of a cart line", async () => {
    expect(await bothLegs(addedToCart())).toEqual({
      value: 59.9,
      currency: "EUR",
      ...ONE_TEE,
      content_name: "Tee",
      contents: [{ id: "48001", quantity: 2, item_price: 29.95 }],
      num_items: 2,
    });
  });

  it("of a search: the words and what was found, no value", async () => {
    expect(await bothLegs(searchSubmitted())).toEqual({
      ...ONE_TEE,
      content_name: "Tee",
      contents: [{ id: "48001", quantity: 1 }],
      num_items: 1,
      search_string: "black tee",
    });
  });

  it("of a search that found more than 50", async () => {
    const found = Array.from({ length: 51 }, (_, index) => variant({ id: String(index + 1) }));
    expect((await bothLegs(searchSubmitted({}, found))).content_ids).toHaveLength(50);
  });

  it.each([checkoutStarted, paymentSubmitted])("of a checkout", async (event) => {
    expect(await bothLegs(event())).toEqual({
      value: 64.5,
      currency: "EUR",
      content_ids: ["48001", "48002"],
      content_type: "product",
      contents: [
        { id: "48001", quantity: 2, item_price: 29.95 },
        { id: "48002", quantity: 1, item_price: 10 },
      ],
      num_items: 3,
    });
  });

  const same = { variant: variant({ id: "gid://shopify/ProductVariant/48009" }) };
  it.each<{ why: string; its: Partial<Checkout> }>([
    { why: "no lines", its: { lineItems: [] } },
    { why: "a line without a variant", its: { lineItems: [lineItem({ variant: null, quantity: 3 })] } },
    { why: "one variant on two lines, by gid", its: { lineItems: [lineItem(same), lineItem(same)] } },
    { why: "a line of no pieces", its: { lineItems: [lineItem({ quantity: 0 }), lineItem({ quantity: -1 })] } },
    { why: "half a piece", its: { lineItems: [lineItem({ quantity: 1.5 })] } },
    { why: "250 lines and more", its: { lineItems: Array.from({ length: 400 }, () => lineItem()) } },
    { why: "a tail of binary fractions", its: { totalPrice: money(0.1 + 0.2) } },
    { why: "nothing to pay", its: { totalPrice: money(0) } },
    { why: "yen", its: { totalPrice: money(1_200, "JPY"), currencyCode: "JPY" } },
    { why: "a currency in lower case", its: { totalPrice: money(5, "usd") } },
    { why: "a line in another currency", its: { totalPrice: money(5, "USD") } },
    { why: "an amount nobody has", its: { totalPrice: money(1e21) } },
    { why: "a negative amount", its: { totalPrice: money(-5) } },
    { why: "no amount", its: { totalPrice: null } },
    { why: "a currency only on the checkout", its: { totalPrice: { amount: 5 } as never } },
    { why: "no currency at all", its: { totalPrice: { amount: 5 } as never, currencyCode: null } },
    { why: "a currency of no standard", its: { totalPrice: money(5, "JEP"), currencyCode: "JEP" } },
  ])("of a checkout with $why", async ({ its }) => {
    await bothLegs(checkoutStarted(checkout(its)));
  });

  it("of words no store takes", async () => {
    const searchResult = { query: "tee\u0000\ud800!", productVariants: [] };
    expect(await bothLegs(pixelEvent("search_submitted", { searchResult }))).toEqual({ search_string: "tee!" });
  });
});

describe("both legs say the same to a dataset with its own wishes", () => {
  const shirt = variant({ product: { ...variant().product, type: "Shirts" } });
  const custom = lineItem({ variant: null, quantity: 3 });
  const events = [
    pageViewed({ href: "https://www.example.com/collections/secret" }),
    productViewed({}, shirt),
    addedToCart(),
    searchSubmitted(),
    checkoutStarted(),
    checkoutStarted(checkout({ lineItems: [lineItem({ variant: shirt })] })),
    checkoutStarted(checkout({ lineItems: [custom, lineItem({ variant: variant({ sku: "" }) })] })),
    paymentSubmitted(checkout({ subtotalPrice: null as never })),
    paymentSubmitted(checkout({ subtotalPrice: money(5, "USD") })),
  ];
  it.each<Partial<PixelDataset>>([
    { ids: "$p" },
    { ids: "$s" },
    { ids: "shopify_US_$p_$v" },
    { value: "subtotal" },
    { value: null },
    { restricted: true },
  ])("%j", async (wishes) => {
    for (const event of events) await bothLegs(event, wishes);
  });

  it("names what it is about, and its category, where that is one thing", async () => {
    expect(await bothLegs(productViewed({}, shirt))).toMatchObject({ content_name: "Tee", content_category: "Shirts" });
    const one = await bothLegs(checkoutStarted(checkout({ lineItems: [lineItem({ variant: shirt })] })));
    expect(one).toMatchObject({ content_name: "Tee", content_category: "Shirts" });
    expect(await bothLegs(checkoutStarted())).not.toHaveProperty("content_name");
  });

  it("names goods by its template, and a line that lacks an id not at all", async () => {
    const started = checkoutStarted(checkout({ lineItems: [custom, lineItem()] }));
    const sent = async (ids: string) => {
      const { content_ids, content_type, num_items } = await bothLegs(started, { ids });
      return [content_ids, content_type, num_items];
    };
    expect(await sent("$v")).toEqual([["48001"], "product", 5]);
    expect(await sent("$p")).toEqual([["9001"], "product_group", 5]);
    expect(await sent("$s")).toEqual([["TEE-M"], "product", 5]);
    expect(await sent("shopify_US_$p_$v")).toEqual([["shopify_US_9001_48001"], "product", 5]);
  });

  it("tells the subtotal of a checkout, and of a product what it costs", async () => {
    expect(await bothLegs(checkoutStarted(), { value: "subtotal" })).toMatchObject({ value: 60, currency: "EUR" });
    expect(await bothLegs(productViewed(), { value: "subtotal" })).toMatchObject({ value: 29.95, currency: "EUR" });
  });

  it("tells no value where none is the one it wants, and no currency either", async () => {
    const sent = await bothLegs(checkoutStarted(), { value: null });
    expect([sent.value, sent.currency]).toEqual([undefined, undefined]);
  });

  it("in a restricted category tells the site and not the page, no words and no names", async () => {
    const page = openPage({ settings: { datasets: [datasetLike({ restricted: true })] } });
    const href = "https://www.example.com/products/secret-remedy";
    await page.fire(productViewed({ href }), searchSubmitted({ href, referrer: href }));
    const hits = await page.hits();
    expect(hits.map(({ dl }) => dl)).toEqual(["https://www.example.com", "https://www.example.com"]);
    expect(hits[1]?.rl).toBe("https://www.example.com");
    expect(JSON.stringify(hits)).not.toMatch(/secret|tee|content_name|content_category|search_string/i);
  });
});

describe("no value leaves", () => {
  it.each<{ why: string; its: Partial<Checkout> }>([
    { why: "without a currency", its: { totalPrice: { amount: 5 } as never, currencyCode: null } },
    { why: "in a currency of no standard", its: { totalPrice: money(5, "JEP") } },
    { why: "below zero", its: { totalPrice: money(-1) } },
    { why: "that is not a number", its: { totalPrice: money(Number.NaN) } },
  ])("$why", async ({ its }) => {
    const sent = await bothLegs(checkoutStarted(checkout({ currencyCode: null, ...its })));
    expect(sent.value).toBeUndefined();
    expect(sent.currency).toBeUndefined();
    expect(sent.content_ids).toEqual(["48001", "48002"]);
  });
});

it("a price in another currency than the sum is not said", async () => {
  const sent = await bothLegs(checkoutStarted(checkout({ totalPrice: money(5, "USD") })));
  expect(sent).toMatchObject({ value: 5, currency: "USD" });
  expect(sent.contents).toEqual([
    { id: "48001", quantity: 2 },
    { id: "48002", quantity: 1 },
  ]);
});

describe("a purchase", () => {
  it("is said as the server says it of the order webhook", async () => {
    const set = (amount: string, shop: string) => ({
      shop_money: { amount: shop, currency_code: "USD" },
      presentment_money: { amount, currency_code: "EUR" },
    });
    const line = (variant_id: number, quantity: number, price: string, shop: string) => ({
      product_id: 9001,
      variant_id,
      quantity,
      price: shop,
      price_set: set(price, shop),
    });
    const result = TOPICS["orders/create"].read(
      {
        id: 5501,
        checkout_token: TOKEN,
        source_name: "web",
        processed_at: "2026-11-20T10:00:00Z",
        created_at: "2026-11-20T10:00:00Z",
        currency: "USD",
        total_price: "70.12",
        total_price_set: set("64.50", "70.12"),
        line_items: [line(48001, 2, "29.95", "32.56"), line(48002, 1, "10.00", "10.87")],
      },
      { country: "US" } as never,
    );
    if (!result.ok || result.reading.kind !== "event") throw new Error("the order is none");
    const { name, id, time, actionSource, facts } = result.reading.event;
    const server = metaEvent({
      name,
      eventId: id,
      time,
      actionSource,
      facts,
      ...wanted(datasetLike(), facts),
      userData: {},
      pageUrl: null,
      referrerUrl: null,
      limitedDataUse: null,
    });
    const page = openPage();
    await page.fire(checkoutCompleted());
    const [hit] = await page.hits();
    expect(hit).toMatchObject({ ev: server.event_name, eid: server.event_id });
    expect(customDataOf(hit)).toEqual(server.custom_data);
  });

  it("is said with all its lines, as the order has them", async () => {
    const lineItems = Array.from({ length: 300 }, () => lineItem());
    const page = openPage();
    await page.fire(checkoutCompleted(paidCheckout({ lineItems })));
    expect((await page.hits())[0]?.["cd[num_items]"]).toBe("600");
  });

  it("is no event of the beacon, which only tells what the browser's copy said", async () => {
    const page = openPage();
    await page.fire(checkoutCompleted());
    const [beacon] = page.beacons();
    const reading = beacon && readBeacon(beacon, { ip: null, userAgent: null, globalPrivacyControl: false });
    expect(reading?.event).toBeNull();
    const said = reading?.copy?.facts;
    const [hit] = await page.hits();
    const wish = datasetLike({});
    expect({
      value: eventValue(said ?? noFacts("web"), { basis: "total", money: "presentment" }, null)?.amount,
      ids: contentIdsOf(said?.lines ?? [], wish.ids),
    }).toEqual({ value: hit?.["cd[value]"], ids: JSON.parse(hit?.["cd[content_ids]"] ?? "[]") });
  });

  it("with more lines than a beacon takes is told of all the same, without a word on its goods as a whole", async () => {
    const page = openPage();
    const lines = Array.from({ length: 300 }, (_, n) => lineItem({ variant: variant({ id: String(48_000 + n) }) }));
    await page.fire(checkoutCompleted(checkout({ lineItems: lines })));
    const [beacon] = page.beacons();
    const reading = beacon && readBeacon(beacon, { ip: null, userAgent: null, globalPrivacyControl: false });
    expect(reading?.copy).toMatchObject({ name: "Purchase", whole: false });
    expect(JSON.stringify(beacon).length).toBeLessThan(40_000);
  });
});

describe("a beacon", () => {
  it("is posted as plain text, outlives the page, and carries no cookies of the collector", async () => {
    const page = openPage();
    await page.fire(pageViewed());
    expect(page.requests[1]?.init).toMatchObject({
      method: "POST",
      credentials: "omit",
      keepalive: true,
    });
    // A text without a content type of its own goes as plain text.
    expect(page.requests[1]?.init.headers).toBeUndefined();
    expect(page.requests[1]?.init.body).toBeTypeOf("string");
  });

  it("stays below 64 kB with the longest of everything", async () => {
    const long = (length: number) => "漢".repeat(length);
    const big = variant({
      id: "9".repeat(24),
      product: { ...variant().product, id: "9".repeat(24), title: long(500), vendor: long(500) },
      sku: long(500),
      price: money(99_999_999.123456),
    });
    const lineItems = Array.from({ length: 400 }, () =>
      lineItem({ variant: big, title: long(500), quantity: 1_000_000 }),
    );
    const browser = { href: `https://www.example.com/${long(400)}`, referrer: `https://www.example.com/${long(400)}` };
    const page = openPage();
    await page.fire(checkoutStarted(paidCheckout({ lineItems, totalPrice: money(999_999_999_999.12) }), browser));
    const [body = ""] = page.bodies();
    expect(page.beacons()[0]?.data?.lines).toHaveLength(250);
    expect(Buffer.byteLength(body)).toBeLessThan(44_000);
  });

  it("tells when it happened, not when it was sent", async () => {
    const page = openPage();
    await page.fire(pageViewed());
    expect(page.beacons()[0]?.timestamp).toBe(NOW - 1_000);
  });
});
