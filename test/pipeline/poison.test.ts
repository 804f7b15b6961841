import { describe, expect, it } from "vitest";
import { order } from "../fixtures/order";
import { type TestPipeline, testPipeline } from "../support/pipeline";
import { later, MINUTE, standing } from "./seen";

const GOOD = 20;
const BAD = 7;

/** Twenty orders in one claim, the eighth of them altered in the database behind our validator's back. */
async function withOneAltered(data: { facts?: string; browser?: string; matchKeys?: string }): Promise<TestPipeline> {
  const pipeline = await testPipeline();
  for (let id = 0; id < GOOD; id += 1) {
    await pipeline.webhook("orders/create", order({ id: 100 + id, checkoutToken: `t${id}`, country: "AU" }));
  }
  const rows = await pipeline.events();
  await pipeline.db.event.update({ where: { id: rows[BAD]?.id ?? 0 }, data });
  return pipeline;
}

async function factsWith(over: Record<string, unknown>): Promise<string> {
  const pipeline = await testPipeline();
  await pipeline.webhook("orders/create", order({ id: 100 + BAD, checkoutToken: `t${BAD}`, country: "AU" }));
  const [row] = await pipeline.events();
  return JSON.stringify({ ...JSON.parse(row?.facts ?? "{}"), ...over });
}

const LINE = { product: null, sku: null, vendor: null, title: null, price: null };

describe("one bad event among good ones", () => {
  it("is refused alone, with the code of Meta's answer; the others are taken in the same pass", async () => {
    const facts = await factsWith({ lines: [{ ...LINE, variant: "48001", quantity: 0.5 }] });
    const pipeline = await withOneAltered({ facts });
    await pipeline.drain();
    const outcomes = await standing(pipeline);
    expect(outcomes[BAD]).toBe("rejected meta_100");
    expect(outcomes.filter((outcome) => outcome === "accepted")).toHaveLength(GOOD - 1);
    expect(new Set(pipeline.meta.received.map(({ event_id }) => event_id)).size).toBe(GOOD - 1);
    expect(pipeline.meta.received).toHaveLength(GOOD - 1);
    // Halving, not one by one.
    expect(pipeline.meta.requests.length).toBeLessThanOrEqual(8);
  });

  it("names the subcode where Meta gives one", async () => {
    const facts = await factsWith({ presentment: { currency: "EUR", total: "-5" } });
    const pipeline = await withOneAltered({ facts });
    await pipeline.drain();
    expect((await standing(pipeline))[BAD]).toBe("rejected meta_100_2804009");
  });

  it("stays visible: its bytes and the attempt that refused it are kept", async () => {
    const facts = await factsWith({ presentment: { currency: "EUR", total: "-5" } });
    const pipeline = await withOneAltered({ facts });
    await pipeline.drain();
    const row = (await pipeline.events())[BAD];
    const attempt = await pipeline.db.attempt.findUnique({ where: { id: row?.attemptId ?? 0 } });
    expect(attempt).toMatchObject({ verdict: "rejected", code: 100, subcode: 2804009 });
    expect(row?.bytes).toMatch(/^v1\./);
  });

  it.each([
    ["facts are no JSON", { facts: "{" }],
    ["sealed browser does not open", { browser: "v1.00000000.AAAA.AAAA" }],
    ["match keys are no JSON", { matchKeys: "[" }],
  ])("costs no other event when its %s", async (_what, data) => {
    const pipeline = await withOneAltered(data);
    await pipeline.drain().catch(() => undefined);
    // Twice the lease: whoever blocks the queue would do so again.
    await later(pipeline, 2 * MINUTE).catch(() => undefined);
    expect((await standing(pipeline)).filter((outcome) => outcome === "accepted")).toHaveLength(GOOD - 1);
  });

  it("costs no other event when it does not parse on arrival", async () => {
    const pipeline = await testPipeline();
    await Promise.all([
      pipeline.webhook("orders/create", order({ id: 1, checkoutToken: "t1", country: "AU" })),
      pipeline.webhook("orders/create", order({ id: 2, checkoutToken: "t2" }, { currency: null })),
      pipeline.webhook("orders/create", order({ id: 3, checkoutToken: "t3", country: "AU" })),
    ]);
    await pipeline.drain();
    expect(await standing(pipeline)).toEqual(["accepted", "rejected currency", "accepted"]);
    const unreadable = (await pipeline.events())[1];
    expect(unreadable).toMatchObject({ facts: null, matchKeys: null, browser: null, countedAs: "rejected" });
    // A copy that can be read later is not in its way.
    await pipeline.webhook("orders/paid", order({ id: 2, checkoutToken: "t2", country: "AU" }));
    await pipeline.drain();
    expect(pipeline.meta.received).toHaveLength(3);
  });
});
