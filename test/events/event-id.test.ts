import { describe, expect, it } from "vitest";
import {
  addPaymentInfoId,
  idDigits,
  initiateCheckoutId,
  purchaseId,
  purchaseIdOfCheckout,
  purchaseIdOfOrder,
  registrationId,
} from "~/events/event-id";

describe("an event's id", () => {
  it("hangs on the checkout where there is one, and is the same for browser and order", () => {
    expect(purchaseId("t0ken", "5501")).toBe("purchase.t0ken");
    expect(purchaseIdOfCheckout("t0ken")).toBe("purchase.t0ken");
    expect(initiateCheckoutId("t0ken")).toBe("ic.t0ken");
    expect(addPaymentInfoId("t0ken")).toBe("api.t0ken");
  });

  it("hangs on the order, or the customer, where no checkout stands behind it", () => {
    expect(purchaseId(null, "5501")).toBe("purchase.o5501");
    expect(purchaseIdOfOrder("5501")).toBe("purchase.o5501");
    expect(registrationId("77")).toBe("registration.77");
  });
});

describe("the digits of a Shopify id", () => {
  it.each([
    [5501, "5501"],
    ["5501", "5501"],
    [" 5501\n", "5501"],
    ["820982911946154508", "820982911946154508"],
    ["gid://shopify/Order/5501", "5501"],
    ["gid://shopify/OrderIdentity/5501", "5501"],
    ["gid://shopify/ProductVariant/5501?market=2", "5501"],
    [btoa("gid://shopify/Order/5501"), "5501"],
    [btoa("gid://shopify/Order/5501?key=2"), "5501"],
  ])("are read from %j", (id, digits) => {
    expect(idDigits(id)).toBe(digits);
  });

  it.each([
    null,
    undefined,
    "",
    " ",
    "5501?x=1",
    "order 5501",
    "#5501",
    "1e3",
    -5501,
    5501.5,
    "gid://shopify/Order/",
    "gid://shopify/Order/5501a",
    "gid://shopify/Order/?id=5501",
    btoa("5501"),
    btoa("order/5501"),
    "Zé==",
    "abcd",
  ])("are not to be had from %j", (id) => {
    expect(idDigits(id)).toBeNull();
  });
});
