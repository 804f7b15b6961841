import { describe, expect, it } from "vitest";
import { configure } from "~/settings/configure.server";
import { liveTestCode, TEST_CODE_MS } from "~/settings/test-code";
import { order } from "../fixtures/order";
import { DATASET, type TestPipeline, testPipeline } from "../support/pipeline";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const SECOND_DATASET = "2234567890";

function datasetOf({ shop }: TestPipeline, number = DATASET) {
  const dataset = shop().datasets.find(({ dataset: one }) => one === number);
  if (dataset === undefined) throw new Error(`dataset ${number} is not connected`);
  return dataset;
}

/** Saves the page's form for a dataset. */
async function save(pipeline: TestPipeline, testCode: string, { holdSeconds = 0, dataset = DATASET } = {}) {
  const { store, registry, clock } = pipeline;
  await configure(store, datasetOf(pipeline, dataset), { testCode, holdSeconds }, clock.now());
  await registry.refresh();
}

let orders = 0;

/** The test code that an order placed now is sent with. */
async function sentWith(pipeline: TestPipeline): Promise<unknown> {
  const { clock, meta } = pipeline;
  orders += 1;
  const at = new Date(clock.now()).toISOString();
  const before = meta.requests.length;
  await pipeline.webhook("orders/create", order({ id: orders, checkoutToken: `t${orders}`, country: "AU", at }));
  await pipeline.drain();
  const [request, ...more] = meta.requests.slice(before);
  if (request === undefined || more.length > 0) throw new Error("the order did not leave in one request");
  return JSON.parse(request.body).test_event_code;
}

describe("a test code", () => {
  it("is live for a day from when it was set, and not a millisecond longer", () => {
    const code = { testCode: "TEST1", testCodeAt: 1_000 };
    expect(TEST_CODE_MS).toBe(DAY);
    expect(liveTestCode(code, 1_000)).toBe("TEST1");
    expect(liveTestCode(code, 1_000 + DAY - 1)).toBe("TEST1");
    expect(liveTestCode(code, 1_000 + DAY)).toBeNull();
  });

  it("that nobody set, or of which nobody knows since when, is not live", () => {
    expect(liveTestCode({ testCode: null, testCodeAt: null }, 0)).toBeNull();
    expect(liveTestCode({ testCode: null, testCodeAt: 1_000 }, 1_000)).toBeNull();
    expect(liveTestCode({ testCode: "TEST1", testCodeAt: null }, Date.parse("2026-11-20"))).toBeNull();
  });

  it.each([
    "the page",
    "the command line",
  ])("set on %s is sent for a day, also before any duty has cleared it", async (where) => {
    const pipeline = await testPipeline();
    if (where === "the page") await save(pipeline, "TEST1");
    else await pipeline.connect({ testCode: "TEST1" });
    expect(await sentWith(pipeline)).toBe("TEST1");
    pipeline.clock.pass(DAY - 1);
    expect(await sentWith(pipeline)).toBe("TEST1");
    pipeline.clock.pass(1);
    expect(await sentWith(pipeline)).toBeUndefined();
    expect(datasetOf(pipeline).testCode).toBe("TEST1");
  });

  it("is cleared by the duty when its day is over, not before", async () => {
    const pipeline = await testPipeline();
    const { store, registry, clock } = pipeline;
    await save(pipeline, "TEST1");
    clock.pass(DAY - 1);
    expect(await store.clearTestCodes(clock.now() - TEST_CODE_MS)).toBe(0);
    expect(datasetOf(pipeline).testCode).toBe("TEST1");
    clock.pass(1);
    expect(await store.clearTestCodes(clock.now() - TEST_CODE_MS)).toBe(1);
    await registry.refresh();
    expect(datasetOf(pipeline)).toMatchObject({ testCode: null, testCodeAt: null });
    expect(await store.clearTestCodes(clock.now() - TEST_CODE_MS)).toBe(0);
  });

  it("is cleared where its day is over, and stays where it is not", async () => {
    const pipeline = await testPipeline();
    const { store, registry, clock } = pipeline;
    await save(pipeline, "TEST1");
    clock.pass(HOUR);
    await pipeline.connect({ dataset: SECOND_DATASET, testCode: "TEST2" });
    clock.pass(DAY - HOUR);
    expect(await store.clearTestCodes(clock.now() - TEST_CODE_MS)).toBe(1);
    await registry.refresh();
    expect(pipeline.shop().datasets.map(({ testCode }) => testCode)).toEqual([null, "TEST2"]);
  });

  it("moves the version when it is cleared, and only then, so that other processes read again", async () => {
    const pipeline = await testPipeline();
    const { store, clock } = pipeline;
    await save(pipeline, "TEST1");
    const version = await store.settingsVersion();
    await store.clearTestCodes(clock.now() - TEST_CODE_MS);
    expect(await store.settingsVersion()).toBe(version);
    clock.pass(DAY);
    await store.clearTestCodes(clock.now() - TEST_CODE_MS);
    expect(await store.settingsVersion()).toBeGreaterThan(version);
  });

  it("of a dataset connected before anybody wrote down when codes were set has its day from the connection", async () => {
    const pipeline = await testPipeline();
    const { db, store, registry, clock } = pipeline;
    await db.dataset.updateMany({ data: { testCode: "TEST1", testCodeAt: null } });
    await save(pipeline, "TEST1", { holdSeconds: 10 });
    await db.dataset.updateMany({ data: { testCodeAt: null } });
    await store.configureDataset(datasetOf(pipeline).id, { testCode: "TEST1", testCodeAt: null, holdSeconds: 5 });
    await registry.refresh();
    expect(datasetOf(pipeline).testCodeAt).toBe(datasetOf(pipeline).connectedAt);
    clock.pass(DAY);
    expect(await store.clearTestCodes(clock.now() - TEST_CODE_MS)).toBe(1);
  });
});

describe("saving a dataset's settings", () => {
  it("with the same test code gives it no new day", async () => {
    const pipeline = await testPipeline();
    await save(pipeline, "TEST1");
    const since = pipeline.clock.now();
    pipeline.clock.pass(DAY - HOUR);
    await save(pipeline, "TEST1", { holdSeconds: 20 });
    expect(datasetOf(pipeline)).toMatchObject({ testCode: "TEST1", testCodeAt: since, holdSeconds: 20 });
    await save(pipeline, "TEST1");
    pipeline.clock.pass(HOUR);
    expect(await sentWith(pipeline)).toBeUndefined();
  });

  it("with another test code gives that one a day of its own", async () => {
    const pipeline = await testPipeline();
    await save(pipeline, "TEST1");
    pipeline.clock.pass(DAY - HOUR);
    await save(pipeline, "TEST2");
    expect(datasetOf(pipeline)).toMatchObject({ testCode: "TEST2", testCodeAt: pipeline.clock.now() });
    pipeline.clock.pass(DAY - 1);
    expect(await sentWith(pipeline)).toBe("TEST2");
    pipeline.clock.pass(1);
    expect(await sentWith(pipeline)).toBeUndefined();
  });

  it("with none takes it away at once", async () => {
    const pipeline = await testPipeline();
    await save(pipeline, "TEST1");
    expect(await sentWith(pipeline)).toBe("TEST1");
    await save(pipeline, "");
    expect(datasetOf(pipeline)).toMatchObject({ testCode: null, testCodeAt: null });
    expect(await sentWith(pipeline)).toBeUndefined();
  });

  it("gives a code that was cleared, and is set again, a new day", async () => {
    const pipeline = await testPipeline();
    const { store, registry, clock } = pipeline;
    await save(pipeline, "TEST1");
    clock.pass(DAY);
    await store.clearTestCodes(clock.now() - TEST_CODE_MS);
    await registry.refresh();
    await save(pipeline, "TEST1");
    expect(await sentWith(pipeline)).toBe("TEST1");
  });

  it("changes the hold, and neither the token nor the other dataset", async () => {
    const pipeline = await testPipeline();
    await pipeline.connect({ dataset: SECOND_DATASET, testCode: "TEST2", holdSeconds: 40 });
    const before = pipeline.shop().datasets;
    await save(pipeline, "TEST1", { holdSeconds: 120 });
    expect(pipeline.shop().datasets).toEqual([
      { ...before[0], testCode: "TEST1", testCodeAt: pipeline.clock.now(), holdSeconds: 120 },
      before[1],
    ]);
  });

  it("makes every process read again", async () => {
    const pipeline = await testPipeline();
    const version = await pipeline.store.settingsVersion();
    await save(pipeline, "TEST1");
    expect(await pipeline.store.settingsVersion()).toBeGreaterThan(version);
  });

  it("that has cleared itself does not come back when a page left open saves something else", async () => {
    const pipeline = await testPipeline();
    const { store, registry, clock } = pipeline;
    await pipeline.connect({ testCode: "TEST1" });
    clock.pass(TEST_CODE_MS);
    await store.clearTestCodes(clock.now() - TEST_CODE_MS);
    await registry.refresh();
    await configure(store, datasetOf(pipeline), { holdSeconds: 9 }, clock.now());
    await registry.refresh();
    expect(datasetOf(pipeline)).toMatchObject({ testCode: null, testCodeAt: null, holdSeconds: 9 });
  });
});
