import { describe, expect, it } from "vitest";
import { order } from "../fixtures/order";
import { type TestPipeline, testPipeline } from "../support/pipeline";
import { settle } from "../support/settings";

function choose(pipeline: TestPipeline, choices: object): Promise<void> {
  return settle(pipeline, (settings) => ({ ...settings, consent: { revision: 5, choices } }));
}

function sent({ meta }: TestPipeline): { data_processing_options?: string[] }[] {
  return meta.requests.flatMap(({ body }) => JSON.parse(body).data);
}

async function decision(pipeline: TestPipeline): Promise<unknown> {
  const [row] = await pipeline.events();
  return JSON.parse(row?.consent ?? "null");
}

describe("what a shop has chosen of the consent policy", () => {
  it("holds for its orders of that region and source, and the decision says by which version", async () => {
    const pipeline = await testPipeline();
    await choose(pipeline, { us: { web: { none: "withhold" } } });
    await pipeline.webhook("orders/create", order({ country: "US" }));
    await pipeline.drain();
    expect(sent(pipeline)).toEqual([]);
    expect(await pipeline.events()).toMatchObject([{ outcome: "withheld", reason: "no_consent_signal" }]);
    expect(await decision(pipeline)).toMatchObject({
      policy: "2.5",
      region: "us",
      source: "web",
      signal: "none",
      at: pipeline.clock.now(),
    });
  });

  it("lets go with Limited Data Use what would have been withheld", async () => {
    const pipeline = await testPipeline();
    await choose(pipeline, { consent: { web: { none: "limited" } } });
    await pipeline.webhook("orders/create", order({ country: "DE" }));
    await pipeline.drain();
    expect(sent(pipeline)).toMatchObject([{ data_processing_options: ["LDU"] }]);
  });

  it("leaves pages to the shopper's own answer", async () => {
    const pipeline = await testPipeline();
    const everything = { given: "limited", sale_opt_out: "withhold", none: "withhold" };
    await choose(pipeline, { us: { web: everything }, elsewhere: { web: everything }, consent: { web: everything } });
    await pipeline.beacon({ name: "product_viewed" });
    await pipeline.drain();
    expect(sent(pipeline)).toHaveLength(1);
    expect(sent(pipeline)[0]).not.toHaveProperty("data_processing_options");
  });
});

describe("a browser that asks for Global Privacy Control", () => {
  it("has opted out of the sale of its data, whatever its pixel said", async () => {
    const pipeline = await testPipeline();
    await pipeline.beacon({ name: "product_viewed" }, { globalPrivacyControl: true });
    await pipeline.drain();
    expect(sent(pipeline)).toMatchObject([{ data_processing_options: ["LDU"] }]);
    expect(await decision(pipeline)).toMatchObject({ signal: "sale_opt_out", ruling: "limited" });
  });

  it("has, also for the order whose cart says otherwise later, and for what other pages tell of its checkout", async () => {
    const pipeline = await testPipeline();
    const token = "0123456789abcdef0123456789abcdef";
    await pipeline.beacon({ name: "checkout_completed", checkout_token: token }, { globalPrivacyControl: true });
    await pipeline.beacon({ name: "checkout_completed", checkout_token: token });
    const note_attributes = [{ name: "_tandem_consent", value: "1111" }];
    await pipeline.webhook("orders/create", order({ country: "AU", checkoutToken: token }, { note_attributes }));
    await pipeline.drain();
    expect(sent(pipeline)).toMatchObject([{ event_name: "Purchase", data_processing_options: ["LDU"] }]);
  });
});
