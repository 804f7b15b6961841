import { describe, expect, it } from "vitest";
import { receiveWebhook } from "~/pipeline.server";
import * as notices from "../fixtures/notices";
import { order } from "../fixtures/order";
import { DATASET, SHOP, TOKEN, testPipeline } from "../support/pipeline";
import { DAY_MS, later, MINUTE, SECOND, standing, taken } from "./seen";

const SECOND_DATASET = "2234567890";

describe("a dataset whose token died", () => {
  it("is held, loses nothing, and flows again with a new token", async () => {
    const pipeline = await testPipeline({ tokens: { [DATASET]: TOKEN } });
    pipeline.meta.setToken(DATASET, null);
    for (const id of [1, 2, 3]) {
      await pipeline.webhook("orders/create", order({ id, checkoutToken: `t${id}`, country: "AU" }));
    }
    await pipeline.drain();
    expect(await standing(pipeline)).toEqual(Array(3).fill("waiting meta_190_463"));
    expect(pipeline.shop().datasets[0]).toMatchObject({ heldReason: "meta_190_463" });
    const asked = pipeline.meta.requests.length;

    // Held: what arrives is kept, and Meta is not asked again.
    await pipeline.webhook("orders/create", order({ id: 4, checkoutToken: "t4", country: "AU" }));
    await later(pipeline, 2 * DAY_MS);
    expect(pipeline.meta.requests).toHaveLength(asked);
    expect((await standing(pipeline)).every((row) => row.startsWith("waiting"))).toBe(true);

    pipeline.meta.setToken(DATASET, "EAAfreshtoken");
    await pipeline.connect({ token: "EAAfreshtoken" });
    await pipeline.drain();
    expect(await standing(pipeline)).toEqual(Array(4).fill("accepted"));
    expect(new Set(taken(pipeline)).size).toBe(4);
    expect(pipeline.shop().datasets).toHaveLength(1);
  });

  it("lets go only of what Meta no longer takes", async () => {
    const pipeline = await testPipeline({ tokens: { [DATASET]: TOKEN } });
    pipeline.meta.setToken(DATASET, null);
    await pipeline.webhook("orders/create", order({ country: "AU" }));
    await pipeline.drain();
    await later(pipeline, 6 * DAY_MS);
    const now = new Date(pipeline.clock.now()).toISOString();
    await pipeline.webhook("orders/create", order({ id: 2, checkoutToken: "t2", country: "AU", at: now }));
    await later(pipeline, 2 * DAY_MS);
    expect(await standing(pipeline)).toEqual(["expired dataset_held", "waiting"]);
  });
});

describe("two datasets of one shop", () => {
  it("each get every event once", async () => {
    const pipeline = await testPipeline();
    await pipeline.connect({ dataset: SECOND_DATASET, token: "EAAsecond" });
    await pipeline.webhook("orders/create", order({ country: "AU" }));
    await pipeline.webhook("orders/paid", order({ country: "AU" }));
    await pipeline.drain();
    expect(pipeline.meta.received.map(({ dataset }) => dataset).sort()).toEqual([DATASET, SECOND_DATASET]);
  });

  it("do not wait for each other when one fails", async () => {
    const pipeline = await testPipeline({ tokens: { [DATASET]: TOKEN, [SECOND_DATASET]: "EAAsecond" } });
    await pipeline.connect({ dataset: SECOND_DATASET, token: "EAAsecond" });
    pipeline.meta.setToken(DATASET, null);
    await pipeline.webhook("orders/create", order({ country: "AU" }));
    await pipeline.drain();
    expect(pipeline.meta.received.map(({ dataset }) => dataset)).toEqual([SECOND_DATASET]);
    expect(await standing(pipeline)).toEqual(["waiting meta_190_463", "accepted"]);
    await pipeline.webhook("orders/create", order({ id: 2, checkoutToken: "t2", country: "AU" }));
    await pipeline.drain();
    expect(pipeline.meta.received).toHaveLength(2);
  });

  it("keep a hold and a test code of their own", async () => {
    const pipeline = await testPipeline({ holdSeconds: 0 });
    await pipeline.connect({ dataset: SECOND_DATASET, token: "EAAsecond", holdSeconds: 30, testCode: "TEST123" });
    await pipeline.webhook("orders/create", order({ country: "AU" }));
    await pipeline.drain();
    expect(pipeline.meta.received.map(({ dataset, test }) => [dataset, test])).toEqual([[DATASET, false]]);
    await later(pipeline, 30 * SECOND);
    expect(pipeline.meta.received.map(({ dataset, test }) => [dataset, test])).toEqual([
      [DATASET, false],
      [SECOND_DATASET, true],
    ]);
    expect(pipeline.meta.requests.map(({ body }) => JSON.parse(body).test_event_code)).toEqual([undefined, "TEST123"]);
  });
});

describe("a shop that left", () => {
  it("a disconnected dataset ends what waited, keeps no keys, and stores nothing new", async () => {
    const pipeline = await testPipeline({ holdSeconds: 60 });
    await pipeline.webhook("orders/create", order({ country: "AU" }));
    await pipeline.store.disconnectDatasets(pipeline.shop().id, null, pipeline.clock.now());
    await later(pipeline, MINUTE);
    expect(await standing(pipeline)).toEqual(["withheld disconnected"]);
    expect((await pipeline.events())[0]).toMatchObject({ matchKeys: null, browser: null, countedAs: "withheld" });
    expect(await pipeline.webhook("orders/create", order({ id: 2, checkoutToken: "t2" }))).toEqual({
      kind: "ignored",
      why: "no_dataset",
    });
    expect(pipeline.meta.requests).toEqual([]);
  });

  it("connected again, it sends what comes from then on", async () => {
    const pipeline = await testPipeline();
    await pipeline.store.disconnectDatasets(pipeline.shop().id, DATASET, pipeline.clock.now());
    await pipeline.connect();
    await pipeline.webhook("orders/create", order({ country: "AU" }));
    await pipeline.drain();
    expect(await standing(pipeline)).toEqual(["accepted"]);
  });

  it("an uninstall ends what waited; a later order is not stored", async () => {
    const pipeline = await testPipeline({ holdSeconds: 60 });
    await pipeline.webhook("orders/create", order({ country: "AU" }));
    await pipeline.webhook("app/uninstalled", notices.uninstalled);
    await pipeline.notices();
    await later(pipeline, MINUTE);
    expect(await standing(pipeline)).toEqual(["withheld uninstalled"]);
    expect((await pipeline.events())[0]).toMatchObject({ matchKeys: null, browser: null });
    expect(await pipeline.webhook("orders/create", order({ id: 2, checkoutToken: "t2" }))).toMatchObject({
      kind: "ignored",
    });
    expect(pipeline.meta.requests).toEqual([]);
  });

  it("an uninstall that Shopify repeats after the shop came back does not end the new installation", async () => {
    const pipeline = await testPipeline();
    const { store, registry, clock } = pipeline;
    const triggeredAt = clock.now();
    await store.uninstallShop(pipeline.shop().id, SHOP, triggeredAt, clock.now());
    clock.pass(SECOND);
    await pipeline.connect();
    const late = { topic: "app/uninstalled", shop: SHOP, body: notices.uninstalled, webhookId: "late", triggeredAt };
    await receiveWebhook(late, { store, registry, now: clock.now });
    await pipeline.notices();
    await registry.refresh();
    expect(pipeline.shop().installed).toBe(true);
    expect(pipeline.shop().datasets[0]?.connectedAt).toBe(clock.now());
  });

  it("a notice is acted on once, and is there for a shop without a dataset too", async () => {
    const pipeline = await testPipeline();
    const { store, registry, clock, db } = pipeline;
    await store.disconnectDatasets(pipeline.shop().id, null, clock.now());
    await registry.refresh();
    await pipeline.webhook("app/uninstalled", notices.uninstalled, "same-webhook");
    await pipeline.webhook("app/uninstalled", notices.uninstalled, "same-webhook");
    await pipeline.webhook("customers/redact", notices.customerRedact);
    await pipeline.notices();
    const kept = await db.notice.findMany({ orderBy: { id: "asc" } });
    expect(kept.map(({ topic, closedAt }) => [topic, closedAt !== null])).toEqual([
      ["app/uninstalled", true],
      ["customers/redact", true],
    ]);
  });
});
