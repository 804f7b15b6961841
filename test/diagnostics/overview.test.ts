import { pino } from "pino";
import { describe, expect, it } from "vitest";
import type { EventDay, Overview, SetUp } from "~/diagnostics/overview";
import { overviewOf } from "~/diagnostics/overview.server";
import { TEST_EVENT } from "~/events/catalog";
import { startOfDay } from "~/events/day";
import { EVENT_NAMES } from "~/events/names";
import { sendTestEvent } from "~/pipeline/test-event.server";
import { receiveWebhook } from "~/pipeline.server";
import { connect } from "~/settings/connect.server";
import { checkoutCompleted, checkoutStarted, contactInfoSubmitted, REFUSED } from "../fixtures/beacon";
import { order } from "../fixtures/order";
import { DAY_MS, later, MINUTE, SECOND } from "../pipeline/seen";
import { DATASET, type TestPipeline, TOKEN, testPipeline } from "../support/pipeline";

const OTHER = "other-shop.myshopify.com";
const SECOND_DATASET = "2234567890";
const HOUR = 60 * MINUTE;

async function look({ db, registry, shop, clock }: TestPipeline, pixelCurrent = false): Promise<Overview> {
  await registry.refresh();
  return overviewOf(db, shop(), pixelCurrent, clock.now());
}

async function setUp(pipeline: TestPipeline): Promise<SetUp> {
  return (await look(pipeline)).setUp;
}

/** A web order that may leave at once; `n` tells it from the others. */
function placed(n: number, at: number, over: Record<string, unknown> = {}) {
  const id = { id: 6_000_000 + n, checkoutToken: `token${n}` };
  return order({ ...id, country: "AU", at: new Date(at).toISOString() }, over);
}

async function place(pipeline: TestPipeline, n: number, over: Record<string, unknown> = {}): Promise<void> {
  await pipeline.webhook("orders/create", placed(n, pipeline.clock.now(), over));
  await pipeline.drain();
}

function press({ shop, store, meta, clock }: TestPipeline) {
  const [dataset] = shop().datasets;
  if (dataset === undefined) throw new Error("the test's shop has no dataset");
  const graph = { url: meta.origin, version: "v25.0", fetch: (to: string, init: RequestInit) => fetch(to, init) };
  return sendTestEvent({ shop: shop(), dataset }, { store, graph, log: pino({ level: "silent" }), now: clock.now });
}

describe("the steps of the set-up", () => {
  it("are all to do for a shop without a dataset", async () => {
    const pipeline = await testPipeline();
    await pipeline.store.disconnectDatasets(pipeline.shop().id, null, pipeline.clock.now());
    expect(await setUp(pipeline)).toEqual({
      dataset: false,
      token: false,
      pixel: false,
      beacon: false,
      accepted: false,
    });
  });

  it("begin with a dataset that is connected", async () => {
    expect(await setUp(await testPipeline())).toEqual({
      dataset: true,
      token: false,
      pixel: false,
      beacon: false,
      accepted: false,
    });
  });

  it.each([true, false])("take from the keeper whether Shopify has the pixel's settings: %s", async (current) => {
    expect((await look(await testPipeline(), current)).setUp.pixel).toBe(current);
  });

  it("have the token proven by what Meta accepted with it: a test event will do, and is no event of the shop's own", async () => {
    const pipeline = await testPipeline();
    await press(pipeline);
    expect(await setUp(pipeline)).toMatchObject({ token: true, accepted: false });
  });

  it("do not have it proven by what Meta refused", async () => {
    const pipeline = await testPipeline();
    pipeline.meta.weather.script([{ kind: "error", code: 100 }]);
    await press(pipeline);
    expect(await setUp(pipeline)).toMatchObject({ token: false, accepted: false });
  });

  it("ask for the proof again with a new token, and not with a new test code", async () => {
    const pipeline = await testPipeline();
    await place(pipeline, 1);
    pipeline.clock.pass(SECOND);
    const { store, shop } = pipeline;
    await store.configureDataset(shop().datasets[0]?.id ?? 0, { testCode: null, testCodeAt: null, holdSeconds: 0 });
    expect(await setUp(pipeline)).toMatchObject({ token: true, accepted: true });
    await pipeline.connect({ token: "EAAanother" });
    expect(await setUp(pipeline)).toMatchObject({ token: false, accepted: true });
    await press(pipeline);
    expect(await setUp(pipeline)).toMatchObject({ token: true });
  });

  it("take the proof back while the dataset is on hold", async () => {
    const pipeline = await testPipeline({ tokens: { [DATASET]: TOKEN } });
    await place(pipeline, 1);
    pipeline.meta.setToken(DATASET, null);
    await place(pipeline, 2);
    expect(await setUp(pipeline)).toMatchObject({ token: false, accepted: true });
  });

  it("want every connected dataset's token proven, and ask nothing of one that is disconnected", async () => {
    const pipeline = await testPipeline();
    await place(pipeline, 1);
    await pipeline.connect({ dataset: SECOND_DATASET });
    expect(await setUp(pipeline)).toMatchObject({ token: false });
    await pipeline.store.disconnectDatasets(pipeline.shop().id, SECOND_DATASET, pipeline.clock.now());
    expect(await setUp(pipeline)).toMatchObject({ token: true });
  });

  it("have heard the pixel once it told of a copy, and not by a webhook, a refusal or a step that is no event", async () => {
    const pipeline = await testPipeline();
    await place(pipeline, 1);
    await pipeline.beacon({ ...checkoutStarted, consent: REFUSED });
    await pipeline.beacon(contactInfoSubmitted);
    await pipeline.drain();
    expect(await setUp(pipeline)).toMatchObject({ beacon: false });
    await pipeline.beacon({ ...checkoutStarted, tr: "not_attempted" });
    await pipeline.drain();
    expect(await setUp(pipeline)).toMatchObject({ beacon: true });
    await pipeline.beacon({ ...checkoutStarted, tr: "resolved" });
    await pipeline.drain();
    expect(await setUp(pipeline)).toMatchObject({ beacon: true });
  });

  it("end with an event that Meta accepted, not with one that waits or was rejected", async () => {
    const pipeline = await testPipeline();
    pipeline.meta.weather.script([{ kind: "error", code: 100 }]);
    await place(pipeline, 1);
    pipeline.meta.weather.script([{ kind: "error", code: 2, transient: true }]);
    await place(pipeline, 2);
    expect(await setUp(pipeline)).toMatchObject({ accepted: false });
    pipeline.meta.weather.script([]);
    await later(pipeline, HOUR);
    expect(await setUp(pipeline)).toMatchObject({ token: true, accepted: true });
  });

  it("stay done on the days after, although that day counts nothing", async () => {
    const pipeline = await testPipeline();
    await pipeline.beacon(checkoutCompleted);
    await place(pipeline, 1);
    pipeline.clock.pass(3 * DAY_MS);
    expect(await look(pipeline, true)).toMatchObject({
      setUp: { dataset: true, token: true, pixel: true, beacon: true, accepted: true },
      today: [],
    });
  });

  it("are a shop's own: another shop's dataset, beacons and events do none of them", async () => {
    const pipeline = await testPipeline();
    await pipeline.beacon(checkoutCompleted);
    await place(pipeline, 1);
    const other = await openOther(pipeline);
    await pipeline.store.disconnectDatasets(other, null, pipeline.clock.now());
    await pipeline.registry.refresh();
    const shop = pipeline.registry.shop(OTHER);
    if (shop === undefined) throw new Error("the other shop is not there");
    expect(await overviewOf(pipeline.db, shop, false, pipeline.clock.now())).toMatchObject({
      setUp: { dataset: false, token: false, pixel: false, beacon: false, accepted: false },
      today: [],
      held: [],
    });
  });
});

/** Another shop with a dataset of its own; answers its row's id. */
async function openOther({ store, keyring, clock, registry }: TestPipeline): Promise<number> {
  const none = { testCode: null, country: null, holdSeconds: 0 };
  await connect(store, keyring, { shop: OTHER, dataset: DATASET, token: "EAAother", ...none }, clock.now());
  await registry.refresh();
  return registry.shop(OTHER)?.id ?? 0;
}

/** What the rows themselves say of the shop's day. */
async function recount({ db, shop, clock }: TestPipeline): Promise<EventDay[]> {
  const { id: shopId, timezone } = shop();
  const since = BigInt(startOfDay(clock.now(), timezone));
  const days = new Map<string, EventDay>();
  const dayOf = (event: string) => {
    const none = {
      leftBrowser: 0,
      stoppedInBrowser: 0,
      unclearInBrowser: 0,
      accepted: 0,
      notSent: 0,
      failed: 0,
      waiting: 0,
    };
    const day = days.get(event) ?? { event, ...none };
    days.set(event, day);
    return day;
  };
  const rows = await db.event.findMany({ where: { shopId, name: { not: TEST_EVENT } } });
  for (const { name, outcome, eventTime } of rows) {
    if (outcome === "waiting") dayOf(name).waiting += 1;
    else if (eventTime >= since) {
      if (outcome === "accepted") dayOf(name).accepted += 1;
      else if (outcome === "skipped" || outcome === "withheld") dayOf(name).notSent += 1;
      else dayOf(name).failed += 1;
    }
  }
  for (const { name, tr } of await db.browserCopy.findMany({ where: { shopId, receivedAt: { gte: since } } })) {
    if (tr === "resolved") dayOf(name).leftBrowser += 1;
    if (tr === "unknown") dayOf(name).unclearInBrowser += 1;
    if (tr === "threw") dayOf(name).stoppedInBrowser += 1;
  }
  return EVENT_NAMES.flatMap((name) => days.get(name) ?? []);
}

/** A day with something of everything, some of it yesterday's. */
async function liveADay(pipeline: TestPipeline): Promise<void> {
  const { clock, meta, store, shop } = pipeline;
  await pipeline.connect({ dataset: SECOND_DATASET });
  const today = startOfDay(clock.now(), shop().timezone);
  const yesterday = [today - 1, today - HOUR, today - 5 * DAY_MS];
  for (const [n, at] of [...yesterday, today, today + 1, clock.now()].entries()) {
    await pipeline.webhook("orders/create", placed(n, at));
  }
  await pipeline.webhook("orders/create", placed(10, today - 9 * DAY_MS));
  await pipeline.webhook("orders/create", placed(11, clock.now(), { test: true }));
  await pipeline.webhook("orders/create", placed(12, clock.now(), { source_name: "7654321", checkout_token: null }));
  await pipeline.webhook("orders/create", { id: 6_000_013, processed_at: "never" });
  for (const [n, tr] of (["resolved", "unknown", "threw", "not_attempted"] as const).entries()) {
    await pipeline.beacon({ ...checkoutCompleted, checkout_token: `token${n}`, tr });
    await pipeline.beacon({ name: "product_viewed", id: `sh-${n}`, tr });
  }
  await pipeline.beacon({ ...checkoutStarted, consent: REFUSED });
  await pipeline.drain();
  meta.weather.script([{ kind: "error", code: 100, dataset: SECOND_DATASET }]);
  await place(pipeline, 20);
  meta.weather.script([{ kind: "error", code: 2, transient: true, dataset: DATASET, count: 9 }]);
  await place(pipeline, 21);
  await press(pipeline);
  await store.holdDataset({ id: shop().datasets[1]?.id ?? 0, connection: 1 }, "meta_190", clock.now());
  await place(pipeline, 22);
}

describe("the numbers of today", () => {
  it.each([
    null,
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kolkata",
    "Asia/Kathmandu",
  ])("equal the rows, on a day with something of everything (%s)", async (timezone) => {
    const pipeline = await testPipeline();
    await pipeline.store.describeShop(pipeline.shop().id, { country: null, primaryDomain: null, timezone });
    await pipeline.registry.refresh();
    await liveADay(pipeline);
    const { today, since } = await look(pipeline);
    expect(since).toBe(startOfDay(pipeline.clock.now(), timezone));
    expect(today).toEqual(await recount(pipeline));
    const purchases = today.find(({ event }) => event === "Purchase");
    for (const number of Object.values(purchases ?? {})) expect(number).not.toBe(0);
    expect(purchases).toBeDefined();
  });

  it("keep out of the day what happened before it, and take in its first instant", async () => {
    const pipeline = await testPipeline();
    await pipeline.store.describeShop(pipeline.shop().id, {
      country: null,
      primaryDomain: null,
      timezone: "Asia/Kathmandu",
    });
    const { since } = await look(pipeline);
    await pipeline.webhook("orders/create", placed(1, since - 1_000));
    await pipeline.webhook("orders/create", placed(2, since));
    await pipeline.drain();
    expect((await look(pipeline)).today).toMatchObject([{ event: "Purchase", accepted: 1 }]);
  });

  it("do not hold what the pixel did not attempt: nothing left, nothing was stopped", async () => {
    const pipeline = await testPipeline();
    await pipeline.beacon({ ...checkoutCompleted, tr: "not_attempted" });
    await pipeline.drain();
    expect((await look(pipeline)).today).toEqual([]);
  });

  it("hold no test event, whatever became of it", async () => {
    const pipeline = await testPipeline();
    await press(pipeline);
    pipeline.meta.weather.script([{ kind: "error", code: 100 }]);
    await press(pipeline);
    await later(pipeline, MINUTE);
    expect((await look(pipeline)).today).toEqual([]);
  });

  it("name the events in the order of the way to a purchase, whichever came first", async () => {
    const pipeline = await testPipeline();
    for (const name of ["search_submitted", "product_added_to_cart", "page_viewed"]) {
      await pipeline.beacon({ name, id: name });
    }
    await pipeline.drain();
    expect((await look(pipeline)).today.map(({ event }) => event)).toEqual(["PageView", "Search", "AddToCart"]);
  });

  it("are a shop's own", async () => {
    const pipeline = await testPipeline();
    await place(pipeline, 1);
    const before = await look(pipeline);
    await openOther(pipeline);
    const { store, registry, clock } = pipeline;
    for (const n of [1, 2, 3]) {
      const message = { topic: "orders/create", shop: OTHER, body: placed(n, clock.now()), webhookId: `other-${n}` };
      await receiveWebhook({ ...message, triggeredAt: null }, { store, registry, now: clock.now });
      if (n < 3) await pipeline.drain();
    }
    expect(await look(pipeline)).toEqual(before);
  });
});

describe("the datasets that nothing leaves for", () => {
  it("are those on hold, with the reason, and not those that are paused or disconnected", async () => {
    const pipeline = await testPipeline();
    const { store, shop, clock } = pipeline;
    await pipeline.connect({ dataset: SECOND_DATASET });
    await pipeline.connect({ dataset: "3234567890" });
    await store.holdDataset({ id: 1, connection: 1 }, "meta_190", clock.now());
    await store.pauseDataset({ id: 2, connection: 1 }, clock.now() + HOUR);
    await store.holdDataset({ id: 3, connection: 1 }, "meta_10", clock.now());
    await store.disconnectDatasets(shop().id, "3234567890", clock.now());
    expect((await look(pipeline)).held).toEqual([{ dataset: DATASET, reason: "meta_190" }]);
    await pipeline.connect();
    expect((await look(pipeline)).held).toEqual([]);
  });
});
