import { describe, expect, it } from "vitest";
import { order } from "../fixtures/order";
import { testPipeline } from "../support/pipeline";
import { policy } from "../support/settings";
import { DAY_MS, later, standing, taken } from "./seen";

const SECOND_DATASET = "2234567890";
/** The pipeline's dataset is connected at 09:00. */
const EARLIER = { created_at: "2026-11-20T08:59:59Z", processed_at: "2026-11-20T08:59:59Z" };
const JUST_THEN = { created_at: "2026-11-20T09:00:00Z", processed_at: "2026-11-20T09:00:00Z" };
const placed = (over = {}) => order({ country: "AU" }, over);

describe("an order from before the dataset was connected", () => {
  it("is sent when orders/create tells of it: nobody else can have told Meta", async () => {
    const pipeline = await testPipeline();
    await pipeline.webhook("orders/create", placed(EARLIER));
    await pipeline.drain();
    expect(await standing(pipeline)).toEqual(["accepted"]);
  });

  it("is skipped when orders/paid tells of it, and nothing of the person is kept", async () => {
    const pipeline = await testPipeline();
    await pipeline.webhook("orders/paid", placed(EARLIER));
    await pipeline.drain();
    expect(await standing(pipeline)).toEqual(["skipped before_connection"]);
    expect((await pipeline.events())[0]).toMatchObject({ matchKeys: null, browser: null });
  });

  it("is not taken for one when it was placed in the very instant", async () => {
    const pipeline = await testPipeline();
    await pipeline.webhook("orders/paid", placed(JUST_THEN));
    await pipeline.drain();
    expect(await standing(pipeline)).toEqual(["accepted"]);
  });

  it("goes by when it was written, not by the date somebody gave it", async () => {
    const pipeline = await testPipeline();
    await pipeline.webhook("orders/paid", placed({ processed_at: EARLIER.processed_at }));
    await pipeline.drain();
    expect(await standing(pipeline)).toEqual(["accepted"]);
  });

  it.each([
    ["orders/create", "orders/paid"],
    ["orders/paid", "orders/create"],
  ])("is sent once when %s comes before %s", async (first, second) => {
    const pipeline = await testPipeline();
    await pipeline.webhook(first, placed(EARLIER));
    await pipeline.webhook(second, placed(EARLIER));
    await pipeline.drain();
    await pipeline.webhook(first, placed(EARLIER));
    await pipeline.drain();
    expect(taken(pipeline)).toHaveLength(1);
    expect(await standing(pipeline)).toEqual(["accepted"]);
  });

  it("is sent when it is paid, where orders/create has told of it before", async () => {
    const pipeline = await testPipeline();
    await policy(pipeline, { trigger: "payment" });
    await pipeline.webhook("orders/create", placed({ ...EARLIER, financial_status: "pending" }));
    await later(pipeline, 8 * DAY_MS);
    const updated_at = new Date(pipeline.clock.now()).toISOString();
    await pipeline.webhook("orders/paid", placed({ ...EARLIER, updated_at }));
    await pipeline.drain();
    expect(await standing(pipeline)).toEqual(["accepted"]);
    expect(pipeline.meta.received[0]?.body.event_time).toBe(Date.parse(updated_at) / 1_000);
  });

  it("is one for each dataset by its own connection", async () => {
    const pipeline = await testPipeline();
    await pipeline.connect({ dataset: SECOND_DATASET });
    await pipeline.webhook("orders/paid", placed());
    await pipeline.drain();
    expect(await standing(pipeline)).toEqual(["accepted", "skipped before_connection"]);
  });

  it("goes by the new connection where the dataset was disconnected, not by a new token", async () => {
    const pipeline = await testPipeline();
    await pipeline.connect({ token: "EAAanothertoken" });
    await pipeline.webhook("orders/paid", placed());
    await pipeline.store.disconnectDatasets(pipeline.shop().id, null, pipeline.clock.now());
    await pipeline.connect();
    await pipeline.webhook("orders/paid", placed({ id: 5550002, checkout_token: "another" }));
    await pipeline.drain();
    expect(await standing(pipeline)).toEqual(["accepted", "skipped before_connection"]);
  });
});
