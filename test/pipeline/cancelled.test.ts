import { describe, expect, it, onTestFinished } from "vitest";
import { openGraphPool } from "~/delivery/graph.server";
import { order } from "../fixtures/order";
import { type TestPipeline, testPipeline } from "../support/pipeline";
import { policy, switchOn } from "../support/settings";
import { DAY_MS, later, MINUTE, standing } from "./seen";

const placed = (over = {}) => order({ country: "AU" }, over);
const CANCELLED = { cancelled_at: "2026-11-20T09:59:00Z" };
const VOIDED = { financial_status: "voided" };
const NOTHING_KEPT = { matchKeys: null, browser: null, countedAs: "skipped" };

/** Does it while Meta is being asked. */
async function whileAsked(pipeline: TestPipeline, act: () => Promise<unknown>): Promise<void> {
  const pool = openGraphPool((dispatch) => dispatch);
  onTestFinished(() => pool.close());
  const fetch: typeof pool.fetch = async (...request) => {
    await act();
    return pool.fetch(...request);
  };
  await pipeline.drain({ graph: { url: pipeline.meta.origin, version: "v25.0", fetch } });
}

describe("an order that is cancelled before it was sent", () => {
  it.each([
    ["orders/cancelled", CANCELLED],
    ["orders/updated", CANCELLED],
    ["orders/updated", VOIDED],
  ])("is skipped by %s %j, and forgets whose it was", async (topic, over) => {
    const pipeline = await testPipeline({ holdSeconds: 60 });
    await pipeline.webhook("orders/create", placed());
    await pipeline.webhook(topic, placed(over));
    await later(pipeline, MINUTE);
    expect(await standing(pipeline)).toEqual(["skipped cancelled"]);
    expect((await pipeline.events())[0]).toMatchObject(NOTHING_KEPT);
    expect(pipeline.meta.requests).toEqual([]);
  });

  it.each([
    ["orders/create", CANCELLED],
    ["orders/create", VOIDED],
    ["orders/paid", CANCELLED],
  ])("is skipped when %s itself says %j", async (topic, over) => {
    const pipeline = await testPipeline();
    await pipeline.webhook(topic, placed(over));
    await pipeline.drain();
    expect(await standing(pipeline)).toEqual(["skipped cancelled"]);
  });

  it.each([
    ["the order first"],
    ["the cancellation first"],
  ])("is skipped when both share a commit, %s", async (which) => {
    const pipeline = await testPipeline({ holdSeconds: 60 });
    const arrivals = [
      () => pipeline.webhook("orders/create", placed()),
      () => pipeline.webhook("orders/cancelled", placed(CANCELLED)),
    ];
    if (which === "the cancellation first") arrivals.reverse();
    await Promise.all(arrivals.map((arrive) => arrive()));
    await later(pipeline, MINUTE);
    expect(await standing(pipeline)).toEqual(["skipped cancelled"]);
  });

  it("stays so when Shopify repeats what it said of the order before", async () => {
    const pipeline = await testPipeline({ holdSeconds: 60 });
    await pipeline.webhook("orders/create", placed());
    await pipeline.webhook("orders/cancelled", placed(CANCELLED));
    await pipeline.drain();
    await pipeline.webhook("orders/create", placed());
    await later(pipeline, MINUTE);
    expect(await standing(pipeline)).toEqual(["skipped cancelled"]);
    expect(pipeline.meta.requests).toEqual([]);
  });

  it("is sent when it was voided only, and is paid all the same", async () => {
    const pipeline = await testPipeline({ holdSeconds: 60 });
    await policy(pipeline, { trigger: "payment" });
    await pipeline.webhook("orders/create", placed({ financial_status: "authorized" }));
    await pipeline.webhook("orders/updated", placed(VOIDED));
    await later(pipeline, DAY_MS);
    expect(await standing(pipeline)).toEqual(["skipped cancelled"]);
    const updated_at = new Date(pipeline.clock.now()).toISOString();
    await pipeline.webhook("orders/paid", placed({ updated_at }));
    await later(pipeline, MINUTE);
    expect(await standing(pipeline)).toEqual(["accepted"]);
    expect(pipeline.meta.received[0]?.body.event_time).toBe(Date.parse(updated_at) / 1_000);
  });

  it("is skipped while it waits for its payment, with all that was made of it", async () => {
    const pipeline = await testPipeline();
    await policy(pipeline, { trigger: "payment" });
    await switchOn(pipeline, "Subscribe");
    await pipeline.webhook("orders/create", placed({ financial_status: "pending" }));
    await later(pipeline, DAY_MS);
    expect(await standing(pipeline)).toEqual(["waiting", "waiting"]);
    await pipeline.webhook("orders/cancelled", placed(CANCELLED));
    await pipeline.drain();
    expect(await standing(pipeline)).toEqual(["skipped cancelled", "skipped cancelled"]);
    expect(await pipeline.events()).toMatchObject([NOTHING_KEPT, NOTHING_KEPT]);
  });

  it("does not take another order with it", async () => {
    const pipeline = await testPipeline({ holdSeconds: 60 });
    await pipeline.webhook("orders/create", placed());
    await pipeline.webhook("orders/create", placed({ id: 5550002, checkout_token: "another" }));
    await pipeline.webhook("orders/create", placed({ id: 5550003 }));
    await pipeline.webhook("orders/cancelled", placed(CANCELLED));
    await later(pipeline, MINUTE);
    expect(await standing(pipeline)).toEqual(["skipped cancelled", "accepted", "accepted"]);
  });
});

describe("an order that is cancelled when it has left", () => {
  it("stays as it is", async () => {
    const pipeline = await testPipeline();
    await pipeline.webhook("orders/create", placed());
    await pipeline.drain();
    await pipeline.webhook("orders/cancelled", placed(CANCELLED));
    await pipeline.webhook("orders/paid", placed(CANCELLED));
    await later(pipeline, MINUTE);
    expect(await standing(pipeline)).toEqual(["accepted"]);
    expect(pipeline.meta.requests).toHaveLength(1);
  });

  it("keeps Meta's answer when the word comes while Meta is being asked", async () => {
    const pipeline = await testPipeline();
    await pipeline.webhook("orders/create", placed());
    await whileAsked(pipeline, () => pipeline.webhook("orders/cancelled", placed(CANCELLED)));
    expect(await standing(pipeline)).toEqual(["accepted"]);
    expect(await pipeline.db.rollup.findMany({ where: { dimension: "outcome" } })).toMatchObject([
      { value: "accepted", count: 1 },
    ]);
  });
});
