import { describe, expect, it } from "vitest";
import { isPostgres } from "~/database-address";
import { sha256Hex } from "~/match-keys/hash.server";
import { receiveWebhook } from "~/pipeline.server";
import { customerRedact, dataRequest, shopRedact, uninstalled } from "../fixtures/notices";
import { order } from "../fixtures/order";
import { DAY_MS, later, standing } from "../pipeline/seen";
import { contentOf, foundIn } from "../support/content";
import { SHOP, type TestPipeline, testPipeline } from "../support/pipeline";
import { customerLives, customerWaits, othersLive, tracesOf, VISITOR } from "./traces";

const redact = { ...customerRedact, orders_to_redact: [5550001, 5550002, 5550003] };

async function lastNotice({ db }: TestPipeline) {
  return db.notice.findFirstOrThrow({ orderBy: { id: "desc" } });
}

describe("after customers/redact", () => {
  it("no trace of the customer is found, neither among the rows nor in the files, and everybody else is there", async () => {
    const pipeline = await testPipeline({ country: "US" });
    await othersLive(pipeline, 0, 30);
    await customerLives(pipeline);
    await othersLive(pipeline, 30, 30);
    await customerWaits(pipeline);
    const others = { eventId: { startsWith: "purchase.other" } };
    const before = await pipeline.db.event.findMany({ where: others, orderBy: { id: "asc" } });
    expect(before).toHaveLength(60);
    await pipeline.webhook("customers/data_request", { ...dataRequest, orders_requested: [5550001] });
    await pipeline.notices();
    const traces = await tracesOf(pipeline);
    expect(traces.length).toBeGreaterThan(30);
    const all = await pipeline.db.event.count();

    await pipeline.webhook("customers/redact", redact);
    await pipeline.notices();
    await pipeline.drain();

    expect(foundIn(contentOf(pipeline.path), traces)).toEqual([]);
    expect(await pipeline.db.event.findMany({ where: others, orderBy: { id: "asc" } })).toEqual(before);
    expect(await pipeline.db.event.count()).toBe(all);
    const redacted = await pipeline.db.event.findMany({ where: { eventId: { startsWith: "redacted." } } });
    expect(redacted.map(({ name, outcome, reason }) => `${name} ${outcome} ${reason}`).sort()).toEqual([
      "CompleteRegistration skipped no_account",
      "InitiateCheckout accepted null",
      "PageView accepted null",
      "PageView accepted null",
      "Purchase accepted null",
      "Purchase accepted null",
      "Purchase withheld redacted",
    ]);
    expect(redacted.every(({ countedAs, outcome }) => countedAs === outcome)).toBe(true);
    const { receipt, body, closedAt, sweptAt } = await lastNotice(pipeline);
    expect(JSON.parse(receipt ?? "")).toEqual({ did: "erased", events: 7, visits: 3 });
    expect({ body, closed: closedAt !== null, swept: sweptAt !== null }).toEqual({
      body: "",
      closed: true,
      swept: true,
    });
  });

  it("the search above does find what is there before it", async () => {
    const pipeline = await testPipeline({ country: "US" });
    await customerLives(pipeline);
    const traces = await tracesOf(pipeline);
    const found = new Set(foundIn(contentOf(pipeline.path), traces).map((line) => line.split(" in ")[0]));
    // What is only ever hashed or sealed is not found as it is.
    expect(traces.filter((trace) => !found.has(trace))).toEqual([sha256Hex(VISITOR), "fb.1.1763632800000.4444555566"]);
  });

  it("an order of theirs that is at Meta in this moment is let settle first, and nothing is half done", async () => {
    const pipeline = await testPipeline({ country: "US" });
    await customerLives(pipeline);
    await pipeline.db.event.updateMany({ where: { orderId: "5550002" }, data: { lease: "somebody", runAt: 0 } });
    await pipeline.webhook("customers/redact", redact);
    await pipeline.notices();
    expect(await pipeline.db.event.count({ where: { eventId: { startsWith: "redacted." } } })).toBe(0);
    expect((await lastNotice(pipeline)).closedAt).toBeNull();
    await pipeline.db.event.updateMany({ where: { lease: "somebody" }, data: { lease: null, runAt: null } });
    await pipeline.notices();
    expect((await lastNotice(pipeline)).closedAt).not.toBeNull();
    expect(await pipeline.db.event.count({ where: { orderId: "5550002" } })).toBe(0);
  });

  it("an order that comes again too late is nobody's second Purchase at Meta", async () => {
    const pipeline = await testPipeline({ country: "US" });
    await customerLives(pipeline);
    const placed = new Date(pipeline.clock.now()).toISOString();
    pipeline.clock.pass(11 * DAY_MS);
    await pipeline.webhook("customers/redact", redact);
    await pipeline.notices();
    const asked = pipeline.meta.received.length;
    await pipeline.webhook("orders/updated", order({ at: placed }));
    await pipeline.webhook("orders/paid", order({ at: placed }));
    await later(pipeline, 1_000);
    expect(pipeline.meta.received).toHaveLength(asked);
  });
});

/** A notice that Shopify says was triggered then. */
async function notice(pipeline: TestPipeline, topic: string, body: unknown, triggeredAt: number): Promise<void> {
  const { store, registry, clock } = pipeline;
  await receiveWebhook(
    { topic, shop: SHOP, body, webhookId: `${topic}-${triggeredAt}`, triggeredAt },
    { store, registry, now: clock.now },
  );
  await pipeline.notices();
}

describe("after shop/redact", () => {
  it("nothing of the shop is left but a receipt that does not name it, not even its data key", async () => {
    const pipeline = await testPipeline({ country: "US" });
    await othersLive(pipeline, 0, 10);
    await customerLives(pipeline);
    const { dataKey, beaconKey } = await pipeline.db.shop.findFirstOrThrow();
    const { token } = await pipeline.db.dataset.findFirstOrThrow();
    const traces = [
      ...(await tracesOf(pipeline)),
      dataKey,
      beaconKey,
      token,
      SHOP,
      "other-checkout-3",
      "purchase.other",
    ];
    pipeline.clock.pass(DAY_MS);
    await notice(pipeline, "app/uninstalled", uninstalled, pipeline.clock.now());
    pipeline.clock.pass(2 * DAY_MS);
    await notice(pipeline, "shop/redact", shopRedact, pipeline.clock.now());
    expect(foundIn(contentOf(pipeline.path), traces)).toEqual([]);
    for (const table of ["shop", "dataset", "event", "attempt", "browserContext", "browserCopy", "rollup"] as const) {
      expect(await (pipeline.db[table] as { count(): Promise<number> }).count(), table).toBe(0);
    }
    const { receipt, topic } = await lastNotice(pipeline);
    expect(topic).toBe("shop/redact");
    expect(JSON.parse(receipt ?? "")).toMatchObject({
      did: "erased_shop",
      shop: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(await pipeline.webhook("orders/create", order())).toEqual({ kind: "ignored", why: "unknown_shop" });
  });

  it("a shop that came back since is kept, and keeps sending", async () => {
    const pipeline = await testPipeline({ country: "AU" });
    await notice(pipeline, "app/uninstalled", uninstalled, pipeline.clock.now());
    const asked = pipeline.clock.now() + 2 * DAY_MS;
    pipeline.clock.pass(DAY_MS);
    await pipeline.connect();
    pipeline.clock.pass(DAY_MS);
    await notice(pipeline, "shop/redact", shopRedact, asked);
    expect(JSON.parse((await lastNotice(pipeline)).receipt ?? "")).toEqual({ did: "kept_shop" });
    await pipeline.webhook("orders/create", order({ country: "AU", at: new Date(pipeline.clock.now()).toISOString() }));
    await pipeline.drain();
    expect(await standing(pipeline)).toEqual(["accepted"]);
  });

  it.each([
    ["an hour ago: it came back minutes after it had left", 3_600_000, { did: "kept_shop" }],
    ["two days ago: word of its uninstall never came", 2 * DAY_MS, expect.objectContaining({ did: "erased_shop" })],
  ])("a shop that seems to be installed goes by when Shopify last renewed its session, %s", async (_, ago, receipt) => {
    const pipeline = await testPipeline();
    pipeline.clock.pass(10 * DAY_MS);
    const expires = new Date(pipeline.clock.now() - ago);
    await pipeline.db.session.create({
      data: { id: `offline_${SHOP}`, shop: SHOP, state: "", accessToken: "x", expires },
    });
    await notice(pipeline, "shop/redact", shopRedact, pipeline.clock.now());
    expect(JSON.parse((await lastNotice(pipeline)).receipt ?? "")).toEqual(receipt);
    expect(await pipeline.db.shop.count()).toBe(ago < DAY_MS ? 1 : 0);
  });

  it("a shop is erased although word of its uninstall never came", async () => {
    const pipeline = await testPipeline();
    pipeline.clock.pass(10 * DAY_MS);
    await notice(pipeline, "shop/redact", shopRedact, pipeline.clock.now());
    expect(await pipeline.db.shop.count()).toBe(0);
  });

  it("a shop whose key was gone before it was asked for is erased too; all else of it is to be sent again", async () => {
    const pipeline = await testPipeline();
    await notice(pipeline, "app/uninstalled", uninstalled, pipeline.clock.now());
    pipeline.clock.pass(2 * DAY_MS);
    const { store, registry, clock } = pipeline;
    await pipeline.db.shop.updateMany({ data: { dataKey: "v1.00000000.AAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAA" } });
    await store.describeShop(1, { country: "CA", primaryDomain: null, timezone: null });
    await registry.refresh();
    const told = (topic: string, body: unknown) =>
      receiveWebhook(
        { topic, shop: SHOP, body, webhookId: `w-${topic}`, triggeredAt: clock.now() },
        { store, registry, now: clock.now },
      );
    await expect(told("customers/redact", customerRedact)).rejects.toThrow(SHOP);
    expect(await told("shop/redact", shopRedact)).toEqual({ kind: "ignored", why: "unreadable_shop" });
    await pipeline.notices();
    expect(await pipeline.db.shop.count()).toBe(0);
  });

  it("a shop whose key is gone is erased all the same", async () => {
    const pipeline = await testPipeline();
    await notice(pipeline, "app/uninstalled", uninstalled, pipeline.clock.now());
    pipeline.clock.pass(2 * DAY_MS);
    const { store, registry, clock } = pipeline;
    await receiveWebhook(
      { topic: "shop/redact", shop: SHOP, body: shopRedact, webhookId: "w", triggeredAt: clock.now() },
      { store, registry, now: clock.now },
    );
    await pipeline.db.shop.updateMany({ data: { dataKey: "v1.00000000.AAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAA" } });
    await store.describeShop(1, { country: "CA", primaryDomain: null, timezone: null });
    await pipeline.notices();
    expect(await pipeline.db.shop.count()).toBe(0);
  });
});

it("a database too large to be rewritten beside its work is swept by night", async () => {
  const { store } = await testPipeline();
  const nothing: string[] = [];
  expect(await store.sweep(nothing, 0, Number.POSITIVE_INFINITY)).toBe(true);
  const onPostgres = isPostgres((await testPipeline()).path);
  // PostgreSQL's VACUUM keeps nobody waiting.
  expect(await store.sweep(nothing, 0, 1_000)).toBe(onPostgres);
});
