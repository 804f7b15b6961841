import { describe, expect, it } from "vitest";
import { order } from "../fixtures/order";
import { type TestPipeline, testPipeline } from "../support/pipeline";
import { ordersAnswered, switchOff, switchOn } from "../support/settings";
import { standing, taken } from "./seen";

const PURCHASE = "Purchase purchase.0123456789abcdef0123456789abcdef";
const SUBSCRIBE = "Subscribe subscribe.5550001";
const line = { id: 1, product_id: 9001, variant_id: 48001, quantity: 1, price: "29.00" };
const WITH_PLAN = { line_items: [line, { ...line, id: 2, selling_plan_allocation: { selling_plan: { id: 1 } } }] };

const placed = (over = {}) => order({ country: "AU" }, over);

async function telling(): Promise<TestPipeline> {
  const pipeline = await testPipeline();
  await switchOn(pipeline, "Subscribe");
  return pipeline;
}

describe("the first order of a subscription", () => {
  it("is an ordinary Purchase, and nothing else by default", async () => {
    const pipeline = await testPipeline();
    await pipeline.webhook("orders/create", placed(WITH_PLAN));
    await pipeline.drain();
    expect(taken(pipeline)).toEqual([PURCHASE]);
    expect(pipeline.meta.received[0]?.body).toMatchObject({ action_source: "website" });
  });

  it("is a Subscribe besides where that is on, told once for all copies", async () => {
    const pipeline = await telling();
    for (const topic of ["orders/create", "orders/paid", "orders/create"]) {
      await pipeline.webhook(topic, placed(WITH_PLAN));
      await pipeline.drain();
    }
    expect(taken(pipeline)).toEqual([PURCHASE, SUBSCRIBE]);
    expect(pipeline.meta.received[1]?.body).toMatchObject({
      event_name: "Subscribe",
      action_source: "website",
      custom_data: { value: 64.5, currency: "USD" },
    });
  });

  it("is one where only Shopify's answer says so", async () => {
    const pipeline = await telling();
    await pipeline.webhook("orders/create", placed());
    await pipeline.drain({ lookups: ordersAnswered({ "5550001": { subscription: true } }) });
    expect(taken(pipeline)).toEqual([PURCHASE, SUBSCRIBE]);
  });

  it("is none where Shopify's answer says that nothing is subscribed to", async () => {
    const pipeline = await telling();
    await pipeline.webhook("orders/create", placed());
    await pipeline.drain({ lookups: ordersAnswered({ "5550001": { subscription: false } }) });
    expect(await standing(pipeline)).toEqual(["accepted", "skipped no_subscription"]);
  });

  it.each([
    ["Shopify does not answer", {}],
    ["the answer leaves it open", { "5550001": { subscription: null } }],
  ])("cannot be told where %s, and is then not said to be one", async (_why, answers) => {
    const pipeline = await telling();
    await pipeline.webhook("orders/create", placed());
    await pipeline.drain({ lookups: ordersAnswered(answers) });
    expect(await standing(pipeline)).toEqual(["accepted", "skipped cannot_tell"]);
  });

  it("needs no answer where the order says it: a plan that Shopify has forgotten since was one", async () => {
    const pipeline = await telling();
    await pipeline.webhook("orders/create", placed(WITH_PLAN));
    await pipeline.drain({ lookups: ordersAnswered({ "5550001": { subscription: false } }) });
    expect(taken(pipeline)).toEqual([PURCHASE, SUBSCRIBE]);
  });

  it("is told although Purchase is off", async () => {
    const pipeline = await telling();
    await switchOff(pipeline, "Purchase");
    await pipeline.webhook("orders/create", placed(WITH_PLAN));
    await pipeline.drain();
    expect(taken(pipeline)).toEqual([SUBSCRIBE]);
  });

  it("is not told any more when it was switched off before it left", async () => {
    const pipeline = await telling();
    await pipeline.webhook("orders/create", placed(WITH_PLAN));
    await switchOff(pipeline, "Subscribe");
    await pipeline.drain();
    expect(await standing(pipeline)).toEqual(["accepted", "skipped event_off"]);
  });

  it("is none in a test order", async () => {
    const pipeline = await telling();
    await pipeline.webhook("orders/create", placed({ ...WITH_PLAN, test: true }));
    await pipeline.drain();
    expect(await standing(pipeline)).toEqual(["skipped test_order"]);
  });
});

describe("a renewal", () => {
  it("is no Subscribe, whatever its lines say", async () => {
    const pipeline = await telling();
    const renewal = { country: "AU", checkoutToken: null, sourceName: "subscription_contract_checkout_one" } as const;
    await pipeline.webhook("orders/create", order(renewal, WITH_PLAN));
    await pipeline.drain({ lookups: ordersAnswered({ "5550001": { subscription: true } }) });
    expect(taken(pipeline)).toEqual(["Purchase purchase.o5550001"]);
  });
});
