import { describe, expect, it } from "vitest";
import { deliveriesOf } from "~/diagnostics/deliveries.server";
import { type HeldDataset, timeLeft } from "~/diagnostics/held";
import { type Bounds, heldOf } from "~/diagnostics/held.server";
import type { TrReport } from "~/events/browser-copy";
import { passesAt } from "~/events/meta-window";
import { browserCopyStands, isPastWindow } from "~/outbox/window";
import { connect } from "~/settings/connect.server";
import { nothingWritten } from "~/store/rows";
import { checkoutStarted } from "../fixtures/beacon";
import { order } from "../fixtures/order";
import { later, standing } from "../pipeline/seen";
import { purchaseOf } from "../store/support/purchases";
import { DAY } from "../support/clock";
import { DATASET, type TestPipeline, TOKEN, testPipeline } from "../support/pipeline";
import { policy } from "../support/settings";

const SECOND_DATASET = "2234567890";
const OTHER = "other-shop.myshopify.com";
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

async function look({ db, registry, shop }: TestPipeline, bounds?: Bounds): Promise<HeldDataset[]> {
  await registry.refresh();
  return heldOf(db, shop(), bounds);
}

const iso = (at: number) => new Date(at).toISOString();

/** A web order that may leave at once; `n` tells it from the others. */
function placed(n: number, at: number = DAY, over: Record<string, unknown> = {}) {
  return order({ id: 6_000_000 + n, checkoutToken: `token${n}`, country: "AU", at: iso(at) }, over);
}

/** Sums in the shop's own currency and in the buyer's. */
function worth(shop: [string, string], buyer: [string, string] = shop) {
  const money = ([amount, currency]: [string, string]) => ({ amount, currency_code: currency });
  return {
    currency: shop[1],
    presentment_currency: buyer[1],
    total_price: shop[0],
    total_price_set: { shop_money: money(shop), presentment_money: money(buyer) },
  };
}

/** A shop whose token Meta takes no longer. */
async function dying(): Promise<TestPipeline> {
  const pipeline = await testPipeline({ country: "AU", tokens: { [DATASET]: TOKEN } });
  pipeline.meta.setToken(DATASET, null);
  return pipeline;
}

describe("a dataset on hold", () => {
  it("says why in the words of Meta's verdict, since when, and what waits", async () => {
    const pipeline = await dying();
    await pipeline.webhook("orders/create", placed(1));
    await pipeline.beacon(checkoutStarted);
    await later(pipeline, 5_000);
    pipeline.clock.pass(HOUR_MS);
    expect(await look(pipeline)).toEqual([
      {
        dataset: DATASET,
        reason: "meta_190_463",
        says: "Meta no longer accepts the access token. Generate a new one in Events Manager and paste it in Settings.",
        since: DAY + 5_000,
        waiting: 2,
        more: false,
        values: [{ currency: "USD", amount: "64.5", purchases: 1 }],
        valueUnknown: 0,
        valueMore: false,
        firstPassesAt: DAY + 7 * DAY_MS,
        leftBrowser: { events: 1, more: false, firstStandsAt: DAY + 2 * DAY_MS },
      },
    ]);
  });

  it("has nothing that could pass Meta's limit while nothing waits", async () => {
    const pipeline = await testPipeline();
    await pipeline.store.holdDataset({ id: 1, connection: 1 }, "meta_10", DAY);
    expect(await look(pipeline)).toMatchObject([
      {
        reason: "meta_10",
        waiting: 0,
        more: false,
        values: [],
        valueUnknown: 0,
        firstPassesAt: null,
        leftBrowser: null,
      },
    ]);
  });

  it("counts what waits for it alone: not another dataset's events, not another shop's", async () => {
    const pipeline = await dying();
    const none = { testCode: null, country: "AU", holdSeconds: 0 };
    await connect(pipeline.store, pipeline.keyring, { shop: OTHER, dataset: DATASET, token: "T", ...none }, DAY);
    await pipeline.connect({ dataset: SECOND_DATASET, token: "EAAsecond", at: DAY - HOUR_MS });
    await pipeline.webhook("orders/create", placed(1));
    await pipeline.registry.refresh();
    await pipeline.db.event.updateMany({ data: { runAt: DAY + DAY_MS }, where: { datasetId: { not: 1 } } });
    await pipeline.drain();
    const others = await pipeline.db.event.findMany({ where: { datasetId: { not: 1 } } });
    expect(others.map(({ outcome }) => outcome)).toEqual(["waiting"]);
    expect(await look(pipeline)).toMatchObject([{ dataset: DATASET, waiting: 1 }]);
  });

  it("counts no order that has yet to be paid: a new token would not let it go", async () => {
    const pipeline = await dying();
    await policy(pipeline, { trigger: "payment" });
    await pipeline.webhook("orders/create", placed(1, DAY, { financial_status: "pending" }));
    await pipeline.webhook("orders/create", placed(2, DAY - HOUR_MS / 2, { updated_at: iso(DAY - HOUR_MS / 2) }));
    await pipeline.drain();
    expect(await standing(pipeline)).toEqual(["waiting", "waiting meta_190_463"]);
    expect(await look(pipeline)).toMatchObject([{ waiting: 1, values: [{ purchases: 1 }] }]);
  });

  it("counts what still waits for its browser: it would leave too", async () => {
    const pipeline = await dying();
    await pipeline.webhook("orders/create", placed(1));
    await pipeline.drain();
    await pipeline.connect({ token: TOKEN, holdSeconds: 300 });
    await pipeline.webhook("orders/create", placed(2));
    await pipeline.drain();
    expect((await pipeline.events()).map(({ hold }) => hold)).toEqual([null, "browser_context"]);
    expect(await look(pipeline)).toMatchObject([{ waiting: 2 }]);
  });

  it("is not there while it flows, nor once it is disconnected", async () => {
    const pipeline = await dying();
    expect(await look(pipeline)).toEqual([]);
    await pipeline.webhook("orders/create", placed(1));
    await pipeline.drain();
    expect(await look(pipeline)).toHaveLength(1);
    await pipeline.store.disconnectDatasets(pipeline.shop().id, null, DAY);
    expect(await look(pipeline)).toEqual([]);
  });
});

describe("the value of what waits", () => {
  it("is that of the Purchases in the shop's own currency, to the last digit, a sum for each", async () => {
    const pipeline = await dying();
    await pipeline.webhook("orders/create", placed(1, DAY, worth(["0.10", "USD"], ["0.09", "EUR"])));
    await pipeline.webhook("orders/create", placed(2, DAY, worth(["0.20", "USD"])));
    await pipeline.webhook("orders/create", placed(3, DAY, worth(["3250", "JPY"])));
    await pipeline.beacon(checkoutStarted);
    await later(pipeline, 5_000);
    expect(await look(pipeline)).toMatchObject([
      {
        waiting: 4,
        values: [
          { currency: "USD", amount: "0.3", purchases: 2 },
          { currency: "JPY", amount: "3250", purchases: 1 },
        ],
        valueUnknown: 0,
      },
    ]);
  });

  it.each([
    ["says none", JSON.stringify({ shop: null })],
    ["says none that can be read", JSON.stringify({ shop: { currency: "USD", total: "much" } })],
    ["is damaged", '{"shop":'],
    ["is no longer kept", null],
  ])("is not known of a Purchase whose message %s, and that is said", async (_what, facts) => {
    const pipeline = await dying();
    for (const n of [1, 2]) await pipeline.webhook("orders/create", placed(n));
    await pipeline.drain();
    await pipeline.db.event.update({ where: { id: 1 }, data: { facts } });
    expect(await look(pipeline)).toMatchObject([
      { waiting: 2, values: [{ currency: "USD", amount: "64.5", purchases: 1 }], valueUnknown: 1 },
    ]);
  });
});

describe("where more waits than is looked at", () => {
  async function three(): Promise<TestPipeline> {
    const pipeline = await dying();
    await pipeline.store.holdDataset({ id: 1, connection: 1 }, "meta_190", DAY);
    for (const n of [1, 2, 3]) {
      await pipeline.webhook("orders/create", placed(n, pipeline.clock.now(), worth([`${n}.00`, "USD"])));
      await later(pipeline, 60_000);
    }
    return pipeline;
  }

  it("the number is a bound, and the rest is of those that have been due for longest", async () => {
    const pipeline = await three();
    const [first] = await pipeline.events();
    await pipeline.db.event.updateMany({ where: { id: { not: first?.id ?? 0 } }, data: { eventTime: DAY - HOUR_MS } });
    expect(await look(pipeline, { rows: 1, values: 9, copies: 9 })).toMatchObject([
      { waiting: 1, more: true, values: [{ amount: "1" }], valueMore: true, firstPassesAt: DAY + 7 * DAY_MS },
    ]);
  });

  it("a number that is just reached is no bound", async () => {
    expect(await look(await three(), { rows: 3, values: 3, copies: 3 })).toMatchObject([
      { waiting: 3, more: false, values: [{ amount: "6", purchases: 3 }], valueMore: false },
    ]);
  });

  it("the value is the least it can be where there are more Purchases than are read", async () => {
    expect(await look(await three(), { rows: 9, values: 2, copies: 9 })).toMatchObject([
      { waiting: 3, more: false, values: [{ amount: "3", purchases: 2 }], valueMore: true },
    ]);
  });

  it("tens of thousands are answered for with less than half a second of work", async () => {
    const pipeline = await dying();
    await pipeline.store.holdDataset({ id: 1, connection: 1 }, "meta_190", DAY);
    const facts = JSON.stringify({ shop: { currency: "USD", total: "64.50" }, lines: Array(5).fill("x".repeat(80)) });
    for (let start = 0; start < 40_000; start += 5_000) {
      const events = Array.from({ length: 5_000 }, (_, n) => ({
        ...purchaseOf(start + n),
        eventTime: DAY + start + n,
        runAt: DAY + start + n,
        facts,
      }));
      const browserCopies = events.map(({ shopId, datasetId, name, eventId, runAt }, n) => {
        const tr: TrReport = n % 2 === 0 ? "resolved" : "threw";
        return { shopId, datasetId, name, eventId, tr, receivedAt: runAt, told: null, keyAccount: "", device: "" };
      });
      await pipeline.store.ingest({ ...nothingWritten(), events, browserCopies });
    }
    await look(pipeline);
    const before = process.cpuUsage();
    const held = await look(pipeline);
    const { user, system } = process.cpuUsage(before);
    expect(held).toMatchObject([
      {
        waiting: 10_000,
        more: true,
        values: [{ amount: "129000", purchases: 2_000 }],
        valueMore: true,
        firstPassesAt: DAY + 1 + 7 * DAY_MS,
        leftBrowser: { events: 500, more: true, firstStandsAt: DAY + 2 * DAY_MS },
      },
    ]);
    // Of the processor, in microseconds: a busy machine makes no difference.
    expect(user + system).toBeLessThan(500_000);
  }, 60_000);
});

describe("the first to pass Meta's limit", () => {
  it("is the first whose own time is up: a till's order has 62 days, all others 7", async () => {
    const pipeline = await dying();
    const till = order(
      { id: 1, sourceName: "pos", checkoutToken: null, country: "AU", at: iso(DAY - HOUR_MS / 2) },
      {},
    );
    await pipeline.webhook("orders/create", till);
    await pipeline.drain();
    expect(await look(pipeline)).toMatchObject([{ waiting: 1, firstPassesAt: DAY - HOUR_MS / 2 + 62 * DAY_MS }]);
    await pipeline.webhook("orders/create", placed(2));
    expect(await look(pipeline)).toMatchObject([{ waiting: 2, firstPassesAt: DAY + 7 * DAY_MS }]);
  });

  it("is the oldest, whichever arrived first", async () => {
    const pipeline = await dying();
    await pipeline.webhook("orders/create", placed(1));
    await pipeline.webhook("orders/create", placed(2, DAY - HOUR_MS / 2));
    await pipeline.drain();
    expect(await look(pipeline)).toMatchObject([{ firstPassesAt: DAY - HOUR_MS / 2 + 7 * DAY_MS }]);
  });

  it.each(["physical_store", "website", "system_generated"])("has the outbox's own limits: %s", (actionSource) => {
    const alone = { actionSource, eventTime: DAY, left: null };
    const tooOld = passesAt(alone);
    expect([isPastWindow(alone, tooOld), isPastWindow(alone, tooOld + 1)]).toEqual([false, true]);
    const left = DAY + 60_000;
    const stands = passesAt({ ...alone, left });
    expect([browserCopyStands(left, stands), browserCopyStands(left, stands + 1)]).toEqual([false, true]);
    // Heard of late, it gives no time beyond Meta's own.
    expect(passesAt({ ...alone, left: tooOld })).toBe(tooOld);
  });

  it("is sent until that instant; after it, it is expired, counted and listed, and the next is the first", async () => {
    const pipeline = await dying();
    await pipeline.webhook("orders/create", placed(1));
    await later(pipeline, HOUR_MS);
    await pipeline.webhook("orders/create", placed(2, DAY + HOUR_MS));
    const [before] = await look(pipeline);
    pipeline.clock.set(before?.firstPassesAt ?? 0);
    await pipeline.drain();
    expect(await look(pipeline)).toMatchObject([{ waiting: 2 }]);
    await later(pipeline, 1);
    expect(await look(pipeline)).toMatchObject([{ waiting: 1, firstPassesAt: DAY + HOUR_MS + 7 * DAY_MS }]);

    const all = { event: null, dataset: null, search: null, before: null };
    const { lines } = await deliveriesOf(pipeline.db, pipeline.shop(), { ...all, outcome: "expired" });
    expect(lines).toMatchObject([{ orderId: "6000001", reason: "dataset_held" }]);
    const counts = await pipeline.db.rollup.findMany({ where: { dimension: "outcome", value: "expired" } });
    expect(counts).toMatchObject([{ event: "Purchase", count: 1 }]);
  });
});

describe("what left the browser too", () => {
  /** A browser's word on its own copy of the Purchase of order `n`. */
  const told = (n: number, tr: TrReport, at: number) => ({
    ...{ shopId: 1, datasetId: 1, name: "Purchase", eventId: `purchase.token${n}` },
    ...{ tr, receivedAt: at, told: null, keyAccount: "", device: "" },
  });
  const heard = ({ store }: TestPipeline, ...browserCopies: ReturnType<typeof told>[]) =>
    store.ingest({ ...nothingWritten(), browserCopies });

  it("has 48 hours from when it did, and the rest has Meta's own limit", async () => {
    const pipeline = await dying();
    for (const n of [1, 2, 3]) await pipeline.webhook("orders/create", placed(n));
    await pipeline.drain();
    await heard(pipeline, told(2, "resolved", DAY + HOUR_MS), told(3, "resolved", DAY + 5_000));
    expect(await look(pipeline)).toMatchObject([
      {
        waiting: 3,
        firstPassesAt: DAY + 7 * DAY_MS,
        leftBrowser: { events: 2, more: false, firstStandsAt: DAY + 5_000 + 2 * DAY_MS },
      },
    ]);
  });

  it("is that of this dataset alone, by its name and its id, and only where the pixel saw it leave", async () => {
    const pipeline = await dying();
    for (const n of [1, 2, 3]) await pipeline.webhook("orders/create", placed(n));
    await pipeline.drain();
    await heard(
      pipeline,
      ...[told(1, "threw", DAY), told(2, "unknown", DAY), told(3, "not_attempted", DAY), told(4, "resolved", DAY)],
      { ...told(1, "resolved", DAY), datasetId: 2 },
      { ...told(1, "resolved", DAY), name: "InitiateCheckout" },
    );
    expect(await look(pipeline)).toMatchObject([{ waiting: 3, leftBrowser: null }]);
  });

  it("is nothing that Meta could lose where nothing else waits", async () => {
    const pipeline = await dying();
    await pipeline.webhook("orders/create", placed(1));
    await pipeline.drain();
    await heard(pipeline, told(1, "resolved", DAY));
    expect(await look(pipeline)).toMatchObject([{ firstPassesAt: null, leftBrowser: { events: 1 } }]);
  });

  it("is looked up of those that have been due for longest, and the others are taken for alone", async () => {
    const pipeline = await dying();
    await pipeline.store.holdDataset({ id: 1, connection: 1 }, "meta_190", DAY);
    for (const n of [1, 2, 3]) {
      await pipeline.webhook("orders/create", placed(n, pipeline.clock.now()));
      await later(pipeline, 60_000);
    }
    await heard(pipeline, told(1, "resolved", DAY), told(2, "resolved", DAY), told(3, "resolved", DAY));
    const of = (copies: number) => look(pipeline, { rows: 9, values: 9, copies });
    expect(await of(3)).toMatchObject([{ firstPassesAt: null, leftBrowser: { events: 3, more: false } }]);
    expect(await of(1)).toMatchObject([
      {
        waiting: 3,
        firstPassesAt: DAY + 60_000 + 7 * DAY_MS,
        leftBrowser: { events: 1, more: true, firstStandsAt: DAY + 2 * DAY_MS },
      },
    ]);
  });

  it("is sent by a new token until that instant; after it the browser's copy stands, and the others leave", async () => {
    const pipeline = await dying();
    for (const n of [1, 2, 3]) await pipeline.webhook("orders/create", placed(n));
    await pipeline.drain();
    await heard(pipeline, told(1, "resolved", DAY), told(2, "resolved", DAY + 1));
    const [held] = await look(pipeline);
    pipeline.clock.set((held?.leftBrowser?.firstStandsAt ?? 0) + 1);
    pipeline.meta.setToken(DATASET, "EAAfresh");
    await pipeline.connect({ token: "EAAfresh" });
    await pipeline.drain();
    expect(await standing(pipeline)).toEqual(["expired browser_copy_stands", "accepted", "accepted"]);
  });
});

it("with a new token nothing waits any more: it all leaves at once", async () => {
  const pipeline = await dying();
  for (const n of [1, 2]) await pipeline.webhook("orders/create", placed(n));
  await pipeline.drain();
  expect(await look(pipeline)).toMatchObject([{ waiting: 2 }]);
  pipeline.meta.setToken(DATASET, "EAAfresh");
  await pipeline.connect({ token: "EAAfresh" });
  await pipeline.drain();
  expect(await look(pipeline)).toEqual([]);
  expect(await standing(pipeline)).toEqual(["accepted", "accepted"]);
});

describe("the words for how long there is", () => {
  it.each([
    [6 * DAY_MS + 4 * HOUR_MS + HOUR_MS - 1, "6 days and 4 hours"],
    [DAY_MS, "1 day"],
    [DAY_MS + HOUR_MS, "1 day and 1 hour"],
    [HOUR_MS, "1 hour"],
    [HOUR_MS - 1, "less than an hour"],
    [0, "no time"],
    [-DAY_MS, "no time"],
  ])("for %i ms are: %s", (ms, words) => {
    expect(timeLeft(DAY + ms, DAY)).toBe(words);
  });
});
