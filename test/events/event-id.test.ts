import { describe, expect, it } from "vitest";
import {
  addPaymentInfoId,
  customOrderId,
  idDigits,
  initiateCheckoutId,
  purchaseId,
  purchaseIdOfCheckout,
  purchaseIdOfOrder,
  refundId,
  registrationId,
  ruleEventId,
  subscribeId,
  upsellId,
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

  it("of what is made of it tells what that is", () => {
    expect(subscribeId("5501")).toBe("subscribe.5501");
    expect(customOrderId("renewal", "5501")).toBe("renewal.5501");
    expect(upsellId("5501", 2)).toBe("upsell.5501.2");
    expect(refundId("6601")).toBe("refund.6601");
    expect(ruleEventId("a1b2c3d4", "purchase.t0ken")).toBe("a1b2c3d4.purchase.t0ken");
  });

  it("is never longer than Meta takes, and of two checkouts never the same", () => {
    const [one, other] = ["a", "b"].map((first) => purchaseIdOfCheckout(first.padEnd(54, "x")));
    expect(one?.length).toBeLessThanOrEqual(64);
    const made = [one, other].map((id) => ruleEventId("k".repeat(16), id ?? ""));
    for (const id of made) expect(id).toHaveLength(64);
    expect(new Set(made).size).toBe(2);
    expect(customOrderId("zero_value", "9".repeat(24)).length).toBeLessThanOrEqual(64);
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
