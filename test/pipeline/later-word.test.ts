import { describe, expect, it } from "vitest";
import { parseJson } from "~/sources/json";
import { order } from "../fixtures/order";
import { testPipeline } from "../support/pipeline";

const TOKEN = "0123456789abcdef0123456789abcdef";
const REFUSED = { analytics: false, marketing: false, preferences: true, saleOfData: true };

describe("a later word", () => {
  it("of a beacon adds what was missing and overwrites nothing: anybody may post one", async () => {
    const pipeline = await testPipeline();
    await pipeline.beacon({ name: "checkout_completed", checkout_token: TOKEN, fbp: "fb.1.1763632800000.111" });
    await pipeline.beacon({
      name: "checkout_completed",
      checkout_token: TOKEN,
      fbp: "fb.1.1763632800000.999",
      fbc: "fb.1.1795160000001.Late",
      url: "https://elsewhere.example.net/x",
    });
    await pipeline.webhook("orders/create", order());
    await pipeline.drain();
    expect(pipeline.meta.received[0]?.body).toMatchObject({
      event_source_url: "https://shop.example.com/products/tee",
      user_data: { fbp: "fb.1.1763632800000.111", fbc: "fb.1.1795160000001.Late" },
    });
  });

  it("of refusal makes what was withheld for want of a signal refused, and forget its keys", async () => {
    const pipeline = await testPipeline();
    await pipeline.webhook("orders/create", order({ country: "DE" }));
    await pipeline.drain();
    expect(await pipeline.events()).toMatchObject([{ outcome: "withheld", reason: "no_consent_signal" }]);
    await pipeline.beacon({ name: "checkout_completed", checkout_token: TOKEN, consent: REFUSED });
    expect(await pipeline.events()).toMatchObject([
      { outcome: "withheld", reason: "consent_refused", matchKeys: null, browser: null },
    ]);
  });

  it("of the operator to stop leaves the batches that have not begun", async () => {
    const pipeline = await testPipeline();
    const lines = Array.from({ length: 120 }, (_, n) => ({
      product_id: 1,
      variant_id: 9 + n,
      quantity: 1,
      price: "1.00",
    }));
    for (let n = 0; n < 150; n += 1) {
      const checkoutToken = (n + 1).toString(16).padStart(32, "0");
      await pipeline.webhook("orders/create", order({ id: 6_000_001 + n, checkoutToken }, { line_items: lines }));
    }
    let asked = 0;
    const onAttempt = () => {
      asked += 1;
    };
    await pipeline.drain({ onAttempt, stopping: () => asked > 0 });
    expect(asked).toBe(1);
    expect((await pipeline.events()).filter(({ lease }) => lease !== null)).toEqual([]);
    await pipeline.drain();
    pipeline.clock.pass(60_000);
    await pipeline.drain();
    expect(pipeline.meta.received).toHaveLength(150);
  });
});

describe("a body made to be slow", () => {
  it("is refused as no JSON before any pattern walks it", () => {
    const hostile = `1234567890123456 "${'\\"'.repeat(32_700)}`;
    expect(() => parseJson(hostile)).toThrow(SyntaxError);
  });
});
