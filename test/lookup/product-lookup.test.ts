import { describe, expect, it, vi } from "vitest";
import { DAY } from "../support/clock";
import { type Looking, NOTHING, openLooking, unasked } from "./support";

const HOUR = 3_600_000;
const MUG = {
  type: "Tableware",
  vendor: "Saltmarsh Pottery",
  tags: ["handmade", "ceramic"],
  collections: [
    { handle: "for-the-table", title: "For the table" },
    { handle: "gifts", title: "gifts" },
  ],
};
const FILING = {
  type: "Tableware",
  vendor: "Saltmarsh Pottery",
  tags: ["handmade", "ceramic"],
  collections: ["for-the-table", "For the table", "gifts"],
};

async function filingOf({ lookups, shop }: Looking, id = "101") {
  return (await lookups.products(shop, [id])).told.get(id);
}

/** A products/update of it has come. */
function told({ store, shop, clock }: Looking, over: { type?: string | null; tags?: string[] | null } = {}) {
  const { type = "Kitchen", tags = ["sale"] } = over;
  return store.upsertProducts([
    { shopId: shop.id, product: "101", type, vendor: "Grainworks", tags, toldAt: clock.now() },
  ]);
}

describe("what a product is filed under", () => {
  it("is asked of Shopify where nothing is known; collections go by handle and by title", async () => {
    const looking = await openLooking();
    looking.api.books.products.set("101", MUG);
    expect(await filingOf(looking)).toEqual(FILING);
    expect(looking.asked()).toEqual([1]);
  });

  it("is kept: within a day nobody is asked again", async () => {
    const looking = await openLooking();
    looking.api.books.products.set("101", MUG);
    await filingOf(looking);
    looking.clock.pass(24 * HOUR - 1);
    expect(await filingOf(looking)).toEqual(FILING);
    expect(looking.asked()).toEqual([1]);
    looking.api.books.products.set("101", { ...MUG, collections: [] });
    looking.clock.pass(1);
    expect(await filingOf(looking)).toEqual({ ...FILING, collections: [] });
    expect(looking.asked()).toEqual([1, 1]);
  });

  it("is asked of Shopify where only a webhook told of it", async () => {
    const looking = await openLooking();
    await told(looking);
    looking.clock.pass(HOUR);
    looking.api.books.products.set("101", MUG);
    expect(await filingOf(looking)).toEqual(FILING);
  });

  it("follows a webhook at once, without a question", async () => {
    const looking = await openLooking();
    looking.api.books.products.set("101", MUG);
    await filingOf(looking);
    looking.clock.pass(HOUR);
    await told(looking);
    expect(await filingOf(looking)).toEqual({
      type: "Kitchen",
      vendor: "Grainworks",
      tags: ["sale"],
      collections: FILING.collections,
    });
    expect(looking.asked()).toEqual([1]);
  });

  it("is what the table says where Shopify cannot be asked: collections are not known", async () => {
    const looking = await openLooking();
    await told(looking);
    looking.session(false);
    const filing = { type: "Kitchen", vendor: "Grainworks", tags: ["sale"], collections: null };
    expect(await looking.lookups.products(looking.shop, ["101"])).toEqual({
      told: new Map([["101", filing]]),
      unasked: new Set(["101"]),
    });
  });

  it("is what was told long ago where Shopify cannot be asked any more", async () => {
    const looking = await openLooking();
    looking.api.books.products.set("101", MUG);
    await filingOf(looking);
    looking.clock.pass(30 * 24 * HOUR);
    looking.api.weather.fail(1, "status 500");
    expect(await filingOf(looking)).toEqual(FILING);
  });

  it("is missing where nobody knows it", async () => {
    const looking = await openLooking();
    looking.session(false);
    expect(await looking.lookups.products(looking.shop, ["101"])).toEqual(unasked("101"));
  });

  it("is nothing, and known to be, where the merchant files it under nothing", async () => {
    const looking = await openLooking();
    looking.api.books.products.set("101", { type: "", vendor: "", tags: [], collections: [] });
    expect(await filingOf(looking)).toEqual({ type: "", vendor: "", tags: [], collections: [] });
  });

  it("leaves its collections open where they are too many to be told all", async () => {
    const looking = await openLooking();
    const collections = Array.from({ length: 101 }, (_, n) => ({ handle: `c-${n}`, title: `C ${n}` }));
    looking.api.books.products.set("101", { ...MUG, collections });
    expect(await filingOf(looking)).toEqual({ ...FILING, collections: null });
    await filingOf(looking);
    expect(looking.asked()).toEqual([1]);
  });
});

describe("the question for products", () => {
  it("is put for nine at a time, each of which Shopify would answer, and only for those that are due", async () => {
    const looking = await openLooking();
    const ids = Array.from({ length: 20 }, (_, index) => String(index + 101));
    for (const id of ids) looking.api.books.products.set(id, MUG);
    await filingOf(looking, "101");
    const filings = await looking.lookups.products(looking.shop, [...ids, ...ids]);
    expect([...filings.told.keys()].sort()).toEqual(ids);
    expect(looking.asked()).toEqual([1, 9, 9, 1]);
  });

  it("names only what is a product's number: beacons may say anything", async () => {
    const looking = await openLooking();
    const ids = ["", "mug", '1")', "gid://shopify/Product/1", "9".repeat(25)];
    expect(await looking.lookups.products(looking.shop, ids)).toEqual(NOTHING);
    expect(looking.asked()).toEqual([]);
  });

  it("is put once a day for a product that Shopify does not know, which takes up no room in the table", async () => {
    const looking = await openLooking();
    expect(await looking.lookups.products(looking.shop, ["404"])).toEqual(NOTHING);
    looking.clock.pass(24 * HOUR - 1);
    await looking.lookups.products(looking.shop, ["404"]);
    expect(looking.asked()).toEqual([1]);
    expect(await looking.store.productsOf(looking.shop.id, ["404"])).toEqual([]);
    looking.clock.pass(1);
    await looking.lookups.products(looking.shop, ["404"]);
    expect(looking.asked()).toEqual([1, 1]);
  });

  it("is put again for one that Shopify did not know once a webhook tells of it", async () => {
    const looking = await openLooking();
    await looking.lookups.products(looking.shop, ["101"]);
    await told(looking);
    looking.api.books.products.set("101", MUG);
    looking.clock.pass(1);
    expect(await filingOf(looking)).toEqual(FILING);
  });

  it("leaves a product as it was known that is gone by now, and is not put again for a day", async () => {
    const looking = await openLooking();
    looking.api.books.products.set("101", MUG);
    await filingOf(looking);
    looking.api.books.products.clear();
    looking.clock.pass(24 * HOUR);
    expect(await filingOf(looking)).toEqual(FILING);
    await filingOf(looking);
    expect(looking.asked()).toEqual([1, 1]);
  });

  it("does not take one for gone that errors stand in for", async () => {
    const looking = await openLooking();
    looking.answerWith({ data: { nodes: [null] }, errors: [{ message: "Internal error" }] });
    expect(await looking.lookups.products(looking.shop, ["101"])).toEqual(unasked("101"));
    looking.answerWith(null);
    looking.api.books.products.set("101", MUG);
    expect(await filingOf(looking)).toEqual(FILING);
  });

  it("keeps what a webhook told while Shopify was thinking", async () => {
    const looking = await openLooking();
    looking.api.books.products.set("101", MUG);
    looking.api.weather.delayMs = 100;
    const asking = filingOf(looking);
    await vi.waitFor(() => expect(looking.asked()).toEqual([1]));
    looking.clock.pass(10);
    await told(looking);
    expect(await asking).toEqual({ ...FILING, type: "Kitchen", vendor: "Grainworks", tags: ["sale"] });
  });
});

describe("an odd answer about a product", () => {
  const WHOLE = {
    id: "gid://shopify/Product/101",
    productType: "Tableware",
    vendor: "Saltmarsh Pottery",
    tags: ["handmade", "ceramic"],
    collections: { pageInfo: { hasNextPage: false }, nodes: [{ handle: "gifts", title: "Gifts" }] },
  };
  const READ = { ...FILING, collections: ["gifts", "Gifts"] };

  it.each([
    ["a type that is a number", { productType: 7 }, { type: null }],
    ["a vendor of 256 letters", { vendor: "v".repeat(256) }, { vendor: null }],
    ["tags that are a text", { tags: "a, b" }, { tags: null }],
    ["251 tags", { tags: Array(251).fill("a") }, { tags: null }],
    ["no collections", { collections: undefined }, { collections: null }],
    [
      "a collection without a title",
      { collections: { ...WHOLE.collections, nodes: [{ handle: "a" }] } },
      { collections: null },
    ],
  ])("leaves open what it does not tell: %s", async (_case, over, read) => {
    const looking = await openLooking();
    looking.answerWith({ data: { nodes: [{ ...WHOLE, ...over }] } });
    expect(await filingOf(looking)).toEqual({ ...READ, ...read });
  });

  it("about a product that was not asked for is not stored", async () => {
    const looking = await openLooking();
    looking.answerWith({ data: { nodes: [WHOLE, null, { id: 7 }, "x"] } });
    expect(await looking.lookups.products(looking.shop, ["102"])).toEqual(NOTHING);
    expect(await looking.store.productsOf(looking.shop.id, ["101"])).toEqual([]);
  });
});

describe("a table that cannot be read", () => {
  it("costs no event: nothing is known, and the log says why", async () => {
    const looking = await openLooking();
    const { lookups, shop, store, log } = looking;
    await store.close();
    expect(await lookups.products(shop, ["101"])).toEqual(unasked("101"));
    expect(log.join()).toContain("lookup.store_failed");
    expect(looking.clock.now()).toBe(DAY);
  });
});
