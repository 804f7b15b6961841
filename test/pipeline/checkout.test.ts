import { describe, expect, it } from "vitest";
import { HASHED_BUYERS } from "../examples/parts";
import {
  CHECKOUT_TOKEN,
  checkoutStarted,
  contactInfoSubmitted,
  paymentInfoSubmitted,
  REFUSED,
} from "../fixtures/beacon";
import { anonymousCheckout, checkout } from "../fixtures/checkout";
import { testPipeline } from "../support/pipeline";
import { later, MINUTE, standing, taken } from "./seen";

const IC = `InitiateCheckout ic.${CHECKOUT_TOKEN}`;

describe("an InitiateCheckout guessed from checkout webhooks", () => {
  it("waits ten minutes for the browser's own, however often the webhook repeats", async () => {
    const pipeline = await testPipeline({ holdSeconds: 0 });
    await pipeline.webhook("checkouts/create", anonymousCheckout());
    await pipeline.webhook("checkouts/update", checkout({ country: "AU" }));
    await later(pipeline, 6 * MINUTE);
    await pipeline.webhook("checkouts/update", checkout({ country: "AU" }));
    await later(pipeline, 4 * MINUTE - 1);
    expect(await standing(pipeline)).toEqual(["waiting"]);
    await later(pipeline, 1);
    expect(taken(pipeline)).toEqual([IC]);
    await pipeline.webhook("checkouts/update", checkout({ country: "AU" }));
    await later(pipeline, 10 * MINUTE);
    expect(taken(pipeline)).toEqual([IC]);
  });

  it("is not made of an anonymous checkout", async () => {
    const pipeline = await testPipeline();
    await pipeline.webhook("checkouts/create", anonymousCheckout());
    await later(pipeline, 10 * MINUTE);
    expect(await pipeline.events()).toEqual([]);
  });

  it("gives way to the browser's own: same id, sent once, at once, enriched by what the webhook knew", async () => {
    const pipeline = await testPipeline();
    await pipeline.webhook("checkouts/update", checkout({ country: "DE" }));
    await pipeline.beacon(checkoutStarted);
    await pipeline.drain();
    expect(taken(pipeline)).toEqual([IC]);
    expect(pipeline.meta.received[0]?.body).toMatchObject({
      event_source_url: "https://shop.example.com/products/tee",
      user_data: { em: HASHED_BUYERS.DE.em, fbp: "fb.1.1763632800000.1234567890", client_ip_address: "203.0.113.7" },
      custom_data: { value: 64.5, currency: "USD" },
    });
    await pipeline.webhook("checkouts/update", checkout({ country: "DE" }));
    await later(pipeline, 10 * MINUTE);
    expect(taken(pipeline)).toEqual([IC]);
    expect(await pipeline.events()).toHaveLength(1);
  });

  it("is not made again when the browser's own came first", async () => {
    const pipeline = await testPipeline();
    await pipeline.beacon(checkoutStarted);
    await pipeline.webhook("checkouts/update", checkout({ country: "AU" }));
    await later(pipeline, 10 * MINUTE);
    expect(taken(pipeline)).toEqual([IC]);
  });

  it("is skipped when another beacon of that checkout came: a browser was there and did not say it", async () => {
    const pipeline = await testPipeline();
    await pipeline.webhook("checkouts/update", checkout({ country: "AU" }));
    await pipeline.beacon(contactInfoSubmitted);
    await later(pipeline, 10 * MINUTE);
    expect(await standing(pipeline)).toEqual(["skipped enriches_only"]);
    expect(pipeline.meta.requests).toEqual([]);
  });

  it("takes the browser's own all the same when that comes after the skip", async () => {
    const pipeline = await testPipeline();
    await pipeline.webhook("checkouts/update", checkout({ country: "AU" }));
    await pipeline.beacon(contactInfoSubmitted);
    await later(pipeline, 10 * MINUTE);
    await pipeline.beacon({ ...checkoutStarted, id: "sh-0000-0002" });
    await pipeline.drain();
    expect(taken(pipeline)).toEqual([IC]);
    expect(await standing(pipeline)).toEqual(["accepted"]);
  });

  it("is withheld in a consent region without a signal, and when the browser refuses", async () => {
    const pipeline = await testPipeline();
    await pipeline.webhook("checkouts/update", checkout({ country: "DE" }));
    await pipeline.webhook("checkouts/update", checkout({ country: "DE", token: "refused" }));
    await pipeline.beacon({ ...checkoutStarted, checkout_token: "refused", consent: REFUSED });
    await later(pipeline, 10 * MINUTE);
    expect(await standing(pipeline)).toEqual(["withheld no_consent_signal", "withheld consent_refused"]);
    expect(pipeline.meta.requests).toEqual([]);
  });

  it("does not take over a beacon dated beyond what Meta accepts: the webhook's own time stands", async () => {
    const pipeline = await testPipeline();
    await pipeline.webhook("checkouts/update", checkout({ country: "AU" }));
    await pipeline.beacon({ ...checkoutStarted, timestamp: "2031-01-01T00:00:00Z" });
    await later(pipeline, 10 * MINUTE);
    const [row] = await pipeline.events();
    expect(Number(row?.eventTime)).toBe(Date.parse("2026-11-20T09:50:00Z"));
    expect(row?.outcome).not.toBe("rejected");
  });

  it("waits until due for a beacon whose clock runs a few minutes ahead", async () => {
    const pipeline = await testPipeline();
    await pipeline.webhook("checkouts/update", checkout({ country: "AU" }));
    await pipeline.beacon({ ...checkoutStarted, timestamp: "2026-11-20T10:05:00Z" });
    await pipeline.drain();
    await later(pipeline, 5 * MINUTE);
    expect(await standing(pipeline)).toEqual(["accepted"]);
  });
});

describe("what a checkout webhook knows", () => {
  it("reaches the other events of its checkout, by its token", async () => {
    const pipeline = await testPipeline();
    await pipeline.webhook("checkouts/update", checkout({ country: "AU" }));
    await pipeline.beacon(paymentInfoSubmitted);
    await pipeline.drain();
    expect(taken(pipeline)).toEqual([`AddPaymentInfo api.${CHECKOUT_TOKEN}`]);
    expect(pipeline.meta.received[0]?.body).toMatchObject({ user_data: { em: HASHED_BUYERS.AU.em } });
  });
});
