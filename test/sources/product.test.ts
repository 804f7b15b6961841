import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { changedProduct, deletedProduct, product, productId } from "~/sources/product";
import { mutationsOf } from "./mutations";

/** As Shopify sends it where include_fields asks for what is read. */
const BODY = { id: 8400100000101, product_type: "Tableware", vendor: "Saltmarsh Pottery", tags: "ceramic, handmade" };

function told(over: Record<string, unknown> = {}) {
  return changedProduct(product.parse({ ...BODY, ...over })).product;
}

describe("a product webhook", () => {
  it("tells what the product is filed under", () => {
    expect(changedProduct(product.parse(BODY))).toEqual({
      kind: "product",
      product: {
        id: "8400100000101",
        deleted: false,
        type: "Tableware",
        vendor: "Saltmarsh Pottery",
        tags: ["ceramic", "handmade"],
      },
    });
  });

  it("tells of a deleted one that it is gone", () => {
    expect(deletedProduct(productId.parse({ id: 8400100000101 }))).toMatchObject({
      kind: "product",
      product: { id: "8400100000101", deleted: true },
    });
  });

  it.each([
    ["", []],
    [" , ,", []],
    ["one", ["one"]],
    [" a ,b,  c d ,a", ["a", "b", "c d"]],
    [
      ["a", 7, null, "b "],
      ["a", "b"],
    ],
    [null, null],
    [undefined, null],
    [7, null],
    [{ a: 1 }, null],
  ])("has its tags in one text: %j", (tags, read) => {
    expect(told({ tags }).tags).toEqual(read);
  });

  it("has at most 250 tags; one that is too long is dropped", () => {
    const many = Array.from({ length: 300 }, (_, index) => `tag-${index}`);
    expect(told({ tags: many.join(", ") }).tags).toEqual(many.slice(0, 250));
    expect(told({ tags: `${"x".repeat(256)}, short, ${"y".repeat(255)}` }).tags).toEqual(["short", "y".repeat(255)]);
  });

  it.each([
    ["Tableware", "Tableware"],
    [" Tableware ", "Tableware"],
    ["", ""],
    [null, null],
    [undefined, null],
    [7, null],
    ["x".repeat(256), null],
    [["Tableware"], null],
  ])("tells %j as %j: to be filed under nothing is not the same as not to be told", (word, read) => {
    expect(told({ product_type: word }).type).toBe(read);
    expect(told({ vendor: word }).vendor).toBe(read);
  });

  it.each([[null], [undefined], [""], ["mug"], [1.5], [-1], [{}]])("is refused without an id of its own: %j", (id) => {
    expect(product.safeParse({ ...BODY, id }).success).toBe(false);
    expect(productId.safeParse({ id }).success).toBe(false);
  });

  it("never throws, and what is read of it is within bounds", () => {
    fc.assert(
      fc.property(mutationsOf(BODY), (text) => {
        const read = product.safeParse(safeJson(text));
        if (!read.success) return;
        const { id, type, vendor, tags } = changedProduct(read.data).product;
        expect(id).toMatch(/^\d{1,24}$/);
        expect((type ?? "").length).toBeLessThanOrEqual(255);
        expect((vendor ?? "").length).toBeLessThanOrEqual(255);
        expect((tags ?? []).every((tag) => tag.length <= 255)).toBe(true);
      }),
      { seed: 20261120, numRuns: 500 },
    );
  });
});

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
