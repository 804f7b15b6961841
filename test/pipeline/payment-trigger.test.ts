import { describe, expect, it } from "vitest";
import { checkoutCompleted, REFUSED } from "../fixtures/beacon";
import { order } from "../fixtures/order";
import { DATASET, type TestPipeline, testPipeline } from "../support/pipeline";
import { policy, settle, switchOff, switchOn } from "../support/settings";
import { DAY_MS, later, MINUTE, SECOND, standing, taken } from "./seen";

const PURCHASE = "Purchase purchase.0123456789abcdef0123456789abcdef";
const PLACED_AT = Date.parse("2026-11-20T09:58:00Z");

const iso = (at: number) => new Date(at).toISOString();
/** Cash on delivery, or a bank transfer that is still to come. */
const unpaid = (over = {}) => order({ country: "AU" }, { financial_status: "pending", ...over });
const paid = (at: number, over = {}) => order({ country: "AU" }, { updated_at: iso(at), ...over });

async function paying(options: Parameters<typeof testPipeline>[0] = {}): Promise<TestPipeline> {
  const pipeline = await testPipeline(options);
  await policy(pipeline, { trigger: "payment" });
  return pipeline;
}

function sentTimes({ meta }: TestPipeline): unknown[] {
  return meta.received.map(({ body }) => body.event_time);
}

describe("a dataset that counts orders when they are placed", () => {
  it("sends one that nobody has paid for, dated by the order", async () => {
    const pipeline = await testPipeline();
    await pipeline.webhook("orders/create", unpaid());
    await pipeline.drain();
    expect(taken(pipeline)).toEqual([PURCHASE]);
    await pipeline.webhook("orders/paid", paid(pipeline.clock.now() + DAY_MS));
    await later(pipeline, DAY_MS);
    expect(sentTimes(pipeline)).toEqual([PLACED_AT / 1_000]);
  });
});

describe("a dataset that counts orders when they are paid", () => {
  it("waits for the payment, and dates the Purchase by it", async () => {
    const pipeline = await paying();
    await pipeline.webhook("orders/create", unpaid());
    await later(pipeline, 2 * DAY_MS);
    expect(await standing(pipeline)).toEqual(["waiting"]);
    expect(pipeline.meta.requests).toEqual([]);
    const paidAt = pipeline.clock.now() - 5 * SECOND;
    await pipeline.webhook("orders/paid", paid(paidAt));
    await pipeline.drain();
    expect(taken(pipeline)).toEqual([PURCHASE]);
    expect(sentTimes(pipeline)).toEqual([Math.floor(paidAt / 1_000)]);
  });

  it("counts Meta's window from the payment: an order that is paid after eight days is sent", async () => {
    const pipeline = await paying();
    await pipeline.webhook("orders/create", unpaid());
    pipeline.clock.pass(8 * DAY_MS);
    await pipeline.webhook("orders/paid", paid(pipeline.clock.now()));
    await pipeline.drain();
    expect(await standing(pipeline)).toEqual(["accepted"]);
  });

  it("sends an order that was paid at once, once, when both topics say so", async () => {
    const pipeline = await paying();
    const first = pipeline.clock.now() - 30 * SECOND;
    await pipeline.webhook("orders/create", paid(first));
    await pipeline.webhook("orders/paid", paid(first + 5 * SECOND));
    await pipeline.drain();
    await pipeline.webhook("orders/paid", paid(first + 10 * SECOND));
    await later(pipeline, MINUTE);
    expect(taken(pipeline)).toEqual([PURCHASE]);
    expect(sentTimes(pipeline)).toEqual([Math.floor(first / 1_000)]);
  });

  it("does not mind that the payment is told before the order", async () => {
    const pipeline = await paying();
    const paidAt = pipeline.clock.now() - MINUTE;
    await pipeline.webhook("orders/paid", paid(paidAt));
    await pipeline.webhook("orders/create", unpaid());
    await pipeline.drain();
    await pipeline.webhook("orders/create", unpaid());
    await later(pipeline, MINUTE);
    expect(taken(pipeline)).toEqual([PURCHASE]);
    expect(sentTimes(pipeline)).toEqual([paidAt / 1_000]);
  });

  it.each([["the order first"], ["the payment first"]])("does not mind both in one commit, %s", async (which) => {
    const pipeline = await paying();
    const paidAt = pipeline.clock.now() - MINUTE;
    const arrivals = [
      () => pipeline.webhook("orders/create", unpaid()),
      () => pipeline.webhook("orders/paid", paid(paidAt)),
    ];
    if (which === "the payment first") arrivals.reverse();
    await Promise.all(arrivals.map((arrive) => arrive()));
    await pipeline.drain();
    expect(taken(pipeline)).toEqual([PURCHASE]);
    expect(sentTimes(pipeline)).toEqual([paidAt / 1_000]);
  });

  it("keeps the first payment's time through repeats, and what the order first said of itself", async () => {
    const pipeline = await paying({ holdSeconds: 60 });
    const paidAt = pipeline.clock.now();
    await pipeline.webhook("orders/create", unpaid());
    await pipeline.webhook("orders/paid", paid(paidAt, { total_price: "99.00", total_price_set: null }));
    await pipeline.webhook("orders/paid", paid(paidAt + 20 * SECOND));
    await later(pipeline, MINUTE);
    expect(sentTimes(pipeline)).toEqual([paidAt / 1_000]);
    expect(pipeline.meta.received[0]?.body).toMatchObject({ custom_data: { value: 64.5 } });
  });

  it.each([
    ["orders/create"],
    ["orders/paid"],
    ["orders/updated"],
  ])("takes a %s of an order that is partly paid for no payment", async (topic) => {
    const pipeline = await paying();
    await pipeline.webhook("orders/create", unpaid());
    await pipeline.webhook(topic, paid(pipeline.clock.now(), { financial_status: "partially_paid" }));
    await later(pipeline, MINUTE);
    expect(await standing(pipeline)).toEqual(["waiting"]);
  });

  it("gives up on an order that nobody pays for in 60 days, and forgets whose it was", async () => {
    const pipeline = await paying();
    await pipeline.webhook("orders/create", unpaid());
    await later(pipeline, 60 * DAY_MS - SECOND);
    expect(await standing(pipeline)).toEqual(["waiting"]);
    await later(pipeline, SECOND);
    expect(await standing(pipeline)).toEqual(["skipped awaiting_payment"]);
    expect((await pipeline.events())[0]).toMatchObject({ matchKeys: null, browser: null, countedAs: "skipped" });
  });

  it("says the same of it when the dataset is on hold that day", async () => {
    const pipeline = await paying();
    await pipeline.webhook("orders/create", unpaid());
    const [dataset] = pipeline.shop().datasets;
    if (dataset !== undefined) await pipeline.store.holdDataset(dataset, "meta_190", pipeline.clock.now());
    await later(pipeline, 60 * DAY_MS);
    expect(await standing(pipeline)).toEqual(["skipped awaiting_payment"]);
  });

  it("sends it all the same when the payment comes later than that, dated by it", async () => {
    const pipeline = await paying();
    await pipeline.webhook("orders/create", unpaid());
    await later(pipeline, 61 * DAY_MS);
    const paidAt = pipeline.clock.now();
    await pipeline.webhook("orders/paid", paid(paidAt));
    await pipeline.drain();
    expect(await standing(pipeline)).toEqual(["accepted"]);
    expect(sentTimes(pipeline)).toEqual([paidAt / 1_000]);
  });

  it("dates by its payment what was switched off when it was placed, too", async () => {
    const pipeline = await paying();
    await switchOff(pipeline, "Purchase");
    await pipeline.webhook("orders/create", unpaid());
    await switchOn(pipeline, "Purchase");
    await later(pipeline, 8 * DAY_MS);
    const paidAt = pipeline.clock.now();
    await pipeline.webhook("orders/paid", paid(paidAt));
    await pipeline.drain();
    expect(await standing(pipeline)).toEqual(["accepted"]);
    expect(sentTimes(pipeline)).toEqual([paidAt / 1_000]);
  });

  it("is not hurried by the browser, nor by a new token", async () => {
    const pipeline = await paying({ holdSeconds: 60 });
    await pipeline.webhook("orders/create", unpaid());
    await pipeline.beacon(checkoutCompleted);
    await pipeline.connect({ token: "EAAanothertoken" });
    await later(pipeline, 5 * MINUTE);
    expect(await standing(pipeline)).toEqual(["waiting"]);
  });

  it("knows the browser that the checkout had, long after", async () => {
    const pipeline = await paying({ holdSeconds: 60 });
    await pipeline.beacon(checkoutCompleted);
    await pipeline.webhook("orders/create", unpaid());
    pipeline.clock.pass(20 * DAY_MS);
    await pipeline.webhook("orders/paid", paid(pipeline.clock.now()));
    await pipeline.drain();
    expect(pipeline.meta.received[0]?.body).toMatchObject({
      user_data: { fbp: "fb.1.1763632800000.1234567890", client_ip_address: "203.0.113.20" },
    });
  });

  it("waits for the browser once more when the payment comes, as for any order", async () => {
    const pipeline = await paying({ holdSeconds: 60 });
    await pipeline.webhook("orders/create", unpaid());
    pipeline.clock.pass(MINUTE);
    await pipeline.webhook("orders/paid", paid(pipeline.clock.now()));
    await later(pipeline, 59 * SECOND);
    expect(await standing(pipeline)).toEqual(["waiting"]);
    await pipeline.beacon(checkoutCompleted);
    await pipeline.drain();
    expect(await standing(pipeline)).toEqual(["accepted"]);
  });

  it("withholds it when the shopper refused meanwhile", async () => {
    const pipeline = await paying();
    await pipeline.beacon(checkoutCompleted);
    await pipeline.webhook("orders/create", unpaid());
    await pipeline.beacon({ ...checkoutCompleted, consent: REFUSED });
    pipeline.clock.pass(DAY_MS);
    await pipeline.webhook("orders/paid", paid(pipeline.clock.now()));
    await pipeline.drain();
    expect(await standing(pipeline)).toEqual(["withheld consent_refused"]);
  });

  it("makes the custom events of a rule and a Subscribe wait with their Purchase", async () => {
    const pipeline = await paying();
    await switchOn(pipeline, "Subscribe");
    await settle(pipeline, (settings) => ({
      ...settings,
      rules: [
        {
          key: "big",
          name: "BigOrder",
          base: "Purchase",
          on: true,
          when: { field: "value", is: "at_least", amount: "1", currency: "USD" },
        },
      ],
    }));
    const line = { id: 1, product_id: 9001, variant_id: 48001, quantity: 1, price: "29.00" };
    const lines = { line_items: [{ ...line, selling_plan_allocation: {} }] };
    await pipeline.webhook("orders/create", unpaid(lines));
    await later(pipeline, DAY_MS);
    expect(await standing(pipeline)).toEqual(["waiting", "waiting", "waiting"]);
    const paidAt = pipeline.clock.now();
    await pipeline.webhook("orders/paid", paid(paidAt, lines));
    await pipeline.drain();
    expect(taken(pipeline)).toEqual([
      PURCHASE,
      "Subscribe subscribe.5550001",
      "BigOrder big.purchase.0123456789abcdef0123456789abcdef",
    ]);
    expect(new Set(sentTimes(pipeline))).toEqual(new Set([paidAt / 1_000]));
  });

  it("lets go of what waits for its payment when it is disconnected", async () => {
    const pipeline = await paying();
    await pipeline.webhook("orders/create", unpaid());
    await pipeline.store.disconnectDatasets(pipeline.shop().id, DATASET, pipeline.clock.now());
    await pipeline.drain();
    expect(await standing(pipeline)).toEqual(["withheld disconnected"]);
  });

  it("does not confuse two orders under one checkout token, each with its own payment", async () => {
    const pipeline = await paying();
    const second = { id: 5550002 };
    await pipeline.webhook("orders/create", unpaid());
    await pipeline.webhook("orders/create", unpaid(second));
    await pipeline.webhook("orders/paid", paid(pipeline.clock.now(), second));
    await pipeline.drain();
    expect(taken(pipeline)).toEqual(["Purchase purchase.o5550002"]);
    expect((await standing(pipeline)).sort()).toEqual(["accepted", "waiting"]);
  });
});
