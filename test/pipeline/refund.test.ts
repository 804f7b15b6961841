import { describe, expect, it } from "vitest";
import { checkoutCompleted, REFUSED } from "../fixtures/beacon";
import { refund } from "../fixtures/notices";
import { order } from "../fixtures/order";
import { type TestPipeline, testPipeline } from "../support/pipeline";
import { policy, switchOff, switchOn } from "../support/settings";
import { DAY_MS, later, MINUTE, standing, taken } from "./seen";

const PURCHASE = "Purchase purchase.0123456789abcdef0123456789abcdef";
const REFUND = "Refund refund.6660001";

/** Now, as far as the pipeline's clock says. */
function refunded({ clock }: TestPipeline, over: Record<string, unknown> = {}) {
  return { ...refund, created_at: new Date(clock.now()).toISOString(), ...over };
}

async function telling(options: Parameters<typeof testPipeline>[0] = {}): Promise<TestPipeline> {
  const pipeline = await testPipeline(options);
  await switchOn(pipeline, "Refund");
  return pipeline;
}

describe("a refund", () => {
  it("is not told by default, and its order's keys are forgotten at once", async () => {
    const pipeline = await testPipeline();
    await pipeline.webhook("orders/create", order({ country: "AU" }));
    await pipeline.drain();
    await pipeline.webhook("refunds/create", refunded(pipeline));
    await pipeline.drain();
    expect(await standing(pipeline)).toEqual(["accepted", "skipped event_off"]);
    expect((await pipeline.events())[0]).toMatchObject({ matchKeys: null, browser: null });
  });

  it("is told as a custom event with a positive sum, matched as its order was", async () => {
    const pipeline = await telling();
    await pipeline.webhook("orders/create", order({ country: "AU" }));
    await pipeline.drain();
    await pipeline.webhook("refunds/create", refunded(pipeline));
    await pipeline.drain();
    expect(taken(pipeline)).toEqual([PURCHASE, REFUND]);
    const [sale, back] = pipeline.meta.received.map(({ body }) => body);
    expect(back).toMatchObject({
      action_source: "system_generated",
      custom_data: { value: 29, currency: "USD", order_id: "5550001" },
      user_data: { em: (sale?.user_data as { em: string[] }).em },
    });
  });

  it("is told once, however often Shopify says it", async () => {
    const pipeline = await telling();
    await pipeline.webhook("orders/create", order({ country: "AU" }));
    await pipeline.drain();
    await Promise.all([1, 2].map(() => pipeline.webhook("refunds/create", refunded(pipeline))));
    await pipeline.drain();
    await pipeline.webhook("refunds/create", refunded(pipeline));
    await pipeline.drain();
    expect(taken(pipeline)).toEqual([PURCHASE, REFUND]);
  });

  it("is told 30 days later, with keys that were kept for it, and no later than those", async () => {
    const pipeline = await telling();
    await pipeline.beacon(checkoutCompleted);
    await pipeline.webhook("orders/create", order({ country: "AU" }));
    await pipeline.drain();
    await later(pipeline, 30 * DAY_MS);
    await pipeline.webhook("refunds/create", refunded(pipeline));
    await pipeline.drain();
    expect(taken(pipeline)).toEqual([PURCHASE, REFUND]);
    expect(pipeline.meta.received[1]?.body).toMatchObject({ user_data: { em: [expect.any(String)] } });
    await later(pipeline, 30 * DAY_MS);
    expect((await pipeline.events())[0]).toMatchObject({ outcome: "accepted", matchKeys: null, browser: null });
  });

  it("is told where the order itself carried the consent that its region asks for", async () => {
    const pipeline = await telling();
    const note_attributes = [{ name: "_tandem_consent", value: "1111" }];
    await pipeline.webhook("orders/create", order({ country: "DE" }, { note_attributes }));
    await pipeline.drain();
    await pipeline.webhook("refunds/create", refunded(pipeline));
    await pipeline.drain();
    expect(await standing(pipeline)).toEqual(["accepted", "accepted"]);
  });

  it("is withheld when the shopper has refused since", async () => {
    const pipeline = await telling();
    await pipeline.beacon(checkoutCompleted);
    await pipeline.webhook("orders/create", order({ country: "DE" }));
    await pipeline.drain();
    await pipeline.beacon({ ...checkoutCompleted, consent: REFUSED });
    await pipeline.webhook("refunds/create", refunded(pipeline));
    await pipeline.drain();
    expect(await standing(pipeline)).toEqual(["accepted", "withheld consent_refused"]);
  });

  it("waits for its Purchase when that has not left", async () => {
    const pipeline = await telling({ holdSeconds: 60 });
    await pipeline.webhook("orders/create", order({ country: "AU" }));
    await pipeline.webhook("refunds/create", refunded(pipeline));
    await pipeline.drain();
    expect(await standing(pipeline)).toEqual(["waiting", "waiting purchase_waits"]);
    await later(pipeline, MINUTE);
    await later(pipeline, MINUTE);
    expect(taken(pipeline)).toEqual([PURCHASE, REFUND]);
  });

  it("waits while Meta cannot be reached, and leaves after its Purchase", async () => {
    const pipeline = await telling();
    pipeline.meta.weather.script([{ kind: "status", status: 503 }]);
    await pipeline.webhook("orders/create", order({ country: "AU" }));
    await pipeline.webhook("refunds/create", refunded(pipeline));
    for (let minute = 0; minute < 4; minute += 1) await later(pipeline, MINUTE);
    expect(taken(pipeline)).toEqual([PURCHASE, REFUND]);
  });

  it.each([
    ["that nobody told us of", null],
    ["that was a test", order({ country: "AU" }, { test: true })],
    ["that was withheld", order({ country: "DE" })],
    ["that Meta never took", order({ country: "AU", at: "2026-11-01T09:58:00Z" })],
  ])("of an order %s is not told", async (_what, sale) => {
    const pipeline = await telling();
    if (sale !== null) await pipeline.webhook("orders/create", sale);
    await pipeline.drain();
    await pipeline.webhook("refunds/create", refunded(pipeline));
    await pipeline.drain();
    expect((await standing(pipeline)).at(-1)).toBe("skipped no_purchase");
    expect(pipeline.meta.requests).toEqual([]);
  });

  it("of an order that was cancelled before it left is not told", async () => {
    const pipeline = await telling({ holdSeconds: 60 });
    await pipeline.webhook("orders/create", order({ country: "AU" }));
    await pipeline.webhook("refunds/create", refunded(pipeline));
    await pipeline.webhook("orders/cancelled", order({ country: "AU" }, { cancelled_at: "2026-11-20T09:59:30Z" }));
    await later(pipeline, MINUTE);
    await later(pipeline, MINUTE);
    expect(await standing(pipeline)).toEqual(["skipped cancelled", "skipped no_purchase"]);
  });

  it("that comes before its order in the same commit is told after it", async () => {
    const pipeline = await telling();
    await Promise.all([
      pipeline.webhook("refunds/create", refunded(pipeline)),
      pipeline.webhook("orders/create", order({ country: "AU" })),
    ]);
    await pipeline.drain();
    await later(pipeline, MINUTE);
    expect(taken(pipeline)).toEqual([PURCHASE, REFUND]);
  });

  it("keeps no keys of its order once Refund is switched off", async () => {
    const pipeline = await telling();
    await pipeline.webhook("orders/create", order({ country: "AU" }));
    await pipeline.drain();
    expect((await pipeline.events())[0]?.matchKeys).not.toBeNull();
    await switchOff(pipeline, "Refund");
    await pipeline.webhook("orders/create", order({ id: 5550002, checkoutToken: "another", country: "AU" }));
    await pipeline.drain();
    expect((await pipeline.events())[1]?.matchKeys).toBeNull();
  });

  it("is told whole, whatever part of an order counts as its value", async () => {
    const pipeline = await telling();
    await policy(pipeline, { value: { basis: "goods", money: "presentment" } });
    await pipeline.webhook("orders/create", order({ country: "AU" }, { taxes_included: false }));
    await pipeline.drain();
    await pipeline.webhook("refunds/create", refunded(pipeline));
    await pipeline.drain();
    expect(pipeline.meta.received.map(({ body }) => (body.custom_data as { value: number }).value)).toEqual([58, 29]);
  });
});
