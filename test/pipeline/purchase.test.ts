import { describe, expect, it } from "vitest";
import { order } from "../fixtures/order";
import { testPipeline } from "../support/pipeline";

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
