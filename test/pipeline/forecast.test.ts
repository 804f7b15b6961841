import { describe, expect, it } from "vitest";
import type { Lookups } from "~/lookup/lookups";
import { replay } from "~/outbox/replay.server";
import { forecasts, NOT_ASKED } from "~/pipeline/forecast.server";
import { order } from "../fixtures/order";
import { NOBODY_TO_ASK, type TestPipeline, testPipeline } from "../support/pipeline";
import { ordersAnswered, policy, settle, switchOff } from "../support/settings";

const REFUSED = { kind: "error", code: 100, transient: false, count: 1 } as const;
const TOKEN = "0123456789abcdef0123456789abcdef";

/** An order that Meta refused. */
async function refused(over: Partial<Parameters<typeof order>[0]> = {}): Promise<TestPipeline> {
  const pipeline = await testPipeline();
  pipeline.meta.weather.script([REFUSED]);
  await pipeline.webhook("orders/create", order(over));
  await pipeline.drain();
  expect(await pipeline.events()).toMatchObject([{ outcome: "rejected" }]);
  return pipeline;
}

/** What a dry run says of the only event, and what then became of it. */
async function foretold(pipeline: TestPipeline, lookups: Lookups = NOBODY_TO_ASK) {
  const { store, clock, shop } = pipeline;
  const now = clock.now();
  const told: object[] = [];
  const selection = {
    shopId: shop().id,
    outcomes: ["rejected", "dead"] as const,
    rowId: null,
    datasetId: null,
    name: null,
    eventId: null,
    reason: null,
    since: null,
    until: null,
  };
  const result = await replay(selection, {
    store,
    now,
    dryRun: true,
    foresee: (rows) => forecasts(rows, shop(), { store, lookups, now }),
    onForecast: (_, { fate, bytes, reason }) => told.push({ fate, bytes, reason }),
  });
  const before = await pipeline.events();
  expect(result.matched).toBe(1);
  // What it says is what a drain then does.
  await store.replay([1], now, now);
  await pipeline.drain({ lookups });
  const [after] = await pipeline.events();
  return { told, before: before[0], after };
}

describe("a forecast", () => {
  it("says of what nothing has changed about that the bytes are the same, and it is accepted all the same", async () => {
    const { told, before, after } = await foretold(await refused());
    expect(told).toEqual([{ fate: "alone", bytes: "same", reason: null }]);
    expect(after).toMatchObject({ outcome: "accepted", bytesHash: before?.bytesHash, eventId: before?.eventId });
  });

  it("sees that a setting has changed what would be sent", async () => {
    const pipeline = await refused();
    await policy(pipeline, { restricted: true });
    const { told, before, after } = await foretold(pipeline);
    expect(told).toEqual([{ fate: "alone", bytes: "changed", reason: null }]);
    expect(after?.bytesHash).not.toBe(before?.bytesHash);
  });

  it("sees that Meta will merge it with the browser's copy of the last 48 hours", async () => {
    const pipeline = await refused();
    await pipeline.beacon({ name: "checkout_completed", checkout_token: TOKEN, tr: "resolved" });
    const { told, after } = await foretold(pipeline);
    expect(told).toMatchObject([{ fate: "merged" }]);
    expect(after).toMatchObject({ outcome: "accepted" });
  });

  it("sees that consent forbids it by what was heard since", async () => {
    const pipeline = await refused();
    const refusal = { analytics: false, marketing: false, preferences: false, saleOfData: false };
    await pipeline.beacon({ name: "checkout_completed", checkout_token: TOKEN, tr: "not_attempted", consent: refusal });
    const { told, after } = await foretold(pipeline);
    expect(told).toEqual([{ fate: "consent", bytes: "not_told", reason: "consent_refused" }]);
    expect(after).toMatchObject({ outcome: "withheld", reason: "consent_refused" });
  });

  it("sees that it would be ended by a switch that was thrown since", async () => {
    const pipeline = await refused();
    await switchOff(pipeline, "Purchase");
    const { told, after } = await foretold(pipeline);
    expect(told).toMatchObject([{ fate: "ruled_out", reason: "event_off" }]);
    expect(after).toMatchObject({ outcome: "skipped", reason: "event_off" });
  });

  it("sees that the same mistake of ours would end it once more", async () => {
    const pipeline = await refused();
    await settle(pipeline, (settings) => settings);
    await pipeline.db.event.updateMany({ data: { matchKeys: "{}", browser: null } });
    const { told, after } = await foretold(pipeline);
    expect(told).toMatchObject([{ fate: "ruled_out", reason: "no_match_keys" }]);
    expect(after).toMatchObject({ outcome: "rejected", reason: "no_match_keys" });
  });

  it("does not claim to know the bytes where Shopify would have to be asked first", async () => {
    const pipeline = await testPipeline();
    const lookups = ordersAnswered({ "5550001": { firstOrder: true } });
    pipeline.meta.weather.script([REFUSED]);
    await pipeline.webhook("orders/create", order());
    await pipeline.drain({ lookups });
    expect((await foretold(pipeline, lookups)).told).toMatchObject([{ fate: "alone", bytes: "same" }]);
    const again = await testPipeline();
    again.meta.weather.script([REFUSED]);
    await again.webhook("orders/create", order());
    await again.drain({ lookups });
    expect((await foretold(again, NOT_ASKED)).told).toMatchObject([{ fate: "alone", bytes: "not_told" }]);
  });
});
