import { describe, expect, it } from "vitest";
import type { DetectorKind } from "~/alerts/detectors";
import { healthOf, watchedOf } from "~/diagnostics/detectors.server";
import { checkoutCompleted } from "../fixtures/beacon";
import { order } from "../fixtures/order";
import { MINUTE } from "../pipeline/seen";
import { DATASET, type TestPipeline, testPipeline } from "../support/pipeline";
import { openSweeping } from "../sweep/support";

const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A shop whose dataset has been connected for some days. */
async function openShop(): Promise<TestPipeline> {
  const pipeline = await testPipeline({ country: "US" });
  pipeline.clock.pass(3 * DAY);
  return pipeline;
}

/** Orders of the web in this moment, each with a checkout of its own unless it is to have none. */
async function sell(pipeline: TestPipeline, from: number, count: number, fields: object = {}): Promise<void> {
  const now = new Date(pipeline.clock.now()).toISOString();
  for (let n = from; n < from + count; n += 1) {
    const placed = order({ id: n, checkoutToken: `token${n}` }, { created_at: now, processed_at: now, ...fields });
    await pipeline.webhook("orders/create", placed);
  }
}

const DATA = { currency: "USD", total: 64.5, lines: [] };

/** What the pixel tells of the orders' pages. */
async function hear(pipeline: TestPipeline, from: number, count: number, data: object = DATA): Promise<void> {
  for (let n = from; n < from + count; n += 1) {
    await pipeline.beacon({ ...checkoutCompleted, id: `done-${n}`, checkout_token: `token${n}`, data });
    await pipeline.beacon({ name: "checkout_started", id: `start-${n}`, checkout_token: `token${n}` });
    await pipeline.beacon({ name: "page_viewed", id: `page-${n}` });
  }
}

async function found(pipeline: TestPipeline): Promise<DetectorKind[]> {
  await pipeline.drain();
  await pipeline.seal();
  const { db, store, clock } = pipeline;
  const { findings, lookedAt } = await healthOf(db, store, pipeline.shop(), clock.now());
  expect(lookedAt).toBe(clock.now());
  return findings.map(({ kind }) => kind);
}

describe("a look at a shop", () => {
  it("finds nothing where pages, checkouts and orders are heard of alike", async () => {
    const pipeline = await openShop();
    await hear(pipeline, 1, 20);
    await sell(pipeline, 1, 20);
    expect(await found(pipeline)).toEqual([]);
    const { pixel, tokens, values, identity, ordersOfDay } = await watchedOf(
      pipeline.db,
      pipeline.store,
      pipeline.shop(),
      pipeline.clock.now(),
    );
    expect({ pixel, ordersOfDay }).toMatchObject({ pixel: { orders: 20, heard: 20 }, ordersOfDay: 20 });
    expect(tokens).toMatchObject({ orders: 20, without: 0 });
    expect(values).toMatchObject({ compared: 20, unequal: 0 });
    expect(identity).toMatchObject({ orders: 20, bare: 0 });
  });

  it("counts each order once, however many datasets are told of it", async () => {
    const pipeline = await openShop();
    await pipeline.connect({ dataset: "2222222222", at: pipeline.clock.now() - 2 * DAY });
    await hear(pipeline, 1, 20);
    await sell(pipeline, 1, 20);
    await found(pipeline);
    const { pixel, tokens, values, identity } = await watchedOf(
      pipeline.db,
      pipeline.store,
      pipeline.shop(),
      pipeline.clock.now(),
    );
    expect({ pixel, tokens, values, identity }).toMatchObject({
      pixel: { orders: 20, heard: 20 },
      tokens: { orders: 20 },
      values: { compared: 20, unequal: 0 },
      identity: { orders: 20 },
    });
  });

  it("does not miss a browser's word of orders that only the sweep told of", async () => {
    const sweeping = await openSweeping();
    for (let n = 0; n < 3; n += 1) {
      sweeping.sell(order({ id: 5550001 + n, checkoutToken: `token${n}`, country: "AU" }));
    }
    expect(await sweeping.sweep()).toMatchObject({ missing: 3 });
    await sweeping.drain();
    await sweeping.seal();
    const { db, store, clock } = sweeping;
    expect(await sweeping.events()).toMatchObject(Array(3).fill({ outcome: "accepted", reason: "degraded" }));
    const { pixel } = await watchedOf(db, store, sweeping.shop(), clock.now());
    expect(pixel.orders).toBe(0);
  });

  it("finds a pixel that hears of no checkout, and the events that nobody hears of", async () => {
    const pipeline = await openShop();
    await sell(pipeline, 1, 20);
    expect(await found(pipeline)).toEqual(["pixel_starved", "no_leg", "no_leg"]);
  });

  it("says when the pixel was last heard of", async () => {
    const pipeline = await openShop();
    await hear(pipeline, 1, 1);
    await pipeline.drain();
    const heardAt = pipeline.clock.now();
    pipeline.clock.pass(9 * DAY);
    await sell(pipeline, 2, 20);
    await found(pipeline);
    const { findings } = await healthOf(pipeline.db, pipeline.store, pipeline.shop(), pipeline.clock.now());
    const since = findings.map((finding) => finding.since);
    expect(since).toEqual(Array(3).fill(heardAt - (heardAt % (15 * MINUTE))));
  });

  it("does not take an event for lost that is switched off", async () => {
    const pipeline = await openShop();
    const off = { browser: false, server: false };
    await pipeline.store.changeSettings(pipeline.shop().id, () =>
      JSON.stringify({ ...pipeline.shop().settings, toggles: { PageView: off, InitiateCheckout: off } }),
    );
    await pipeline.registry.refresh();
    await sell(pipeline, 1, 20);
    expect(await found(pipeline)).toEqual(["pixel_starved"]);
  });

  it("finds orders of the web that have no checkout token", async () => {
    const pipeline = await openShop();
    await hear(pipeline, 1, 20);
    await sell(pipeline, 1, 20);
    await sell(pipeline, 21, 3, { checkout_token: null });
    expect(await found(pipeline)).toEqual(["no_checkout_token"]);
  });

  it("finds that pages say another sum than orders", async () => {
    const pipeline = await openShop();
    await hear(pipeline, 1, 17);
    await hear(pipeline, 18, 3, { ...DATA, total: 58 });
    await sell(pipeline, 1, 20);
    expect(await found(pipeline)).toEqual(["two_values"]);
  });

  it("finds that orders come without anybody in them", async () => {
    const pipeline = await openShop();
    await hear(pipeline, 1, 20);
    const nobody = { email: null, phone: null, customer: null, billing_address: null, shipping_address: null };
    await sell(pipeline, 1, 20, { ...nobody, contact_email: null });
    expect(await found(pipeline)).toEqual(["no_customer_data"]);
  });

  it.each([
    ["behind", -2 * MINUTE],
    ["ahead", 6 * MINUTE],
  ])("finds that this server's clock is %s of all browsers", async (_where, ms) => {
    const pipeline = await openShop();
    const timestamp = new Date(pipeline.clock.now() - ms).toISOString();
    for (let n = 0; n < 50; n += 1) await pipeline.beacon({ name: "page_viewed", id: `page-${n}`, timestamp });
    expect(await found(pipeline)).toEqual(["clock_skew"]);
  });

  it("finds that orders were refused as from the future", async () => {
    const pipeline = await openShop();
    const later = new Date(pipeline.clock.now() + HOUR).toISOString();
    await sell(pipeline, 1, 3, { created_at: later, processed_at: later });
    pipeline.clock.pass(2 * HOUR);
    expect(await found(pipeline)).toEqual(["clock_skew"]);
  });

  it("finds that somebody else sends, by what Meta says of all and of us", async () => {
    const pipeline = await openShop();
    const { clock, db, shop } = pipeline;
    const datasetId = shop().datasets.find(({ dataset }) => dataset === DATASET)?.id ?? 0;
    const ours = [{ event: "Purchase", coverage: { email: 90 } }];
    const overall = [{ event: "Purchase", coverage: { email: 50 } }];
    const firstAt = BigInt(clock.now() - 8 * DAY);
    const answeredAt = BigInt(clock.now() - 3 * DAY);
    const said = {
      overall: JSON.stringify(overall),
      ours: JSON.stringify(ours),
      firstAt,
      answeredAt,
      askedAt: answeredAt,
    };
    await db.datasetQuality.create({ data: { datasetId, ...said } });
    expect(await found(pipeline)).toEqual(["second_sender"]);
    clock.pass(1);
    expect(await found(pipeline)).toEqual([]);
  });
});
