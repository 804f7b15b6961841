import { describe, expect, it } from "vitest";
import { order } from "../fixtures/order";
import { testPipeline } from "../support/pipeline";
import { enrichmentOf, openOutbox, TOKEN, writeOf } from "./support/outbox";

function keysOf(row: { matchKeys: string | null } | undefined): unknown {
  return JSON.parse(row?.matchKeys ?? "null");
}

describe("a later source of the same order", () => {
  it("adds the match keys that are missing and replaces none", async () => {
    const { ingest, purchase, rows } = await openOutbox();
    await ingest(purchase({ matchKeys: '{"em":["first"]}' }));
    await ingest(purchase({ matchKeys: '{"em":["second"],"ph":["second"]}' }));
    expect(keysOf(rows()[0])).toEqual({ em: ["first"], ph: ["second"] });
  });

  it("brings its browser context where there was none, and fills the gaps of one that was there", async () => {
    const { ingest, purchase, rows } = await openOutbox();
    const told = (browser: string) =>
      purchase({ browser: `sealed ${browser}`, fillBrowser: (stored) => `${stored} + ${browser}` });
    await ingest(purchase({ browser: null }));
    await ingest(told("second"));
    expect(rows()).toMatchObject([{ browser: "sealed second" }]);
    await ingest(told("third"));
    await ingest(purchase({ browser: null }));
    expect(rows()).toMatchObject([{ browser: "sealed second + third" }]);
  });

  it("adds nothing once the event was claimed: what left is what is kept", async () => {
    const { ingest, purchase, rows, claim } = await openOutbox();
    await ingest(purchase({ matchKeys: '{"em":["first"]}' }));
    await claim("a");
    await ingest(purchase({ matchKeys: '{"ph":["late"]}', browser: "sealed late" }));
    expect(keysOf(rows()[0])).toEqual({ em: ["first"] });
    expect(rows()).toMatchObject([{ browser: null }]);
  });
});

describe("an enrichment", () => {
  it("reaches its Purchase by order id and by checkout token", async () => {
    const { ingest, purchase, rows, store, shopId } = await openOutbox();
    await ingest(purchase({ matchKeys: '{"em":["first"]}' }));
    const byOrder = enrichmentOf(shopId, { orderId: "5550001", matchKeys: '{"ph":["by order"]}' });
    const byToken = enrichmentOf(shopId, { checkoutToken: TOKEN, matchKeys: '{"ct":["by token"]}' });
    await store.ingest(writeOf({ enrichments: [byOrder] }));
    await store.ingest(writeOf({ enrichments: [byToken] }));
    expect(keysOf(rows()[0])).toEqual({ em: ["first"], ph: ["by order"], ct: ["by token"] });
  });

  it("of one shop never reaches another shop's order", async () => {
    const { ingest, purchase, rows, store, shopId } = await openOutbox();
    await ingest(purchase());
    const foreign = enrichmentOf(shopId + 1, { orderId: "5550001", checkoutToken: TOKEN, matchKeys: '{"ph":["x"]}' });
    await store.ingest(writeOf({ enrichments: [foreign] }));
    expect(keysOf(rows()[0])).toEqual({ em: ["aa"] });
  });

  it("of one order never reaches another that shares its checkout token", async () => {
    const { ingest, purchase, rows, store, shopId } = await openOutbox();
    await ingest(purchase({ matchKeys: '{"em":["first buyer"]}' }));
    await ingest(purchase({ purchaseOrderId: "2", orderId: "2", matchKeys: '{"em":["second buyer"]}' }));
    const second = enrichmentOf(shopId, { orderId: "2", checkoutToken: TOKEN, matchKeys: '{"ph":["second buyer"]}' });
    await store.ingest(writeOf({ enrichments: [second] }));
    expect(rows().map(keysOf)).toEqual([{ em: ["first buyer"] }, { em: ["second buyer"], ph: ["second buyer"] }]);
  });

  it("of an order that is not known reaches none through its checkout token", async () => {
    const { ingest, purchase, rows, store, shopId } = await openOutbox();
    await ingest(purchase());
    const other = enrichmentOf(shopId, { orderId: "7770001", checkoutToken: TOKEN, matchKeys: '{"ph":["x"]}' });
    await store.ingest(writeOf({ enrichments: [other] }));
    expect(keysOf(rows()[0])).toEqual({ em: ["aa"] });
  });

  it("makes no event of its own", async () => {
    const { rows, store, shopId } = await openOutbox();
    await store.ingest(writeOf({ enrichments: [enrichmentOf(shopId, { orderId: "1", matchKeys: "{}" })] }));
    expect(rows()).toEqual([]);
  });

  it("from orders/updated travels with the Purchase, together with what the first webhook knew", async () => {
    const pipeline = await testPipeline({ holdSeconds: 60 });
    await pipeline.webhook("orders/create", order({}, { customer: null, email: null, contact_email: null }));
    await pipeline.webhook("orders/updated", order());
    pipeline.clock.pass(60_000);
    await pipeline.drain();
    const sent = pipeline.meta.received[0]?.body.user_data;
    expect(Object.keys(Object(sent))).toEqual(expect.arrayContaining(["em", "ph", "fn", "external_id"]));
  });
});
