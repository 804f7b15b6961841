import { describe, expect, it } from "vitest";
import { fromAdminUrl, hostOf, pageOf, shownBy } from "./addresses";

const at = (address: string) => new URL(address, "http://x");

describe("addresses", () => {
  it.each([
    ["/app", "/admin/apps/tandem"],
    ["/app/events/42", "/admin/apps/tandem/events/42"],
    ["/app/events?tab=late", "/admin/apps/tandem/events?tab=late"],
  ])("a page of the app and its page in the admin name each other: %s", (inFrame, inAdmin) => {
    expect(pageOf(at(inFrame))).toBe(inAdmin);
    expect(shownBy(at(inAdmin))).toBe(inFrame);
  });

  it("what the admin adds to a page's address is not the page's", () => {
    expect(pageOf(at("/app/events?embedded=1&shop=a&host=b&id_token=c&locale=en&tab=late"))).toBe(
      "/admin/apps/tandem/events?tab=late",
    );
  });

  it("the admin does not follow the sign-in pages, nor what only begins like the app", () => {
    expect(pageOf(at("/auth/session-token?shop=a"))).toBeNull();
    expect(pageOf(at("/application"))).toBeNull();
  });

  it("the admin's front shows the app, its other parts do not", () => {
    expect(shownBy(at("/admin"))).toBe("/app");
    expect(shownBy(at("/admin/settings/customer_events"))).toBeNull();
  });

  it.each([
    ["https://admin.shopify.com/store/a-shop", "/admin"],
    ["https://admin.shopify.com/store/a-shop/settings/customer_events", "/admin/settings/customer_events"],
    ["https://admin.shopify.com/store/a-shop/apps/some-key", "/admin/apps/tandem"],
    ["https://admin.shopify.com/store/a-shop/apps/some-key/app/events", "/admin/apps/tandem/events"],
    ["shopify://admin/products", "/admin/products"],
    ["shopify:admin/products?x=1", "/admin/products?x=1"],
    ["https://shop.example.com/store/a", null],
    ["/app/events", null],
  ])("%s is the stand-in's %s", (address, page) => {
    expect(fromAdminUrl(address)).toBe(page);
  });

  it("writes the host as Shopify does", () => {
    expect(atob(hostOf("a-shop.myshopify.com"))).toBe("admin.shopify.com/store/a-shop");
  });
});
