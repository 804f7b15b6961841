import { describe, expect, it } from "vitest";
import { checkoutCompleted, REFUSED } from "../fixtures/beacon";
import { order } from "../fixtures/order";
import { type TestPipeline, testPipeline } from "../support/pipeline";
import { standing } from "./seen";

const TOKEN = "0123456789abcdef0123456789abcdef";
const CLIENT = "visitor-1";
const started = { name: "checkout_started", checkout_token: TOKEN, client_id: CLIENT };
const withdrawn = { name: "consent_withdrawn", id: CLIENT, client_id: CLIENT, consent: REFUSED };

/** The order of that checkout, and all that came of it. */
async function buys(pipeline: TestPipeline, over: Record<string, unknown> = {}): Promise<string[]> {
  await pipeline.webhook("orders/create", order({ country: "DE", checkoutToken: TOKEN }, over));
  return claimed(pipeline);
}

async function claimed(pipeline: TestPipeline): Promise<string[]> {
  pipeline.clock.pass(1_000);
  await pipeline.drain();
  return standing(pipeline);
}

describe("a shopper who agreed, began a checkout, and takes consent back", () => {
  it.each([
    ["the checkout's next step", { ...checkoutCompleted, checkout_token: TOKEN, client_id: null, consent: REFUSED }],
    ["any page of the visitor's", withdrawn],
  ])("on %s has the order withheld", async (_where, refusal) => {
    const pipeline = await testPipeline();
    await pipeline.beacon(started);
    await pipeline.drain();
    const before = pipeline.meta.received.length;
    await pipeline.beacon(refusal);
    expect((await buys(pipeline)).at(-1)).toBe("withheld consent_refused");
    expect(pipeline.meta.received).toHaveLength(before);
  });

  it("after the order has come stops what has not left of it", async () => {
    const pipeline = await testPipeline();
    await pipeline.beacon(started);
    await pipeline.webhook("orders/create", order({ country: "DE", checkoutToken: TOKEN }));
    await pipeline.beacon(withdrawn);
    const ends = await claimed(pipeline);
    expect(ends).toEqual(ends.map(() => "withheld consent_refused"));
    expect(pipeline.meta.received).toEqual([]);
  });

  it("has it withheld too where the cart alone names the visitor, and says what was agreed before", async () => {
    const pipeline = await testPipeline();
    await pipeline.beacon(withdrawn);
    const note_attributes = [
      { name: "_tandem_client", value: CLIENT },
      { name: "_tandem_consent", value: "1111" },
    ];
    expect(await buys(pipeline, { note_attributes })).toEqual(["withheld consent_refused"]);
  });

  it("and agrees once more has it sent", async () => {
    const pipeline = await testPipeline();
    await pipeline.beacon(started);
    await pipeline.beacon(withdrawn);
    await pipeline.beacon({ ...started, name: "payment_info_submitted", id: "sh-2" });
    expect((await buys(pipeline)).at(-1)).toMatch(/^accepted/);
  });

  it("stops nobody else's order", async () => {
    const pipeline = await testPipeline();
    await pipeline.beacon(started);
    await pipeline.beacon({ ...withdrawn, id: "visitor-2", client_id: "visitor-2" });
    expect((await buys(pipeline)).at(-1)).toMatch(/^accepted/);
  });

  it("is remembered by nothing but the refusal", async () => {
    const pipeline = await testPipeline();
    await pipeline.beacon({ name: "page_viewed", client_id: CLIENT, user_data: { em: ["a".repeat(64)] } });
    await pipeline.beacon(withdrawn);
    const [row, ...others] = await pipeline.db.browserContext.findMany();
    expect(others).toEqual([]);
    expect(row).toMatchObject({ key: `client.${CLIENT}`, matchKeys: "{}", consent: JSON.stringify(REFUSED) });
  });
});
