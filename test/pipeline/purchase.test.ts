import { describe, expect, it } from "vitest";
import { HASHED_BUYERS } from "../examples/parts";
import { order } from "../fixtures/order";
import { testPipeline } from "../support/pipeline";
import { later, SECOND, standing, taken } from "./seen";

describe("a web order", () => {
  it("reaches Meta once, with value, contents and hashed match keys", async () => {
    const pipeline = await testPipeline();
    await pipeline.webhook("orders/create", order());
    await pipeline.drain();

    expect(pipeline.meta.received.map(({ leg, event_id }) => ({ leg, event_id }))).toEqual([
      { leg: "server", event_id: "purchase.0123456789abcdef0123456789abcdef" },
    ]);
    expect(pipeline.meta.received[0]?.body).toMatchObject({
      event_name: "Purchase",
      action_source: "website",
      event_source_url: "https://shop.example.com/",
      custom_data: { value: 64.5, currency: "USD", content_ids: ["48001"], num_items: 2, order_id: "5550001" },
      data_processing_options: ["LDU"],
      data_processing_options_country: 1,
      data_processing_options_state: 1004,
    });
    const [row] = await pipeline.events();
    expect(row).toMatchObject({ outcome: "accepted", reason: null, countedAs: "accepted", matchKeys: null });
  });

  it("is sent once when both topics of one order and a repeat arrive, in any order", async () => {
    const pipeline = await testPipeline();
    await pipeline.webhook("orders/paid", order());
    await pipeline.webhook("orders/create", order());
    await pipeline.drain();
    await pipeline.webhook("orders/create", order());
    await pipeline.drain();
    expect(pipeline.meta.received).toHaveLength(1);
  });
});

describe("a Purchase and the other messages about its order", () => {
  const bare = { customer: null, email: null, contact_email: null };

  it("takes from a later copy the match keys it lacks, and keeps those it has", async () => {
    const pipeline = await testPipeline({ holdSeconds: 60 });
    await pipeline.webhook("orders/paid", order({ country: "AU" }, bare));
    await pipeline.webhook("orders/create", order({ country: "AU" }, { billing_address: null }));
    await pipeline.webhook("orders/updated", order({ country: "AU" }, { email: "another@example.org" }));
    await later(pipeline, 60 * SECOND);
    expect(pipeline.meta.received[0]?.body).toMatchObject({ user_data: HASHED_BUYERS.AU });
  });

  it("takes from orders/updated what it lacks, by the order's id where there is no checkout", async () => {
    const pipeline = await testPipeline({ country: "AU" });
    const till = { country: "AU", sourceName: "pos", checkoutToken: null } as const;
    await pipeline.webhook("orders/create", order(till, bare));
    await pipeline.webhook("orders/updated", order(till));
    await pipeline.drain();
    expect(pipeline.meta.received[0]?.body).toMatchObject({ user_data: { em: HASHED_BUYERS.AU.em } });
  });

  it("takes from orders/create the browser that orders/paid did not know", async () => {
    const pipeline = await testPipeline({ holdSeconds: 60 });
    const blind = { browser_ip: null, client_details: null, landing_site: "/?fbclid=IwAR0Example" };
    await pipeline.webhook("orders/paid", order({ country: "AU" }, blind));
    await pipeline.webhook("orders/create", order({ country: "AU" }, { landing_site: "/?fbclid=IwAR0Example" }));
    await later(pipeline, 60 * SECOND);
    expect(pipeline.meta.received[0]?.body).toMatchObject({
      user_data: { client_ip_address: "203.0.113.20", client_user_agent: expect.stringContaining("iPhone") },
    });
  });

  it("changes nothing any more once it has left", async () => {
    const pipeline = await testPipeline();
    await pipeline.webhook("orders/create", order({ country: "AU" }));
    await pipeline.drain();
    for (const topic of ["orders/updated", "orders/cancelled", "orders/paid"]) {
      await pipeline.webhook(topic, order({ country: "AU" }, { email: "another@example.org" }));
    }
    await later(pipeline, 60 * SECOND);
    expect(pipeline.meta.requests).toHaveLength(1);
    expect(await standing(pipeline)).toEqual(["accepted"]);
  });

  it("is never made by orders/updated, orders/cancelled or orders/edited", async () => {
    const pipeline = await testPipeline();
    for (const topic of ["orders/updated", "orders/cancelled"]) await pipeline.webhook(topic, order());
    await pipeline.webhook("orders/edited", { order_edit: { order_id: 5550001 } });
    await pipeline.drain();
    expect(await pipeline.events()).toEqual([]);
  });

  it("of another order under the same checkout token is sent under its own order's id, never absorbed", async () => {
    const pipeline = await testPipeline();
    await pipeline.webhook("orders/create", order({ country: "AU" }));
    const second = order({ id: 5550002, country: "AU" });
    expect(await pipeline.webhook("orders/create", second)).toMatchObject({ renamed: ["purchase.o5550002"] });
    await pipeline.webhook("orders/paid", second);
    await pipeline.drain();
    expect(taken(pipeline).sort()).toEqual([
      "Purchase purchase.0123456789abcdef0123456789abcdef",
      "Purchase purchase.o5550002",
    ]);
  });

  it("keeps the id it was first given when a later copy knows its checkout", async () => {
    const pipeline = await testPipeline({ country: "AU" });
    await pipeline.webhook(
      "orders/create",
      order({ country: "AU", sourceName: "shopify_draft_order", checkoutToken: null }),
    );
    await pipeline.webhook("orders/paid", order({ country: "AU", sourceName: "shopify_draft_order" }));
    await pipeline.drain();
    expect(taken(pipeline)).toEqual(["Purchase purchase.o5550001"]);
  });
});

it("an order of more money than can be counted is settled, and does not hold up what travelled with it", async () => {
  const pipeline = await testPipeline();
  const money = { shop_money: { amount: "999999999999999.00", currency_code: "USD" } };
  const huge = { shop_money: money.shop_money, presentment_money: money.shop_money };
  await pipeline.webhook(
    "orders/create",
    order({ id: 1, country: "AU" }, { current_total_price_set: huge, total_price_set: huge }),
  );
  await pipeline.webhook("orders/create", order({ id: 2, checkoutToken: "t2", country: "AU" }));
  await pipeline.drain();
  expect(await standing(pipeline)).toEqual(["accepted", "accepted"]);
  const counted = await pipeline.db.rollup.findMany({ where: { dimension: "outcome" } });
  expect(counted.map(({ count }) => count)).toEqual([2]);
});
