import { describe, expect, it } from "vitest";
import { orderEdit } from "../fixtures/notices";
import { order } from "../fixtures/order";
import { type TestPipeline, testPipeline } from "../support/pipeline";
import { policy, switchOff, switchOn } from "../support/settings";
import { later, MINUTE, standing, taken } from "./seen";

const PURCHASE = "Purchase purchase.0123456789abcdef0123456789abcdef";

function money(amount: string, currency: string) {
  return { amount, currency_code: currency };
}

/** The order as it stands after a change, which comes to so much now. */
function grown(to: string, over: Record<string, unknown> = {}, currency = "USD") {
  const current_total_price_set = { shop_money: money(to, "USD"), presentment_money: money(to, currency) };
  return order({ country: "AU" }, { updated_at: "2026-11-20T09:59:30Z", current_total_price_set, ...over });
}

async function telling(options: Parameters<typeof testPipeline>[0] = {}): Promise<TestPipeline> {
  const pipeline = await testPipeline(options);
  await switchOn(pipeline, "Upsell");
  return pipeline;
}

/** What was told of the order beside its Purchase. */
function upsells({ meta }: TestPipeline): unknown[] {
  return meta.received
    .filter(({ event_name }) => event_name === "Upsell")
    .map(({ event_id, body }) => [event_id, (body.custom_data as { value: number }).value]);
}

describe("what is added to an order after the checkout", () => {
  it("is not told by default, and never changes the Purchase", async () => {
    const pipeline = await testPipeline({ holdSeconds: 60 });
    await pipeline.webhook("orders/create", order({ country: "AU" }));
    await pipeline.webhook("orders/updated", grown("84.50"));
    await pipeline.webhook("orders/edited", orderEdit);
    await later(pipeline, MINUTE);
    expect(taken(pipeline)).toEqual([PURCHASE]);
    expect(pipeline.meta.received[0]?.body).toMatchObject({ custom_data: { value: 64.5 } });
  });

  it("is told as a custom event with the difference, matched as its order is", async () => {
    const pipeline = await telling();
    await pipeline.webhook("orders/create", order({ country: "AU" }));
    await pipeline.drain();
    await pipeline.webhook("orders/updated", grown("84.50"));
    await pipeline.drain();
    expect(taken(pipeline)).toEqual([PURCHASE, "Upsell upsell.5550001.1"]);
    expect(pipeline.meta.received[1]?.body).toMatchObject({
      event_time: Date.parse("2026-11-20T09:59:30Z") / 1_000,
      action_source: "system_generated",
      custom_data: { value: 20, currency: "USD", order_id: "5550001" },
      user_data: { em: [expect.any(String)] },
    });
  });

  it("is told once for each change, through repeats, going down and coming up again", async () => {
    const pipeline = await telling();
    await pipeline.webhook("orders/create", order({ country: "AU" }));
    await pipeline.drain();
    for (const to of ["74.50", "74.50", "94.50", "74.50", "94.50", "64.50", "94.50"]) {
      await pipeline.webhook("orders/updated", grown(to));
      await pipeline.drain();
    }
    expect(upsells(pipeline)).toEqual([
      ["upsell.5550001.1", 10],
      ["upsell.5550001.2", 20],
    ]);
  });

  it("is told once when two repeats share a commit", async () => {
    const pipeline = await telling();
    await pipeline.webhook("orders/create", order({ country: "AU" }));
    await pipeline.drain();
    await Promise.all([
      pipeline.webhook("orders/updated", grown("74.50")),
      pipeline.webhook("orders/updated", grown("74.50")),
    ]);
    await pipeline.drain();
    expect(upsells(pipeline)).toEqual([["upsell.5550001.1", 10]]);
  });

  it("adds up cents exactly", async () => {
    const pipeline = await telling();
    await pipeline.webhook("orders/create", order({ country: "AU" }));
    await pipeline.drain();
    await pipeline.webhook("orders/updated", grown("64.60"));
    await pipeline.drain();
    expect(upsells(pipeline)).toEqual([["upsell.5550001.1", 0.1]]);
  });

  it.each([["64.50"], ["12.00"], ["0"]])("is nothing where the order comes to %s now", async (to) => {
    const pipeline = await telling();
    await pipeline.webhook("orders/create", order({ country: "AU" }));
    await pipeline.webhook("orders/updated", grown(to));
    await pipeline.drain();
    expect(taken(pipeline)).toEqual([PURCHASE]);
  });

  it("is nothing where the sum is in another currency: there is no difference to tell", async () => {
    const pipeline = await telling();
    await pipeline.webhook("orders/create", order({ country: "AU" }));
    await pipeline.webhook("orders/updated", grown("9000", {}, "JPY"));
    await pipeline.drain();
    expect(taken(pipeline)).toEqual([PURCHASE]);
  });

  it("is nothing beside an order that nobody knows: an update alone makes no event", async () => {
    const pipeline = await telling();
    await pipeline.webhook("orders/updated", grown("84.50"));
    await pipeline.drain();
    expect(await pipeline.events()).toEqual([]);
    await pipeline.webhook("orders/create", order({ country: "AU" }));
    await pipeline.drain();
    expect(taken(pipeline)).toEqual([PURCHASE]);
  });

  it.each([["the order first"], ["the change first"]])("is told when both share a commit, %s", async (which) => {
    const pipeline = await telling();
    const arrivals = [
      () => pipeline.webhook("orders/create", order({ country: "AU" })),
      () => pipeline.webhook("orders/updated", grown("84.50")),
    ];
    if (which === "the change first") arrivals.reverse();
    await Promise.all(arrivals.map((arrive) => arrive()));
    await pipeline.drain();
    await later(pipeline, MINUTE);
    expect(taken(pipeline)).toEqual([PURCHASE, "Upsell upsell.5550001.1"]);
  });

  it("waits for its Purchase, which waits for the browser", async () => {
    const pipeline = await telling({ holdSeconds: 60 });
    await pipeline.webhook("orders/create", order({ country: "AU" }));
    await pipeline.webhook("orders/updated", grown("84.50"));
    await later(pipeline, 30_000);
    expect(pipeline.meta.requests).toEqual([]);
    expect(await standing(pipeline)).toEqual(["waiting", "waiting purchase_waits"]);
    await later(pipeline, 30_000);
    await later(pipeline, MINUTE);
    expect(taken(pipeline)).toEqual([PURCHASE, "Upsell upsell.5550001.1"]);
    expect(pipeline.meta.received[0]?.body).toMatchObject({ custom_data: { value: 64.5 } });
  });

  it.each([
    ["a test order", { test: true }],
    ["an order that nobody has paid for yet", { financial_status: "pending" }],
    ["an order whose kind is not sent", { source_name: "someapp", checkout_token: null }],
  ])("does not go to Meta beside %s", async (_what, over) => {
    const pipeline = await telling();
    await policy(pipeline, { trigger: "payment" });
    await pipeline.webhook("orders/create", order({ country: "AU" }, over));
    await pipeline.drain();
    await pipeline.webhook("orders/updated", grown("84.50", over));
    await later(pipeline, MINUTE);
    expect(pipeline.meta.requests).toEqual([]);
  });

  it("is not told of a cancelled order", async () => {
    const pipeline = await telling();
    await pipeline.webhook("orders/create", order({ country: "AU" }));
    await pipeline.drain();
    await pipeline.webhook("orders/updated", grown("84.50", { cancelled_at: "2026-11-20T09:59:00Z" }));
    await pipeline.drain();
    expect(taken(pipeline)).toEqual([PURCHASE]);
  });

  it("is not sent any more when Upsell was switched off before it left", async () => {
    const pipeline = await telling({ holdSeconds: 60 });
    await pipeline.webhook("orders/create", order({ country: "AU" }));
    await pipeline.webhook("orders/updated", grown("84.50"));
    await switchOff(pipeline, "Upsell");
    await later(pipeline, MINUTE);
    expect(await standing(pipeline)).toEqual(["accepted", "skipped event_off"]);
  });
});
