import { describe, expect, it } from "vitest";
import { order } from "../fixtures/order";
import { SHOP, testPipeline } from "../support/pipeline";
import { numbered, openOutbox, TOKEN, withheld, writeOf } from "./support/outbox";

describe("one order", () => {
  it("that comes twice under one event id is one row", async () => {
    const { ingest, purchase, rows } = await openOutbox();
    expect(await ingest(purchase())).toEqual({ inserted: 1, absorbed: 0, renamed: [] });
    expect(await ingest(purchase({ topic: "orders/paid" }))).toEqual({ inserted: 0, absorbed: 1, renamed: [] });
    expect(rows()).toMatchObject([{ eventId: `purchase.${TOKEN}`, topic: "orders/create" }]);
  });

  it("that comes again under another event id keeps the first", async () => {
    const pipeline = await testPipeline();
    await pipeline.webhook("orders/create", order({ checkoutToken: null }));
    await pipeline.webhook("orders/paid", order());
    await pipeline.drain();
    expect((await pipeline.events()).map(({ eventId }) => eventId)).toEqual(["purchase.o5550001"]);
    expect(pipeline.meta.counted()).toHaveLength(1);
  });

  it("keeps the first of two event ids that come in one group", async () => {
    const { store, purchase, rows } = await openOutbox();
    await Promise.all([
      store.ingest(writeOf({ events: [purchase()] })),
      store.ingest(writeOf({ events: [purchase({ eventId: "purchase.o5550001", checkoutToken: null })] })),
    ]);
    expect(rows().map(({ eventId }) => eventId)).toEqual([`purchase.${TOKEN}`]);
  });

  it("is one row for each dataset", async () => {
    const pipeline = await testPipeline();
    await pipeline.connect({ dataset: "9876543210" });
    await pipeline.webhook("orders/create", order());
    await pipeline.webhook("orders/paid", order());
    expect((await pipeline.events()).map(({ datasetId }) => datasetId)).toEqual([1, 2]);
  });

  it("keeps the time of its first copy, whatever a later one says", async () => {
    const pipeline = await testPipeline();
    await pipeline.webhook("orders/create", order({ at: "2026-11-20T09:00:00Z" }));
    await pipeline.webhook("orders/paid", order({ at: "2026-11-20T09:30:00Z" }));
    expect((await pipeline.events()).map(({ eventTime }) => Number(eventTime))).toEqual([
      Date.parse("2026-11-20T09:00:00Z"),
    ]);
  });
});

describe("another order under the same checkout token", () => {
  it("is kept as a Purchase of its own and reaches Meta", async () => {
    const pipeline = await testPipeline();
    await pipeline.webhook("orders/create", order({ id: 1 }));
    const second = await pipeline.webhook("orders/create", order({ id: 2 }));
    await pipeline.drain();
    expect(second).toMatchObject({ kind: "stored", renamed: ["purchase.o2"] });
    expect(pipeline.meta.received.map(({ event_id }) => event_id)).toEqual([`purchase.${TOKEN}`, "purchase.o2"]);
  });

  it("is kept also when both come in one group", async () => {
    const pipeline = await testPipeline();
    const answers = await Promise.all([1, 2, 3].map((id) => pipeline.webhook("orders/create", order({ id }))));
    await pipeline.drain();
    expect(answers.flatMap((answer) => (answer.kind === "stored" ? answer.renamed : []))).toEqual([
      "purchase.o2",
      "purchase.o3",
    ]);
    expect(pipeline.meta.received.map(({ event_id }) => event_id).sort()).toEqual([
      `purchase.${TOKEN}`,
      "purchase.o2",
      "purchase.o3",
    ]);
  });

  it("is absorbed by its own row when it comes again", async () => {
    const { ingest, purchase, rows } = await openOutbox();
    const second = purchase({ purchaseOrderId: "2", orderId: "2" });
    await ingest(purchase());
    await ingest({ ...second });
    expect(await ingest({ ...second, topic: "orders/paid" })).toEqual({ inserted: 0, absorbed: 1, renamed: [] });
    expect(rows().map(({ eventId }) => eventId)).toEqual([`purchase.${TOKEN}`, "purchase.o2"]);
  });
});

describe("a row that ended by a rule", () => {
  it("skipped: a sendable copy takes its place under the id that the order was first given", async () => {
    const pipeline = await testPipeline();
    await pipeline.webhook("orders/create", order({ checkoutToken: null, sourceName: "7654321" }));
    await pipeline.drain();
    expect(await pipeline.events()).toMatchObject([{ outcome: "skipped", reason: "unknown_source" }]);

    await pipeline.webhook("orders/paid", order({ sourceName: "7654321" }));
    await pipeline.drain();
    expect(await pipeline.events()).toMatchObject([
      { outcome: "accepted", reason: null, eventId: "purchase.o5550001", countedAs: "accepted" },
    ]);
    expect(pipeline.meta.counted()).toHaveLength(1);
  });

  it("skipped: another skipped copy changes nothing", async () => {
    const pipeline = await testPipeline();
    await pipeline.webhook("orders/create", order({}, { test: true }));
    await pipeline.drain();
    await pipeline.webhook("orders/paid", order({}, { test: true }));
    await pipeline.drain();
    expect(await pipeline.events()).toMatchObject([{ outcome: "skipped", reason: "test_order", countedAs: "skipped" }]);
  });

  it("refused by the shopper: only a copy that brings consent takes its place", async () => {
    const pipeline = await testPipeline();
    const checkout = { name: "checkout_started", checkout_token: TOKEN };
    const consent = (marketing: boolean) => ({ analytics: true, marketing, preferences: true, saleOfData: true });
    await pipeline.beacon({ ...checkout, consent: consent(false) });
    await pipeline.drain();
    expect(await pipeline.events()).toMatchObject([
      { outcome: "withheld", reason: "consent_refused", matchKeys: null },
    ]);

    await pipeline.beacon({ ...checkout, consent: consent(false) });
    await pipeline.drain();
    expect(pipeline.meta.received).toEqual([]);

    await pipeline.beacon({ ...checkout, consent: consent(true) });
    await pipeline.drain();
    expect(await pipeline.events()).toMatchObject([{ outcome: "accepted", eventId: `ic.${TOKEN}` }]);
    expect(pipeline.meta.counted()).toHaveLength(1);
  });

  it("withheld for want of a signal: a copy without one changes nothing", async () => {
    const { ingest, purchase, rows, claim, settle } = await openOutbox();
    await ingest(purchase());
    await claim("a");
    await settle("a", [withheld(1, "no_consent_signal")]);
    await ingest(purchase({ topic: "orders/paid" }));
    expect(rows()).toMatchObject([{ outcome: "withheld", reason: "no_consent_signal" }]);
    await ingest(purchase({ topic: "orders/paid", consenting: true }));
    expect(rows()).toMatchObject([{ outcome: "waiting", reason: null, attempts: 0 }]);
  });

  it("disconnected: once the dataset is connected again, a later copy leaves", async () => {
    const pipeline = await testPipeline();
    await pipeline.webhook("orders/create", order());
    await pipeline.store.disconnectDatasets(pipeline.shop().id, null, pipeline.clock.now());
    await pipeline.drain();
    expect(await pipeline.events()).toMatchObject([{ outcome: "withheld", reason: "disconnected" }]);

    await pipeline.connect();
    await pipeline.webhook("orders/create", order());
    await pipeline.drain();
    expect(await pipeline.events()).toMatchObject([{ outcome: "accepted" }]);
  });

  it("uninstalled: once the app is back, a later copy leaves", async () => {
    const pipeline = await testPipeline();
    await pipeline.webhook("orders/create", order());
    await pipeline.store.uninstallShop(pipeline.shop().id, SHOP, pipeline.clock.now(), pipeline.clock.now());
    await pipeline.drain();
    expect(await pipeline.events()).toMatchObject([{ outcome: "withheld", reason: "uninstalled" }]);

    await pipeline.connect();
    await pipeline.webhook("orders/create", order());
    await pipeline.drain();
    expect(await pipeline.events()).toMatchObject([{ outcome: "accepted" }]);
  });

  it("keeps its event time when a copy takes its place: it was frozen at first receipt", async () => {
    const { ingest, purchase, rows } = await openOutbox();
    await ingest(purchase({ outcome: "skipped", reason: "unknown_source" }));
    const first = purchase().eventTime;
    await ingest(purchase({ eventTime: first + 1_800_000, topic: "orders/paid" }));
    expect(rows()).toMatchObject([{ outcome: "waiting", eventTime: first }]);
  });

  it("no longer says when it ended, once it waits again", async () => {
    const { ingest, purchase, rows, claim, settle } = await openOutbox();
    await ingest(purchase());
    await claim("a");
    await settle("a", [withheld(1, "disconnected")]);
    await ingest(purchase());
    expect(rows()).toMatchObject([{ outcome: "waiting", settledAt: null }]);
  });
});

describe("a guess from a checkout webhook", () => {
  it("becomes due as soon as the browser tells of the same checkout itself, with the browser's facts", async () => {
    const { ingest, purchase, rows } = await openOutbox();
    const guess = purchase({
      ...numbered(1),
      purchaseOrderId: null,
      name: "InitiateCheckout",
      eventId: `ic.${TOKEN}`,
      checkoutToken: TOKEN,
      topic: "checkouts/create",
      hold: "checkout",
      runAt: purchase().eventTime + 600_000,
    });
    await ingest(guess);
    const spoke = guess.eventTime + 5_000;
    await ingest({ ...guess, topic: "beacon", hold: null, receivedAt: spoke, runAt: spoke, facts: '{"of":"beacon"}' });
    expect(rows()).toMatchObject([{ topic: "beacon", hold: null, runAt: spoke, facts: '{"of":"beacon"}' }]);
  });
});
