import { describe, expect, it } from "vitest";
import { lastOrderOf } from "~/diagnostics/last-order.server";
import { wouldSend } from "~/pipeline/would-send.server";
import { policyOf, withPolicy } from "~/settings/settings";
import { CHECKOUT_TOKEN, checkoutCompleted } from "../fixtures/beacon";
import { order } from "../fixtures/order";
import { DATASET, SHOP, type TestPipeline, testPipeline } from "../support/pipeline";

const last = (pipeline: TestPipeline) => lastOrderOf(pipeline.db, pipeline.shop());

/** What the shown order would come to under the settings as they are. */
async function wouldBeSent(pipeline: TestPipeline): Promise<unknown[]> {
  const shown = await last(pipeline);
  if (shown === null) throw new Error("there is no order");
  const shop = pipeline.shop();
  const { event, paid, keys, browser, signal, products } = shown;
  const state = { paid, cancelled: false, createdAt: null, updatedAt: null };
  const { events } = wouldSend(
    {
      told: { event, skip: null, order: state, account: null },
      topic: "orders/create",
      keys: keys ?? {},
      browser,
      signal: signal ?? null,
      findings: { order: undefined, products },
      now: null,
    },
    [{ dataset: DATASET, policy: policyOf(shop.settings, DATASET), connectedAt: null }],
    shop.settings,
    shop,
  );
  return events;
}

async function bytesOf({ events, shop }: TestPipeline): Promise<(string | null)[]> {
  return (await events()).map(({ bytes }) => (bytes === null ? null : shop().open("Event.bytes", bytes)));
}

async function change(pipeline: TestPipeline, policy: Parameters<typeof withPolicy>[2]): Promise<void> {
  const { store, registry } = pipeline;
  const after = JSON.stringify(withPolicy(pipeline.shop().settings, DATASET, policy));
  await store.changeSettings(pipeline.shop().id, () => after);
  await registry.refresh();
}

describe("the shop's last order", () => {
  it("is none before one has arrived, whatever else has", async () => {
    const pipeline = await testPipeline();
    await pipeline.beacon({ name: "page_viewed" });
    expect(await last(pipeline)).toBeNull();
  });

  it("comes to exactly the bytes that were sent of it, where nothing was changed since", async () => {
    const pipeline = await testPipeline();
    await pipeline.beacon(checkoutCompleted);
    await pipeline.webhook("orders/create", order({ checkoutToken: CHECKOUT_TOKEN }));
    await pipeline.drain();
    const sent = (await bytesOf(pipeline)).filter((bytes) => bytes?.includes('"Purchase"'));
    expect(sent).toHaveLength(1);
    expect(await wouldBeSent(pipeline)).toEqual(sent);
  });

  it("still comes to them where its keys are forgotten: the sealed bytes remember", async () => {
    const pipeline = await testPipeline();
    await pipeline.webhook("orders/create", order({ country: "DE" }));
    await pipeline.beacon(checkoutCompleted);
    await pipeline.webhook("orders/create", order({ id: 77, country: "AU", checkoutToken: "another" }));
    await pipeline.drain();
    const sent = await bytesOf(pipeline);
    await pipeline.db.event.updateMany({ data: { matchKeys: null, browser: null } });
    expect(await wouldBeSent(pipeline)).toEqual([sent.findLast((bytes) => bytes !== null)]);
  });

  it("keeps its keys and its browser while it waits", async () => {
    const pipeline = await testPipeline({ holdSeconds: 60 });
    await pipeline.webhook("orders/create", order());
    const shown = await last(pipeline);
    expect(shown?.keys?.em).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
    expect(shown?.browser.ip).toBe("203.0.113.20");
  });

  it("is the newest that could ever be sent: no test order and none that was cancelled", async () => {
    const pipeline = await testPipeline();
    await pipeline.webhook("orders/create", order({ id: 1, checkoutToken: "one" }));
    await pipeline.webhook("orders/create", order({ id: 2, checkoutToken: "two" }));
    await pipeline.webhook("orders/create", order({ id: 3, checkoutToken: "three" }, { test: true }));
    await pipeline.webhook(
      "orders/create",
      order({ id: 4, checkoutToken: "four" }, { cancelled_at: "2026-11-20T10:00:00Z" }),
    );
    expect((await last(pipeline))?.event.facts.orderId).toBe("2");
  });

  it("says that who bought it is not kept, of one that was never to be sent", async () => {
    const pipeline = await testPipeline();
    await pipeline.webhook("orders/create", order({ sourceName: "3890849", checkoutToken: null }));
    expect(await last(pipeline)).toMatchObject({ keys: null, signal: undefined, event: { name: "Purchase" } });
  });

  it("remembers that a shopper said nothing where that ended it", async () => {
    const pipeline = await testPipeline();
    await pipeline.webhook("orders/create", order({ country: "DE" }));
    await pipeline.drain();
    expect((await last(pipeline))?.signal).toBeNull();
  });

  it("is unpaid while a dataset waits for its payment", async () => {
    const pipeline = await testPipeline();
    await change(pipeline, { trigger: "payment" });
    await pipeline.webhook("orders/create", order({}, { financial_status: "pending" }));
    expect((await last(pipeline))?.paid).toBe(false);
    await change(pipeline, { trigger: "order" });
    await pipeline.webhook("orders/create", order({ id: 2, checkoutToken: "two" }));
    expect((await last(pipeline))?.paid).toBe(true);
  });

  it("is told in the words of the settings now: another part of the sum, another name of the goods", async () => {
    const pipeline = await testPipeline();
    await pipeline.webhook("orders/create", order());
    await pipeline.drain();
    await change(pipeline, { value: { basis: "subtotal", money: "presentment" }, contentId: "sku" });
    const [event] = await wouldBeSent(pipeline);
    expect(JSON.parse(String(event)).custom_data).toMatchObject({ value: 58, content_ids: ["TEE-BLK-M"] });
  });

  it("is nobody else's", async () => {
    const pipeline = await testPipeline();
    await pipeline.webhook("orders/create", order());
    const stranger = { ...pipeline.shop(), id: pipeline.shop().id + 1, domain: `not-${SHOP}` };
    expect(await lastOrderOf(pipeline.db, stranger)).toBeNull();
  });
});
