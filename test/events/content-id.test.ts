import { describe, expect, it } from "vitest";
import { contentIdOf, contentTypeOf } from "~/events/content-id";
import { CONTENT_ID_FORMAT_NAMES, CONTENT_ID_FORMATS } from "~/events/content-id-formats";

const LINE = { product: "9001", variant: "48001", sku: "TEE $v-M" };
const idIn = (line: Parameters<typeof contentIdOf>[1]) =>
  CONTENT_ID_FORMAT_NAMES.map((name) => contentIdOf(CONTENT_ID_FORMATS[name].template("US"), line));

describe("the catalogue id of a line", () => {
  it("is what the merchant's catalogue calls it", () => {
    expect(idIn(LINE)).toEqual(["48001", "9001", "TEE $v-M", "shopify_US_9001_48001"]);
    expect(contentIdOf(CONTENT_ID_FORMATS.shopify.template(null), LINE)).toBe("shopify_ZZ_9001_48001");
  });

  it("is none where the line lacks what it asks for", () => {
    expect(idIn({ variant: "48001" })).toEqual(["48001", null, null, null]);
    expect(idIn({ product: "9001", variant: null, sku: "" })).toEqual([null, "9001", null, null]);
    expect(idIn({})).toEqual([null, null, null, null]);
  });

  it("is of a group only where products are named as a whole", () => {
    expect(["$v", "$p", "$s", "shopify_US_$p_$v"].map(contentTypeOf)).toEqual([
      "product",
      "product_group",
      "product",
      "product",
    ]);
  });
});
