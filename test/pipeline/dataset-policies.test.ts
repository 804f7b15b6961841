import { describe, expect, it } from "vitest";
import { DEFAULT_POLICY } from "~/settings/dataset-policy";
import { settingsSchema, withToggles } from "~/settings/settings";
import { refund } from "../fixtures/notices";
import { order } from "../fixtures/order";
import { DATASET, type TestPipeline, TOKEN, testPipeline } from "../support/pipeline";
import { policy, settle, switchOn } from "../support/settings";
import { DAY_MS, later, standing } from "./seen";

const SECOND = "2234567890";
const NO_FILTER = DEFAULT_POLICY.filter;

async function two(): Promise<TestPipeline> {
  const pipeline = await testPipeline({ tokens: { [DATASET]: TOKEN, [SECOND]: "EAAsecond" } });
  await pipeline.connect({ dataset: SECOND, token: "EAAsecond", at: pipeline.clock.now() - DAY_MS });
  return pipeline;
}

/** What each dataset took: its number, and the event. */
function received({ meta }: TestPipeline): string[] {
  return meta.received.map(({ dataset, event_name }) => `${dataset} ${event_name}`).sort();
}

describe("two datasets of one shop", () => {
  it("count an order at different times where they want it so, each once", async () => {
    const pipeline = await two();
    await policy(pipeline, { trigger: "payment" }, SECOND);
    await pipeline.webhook("orders/create", order({ country: "AU" }, { financial_status: "pending" }));
    await pipeline.drain();
    expect(received(pipeline)).toEqual([`${DATASET} Purchase`]);
    await later(pipeline, 8 * DAY_MS);
    const updated_at = new Date(pipeline.clock.now()).toISOString();
    await pipeline.webhook("orders/paid", order({ country: "AU" }, { updated_at }));
    await pipeline.drain();
    expect(received(pipeline)).toEqual([`${DATASET} Purchase`, `${SECOND} Purchase`]);
    const ids = pipeline.meta.received.map(({ event_id }) => event_id);
    expect(new Set(ids).size).toBe(1);
    expect(pipeline.meta.received[1]?.body.event_time).toBe(Date.parse(updated_at) / 1_000);
  });

  it("have toggles of their own", async () => {
    const pipeline = await two();
    await switchOn(pipeline, "Refund");
    await settle(pipeline, (settings) => withToggles(settings, { Purchase: { server: false } }, DATASET));
    await pipeline.webhook("orders/create", order({ country: "AU" }));
    await pipeline.drain();
    await pipeline.webhook("refunds/create", { ...refund, created_at: "2026-11-20T09:59:00Z" });
    await pipeline.drain();
    expect(received(pipeline)).toEqual([`${SECOND} Purchase`, `${SECOND} Refund`]);
    expect(await standing(pipeline)).toEqual(["skipped event_off", "accepted", "skipped no_purchase", "accepted"]);
  });

  it("keep a Purchase's keys only where refunds of it are told", async () => {
    const pipeline = await two();
    await settle(pipeline, (settings) => withToggles(settings, { Refund: { server: true } }, SECOND));
    await pipeline.webhook("orders/create", order({ country: "AU" }));
    await pipeline.drain();
    expect((await pipeline.events()).map(({ matchKeys }) => matchKeys !== null)).toEqual([false, true]);
  });

  it("let other countries through", async () => {
    const pipeline = await two();
    await policy(pipeline, { filter: { ...NO_FILTER, countries: ["DE"] } }, SECOND);
    await pipeline.webhook("orders/create", order({ country: "AU" }));
    await pipeline.drain();
    expect(await standing(pipeline)).toEqual(["accepted", "skipped filtered_out"]);
  });

  it("let other pages through, for what happens before the checkout", async () => {
    const pipeline = await two();
    await policy(pipeline, { filter: { ...NO_FILTER, paths: ["/en-gb/"] } }, SECOND);
    await pipeline.beacon({ name: "page_viewed" });
    await pipeline.beacon({ name: "page_viewed", id: "sh-2", url: "https://shop.example.com/en-gb/products/tee" });
    await pipeline.drain();
    expect(received(pipeline)).toEqual([`${DATASET} PageView`, `${DATASET} PageView`, `${SECOND} PageView`]);
  });

  it("name products in their own way", async () => {
    const pipeline = await two();
    await policy(pipeline, { contentId: "sku" }, SECOND);
    await pipeline.webhook("orders/create", order({ country: "AU" }));
    await pipeline.drain();
    const named = pipeline.meta.received.map(({ dataset, body }) => [dataset, body.custom_data]);
    expect(Object.fromEntries(named)).toMatchObject({
      [DATASET]: { content_ids: ["48001"] },
      [SECOND]: { content_ids: ["TEE-BLK-M"] },
    });
  });

  it("do not wait for each other: one fails, one waits for payment, one flows", async () => {
    const pipeline = await two();
    await pipeline.connect({ dataset: "3234567890", token: "EAAthird" });
    pipeline.meta.setToken("3234567890", "EAAthird");
    await policy(pipeline, { trigger: "payment" }, SECOND);
    pipeline.meta.setToken(DATASET, null);
    await pipeline.webhook("orders/create", order({ country: "AU" }, { financial_status: "pending" }));
    await pipeline.drain();
    expect(received(pipeline)).toEqual(["3234567890 Purchase"]);
    expect(await standing(pipeline)).toEqual(["waiting meta_190_463", "waiting", "accepted"]);
  });

  it("both skip an order that is cancelled while one waits for its payment, unless it has left", async () => {
    const pipeline = await two();
    await policy(pipeline, { trigger: "payment" }, SECOND);
    await pipeline.webhook("orders/create", order({ country: "AU" }, { financial_status: "pending" }));
    await pipeline.drain();
    await pipeline.webhook("orders/cancelled", order({ country: "AU" }, { cancelled_at: "2026-11-20T09:59:00Z" }));
    await later(pipeline, DAY_MS);
    expect(await standing(pipeline)).toEqual(["accepted", "skipped cancelled"]);
  });

  it("change nothing of each other by a policy", async () => {
    const pipeline = await two();
    await policy(pipeline, { trigger: "payment", contentId: "sku" }, SECOND);
    const { settings } = pipeline.shop();
    expect(settingsSchema.parse(settings).datasets).toEqual(settings.datasets);
    expect(settings.datasets[DATASET]).toBeUndefined();
  });
});
