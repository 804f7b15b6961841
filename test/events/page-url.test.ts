import { describe, expect, it } from "vitest";
import { publicPageUrl } from "~/events/page-url";

const SHOP = "https://shop.example.com";

describe("a page's address", () => {
  it.each([
    { from: `${SHOP}/`, is: `${SHOP}/` },
    { from: SHOP, is: `${SHOP}/` },
    { from: `${SHOP}/products/tee`, is: `${SHOP}/products/tee` },
    { from: `${SHOP}/products/tee?variant=48001&email=jordan%40example.com`, is: `${SHOP}/products/tee` },
    { from: `${SHOP}/products/tee#reviews`, is: `${SHOP}/products/tee` },
    { from: "https://user:secret@shop.example.com/cart", is: `${SHOP}/cart` },
    { from: "http://shop.example.com:8080/cart", is: "http://shop.example.com:8080/cart" },
    { from: "https://SHOP.example.com/Products", is: `${SHOP}/Products` },
    { from: "https://täst.example/über", is: "https://xn--tst-qla.example/%C3%BCber" },
    { from: `${SHOP}/collections/orders-of-magnitude`, is: `${SHOP}/collections/orders-of-magnitude` },
    { from: `${SHOP}/ordersx/1`, is: `${SHOP}/ordersx/1` },
  ])("leaves without query, fragment and credentials: $from", ({ from, is }) => {
    expect(publicPageUrl(from)).toBe(is);
  });

  it.each([
    { from: `${SHOP}/checkouts/cn/0123456789abcdef/thank-you`, is: `${SHOP}/checkouts` },
    { from: `${SHOP}/de/checkouts/cn/0123456789abcdef`, is: `${SHOP}/de/checkouts` },
    { from: `${SHOP}/en-gb/checkouts/cn/0123456789abcdef`, is: `${SHOP}/en-gb/checkouts` },
    { from: `${SHOP}/orders/0123456789abcdef`, is: `${SHOP}/orders` },
    { from: `${SHOP}/Orders/0123456789abcdef`, is: `${SHOP}/Orders` },
    { from: `${SHOP}/account/orders/0123456789abcdef`, is: `${SHOP}/account` },
    { from: `${SHOP}/account/reset/8880001/0123456789abcdef`, is: `${SHOP}/account` },
    { from: `${SHOP}/account`, is: `${SHOP}/account` },
  ])("leaves without what is secret or a person's: $from", ({ from, is }) => {
    expect(publicPageUrl(from)).toBe(is);
  });

  // Shopify's order status and older checkout pages carry the shop's number in front.
  it.each([
    `${SHOP}/1/orders/0123456789abcdef/authenticate?key=secret`,
    `${SHOP}/55501234/orders/0123456789abcdef`,
    `${SHOP}/55501234/checkouts/0123456789abcdef`,
  ])("leaves without its secret also behind the shop's number: %s", (from) => {
    expect(publicPageUrl(from)).not.toContain("0123456789abcdef");
  });

  it.each([
    null,
    "",
    "/products/tee",
    "about:blank",
    "file:///home/x",
    "javascript:alert(1)",
    "android-app://com.example",
    "https://",
  ])("is none when it is no web address: %s", (from) => {
    expect(publicPageUrl(from)).toBeNull();
  });

  it.each([
    ["https://shop.example.com/a/loyalty/jane.doe@example.com", "https://shop.example.com/a/loyalty"],
    ["https://shop.example.com/a/jane%40example.com/points?x=1", "https://shop.example.com/a"],
    ["https://shop.example.com/zh-hans/orders/0123456789abcdef", "https://shop.example.com/zh-hans/orders"],
    ["https://shop.example.com/gift_cards/1/0123456789abcdef", "https://shop.example.com/gift_cards"],
  ])("ends before what names a person or opens a door: %s", (url, left) => {
    expect(publicPageUrl(url)).toBe(left);
  });
});
