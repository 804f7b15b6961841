import { describe, expect, it } from "vitest";
import { sha256Hex } from "~/match-keys/hash.server";
import { checkoutCompleted } from "../fixtures/beacon";
import { order } from "../fixtures/order";
import { type TestPipeline, testPipeline } from "../support/pipeline";
import { DAY_MS, later, standing } from "./seen";

const CUSTOMER = sha256Hex("8880001");
const FBP = "fb.1.1763632800000.1234567890";
const RENEWAL = { checkoutToken: null, sourceName: "subscription_contract_checkout_one" } as const;

/** The click that brings a visitor at this moment. */
function clickAt({ clock }: TestPipeline, name = "IwAR0First"): string {
  return `fb.1.${clock.now()}.${name}`;
}

/** A stranger comes by an ad, agrees, and buys: from then on the customer is known. Answers the click. */
async function firstPurchase(pipeline: TestPipeline): Promise<string> {
  const fbc = clickAt(pipeline);
  await pipeline.beacon({ name: "page_viewed", fbc, url: "https://shop.example.com/?fbclid=IwAR0First" });
  await pipeline.beacon({ ...checkoutCompleted, id: "sh-0000-0002", fbc });
  await pipeline.webhook("orders/create", order({ country: "AU" }));
  await pipeline.drain();
  return fbc;
}

/** The customer's n-th order: from a device that tells of nothing. */
async function orderFrom(pipeline: TestPipeline, n: number, over: Record<string, unknown> = {}, options = {}) {
  const at = new Date(pipeline.clock.now()).toISOString();
  const ids = { id: 5550000 + n, checkoutToken: `checkout-${n}` };
  await pipeline.webhook("orders/create", order({ country: "AU", at, ...ids, ...options }, over));
  await pipeline.drain();
  return pipeline.meta.received.at(-1)?.body as Record<string, unknown> & { user_data: Record<string, unknown> };
}

describe("a returning customer", () => {
  it("brings the click of the first visit, from another device 30 days later", async () => {
    const pipeline = await testPipeline();
    const fbc = await firstPurchase(pipeline);
    await later(pipeline, 30 * DAY_MS);
    const sent = await orderFrom(pipeline, 2);
    expect(sent.user_data).toMatchObject({
      fbc,
      fbp: FBP,
      external_id: [CUSTOMER, sha256Hex("visitor-0001")],
    });
  });

  it("brings it with a renewal too, where no browser is near", async () => {
    const pipeline = await testPipeline();
    const fbc = await firstPurchase(pipeline);
    await later(pipeline, 30 * DAY_MS);
    const sent = await orderFrom(pipeline, 2, {}, RENEWAL);
    expect(sent).toMatchObject({ action_source: "system_generated", user_data: { fbc, fbp: FBP } });
  });

  it("brings neither address, nor browser, nor page, nor consent of that visit", async () => {
    const pipeline = await testPipeline();
    await firstPurchase(pipeline);
    await later(pipeline, 30 * DAY_MS);
    const sent = await orderFrom(pipeline, 2, {}, RENEWAL);
    for (const key of ["client_ip_address", "client_user_agent"]) expect(sent.user_data).not.toHaveProperty(key);
    expect(sent).not.toHaveProperty("event_source_url");
    await orderFrom(pipeline, 3, {}, { country: "DE" });
    expect((await standing(pipeline)).at(-1)).toBe("withheld no_consent_signal");
  });

  it("brings no click that is older than 90 days, nor anything that was last heard of before that", async () => {
    const pipeline = await testPipeline();
    const fbc = await firstPurchase(pipeline);
    await later(pipeline, 90 * DAY_MS);
    expect((await orderFrom(pipeline, 2)).user_data).toMatchObject({ fbc });
    await later(pipeline, 1);
    const { user_data } = await orderFrom(pipeline, 3);
    for (const key of ["fbc", "fbp"]) expect(user_data).not.toHaveProperty(key);
    expect(user_data.external_id).toEqual([CUSTOMER]);
  });

  it("does not keep a memory alive by orders that only had it from there", async () => {
    const pipeline = await testPipeline();
    await firstPurchase(pipeline);
    const note_attributes = [{ name: "_tandem_consent", value: "1111" }];
    for (const n of [2, 3]) {
      await later(pipeline, 40 * DAY_MS);
      await orderFrom(pipeline, n, { note_attributes });
    }
    await later(pipeline, 40 * DAY_MS);
    expect((await orderFrom(pipeline, 4)).user_data).not.toHaveProperty("fbp");
  });

  it("brings the order's own click where it has one, and that is what is remembered from then on", async () => {
    const pipeline = await testPipeline();
    await firstPurchase(pipeline);
    await later(pipeline, 30 * DAY_MS);
    const newer = clickAt(pipeline, "IwAR0Second");
    const consented = { name: "_tandem_consent", value: "1111" };
    const sent = await orderFrom(pipeline, 2, { note_attributes: [{ name: "_fbc", value: newer }, consented] });
    expect(sent.user_data.fbc).toBe(newer);
    await later(pipeline, DAY_MS);
    expect((await orderFrom(pipeline, 3)).user_data).toMatchObject({ fbc: newer, fbp: FBP });
  });

  it("brings the click of the landing page rather than a remembered one", async () => {
    const pipeline = await testPipeline();
    await firstPurchase(pipeline);
    await later(pipeline, 30 * DAY_MS);
    const sent = await orderFrom(pipeline, 2, { landing_site: "/?fbclid=IwAR0Landing" });
    expect(sent.user_data.fbc).toMatch(/\.IwAR0Landing$/);
  });

  it("is nobody else: another customer's order, and a guest's, carry nothing of it", async () => {
    const pipeline = await testPipeline();
    await firstPurchase(pipeline);
    for (const [n, customer] of [[2, { id: 8880002 }] as const, [3, null] as const]) {
      expect((await orderFrom(pipeline, n, { customer })).user_data).not.toHaveProperty("fbp");
    }
  });

  it("is not remembered who never said yes, or whose order Meta did not take", async () => {
    const pipeline = await testPipeline();
    const noted = [{ name: "_fbp", value: FBP }];
    await orderFrom(pipeline, 1, { note_attributes: noted });
    expect((await orderFrom(pipeline, 2)).user_data).not.toHaveProperty("fbp");
    pipeline.meta.weather.script([{ kind: "error", code: 100, subcode: 2804003 }]);
    const consented = { name: "_tandem_consent", value: "1111" };
    await orderFrom(pipeline, 3, { note_attributes: [...noted, consented] });
    expect((await standing(pipeline))[2]).toMatch(/^rejected/);
    expect((await orderFrom(pipeline, 4)).user_data).not.toHaveProperty("fbp");
  });
});

describe("a returning visitor", () => {
  it("is known by Shopify's visitor id: fbp, fbc and external ids, and nothing else", async () => {
    const pipeline = await testPipeline();
    const fbc = clickAt(pipeline);
    const user_data = { em: ["a".repeat(64)], external_id: ["b".repeat(64)] };
    await pipeline.beacon({ name: "page_viewed", fbc, user_data });
    await later(pipeline, 30 * DAY_MS);
    const note_attributes = [{ name: "_tandem_client", value: "visitor-0001" }];
    const guest = { customer: null, email: null, contact_email: null };
    const sent = await orderFrom(pipeline, 2, { note_attributes, ...guest, client_details: null, browser_ip: null });
    expect(sent.user_data).toMatchObject({
      fbc,
      fbp: FBP,
      external_id: ["b".repeat(64), sha256Hex("visitor-0001")],
    });
    for (const key of ["em", "client_ip_address", "client_user_agent"]) expect(sent.user_data).not.toHaveProperty(key);
    expect(sent.event_source_url).toBe("https://shop.example.com/");
  });

  it("whose click has grown too old brings the newer one", async () => {
    const pipeline = await testPipeline();
    await pipeline.beacon({ name: "page_viewed", fbc: clickAt(pipeline) });
    await later(pipeline, 80 * DAY_MS);
    await pipeline.beacon({ name: "page_viewed", id: "sh-0000-0002" });
    await later(pipeline, 11 * DAY_MS);
    const newer = clickAt(pipeline, "IwAR0Second");
    await pipeline.beacon({ name: "page_viewed", id: "sh-0000-0003", fbc: newer });
    const note_attributes = [{ name: "_tandem_client", value: "visitor-0001" }];
    expect((await orderFrom(pipeline, 2, { note_attributes })).user_data.fbc).toBe(newer);
  });
});
