import { describe, expect, it } from "vitest";
import type { Treatment } from "~/events/order-sources";
import { order } from "../fixtures/order";
import { type TestPipeline, testPipeline } from "../support/pipeline";
import { settle, switchOff } from "../support/settings";
import { later, MINUTE, standing, taken } from "./seen";

const renewal = (over = {}) =>
  order({ country: "AU", checkoutToken: null, sourceName: "subscription_contract_checkout_one" }, over);

function treated(pipeline: TestPipeline, treatment: Treatment): Promise<void> {
  return settle(pipeline, (settings) => ({
    ...settings,
    matrix: { ...settings.matrix, sources: { ...settings.matrix.sources, renewal: treatment } },
  }));
}

describe("a subscription's renewal", () => {
  it("is a Purchase that the system made, told by its order, at once", async () => {
    const pipeline = await testPipeline({ holdSeconds: 60 });
    await pipeline.webhook("orders/create", renewal());
    await pipeline.webhook("orders/paid", renewal());
    await pipeline.drain();
    expect(taken(pipeline)).toEqual(["Purchase purchase.o5550001"]);
    expect(pipeline.meta.received[0]?.body).toMatchObject({
      action_source: "system_generated",
      custom_data: { value: 64.5, currency: "USD", order_id: "5550001" },
    });
    expect(pipeline.meta.received[0]?.body.user_data).not.toHaveProperty("client_ip_address");
  });

  it("is the custom event Renewal where the matrix says so, and no Purchase", async () => {
    const pipeline = await testPipeline();
    await treated(pipeline, "custom");
    await pipeline.webhook("orders/create", renewal());
    await pipeline.webhook("orders/paid", renewal());
    await pipeline.drain();
    await pipeline.webhook("orders/paid", renewal());
    await later(pipeline, MINUTE);
    expect(taken(pipeline)).toEqual(["Renewal renewal.5550001"]);
    expect(pipeline.meta.received[0]?.body).toMatchObject({
      action_source: "system_generated",
      custom_data: { value: 64.5, currency: "USD", order_id: "5550001" },
    });
  });

  it("is a Renewal also where Purchase is off", async () => {
    const pipeline = await testPipeline();
    await treated(pipeline, "custom");
    await switchOff(pipeline, "Purchase");
    await pipeline.webhook("orders/create", renewal());
    await pipeline.drain();
    expect(taken(pipeline)).toEqual(["Renewal renewal.5550001"]);
  });

  it("is skipped where the matrix says so, and sent once it says otherwise before a later copy", async () => {
    const pipeline = await testPipeline();
    await treated(pipeline, "skip");
    await pipeline.webhook("orders/create", renewal());
    await pipeline.drain();
    expect(await standing(pipeline)).toEqual(["skipped source_off"]);
    await treated(pipeline, "system_generated");
    await pipeline.webhook("orders/paid", renewal());
    await pipeline.drain();
    expect(await standing(pipeline)).toEqual(["accepted"]);
  });

  it.each([
    ["an app's id", "12345", { source_name: null, app_id: 12345 }],
    ["the name it gives", "recharge", { source_name: "ReCharge" }],
  ])("is known by %s where the merchant named it", async (_how, app, over) => {
    const pipeline = await testPipeline();
    await settle(pipeline, (settings) => ({ ...settings, matrix: { ...settings.matrix, renewalApps: [app] } }));
    await pipeline.webhook("orders/create", renewal(over));
    await pipeline.drain();
    expect(taken(pipeline)).toEqual(["Purchase purchase.o5550001"]);
  });
});
