import { describe, expect, it } from "vitest";
import { order } from "../fixtures/order";
import { testPipeline } from "../support/pipeline";
import { standing } from "./seen";

const till = (country: "US" | "DE") => order({ country, sourceName: "pos", checkoutToken: null });

describe("a till's order goes by the country of the shop, not of the buyer", () => {
  it.each([
    ["AU", "DE", "accepted", false],
    ["US", "DE", "accepted", true],
    ["DE", "US", "withheld no_consent_signal", false],
  ] as const)("a shop in %s, a buyer from %s: %s", async (country, buyer, outcome, limited) => {
    const pipeline = await testPipeline({ country });
    await pipeline.webhook("orders/create", till(buyer));
    await pipeline.drain();
    expect(await standing(pipeline)).toEqual([outcome]);
    const body = pipeline.meta.received[0]?.body;
    if (outcome === "accepted") {
      expect(body).toMatchObject({ action_source: "physical_store" });
      expect("data_processing_options" in (body ?? {})).toBe(limited);
    }
  });

  it("of a shop whose country is not known, it is withheld: nowhere counts as a consent region", async () => {
    const pipeline = await testPipeline();
    await pipeline.webhook("orders/create", till("US"));
    await pipeline.drain();
    expect(await standing(pipeline)).toEqual(["withheld no_consent_signal"]);
  });
});

describe("what a rule ends on arrival", () => {
  it.each([
    ["a test order", order({}, { test: true }), "skipped test_order"],
    [
      "an unknown channel without a checkout",
      order({ sourceName: "99", checkoutToken: null }),
      "skipped unknown_source",
    ],
  ])("%s is kept with its reason, counted, and tells of nobody", async (_what, body, outcome) => {
    const pipeline = await testPipeline();
    await pipeline.webhook("orders/create", body);
    await pipeline.drain();
    expect(await standing(pipeline)).toEqual([outcome]);
    expect((await pipeline.events())[0]).toMatchObject({ matchKeys: null, browser: null, countedAs: "skipped" });
    expect(pipeline.meta.requests).toEqual([]);
  });

  it("does not block a later copy of the same order that may be sent", async () => {
    const pipeline = await testPipeline();
    await pipeline.webhook("orders/create", order({ country: "AU" }, { test: true }));
    await pipeline.drain();
    await pipeline.webhook("orders/paid", order({ country: "AU" }));
    await pipeline.drain();
    expect(await standing(pipeline)).toEqual(["accepted"]);
  });
});
