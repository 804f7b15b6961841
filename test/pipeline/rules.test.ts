import { describe, expect, it } from "vitest";
import type { Rule } from "~/events/rules";
import type { Lookups } from "~/lookup/lookups";
import { checkoutStarted } from "../fixtures/beacon";
import { checkout } from "../fixtures/checkout";
import { product } from "../fixtures/notices";
import { order } from "../fixtures/order";
import { DATASET, NOBODY_TO_ASK, type TestPipeline, testPipeline } from "../support/pipeline";
import { ordersAnswered, policy, settle, switchOff } from "../support/settings";
import { later, MINUTE, standing, taken } from "./seen";

const PURCHASE = "Purchase purchase.0123456789abcdef0123456789abcdef";
const BIG: Rule = {
  key: "big",
  name: "BigOrder",
  base: "Purchase",
  on: true,
  when: { field: "value", is: "at_least", amount: "64.50", currency: "USD" },
};
const FIRST: Rule = { ...BIG, key: "new", name: "FirstOrder", when: { field: "customer", is: "first" } };

const placed = (over = {}) => order({ country: "AU" }, over);

function ruled(pipeline: TestPipeline, ...rules: Partial<Rule>[]): Promise<void> {
  return settle(pipeline, (settings) => ({ ...settings, rules: rules.map((rule) => ({ ...BIG, ...rule })) }));
}

describe("a merchant's own event", () => {
  it("is made beside its base, under an id of its own, with the same facts", async () => {
    const pipeline = await testPipeline();
    await ruled(pipeline, BIG);
    for (const topic of ["orders/create", "orders/paid", "orders/create"]) {
      await pipeline.webhook(topic, placed());
      await pipeline.drain();
    }
    expect(taken(pipeline)).toEqual([PURCHASE, "BigOrder big.purchase.0123456789abcdef0123456789abcdef"]);
    expect(pipeline.meta.received[1]?.body).toMatchObject({ custom_data: { value: 64.5, currency: "USD" } });
  });

  it("is made although its base is off", async () => {
    const pipeline = await testPipeline();
    await ruled(pipeline, BIG);
    await switchOff(pipeline, "Purchase");
    await pipeline.webhook("orders/create", placed());
    await pipeline.drain();
    expect(await standing(pipeline)).toEqual(["skipped event_off", "accepted"]);
  });

  it.each([
    ["that is off", { on: false }],
    ["of another base", { base: "AddToCart" as const }],
    ["whose conditions are plainly not met", { when: { ...BIG.when, amount: "64.51" } as Rule["when"] }],
  ])("is not even stored for a rule %s", async (_which, over) => {
    const pipeline = await testPipeline();
    await ruled(pipeline, over);
    await pipeline.webhook("orders/create", placed());
    await pipeline.drain();
    expect(await standing(pipeline)).toEqual(["accepted"]);
  });

  it.each([
    ["switched off", { on: false }],
    ["renamed", { name: "HugeOrder" }],
    ["replaced by another", { key: "other" }],
  ])("is skipped when its rule was %s before it left", async (_what, over) => {
    const pipeline = await testPipeline();
    await ruled(pipeline, BIG);
    await pipeline.webhook("orders/create", placed());
    await ruled(pipeline, over);
    await pipeline.drain();
    expect(await standing(pipeline)).toEqual(["accepted", "skipped rule_off"]);
    expect((await pipeline.events())[1]).toMatchObject({ matchKeys: null, browser: null });
  });

  it("goes by the rule as it stands when the event leaves", async () => {
    const pipeline = await testPipeline();
    await ruled(pipeline, BIG);
    await pipeline.webhook("orders/create", placed());
    await ruled(pipeline, { when: { field: "value", is: "at_least", amount: "100", currency: "USD" } });
    await pipeline.drain();
    expect(await standing(pipeline)).toEqual(["accepted", "skipped rule_not_met"]);
  });

  it("cannot tell a value in another currency", async () => {
    const pipeline = await testPipeline();
    await ruled(pipeline, { when: { field: "value", is: "less_than", amount: "1", currency: "EUR" } });
    await pipeline.webhook("orders/create", placed());
    await pipeline.drain();
    expect(await standing(pipeline)).toEqual(["accepted", "skipped cannot_tell"]);
  });

  it("goes by each dataset's own value", async () => {
    const pipeline = await testPipeline();
    await pipeline.connect({ dataset: "2234567890" });
    await policy(pipeline, { value: { basis: "subtotal", money: "presentment" } });
    await ruled(pipeline, BIG);
    await pipeline.webhook("orders/create", placed());
    await pipeline.drain();
    const custom = pipeline.meta.received.filter(({ event_name }) => event_name === "BigOrder");
    expect(custom.map(({ dataset }) => dataset)).toEqual(["2234567890"]);
    expect(DATASET).not.toBe("2234567890");
  });

  it("of a second order under one checkout token is that order's own, never lost in the first", async () => {
    const pipeline = await testPipeline();
    await ruled(pipeline, BIG);
    for (const id of [5550001, 5550002, 5550002]) await pipeline.webhook("orders/create", placed({ id }));
    await pipeline.drain();
    expect(taken(pipeline).filter((one) => one.startsWith("Big"))).toEqual([
      "BigOrder big.purchase.0123456789abcdef0123456789abcdef",
      "BigOrder big.purchase.o5550002",
    ]);
  });

  it("is none beside a test order or one whose kind is not sent", async () => {
    const pipeline = await testPipeline();
    await ruled(pipeline, BIG);
    await pipeline.webhook("orders/create", placed({ test: true }));
    await pipeline.webhook("orders/create", placed({ id: 2, checkout_token: null, source_name: "someapp" }));
    await pipeline.drain();
    expect(await standing(pipeline)).toEqual(["skipped test_order", "skipped unknown_source"]);
  });

  it("made of a guessed checkout gives way to the browser's as its base does", async () => {
    const pipeline = await testPipeline();
    await ruled(pipeline, { base: "InitiateCheckout", when: { field: "source", is: "any_of", words: ["web"] } });
    await pipeline.webhook("checkouts/create", checkout({ country: "AU" }));
    await later(pipeline, MINUTE);
    expect(await standing(pipeline)).toEqual(["waiting", "waiting"]);
    await pipeline.beacon(checkoutStarted);
    await pipeline.drain();
    expect(taken(pipeline).sort()).toEqual([
      "BigOrder big.ic.0123456789abcdef0123456789abcdef",
      "InitiateCheckout ic.0123456789abcdef0123456789abcdef",
    ]);
  });
});

/** Shopify is down. */
const NOBODY_ANSWERS: Lookups = {
  orders: async (_shop, ids) => ({ told: new Map(), unasked: new Set(ids) }),
  products: async (_shop, ids) => ({ told: new Map(), unasked: new Set(ids) }),
};

describe("a rule that asks what no webhook says", () => {
  it.each([
    [true, ["accepted", "accepted"]],
    [false, ["accepted", "skipped rule_not_met"]],
    [null, ["accepted", "skipped cannot_tell"]],
  ])("goes by Shopify's answer %j when the event leaves", async (firstOrder, standings) => {
    const pipeline = await testPipeline();
    await ruled(pipeline, FIRST);
    await pipeline.webhook("orders/create", placed());
    await pipeline.drain({ lookups: ordersAnswered({ "5550001": { firstOrder } }) });
    expect(await standing(pipeline)).toEqual(standings);
  });

  it.each(["first", "returning"] as const)("takes no answer for no %s customer: it cannot tell", async (is) => {
    const pipeline = await testPipeline();
    await ruled(pipeline, { ...FIRST, when: { field: "customer", is } });
    await pipeline.webhook("orders/create", placed());
    await pipeline.drain();
    expect(await standing(pipeline)).toEqual(["accepted", "skipped cannot_tell"]);
  });

  it("waits while Shopify cannot be asked, and leaves with its answer; its Purchase does not wait", async () => {
    const pipeline = await testPipeline();
    await ruled(pipeline, FIRST);
    await pipeline.webhook("orders/create", placed());
    await pipeline.drain({ lookups: NOBODY_ANSWERS });
    expect(await standing(pipeline)).toEqual(["accepted", "waiting shopify_waits"]);
    await pipeline.drain({ lookups: ordersAnswered({ "5550001": { firstOrder: true } }) });
    expect(await standing(pipeline)).toEqual(["accepted", "waiting shopify_waits"]);
    pipeline.clock.pass(MINUTE);
    await pipeline.drain({ lookups: ordersAnswered({ "5550001": { firstOrder: true } }) });
    expect(await standing(pipeline)).toEqual(["accepted", "accepted"]);
  });

  it("waits for an hour at most, with fewer and fewer questions", async () => {
    const pipeline = await testPipeline();
    await ruled(pipeline, FIRST);
    await pipeline.webhook("orders/create", placed());
    let questions = 0;
    const orders: Lookups["orders"] = (shop, ids) => {
      questions += ids.length;
      return NOBODY_ANSWERS.orders(shop, ids);
    };
    for (let minute = 0; minute < 70; minute += 1) {
      await pipeline.drain({ lookups: { ...NOBODY_ANSWERS, orders } });
      pipeline.clock.pass(MINUTE);
    }
    expect(await standing(pipeline)).toEqual(["accepted", "skipped cannot_tell"]);
    expect(questions).toBe(8);
  });

  it("is skipped when its order is cancelled while it waits", async () => {
    const pipeline = await testPipeline();
    await ruled(pipeline, FIRST);
    await pipeline.webhook("orders/create", placed());
    await pipeline.drain({ lookups: NOBODY_ANSWERS });
    await pipeline.webhook("orders/updated", placed({ cancelled_at: "2026-11-20T10:05:00Z" }));
    pipeline.clock.pass(MINUTE);
    await pipeline.drain({ lookups: ordersAnswered({ "5550001": { firstOrder: true } }) });
    expect(await standing(pipeline)).toEqual(["accepted", "skipped cancelled"]);
  });

  it("waits for what a product is filed under as well", async () => {
    const pipeline = await testPipeline();
    await ruled(pipeline, { when: { field: "tag", is: "any_of", words: ["organic"] } });
    await pipeline.webhook("orders/create", placed());
    await pipeline.drain({ lookups: NOBODY_ANSWERS });
    expect(await standing(pipeline)).toEqual(["accepted", "waiting shopify_waits"]);
  });

  it("does not wait for an answer that would change nothing", async () => {
    const pipeline = await testPipeline();
    await ruled(pipeline, BIG);
    await pipeline.webhook("orders/create", placed());
    await pipeline.drain({ lookups: NOBODY_ANSWERS });
    expect(await standing(pipeline)).toEqual(["accepted", "accepted"]);
  });

  it("asks nobody while webhooks arrive", async () => {
    const pipeline = await testPipeline();
    await ruled(pipeline, FIRST);
    const asked: string[] = [];
    const orders: typeof NOBODY_TO_ASK.orders = async (_shop, ids) => {
      asked.push(...ids);
      return { told: new Map(), unasked: new Set() };
    };
    await pipeline.webhook("orders/create", placed());
    expect(asked).toEqual([]);
    await pipeline.drain({ lookups: { ...NOBODY_TO_ASK, orders } });
    expect(asked).toEqual(["5550001"]);
  });

  it("goes by what products are filed under", async () => {
    const pipeline = await testPipeline();
    await ruled(pipeline, { when: { field: "tag", is: "any_of", words: [" ORGANIC "] } });
    await pipeline.webhook("products/update", product);
    await pipeline.webhook("orders/create", placed());
    const { store } = pipeline;
    const products: typeof NOBODY_TO_ASK.products = async (shop, ids) => ({
      told: new Map((await store.productsOf(shop.id, ids)).map((found) => [found.product, found])),
      unasked: new Set(),
    });
    await pipeline.drain({ lookups: { ...NOBODY_TO_ASK, products } });
    expect(await standing(pipeline)).toEqual(["accepted", "accepted"]);
  });

  it.each([
    ["' OR 1=1 --"],
    ['","tags":["x'],
    ["\u0000"],
    ["__proto__"],
    ["%"],
    ["𝕏".repeat(100)],
  ])("is not misled by the word %j", async (word) => {
    const pipeline = await testPipeline();
    await ruled(pipeline, { when: { field: "vendor", is: "any_of", words: [word] } });
    await pipeline.webhook("orders/create", placed());
    await pipeline.drain();
    expect(taken(pipeline)).toEqual([PURCHASE]);
  });
});
