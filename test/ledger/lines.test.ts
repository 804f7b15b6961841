import { describe, expect, it } from "vitest";
import { sha256Hex } from "~/match-keys/hash.server";
import { parseSettings, withPolicy } from "~/settings/settings";
import { order } from "../fixtures/order";
import { DATASET, testPipeline } from "../support/pipeline";
import { currentLinesOf, linesOf, sold, verified } from "./support";

const TOKEN = "9f1e2d3c4b5a69788796a5b4c3d2e1f0";

describe("an order's line", () => {
  it("says that it waits, for what and until when, and then that Meta took it, with the evidence", async () => {
    const pipeline = await testPipeline({ holdSeconds: 60 });
    await pipeline.webhook("orders/create", order({ id: 5550001, checkoutToken: TOKEN }));
    await pipeline.seal();
    const [waiting] = await linesOf(pipeline);
    expect(waiting).toMatchObject({
      n: 1,
      current: true,
      event: "Purchase",
      source: "web",
      outcome: "waiting",
      reason: "browser_context",
      until: pipeline.clock.now() + 60_000,
      browser: "unknown",
      lagMs: null,
      order: "5550001",
      eventId: `purchase.${TOKEN}`,
      fbtraceId: null,
      bytesHash: null,
    });

    pipeline.clock.pass(61_000);
    await pipeline.drain();
    await pipeline.seal();
    const [before, accepted] = await linesOf(pipeline);
    const [row] = await pipeline.events();
    const [delivery] = pipeline.meta.deliveries();
    const sent = JSON.stringify(JSON.parse(delivery?.body ?? "").data[0]);
    expect(before).toEqual({ ...waiting, current: false });
    expect(accepted).toMatchObject({
      n: 2,
      current: true,
      outcome: "accepted",
      reason: null,
      until: null,
      lagMs: Number(row?.settledAt) - Number(row?.eventTime),
      value: "64.50",
      currency: "USD",
      bytesHash: sha256Hex(sent),
    });
    expect(accepted?.fbtraceId).toMatch(/^A/);
    expect(accepted?.answeredAt).toBeGreaterThanOrEqual(pipeline.clock.now());
  });

  it("is one for each dataset, and the last word on it", async () => {
    const pipeline = await testPipeline();
    await pipeline.connect({ dataset: "2222222222", at: pipeline.clock.now() - 3_600_000 });
    await sold(pipeline, 3);
    const current = await currentLinesOf(pipeline);
    expect(current.map(({ order, outcome }) => `${order} ${outcome}`).sort()).toEqual(
      ["5550001", "5550002", "5550003"].flatMap((id) => [`${id} accepted`, `${id} accepted`]),
    );
    expect(new Set(current.map(({ datasetId, order }) => `${datasetId} ${order}`)).size).toBe(6);
  });

  it("is there for what is not sent, with the rule that did it, and written once", async () => {
    const pipeline = await testPipeline();
    await pipeline.webhook("orders/create", { ...order({ id: 5550001 }), test: true });
    expect(await pipeline.seal()).toBe(0);
    await pipeline.drain();
    await pipeline.seal();
    expect(await linesOf(pipeline)).toMatchObject([
      { order: "5550001", outcome: "skipped", reason: "test_order", shopValue: expect.any(String) },
    ]);
    expect(await pipeline.seal()).toBe(0);
  });

  it("is there for a message that cannot be read, once, until the order can be", async () => {
    const pipeline = await testPipeline();
    const body = order({ id: 5550001, checkoutToken: TOKEN, country: "AU" });
    await pipeline.webhook("orders/create", { ...body, currency: null });
    await pipeline.webhook("orders/paid", { ...body, currency: null });
    await pipeline.drain();
    await pipeline.seal();
    expect(await currentLinesOf(pipeline)).toMatchObject([
      { order: "5550001", outcome: "rejected", reason: "currency", source: "unknown", value: null },
    ]);
    await pipeline.webhook("orders/paid", body);
    await pipeline.drain();
    await pipeline.seal();
    expect(await currentLinesOf(pipeline)).toMatchObject([{ order: "5550001", outcome: "accepted" }]);
    expect((await verified(pipeline)).broken).toBeNull();
  });

  it("is not taken by a message that cannot be read from one that could", async () => {
    const pipeline = await testPipeline({ holdSeconds: 60 });
    const body = order({ id: 5550001, checkoutToken: TOKEN });
    await pipeline.webhook("orders/create", body);
    await pipeline.seal();
    await pipeline.webhook("orders/paid", { ...body, currency: null });
    await pipeline.drain();
    await pipeline.seal();
    expect(await currentLinesOf(pipeline)).toMatchObject([{ order: "5550001", outcome: "waiting" }]);
    expect((await verified(pipeline)).broken).toBeNull();
  });

  it("is not there for a message that names no order, nor for one about an order's change", async () => {
    const pipeline = await testPipeline();
    const body = order({ id: 5550001, checkoutToken: TOKEN });
    await pipeline.webhook("orders/create", { ...body, id: "none" });
    await pipeline.webhook("orders/updated", { ...body, currency: null });
    await pipeline.drain();
    expect((await pipeline.events()).map(({ outcome, orderId }) => [outcome, orderId])).toEqual([
      ["rejected", null],
      ["rejected", null],
    ]);
    expect(await pipeline.seal()).toBe(0);
  });

  it("tells of a refund, a registration and what rules make of an order nothing: they are no orders", async () => {
    const pipeline = await testPipeline();
    await pipeline.webhook("checkouts/create", { token: TOKEN, created_at: new Date().toISOString(), currency: "EUR" });
    await pipeline.drain();
    await pipeline.seal();
    expect(await pipeline.store.ledgerHead(pipeline.shop().id)).toBeNull();
  });

  it("says that the browser's copy had left, also where the browser spoke later", async () => {
    const pipeline = await testPipeline();
    await sold(pipeline, 1);
    const [, accepted] = await linesOf(pipeline);
    expect(accepted?.browser).toBe("unknown");
    await pipeline.beacon({ name: "checkout_completed", checkout_token: "token5550001", tr: "resolved" });
    await pipeline.drain();
    await pipeline.seal();
    const lines = await linesOf(pipeline);
    expect(lines.map(({ browser, current }) => `${browser} ${current}`)).toEqual([
      "unknown false",
      "unknown false",
      "left true",
    ]);
    expect({ ...lines[2], n: 0, hash: "", salt: "", commitment: "", sealedAt: 0 }).toEqual({
      ...accepted,
      n: 0,
      hash: "",
      salt: "",
      commitment: "",
      sealedAt: 0,
      browser: "left",
    });
  });

  it("says what Meta was told it is worth, though the settings would tell it otherwise by now", async () => {
    const pipeline = await testPipeline();
    await sold(pipeline, 1);
    const [before] = await currentLinesOf(pipeline);
    await pipeline.store.changeSettings(pipeline.shop().id, (stored) =>
      JSON.stringify(withPolicy(parseSettings(stored), DATASET, { value: { basis: "goods", money: "presentment" } })),
    );
    await pipeline.registry.refresh();
    await pipeline.beacon({ name: "checkout_completed", checkout_token: "token5550001" });
    await pipeline.drain();
    await pipeline.seal();
    const [after] = await currentLinesOf(pipeline);
    expect([before?.browser, after?.browser]).toEqual(["unknown", "left"]);
    expect(after).toMatchObject({ value: before?.value, bytesHash: before?.bytesHash });
  });

  it("stays what Meta took where another row of the same order is skipped later", async () => {
    const pipeline = await testPipeline();
    await sold(pipeline, 1);
    const { db } = pipeline;
    const { id: _, ...row } = await db.event.findFirstOrThrow({ where: { orderId: "5550001" } });
    await db.event.create({
      data: {
        ...row,
        eventId: "renewal.5550001",
        name: "Renewal",
        purchaseOrderId: null,
        outcome: "skipped",
        reason: "source_off",
        ledgered: "",
      },
    });
    await pipeline.seal();
    expect(await currentLinesOf(pipeline)).toMatchObject([{ order: "5550001", outcome: "accepted" }]);
    expect(await linesOf(pipeline)).toMatchObject([{}, {}, { outcome: "skipped", current: false }]);
    expect((await verified(pipeline)).broken).toBeNull();
  });

  it("is there although its sums make no sense, and so are those of other shops", async () => {
    const pipeline = await testPipeline();
    await pipeline.webhook("orders/create", order({ id: 5550001, checkoutToken: "token5550001" }));
    const { facts } = await pipeline.db.event.findFirstOrThrow();
    const broken = (facts ?? "").replace(/"total":"[^"]*"/g, '"total":"a lot"');
    await pipeline.db.event.updateMany({ data: { facts: broken } });
    await pipeline.seal();
    expect(await currentLinesOf(pipeline)).toMatchObject([{ order: "5550001", sum: 0 }]);
  });

  it("carries no line break that a sender put in: what is hashed is parted by them", async () => {
    const pipeline = await testPipeline();
    await sold(pipeline, 1);
    await pipeline.db.attempt.updateMany({ data: { fbtraceId: "A\nwithheld" } });
    await pipeline.db.event.updateMany({ data: { ledgered: "" } });
    await pipeline.seal();
    expect((await linesOf(pipeline)).at(-1)?.fbtraceId).toBe("A withheld");
  });

  it("is of the dataset that the order is for", async () => {
    const pipeline = await testPipeline();
    await sold(pipeline, 1);
    const [line] = await currentLinesOf(pipeline);
    expect(pipeline.shop().datasets.find(({ id }) => id === line?.datasetId)?.dataset).toBe(DATASET);
  });
});
