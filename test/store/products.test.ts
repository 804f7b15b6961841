import { describe, expect, it } from "vitest";
import type { ProductWrite } from "~/store/rows";
import { DAY } from "../support/clock";
import { openOutbox } from "./support/outbox";

const HOUR = 3_600_000;

async function openShelf() {
  const { store, shopId, reader } = await openOutbox();
  const write = (over: Partial<ProductWrite> = {}): ProductWrite => ({
    shopId,
    product: "101",
    type: "Tableware",
    vendor: "Saltmarsh Pottery",
    tags: ["ceramic"],
    toldAt: DAY,
    ...over,
  });
  return {
    store,
    shopId,
    write,
    tell: (over: Partial<ProductWrite> = {}) => store.upsertProducts([write(over)]),
    answer: (collections: string[] | null, now: number, over: Partial<ProductWrite> = {}) => {
      const { product, type, vendor, tags } = write(over);
      return store.collectionsTold(shopId, [{ product, type, vendor, tags, collections }], now);
    },
    row: async () => (await store.productsOf(shopId, ["101"]))[0],
    heardAt: () => reader.all<{ receivedAt: number }>(`SELECT "receivedAt" FROM "Product"`)[0]?.receivedAt,
  };
}

describe("what a webhook tells of a product", () => {
  it("is kept, without collections, of which it says nothing", async () => {
    const { tell, row } = await openShelf();
    await tell();
    expect(await row()).toEqual({
      product: "101",
      type: "Tableware",
      vendor: "Saltmarsh Pottery",
      tags: ["ceramic"],
      collections: null,
      askedAt: null,
    });
  });

  it("takes the place of what was known, and leaves collections as they were", async () => {
    const { tell, answer, row } = await openShelf();
    await answer(["gifts"], DAY);
    await tell({ type: "", vendor: null, tags: [], toldAt: DAY + 1 });
    expect(await row()).toMatchObject({ type: "", vendor: null, tags: [], collections: ["gifts"], askedAt: DAY });
  });

  it("is written when something differs, or when an hour has passed", async () => {
    const { tell, heardAt } = await openShelf();
    await tell();
    await tell({ toldAt: DAY + HOUR - 1 });
    expect(heardAt()).toBe(DAY);
    await tell({ toldAt: DAY + HOUR });
    expect(heardAt()).toBe(DAY + HOUR);
    await tell({ toldAt: DAY + HOUR + 1, tags: ["ceramic", "sale"] });
    expect(heardAt()).toBe(DAY + HOUR + 1);
  });

  it("never moves backwards: a webhook that comes late changes nothing", async () => {
    const { tell, row } = await openShelf();
    await tell();
    await tell({ type: "Kitchen", toldAt: DAY - 1 });
    expect(await row()).toMatchObject({ type: "Tableware" });
  });

  it("is stored for many at once, the newest of a product for itself, each shop for itself", async () => {
    const { store, write, shopId } = await openShelf();
    const other = await store.ensureShop({ domain: "o", beaconKey: "o", dataKey: "d", settings: "{}", createdAt: DAY });
    await Promise.all([
      store.upsertProducts([write(), write({ type: "Kitchen", toldAt: DAY + 1 }), write({ product: "102" })]),
      store.upsertProducts([write({ shopId: other.id, type: "Textiles" }), write({ product: "103" })]),
      store.upsertProducts([]),
    ]);
    const found = await store.productsOf(shopId, ["101", "102", "103", "104"]);
    expect(found.map(({ product, type }) => `${product} ${type}`).sort()).toEqual([
      "101 Kitchen",
      "102 Tableware",
      "103 Tableware",
    ]);
    expect(await store.productsOf(other.id, ["101", "102"])).toMatchObject([{ product: "101", type: "Textiles" }]);
  });

  it("survives whatever stands in it", async () => {
    const { tell, row } = await openShelf();
    const words = `'"; DROP TABLE "Product"; -- ${"\u{1F3FA}"}`;
    await tell({ type: words, tags: [words, "[]", "null"] });
    expect(await row()).toMatchObject({ type: words, tags: [words, "[]", "null"] });
  });
});

describe("what Shopify answers of a product", () => {
  it("is kept with when it was asked", async () => {
    const { answer, row } = await openShelf();
    await answer(["gifts", "Gifts"], DAY);
    expect(await row()).toEqual({
      product: "101",
      type: "Tableware",
      vendor: "Saltmarsh Pottery",
      tags: ["ceramic"],
      collections: ["gifts", "Gifts"],
      askedAt: DAY,
    });
  });

  it("takes the place of an older answer, and never of a newer one", async () => {
    const { answer, row } = await openShelf();
    await answer(["gifts"], DAY);
    await answer([], DAY + 1, { type: "Kitchen" });
    await answer(["gifts"], DAY);
    expect(await row()).toMatchObject({ collections: [], askedAt: DAY + 1, type: "Kitchen" });
  });

  it("may be that it does not say: collections are unknown then, and were asked for", async () => {
    const { answer, row } = await openShelf();
    await answer(["gifts"], DAY);
    await answer(null, DAY + 1);
    expect(await row()).toMatchObject({ collections: null, askedAt: DAY + 1 });
  });

  it("leaves what a webhook told after the question was asked", async () => {
    const { tell, answer, row, heardAt } = await openShelf();
    await tell({ type: "Kitchen", toldAt: DAY + 5 });
    await answer(["gifts"], DAY);
    expect(await row()).toMatchObject({ type: "Kitchen", collections: ["gifts"], askedAt: DAY });
    expect(heardAt()).toBe(DAY + 5);
  });

  it("makes an older webhook a late one", async () => {
    const { tell, answer, row } = await openShelf();
    await answer([], DAY);
    await tell({ type: "Kitchen", toldAt: DAY - 1 });
    expect(await row()).toMatchObject({ type: "Tableware" });
  });
});

describe("a product that is deleted", () => {
  it("is forgotten, in its shop only", async () => {
    const { store, shopId, write, tell, row } = await openShelf();
    await tell();
    await store.upsertProducts([write({ shopId: shopId + 1 }), write({ product: "102" })]);
    await store.forgetProducts(shopId, ["101", "404"]);
    expect(await row()).toBeUndefined();
    expect(await store.productsOf(shopId, ["102"])).toHaveLength(1);
    expect(await store.productsOf(shopId + 1, ["101"])).toHaveLength(1);
  });
});
