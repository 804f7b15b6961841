import { describe, expect, it } from "vitest";
import { order } from "../fixtures/order";
import { type TestPipeline, testPipeline } from "../support/pipeline";

async function takeOrders(pipeline: TestPipeline, count: number, over: Record<string, unknown> = {}): Promise<void> {
  await Promise.all(
    Array.from({ length: count }, (_, n) =>
      pipeline.webhook("orders/create", order({ id: 6000 + n, checkoutToken: null }, over)),
    ),
  );
}

describe("much at once", () => {
  it("leaves in requests of at most 1,000 events", async () => {
    const pipeline = await testPipeline();
    // Small ones, so that their number and not their size fills a request.
    const nobody = { billing_address: { country_code: "US" }, shipping_address: null, customer: null };
    const short = { line_items: [], client_details: null, landing_site: null, order_status_url: null };
    await takeOrders(pipeline, 1_200, { ...nobody, ...short });
    await pipeline.drain();
    expect(pipeline.meta.requests.map(({ events }) => events).sort((a, b) => b - a)).toEqual([1_000, 200]);
    expect(pipeline.meta.counted()).toHaveLength(1_200);
  });

  it("leaves in requests of at most a megabyte, also when it is written in three bytes a letter", async () => {
    const pipeline = await testPipeline();
    const lines = Array.from({ length: 120 }, (_, n) => ({
      id: n,
      product_id: 9001,
      variant_id: 48_000_000 + n,
      sku: "정",
      vendor: "정".repeat(50),
      title: "정".repeat(50),
      quantity: 1,
      price: "1.00",
    }));
    await takeOrders(pipeline, 200, { line_items: lines });
    await pipeline.drain();
    expect(pipeline.meta.requests.length).toBeGreaterThan(1);
    for (const { body, status } of pipeline.meta.requests) {
      expect(status).toBe(200);
      expect(Buffer.byteLength(body)).toBeLessThanOrEqual(1_048_576);
    }
    expect(pipeline.meta.counted()).toHaveLength(200);
  });

  it("loses no good event to three that Meta refuses", async () => {
    const pipeline = await testPipeline();
    await takeOrders(pipeline, 300);
    // What no validation of ours can foresee: Meta does not know the currency.
    for (const { id, facts } of (await pipeline.events()).filter((_, n) => [17, 150, 299].includes(n))) {
      const odd = (facts ?? "").replaceAll('"USD"', '"usd!"');
      await pipeline.db.event.update({ where: { id }, data: { facts: odd } });
    }
    await pipeline.drain();
    const rows = await pipeline.events();
    const rejected = rows.flatMap(({ outcome }, n) => (outcome === "rejected" ? [n] : []));
    expect(rejected).toEqual([17, 150, 299]);
    expect(rows.filter(({ outcome }) => outcome === "accepted")).toHaveLength(297);
    expect(pipeline.meta.counted()).toHaveLength(297);
    expect(pipeline.meta.requests.length).toBeLessThanOrEqual(40);
  });
});
