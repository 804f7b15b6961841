import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ORDER_SOURCE_NAMES } from "~/events/order-sources";
import { order, purchase } from "~/sources/order";
import { type OrderOrigin, orderSourceOf, orderTraitsOf } from "~/sources/order-source";
import * as fixtures from "../fixtures/order";

const origin = (over: Partial<OrderOrigin> = {}): OrderOrigin => ({
  name: "",
  app: null,
  hasCheckout: false,
  tags: [],
  backdated: false,
  ...over,
});

describe("an order without a checkout comes from", () => {
  it.each([
    ["pos", { name: "pos" }],
    ["pos", { name: "iphone" }],
    ["pos", { name: "android" }],
    ["draft", { name: "shopify_draft_order" }],
    ["draft", { app: "1354745" }],
    ["unknown", { name: "3890849", app: "1354745" }],
    ["web", { name: "web" }],
    ["renewal", { name: "subscription_contract" }],
    ["renewal", { name: "subscription_contract_checkout_one" }],
    ["exchange", { name: "example-exchanges" }],
    ["exchange", { name: "3890849", tags: ["vip", "exchange"] }],
    ["import", { name: "matrixify" }],
    ["import", { name: "example-importer" }],
    ["import", { name: "3890849", backdated: true }],
    ["unknown", { name: "3890849" }],
    ["unknown", {}],
    ["unknown", { name: "3890849", tags: ["exchanged?"] }],
    ["unknown", { name: "my_subscription_contract" }],
  ] as const)("%s: %j", (source, over) => {
    expect(orderSourceOf(origin(over), [])).toBe(source);
  });

  it("an app whose orders are renewals, by its id or by the name it gives", () => {
    expect(orderSourceOf(origin({ name: "3890849", app: "294517" }), ["294517"])).toBe("renewal");
    expect(orderSourceOf(origin({ name: "example-subs" }), ["example-subs"])).toBe("renewal");
    expect(orderSourceOf(origin({ name: "3890849", app: "294517" }), ["29451"])).toBe("unknown");
    expect(orderSourceOf(origin({ app: null }), ["null"])).toBe("unknown");
  });
});

describe("a checkout behind an order", () => {
  it.each([
    ["web", { name: "" }],
    ["web", { name: "web" }],
    ["channel", { name: "3890849" }],
    ["channel", { name: "subscription_contract" }],
    ["channel", { name: "matrixify", backdated: true }],
    ["channel", { name: "3890849", app: "1354745" }],
    ["web", { name: "web", app: "1354745" }],
    ["pos", { name: "pos" }],
    ["draft", { name: "shopify_draft_order" }],
    ["draft", { name: "", app: "1354745" }],
  ] as const)("says that a shopper stood there, but for tills and drafts: %s of %j", (source, over) => {
    expect(orderSourceOf(origin({ hasCheckout: true, ...over }), [])).toBe(source);
  });

  it("outweighs the list of renewals: the first order of a subscription is an ordinary one", () => {
    expect(orderSourceOf(origin({ hasCheckout: true, app: "294517", name: "294517" }), ["294517"])).toBe("channel");
  });
});

it("every order comes from exactly one place, whatever it says", () => {
  const anything = fc.record({
    name: fc.oneof(fc.string(), fc.constantFrom("pos", "web", "import", "exchange")),
    app: fc.option(fc.string()),
    hasCheckout: fc.boolean(),
    tags: fc.array(fc.string()),
    backdated: fc.boolean(),
  });
  fc.assert(
    fc.property(anything, fc.array(fc.string()), (said, apps) => {
      expect(ORDER_SOURCE_NAMES).toContain(orderSourceOf(said, apps));
    }),
  );
});

describe("what an order is besides", () => {
  it.each([
    ["0", false, ["zero_value"]],
    ["0.00", false, ["zero_value"]],
    ["0.000000", true, ["zero_value", "b2b"]],
    ["0.01", false, []],
    ["10", true, ["b2b"]],
  ])("of a total of %s, by a company: %s", (total, company, traits) => {
    expect(orderTraitsOf({ total, company })).toEqual(traits);
  });
});

describe("of an order's webhook", () => {
  const factsOf = (options: fixtures.OrderOptions, over: Record<string, unknown> = {}, renewalApps: string[] = []) =>
    purchase(order.parse(fixtures.order(options, over)), { country: "NZ", renewalApps }).event.facts;
  const offline = { checkoutToken: null };

  it("name, app and tags are read without regard to case and space", () => {
    expect(factsOf({ ...offline, sourceName: " POS " }).source).toBe("pos");
    expect(factsOf({ ...offline, sourceName: "1" }, { tags: "VIP,  EXCHANGE ,x" }).source).toBe("exchange");
    expect(factsOf({ ...offline, sourceName: "1" }, { app_id: 294517 }, ["294517"]).source).toBe("renewal");
  });

  it.each([
    ["2026-11-19T09:58:00Z", "unknown"],
    ["2026-11-19T09:57:59Z", "import"],
    ["2026-11-21T09:58:00Z", "unknown"],
    [null, "unknown"],
  ])("dated %s and written a day later counts as an import only beyond that day: %s", (processed_at, source) => {
    expect(factsOf({ ...offline, sourceName: "1" }, { processed_at }).source).toBe(source);
  });

  it("a till stands where its shop does, whatever address the customer has", () => {
    expect(factsOf({ ...offline, sourceName: "pos", country: "US" })).toMatchObject({ country: "NZ", usState: null });
    expect(factsOf({ country: "US" })).toMatchObject({ country: "US", usState: "OR" });
  });

  it("a company is one where Shopify names it", () => {
    expect(factsOf({}, { company: { id: 1 } }).traits).toEqual(["b2b"]);
    for (const company of [null, undefined, "", "Example Ltd", []]) expect(factsOf({}, { company }).traits).toEqual([]);
  });

  it.each([
    ["web", {}, true],
    ["channel", { sourceName: "3890849" }, true],
    ["draft", { sourceName: "shopify_draft_order" }, true],
    ["pos", { sourceName: "pos" }, false],
    ["renewal", { sourceName: "subscription_contract", checkoutToken: null }, false],
    ["import", { sourceName: "matrixify", checkoutToken: null }, false],
    ["unknown", { sourceName: "3890849", checkoutToken: null }, false],
  ] as const)("the browser of a %s order is the buyer's or nobody's", (source, options, buyers) => {
    const { event, browser } = purchase(order.parse(fixtures.order(options)), { country: null, renewalApps: [] });
    expect([event.facts.source, browser.ip !== null, browser.userAgent !== null]).toEqual([source, buyers, buyers]);
  });

  describe("the browser of an order that staff stand behind is nobody's,", () => {
    const NOBODYS = { ip: null, otherIp: null, userAgent: null };
    const browserOf = (over: Record<string, unknown>) =>
      purchase(order.parse(fixtures.order({}, over)), { country: null, renewalApps: [] }).browser;

    it.each([
      [{ source_name: "shopify_draft_order" }],
      [{ source_name: null, app_id: 1354745 }],
      [{ source_name: null }],
      [{ source_name: "web" }],
      [{ source_name: "3890849" }],
    ])("wherever it says it comes from: %j", (over) => {
      expect(browserOf({ ...over, user_id: 71 })).toMatchObject(NOBODYS);
    });

    it.each([
      71,
      "71",
      "gid://shopify/StaffMember/71",
      "example-staff",
      { id: 71 },
    ])("whatever names them: %j", (user_id) => {
      expect(browserOf({ source_name: "shopify_draft_order", user_id })).toMatchObject(NOBODYS);
    });

    it.each([null, undefined, ""])("but not where nobody is named: %j", (user_id) => {
      expect(browserOf({ source_name: "shopify_draft_order", user_id })).toMatchObject({
        ip: "203.0.113.20",
        otherIp: "203.0.113.20",
        userAgent: expect.stringContaining("iPhone"),
      });
    });
  });
});
