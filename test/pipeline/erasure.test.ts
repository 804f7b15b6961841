import { describe, expect, it, onTestFinished } from "vitest";
import { openGraphPool } from "~/delivery/graph.server";
import { sha256Hex } from "~/match-keys/hash.server";
import { checkoutCompleted, REFUSED } from "../fixtures/beacon";
import { customerRedact } from "../fixtures/notices";
import { order } from "../fixtures/order";
import { type TestPipeline, testPipeline } from "../support/pipeline";
import { DAY_MS, later, standing } from "./seen";

const OTHER = 8880002;
const consented = { name: "_tandem_consent", value: "1111" };
const refusedInCart = [{ name: "_tandem_consent", value: "0000" }];

/** The n-th order, of the fixture's customer unless `over` says otherwise. */
async function orderFrom(pipeline: TestPipeline, n: number, over: Record<string, unknown> = {}): Promise<void> {
  const at = new Date(pipeline.clock.now()).toISOString();
  await pipeline.webhook(
    "orders/create",
    order({ country: "AU", at, id: 5550000 + n, checkoutToken: `checkout-${n}` }, over),
  );
  await pipeline.drain();
}

/** Both customers buy with a device of their own, and are remembered. */
async function bothBuy(pipeline: TestPipeline): Promise<void> {
  for (const [n, customer] of [[1, {}] as const, [2, { customer: { id: OTHER } }] as const]) {
    const client_id = `visitor-${n}`;
    await pipeline.beacon({ ...checkoutCompleted, id: `sh-${n}`, checkout_token: `checkout-${n}`, client_id });
    await orderFrom(pipeline, n, customer);
  }
  await later(pipeline, DAY_MS);
}

/** What an order of each customer carries now: whether it is known by an earlier visit. */
async function remembered(pipeline: TestPipeline): Promise<boolean[]> {
  const known: boolean[] = [];
  for (const [n, customer] of [[11, {}] as const, [12, { customer: { id: OTHER } }] as const]) {
    await orderFrom(pipeline, n, customer);
    const sent = pipeline.meta.received.at(-1)?.body.user_data as Record<string, unknown>;
    known.push(sent.fbp !== undefined);
  }
  return known;
}

async function keys({ db }: TestPipeline): Promise<string[]> {
  return (await db.browserContext.findMany({ orderBy: { key: "asc" } })).map(({ key }) => key);
}

describe("what is remembered of a customer", () => {
  it("is there as long as nobody takes it back", async () => {
    const pipeline = await testPipeline();
    await bothBuy(pipeline);
    expect(await remembered(pipeline)).toEqual([true, true]);
  });

  it("is gone when the checkout that told of it is refused, and nobody else's is", async () => {
    const pipeline = await testPipeline();
    await bothBuy(pipeline);
    await pipeline.beacon({ ...checkoutCompleted, checkout_token: "checkout-1", client_id: null, consent: REFUSED });
    expect(await remembered(pipeline)).toEqual([false, true]);
  });

  it("is gone when the visitor takes consent back on a page, without a checkout", async () => {
    const pipeline = await testPipeline();
    await bothBuy(pipeline);
    await pipeline.beacon({ name: "consent_withdrawn", id: "sh-0", client_id: "visitor-1", consent: REFUSED });
    expect(await remembered(pipeline)).toEqual([false, true]);
    expect(await keys(pipeline)).not.toContain(`customer.${sha256Hex("8880001")}`);
  });

  it("is gone when the customer refuses in a later cart, where no pixel may speak", async () => {
    const pipeline = await testPipeline();
    await bothBuy(pipeline);
    await orderFrom(pipeline, 3, { note_attributes: refusedInCart });
    expect((await standing(pipeline)).at(-1)).toBe("withheld consent_refused");
    expect(await remembered(pipeline)).toEqual([false, true]);
    expect(await keys(pipeline)).not.toContain("client.visitor-1");
  });

  it("is gone on every device that led to the customer", async () => {
    const pipeline = await testPipeline();
    await bothBuy(pipeline);
    const second = { checkout_token: "checkout-4", client_id: "visitor-4", id: "sh-4" };
    await pipeline.beacon({ ...checkoutCompleted, ...second });
    await orderFrom(pipeline, 4);
    await pipeline.beacon({ name: "consent_withdrawn", id: "sh-0", client_id: "visitor-1", consent: REFUSED });
    expect(await remembered(pipeline)).toEqual([false, true]);
    expect(await keys(pipeline)).not.toContain("client.visitor-4");
  });

  it("is gone for all customers of a device whose shopper refuses", async () => {
    const pipeline = await testPipeline();
    for (const [n, customer] of [[1, {}] as const, [2, { customer: { id: OTHER } }] as const]) {
      await pipeline.beacon({ ...checkoutCompleted, id: `sh-${n}`, checkout_token: `checkout-${n}` });
      await orderFrom(pipeline, n, customer);
    }
    await pipeline.beacon({ name: "consent_withdrawn", id: "sh-0", consent: REFUSED });
    expect(await remembered(pipeline)).toEqual([false, false]);
  });

  it("is gone after customers/redact, under every visitor and checkout that names the customer, and nobody else's is", async () => {
    const pipeline = await testPipeline();
    await bothBuy(pipeline);
    const user_data = { external_id: [sha256Hex("8880001")], em: ["a".repeat(64)] };
    await pipeline.beacon({ name: "page_viewed", id: "sh-9", client_id: "visitor-9", user_data });
    await pipeline.beacon({
      ...checkoutCompleted,
      id: "sh-8",
      checkout_token: "checkout-8",
      client_id: null,
      user_data,
    });
    await pipeline.webhook("customers/redact", { ...customerRedact, orders_to_redact: [5550001] });
    await pipeline.notices();
    expect(await keys(pipeline)).toEqual([
      "checkout.checkout-2",
      "client.visitor-2",
      `customer.${sha256Hex(String(OTHER))}`,
    ]);
    expect(await remembered(pipeline)).toEqual([false, true]);
  });

  it.each([
    [
      "consent was taken back",
      (pipeline: TestPipeline) =>
        pipeline.beacon({ name: "consent_withdrawn", id: "sh-0", client_id: "visitor-1", consent: REFUSED }),
    ],
    [
      "the checkout was refused",
      (pipeline: TestPipeline) =>
        pipeline.beacon({ ...checkoutCompleted, id: "sh-0", checkout_token: "checkout-1", consent: REFUSED }),
    ],
  ])("does not come back by an order that was on its way when %s", async (_what, withdraw) => {
    const pipeline = await testPipeline();
    const client_id = "visitor-1";
    await pipeline.beacon({ ...checkoutCompleted, checkout_token: "checkout-1", client_id });
    const at = new Date(pipeline.clock.now()).toISOString();
    await pipeline.webhook("orders/create", order({ country: "AU", at, checkoutToken: "checkout-1" }));
    const pool = openGraphPool((dispatch) => dispatch);
    onTestFinished(() => pool.close());
    const withdrawing: typeof pool.fetch = async (...request) => {
      await withdraw(pipeline);
      return pool.fetch(...request);
    };
    await pipeline.drain({ graph: { url: pipeline.meta.origin, version: "v25.0", fetch: withdrawing } });
    await later(pipeline, DAY_MS);
    expect(await remembered(pipeline)).toEqual([false, false]);
  });

  it("comes back only with a new consent", async () => {
    const pipeline = await testPipeline();
    await bothBuy(pipeline);
    await pipeline.beacon({ name: "consent_withdrawn", id: "sh-0", client_id: "visitor-1", consent: REFUSED });
    const noted = [{ name: "_fbp", value: "fb.1.1763632800000.555" }, consented];
    await orderFrom(pipeline, 5, { note_attributes: noted });
    expect(await remembered(pipeline)).toEqual([true, true]);
  });
});
