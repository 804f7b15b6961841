import { describe, expect, it } from "vitest";
import { comparedOrders, isUnequal, legsByEvent, parityOfRow } from "~/diagnostics/parity.server";
import { policySchema } from "~/settings/dataset-policy";
import { withToggles } from "~/settings/settings";
import { CHECKOUT_TOKEN, checkoutCompleted, checkoutStarted } from "../fixtures/beacon";
import { order } from "../fixtures/order";
import { later, MINUTE } from "../pipeline/seen";
import { DATASET, type TestPipeline, testPipeline } from "../support/pipeline";
import { settle, switchOn } from "../support/settings";

const DAY = 24 * 60 * MINUTE;

/** What the browser's copy of `order()` says. */
const DATA = {
  currency: "USD",
  total: 64.5,
  subtotal: 58,
  country: "US",
  lines: [{ product: "9001", variant: "48001", sku: "TEE-BLK-M", title: "Tee", quantity: 2, price: 29 }],
};
const COMPLETED = { ...checkoutCompleted, data: DATA };

async function orders(pipeline: TestPipeline) {
  await pipeline.drain();
  await pipeline.seal();
  return comparedOrders(pipeline.store, pipeline.shop(), pipeline.clock.now() - DAY);
}

async function told({ db }: TestPipeline): Promise<unknown[]> {
  const copies = await db.browserCopy.findMany({ orderBy: { eventId: "asc" } });
  return copies.map((copy) => (copy.told === null ? null : JSON.parse(copy.told)));
}

describe("what the browser's copy told", () => {
  it("is kept of an order: value, currency, goods, and which match keys, never whose", async () => {
    const pipeline = await testPipeline();
    await pipeline.beacon({ ...COMPLETED, user_data: { em: ["a".repeat(64)], ph: [] } });
    const keys = ["em", "external_id", "fbp"];
    expect(await told(pipeline)).toEqual([{ value: "64.5", currency: "USD", ids: ["48001"], keys }]);
  });

  it("is told in the dataset's own policy", async () => {
    const pipeline = await testPipeline();
    const policy = policySchema.parse({ value: { basis: "subtotal" }, contentId: "product" });
    await pipeline.store.changeSettings(pipeline.shop().id, () =>
      JSON.stringify({ ...pipeline.shop().settings, datasets: { [DATASET]: policy } }),
    );
    await pipeline.registry.refresh();
    await pipeline.beacon(COMPLETED);
    expect(await told(pipeline)).toMatchObject([{ value: "58", ids: ["9001"] }]);
  });

  it.each([
    ["of a page view", { name: "page_viewed", data: DATA }],
    ["of a copy that was not attempted", { ...COMPLETED, tr: "not_attempted" }],
    ["of an older pixel's beacon, which says nothing", checkoutCompleted],
  ])("is not kept %s", async (_of, beacon) => {
    const pipeline = await testPipeline();
    await pipeline.beacon(beacon);
    expect(await told(pipeline)).toEqual([null]);
  });

  it("is kept once a copy that was not attempted has left after all", async () => {
    const pipeline = await testPipeline();
    await pipeline.beacon({ ...checkoutStarted, tr: "not_attempted" });
    await pipeline.beacon({ ...checkoutStarted, tr: "resolved" });
    expect(await told(pipeline)).toMatchObject([{ value: "64.5", currency: "USD" }]);
  });

  it("says nothing of goods where there may have been more than a beacon takes", async () => {
    const pipeline = await testPipeline();
    const [line] = DATA.lines;
    await pipeline.beacon({ ...COMPLETED, data: { ...DATA, lines: Array.from({ length: 250 }, () => line) } });
    expect(await told(pipeline)).toMatchObject([{ value: "64.5", ids: null }]);
  });
});

describe("names of goods that no catalogue has", () => {
  it("are not kept by the kilobyte", async () => {
    const pipeline = await testPipeline();
    const policy = policySchema.parse({ contentId: "sku" });
    await pipeline.store.changeSettings(pipeline.shop().id, () =>
      JSON.stringify({ ...pipeline.shop().settings, datasets: { [DATASET]: policy } }),
    );
    await pipeline.registry.refresh();
    const lines = Array.from({ length: 9 }, (_, n) => ({ ...DATA.lines[0], sku: `${n}`.padEnd(490, "x") }));
    await pipeline.beacon({ ...COMPLETED, data: { ...DATA, lines } });
    expect(await told(pipeline)).toMatchObject([{ value: "64.5", ids: null }]);
  });
});

describe("an order's two copies", () => {
  it("are equal where the browser said what the webhook says; within minutes the browser's is kept", async () => {
    const pipeline = await testPipeline();
    await pipeline.beacon(COMPLETED);
    await pipeline.webhook("orders/create", order());
    const [compared] = await orders(pipeline);
    expect(compared?.parity).toMatchObject({ legs: "both", differs: [], keeps: "browser_favoured", twice: [] });
    expect(compared?.parity.losesIdentity).toContain("ph");
    expect(compared && isUnequal(compared.parity)).toBe(false);
    const id = compared?.row.id ?? 0;
    expect(await parityOfRow(pipeline.store, pipeline.shop(), id)).toEqual(compared?.parity);
  });

  it("differ where the page showed another sum and other goods", async () => {
    const pipeline = await testPipeline();
    await pipeline.beacon({ ...COMPLETED, data: { ...DATA, total: 60, lines: [{ ...DATA.lines[0], variant: "4" }] } });
    await pipeline.webhook("orders/create", order());
    const [compared] = await orders(pipeline);
    expect(compared?.parity.differs).toEqual([
      { field: "value", browser: "60", server: "64.5" },
      { field: "ids", browser: "4", server: "48001" },
    ]);
    expect(compared && isUnequal(compared.parity)).toBe(true);
  });

  it("differ in the sum still when the bytes are not kept any more: the ledger has it", async () => {
    const pipeline = await testPipeline();
    await pipeline.beacon({ ...COMPLETED, data: { ...DATA, total: 60 } });
    await pipeline.webhook("orders/create", order());
    await orders(pipeline);
    await pipeline.store.forget("bytes", pipeline.clock.now(), 100);
    const [compared] = await orders(pipeline);
    expect(compared?.row.bytes).toBeNull();
    expect(compared?.parity.differs).toEqual([{ field: "value", browser: "60", server: "64.5" }]);
    expect(compared?.parity.losesIdentity).toBeNull();
  });

  it("are not another order's of the same checkout: its browser's copy is the first order's", async () => {
    const pipeline = await testPipeline();
    await pipeline.webhook("orders/create", order({ id: 1 }));
    await pipeline.webhook("orders/create", order({ id: 2 }));
    await pipeline.beacon(COMPLETED);
    const compared = await orders(pipeline);
    const [first, second] = ["1", "2"].map((id) => compared.find(({ row }) => row.orderId === id));
    expect(second?.row).toMatchObject({ eventId: "purchase.o2", otherId: null });
    expect(first?.parity).toMatchObject({ legs: "both", twice: [] });
    expect(second?.parity.twice).toEqual([]);
  });

  it("count twice where the order has another id than its page had", async () => {
    const pipeline = await testPipeline();
    await pipeline.webhook("orders/create", order({ id: 2 }));
    await pipeline.db.event.updateMany({ data: { eventId: "purchase.o2" } });
    await pipeline.beacon(COMPLETED);
    const [compared] = await orders(pipeline);
    expect(compared?.parity).toMatchObject({ twice: ["id"], keeps: "each" });
  });

  it("are not what was made of the order besides: that never had a page's copy", async () => {
    const pipeline = await testPipeline();
    await switchOn(pipeline, "Subscribe");
    const line = { id: 1, product_id: 9001, variant_id: 48001, quantity: 1, price: "29.00" };
    const subscribed = [{ ...line, selling_plan_allocation: { selling_plan: { id: 1 } } }];
    await pipeline.webhook("orders/create", order({ country: "AU" }, { line_items: subscribed }));
    await pipeline.beacon(COMPLETED);
    await pipeline.drain();
    const row = (await pipeline.events()).find(({ name }) => name === "Subscribe");
    const parity = await parityOfRow(pipeline.store, pipeline.shop(), row?.id ?? 0);
    expect(row?.outcome).toBe("accepted");
    expect(parity?.twice).toEqual([]);
  });

  it("are not compared while the server's waits, nor of somebody else's shop", async () => {
    const pipeline = await testPipeline({ holdSeconds: 60 });
    await pipeline.webhook("orders/create", order());
    await pipeline.seal();
    const [row] = await pipeline.events();
    const shop = pipeline.shop();
    expect(await comparedOrders(pipeline.store, shop, 0)).toEqual([]);
    expect(await parityOfRow(pipeline.store, shop, row?.id ?? 0)).toBeNull();
    await later(pipeline, 2 * MINUTE);
    expect(await parityOfRow(pipeline.store, shop, row?.id ?? 0)).not.toBeNull();
    const stranger = Object.assign(Object.create(shop), { id: shop.id + 1 });
    expect(await parityOfRow(pipeline.store, stranger, row?.id ?? 0)).toBeNull();
  });

  it("are the server's alone where the browser's leg is off: it is not unknown whether the other left", async () => {
    const pipeline = await testPipeline();
    await settle(pipeline, (settings) => withToggles(settings, { Purchase: { browser: false } }));
    await pipeline.webhook("orders/create", order());
    const [compared] = await orders(pipeline);
    expect(compared?.row.actionSource).toBe("website");
    expect(compared?.parity).toMatchObject({ legs: "server_only", keeps: "only_server" });
  });

  it("lose what the browser's told when the shopper is erased", async () => {
    const pipeline = await testPipeline();
    await pipeline.beacon(COMPLETED);
    await pipeline.webhook("orders/create", order());
    await pipeline.drain();
    const copy = { datasetId: 1, name: "Purchase", eventId: `purchase.${CHECKOUT_TOKEN}` };
    expect(await pipeline.store.forgetBrowserCopies([copy])).toBe(1);
    expect(await told(pipeline)).toEqual([]);
  });
});

describe("the legs of a shop's events", () => {
  it("are counted of all orders, and of a sample of the rest", async () => {
    const pipeline = await testPipeline({ country: "US" });
    await pipeline.beacon(COMPLETED);
    await pipeline.webhook("orders/create", order());
    await pipeline.webhook("orders/create", order({ id: 2, checkoutToken: "two" }));
    await pipeline.webhook("orders/create", order({ id: 3, checkoutToken: null, sourceName: "pos" }));
    await pipeline.webhook("orders/create", order({ id: 4, checkoutToken: "four" }, { test: true }));
    await pipeline.beacon({ name: "page_viewed", id: "pv-1", tr: "resolved" });
    await pipeline.beacon({ name: "page_viewed", id: "pv-2", tr: "threw" });
    await pipeline.beacon({ name: "page_viewed", id: "pv-3", tr: "unknown" });
    await later(pipeline, MINUTE);
    await orders(pipeline);
    const legs = await legsByEvent(pipeline.db, pipeline.store, pipeline.shop(), pipeline.clock.now() - DAY);
    const none = { both: 0, browser_only: 0, server_only: 0, unclear: 0, neither: 0 };
    expect(legs.orders).toEqual([
      {
        event: "Purchase",
        dataset: DATASET,
        legs: { ...none, both: 1, unclear: 1, server_only: 1, neither: 1 },
      },
    ]);
    expect(legs.sample).toEqual([
      { event: "PageView", dataset: DATASET, legs: { ...none, both: 1, server_only: 1, unclear: 1 } },
    ]);
    expect(legs.sampled).toBe(3);
  });
});
