import { describe, expect, it } from "vitest";
import { sha256Hex } from "~/match-keys/hash.server";
import { parseSettings, withPolicy } from "~/settings/settings";
import { CHECKOUT_TOKEN, GIVEN, REFUSED } from "../fixtures/beacon";
import { DATASET, type TestPipeline, testPipeline } from "../support/pipeline";

const EM = sha256Hex("shopper@example.com");
const PH = sha256Hex("12025550123");
const ADDED = { name: "product_added_to_cart", id: "sh-cart-1", consent: GIVEN };

/** The browser went through a checkout, and said there who shops. */
async function checkoutBefore(pipeline: TestPipeline): Promise<void> {
  const user_data = { em: [EM], ph: [PH] };
  await pipeline.beacon({ name: "checkout_contact_info_submitted", checkout_token: CHECKOUT_TOKEN, user_data });
  await pipeline.drain();
}

async function recognise(pipeline: TestPipeline, on: boolean): Promise<void> {
  await pipeline.store.changeSettings(pipeline.shop().id, (stored) =>
    JSON.stringify(withPolicy(parseSettings(stored), DATASET, { recognise: on })),
  );
  await pipeline.registry.refresh();
}

async function cart(pipeline: TestPipeline, over: Record<string, unknown> = {}) {
  await pipeline.beacon({ ...ADDED, ...over });
  await pipeline.drain();
  return pipeline.meta.received.at(-1)?.body as { event_name: string; user_data: Record<string, unknown> };
}

async function coverage({ db }: TestPipeline, dimension: string) {
  const rows = await db.coverage.findMany({ where: { dimension, event: "AddToCart", leg: "server" } });
  return rows.map(({ events, em, ph, fbp, twins }) => ({ events, em, ph, fbp, twins }));
}

describe("a shopper who has been through a checkout in this browser", () => {
  it("is not named before the next one, unless the merchant wants it; what might be sent is counted", async () => {
    const pipeline = await testPipeline();
    await checkoutBefore(pipeline);
    const { user_data } = await cart(pipeline);
    expect(user_data).not.toHaveProperty("em");
    expect(user_data).not.toHaveProperty("ph");
    expect(await coverage(pipeline, "all")).toEqual([{ events: 1, em: 0, ph: 0, fbp: 1, twins: 1 }]);
    expect(await coverage(pipeline, "known")).toEqual([{ events: 1, em: 1, ph: 1, fbp: 0, twins: 0 }]);
  });

  it("is named where the merchant wants it, on the server's copy", async () => {
    const pipeline = await testPipeline();
    await recognise(pipeline, true);
    await checkoutBefore(pipeline);
    const { event_name, user_data } = await cart(pipeline);
    expect(event_name).toBe("AddToCart");
    expect(user_data).toMatchObject({ em: [EM], ph: [PH] });
    expect(await coverage(pipeline, "all")).toEqual([{ events: 1, em: 1, ph: 1, fbp: 1, twins: 1 }]);
    expect(await coverage(pipeline, "known")).toEqual([]);
    const { keyAccount } = await pipeline.db.event.findFirstOrThrow({ where: { name: "AddToCart" } });
    expect(keyAccount?.slice(0, 2)).toBe("vv");
  });

  it("is not taken for the customer who is logged in now", async () => {
    const pipeline = await testPipeline();
    await recognise(pipeline, true);
    await checkoutBefore(pipeline);
    const other = sha256Hex("other@example.org");
    const { user_data } = await cart(pipeline, { user_data: { em: [other] } });
    expect(user_data.em).toEqual([other]);
    expect(user_data).not.toHaveProperty("ph");
    expect(await coverage(pipeline, "known")).toEqual([]);
  });

  it("is nobody any more once they refuse", async () => {
    const pipeline = await testPipeline();
    await recognise(pipeline, true);
    await checkoutBefore(pipeline);
    await pipeline.beacon({ name: "consent_withdrawn", consent: REFUSED });
    const { user_data } = await cart(pipeline);
    expect(user_data).not.toHaveProperty("em");
  });

  it("is not added to what a checkout says itself", async () => {
    const pipeline = await testPipeline();
    await recognise(pipeline, true);
    await checkoutBefore(pipeline);
    await pipeline.beacon({
      name: "checkout_started",
      id: "sh-start-2",
      checkout_token: "fedcba9876543210fedcba9876543210",
      data: { currency: "USD", total: 10, lines: [] },
    });
    await pipeline.drain();
    const body = pipeline.meta.received.at(-1)?.body as { event_name: string; user_data: Record<string, unknown> };
    expect(body.event_name).toBe("InitiateCheckout");
    expect(body.user_data).not.toHaveProperty("em");
  });
});
