import { describe, expect, it } from "vitest";
import { customer } from "../fixtures/customer";
import { order } from "../fixtures/order";
import { type TestPipeline, testPipeline } from "../support/pipeline";
import { settle, switchOff, switchOn } from "../support/settings";
import { later, MINUTE, SECOND, standing, taken } from "./seen";

const REGISTRATION = "CompleteRegistration registration.8880001";
const iso = (at: number) => new Date(at).toISOString();

/** A customer who came to be this long ago. */
function registered({ clock }: TestPipeline, over: Record<string, unknown> = {}, ago = SECOND) {
  return customer({ country: "AU" }, { state: "enabled", created_at: iso(clock.now() - ago), ...over });
}

function ordered(pipeline: TestPipeline, at: number, over: Record<string, unknown> = {}) {
  return pipeline.webhook("orders/create", order({ country: "AU", at: iso(at) }, over));
}

async function telling(): Promise<TestPipeline> {
  const pipeline = await testPipeline();
  await switchOn(pipeline, "CompleteRegistration");
  return pipeline;
}

describe("a new customer", () => {
  it("is not told of by default", async () => {
    const pipeline = await testPipeline();
    await pipeline.webhook("customers/create", registered(pipeline));
    await later(pipeline, 10 * MINUTE);
    expect(await standing(pipeline)).toEqual(["skipped event_off"]);
  });

  it("with an account is a registration after ten minutes, told once", async () => {
    const pipeline = await telling();
    await pipeline.webhook("customers/create", registered(pipeline));
    await pipeline.webhook("customers/create", registered(pipeline));
    await later(pipeline, 10 * MINUTE - SECOND);
    expect(await standing(pipeline)).toEqual(["waiting"]);
    await later(pipeline, SECOND);
    await pipeline.webhook("customers/create", registered(pipeline));
    await later(pipeline, 10 * MINUTE);
    expect(taken(pipeline)).toEqual([REGISTRATION]);
    expect(pipeline.meta.received[0]?.body).toMatchObject({ action_source: "website" });
  });

  it.each([
    ["disabled"],
    ["invited"],
    ["declined"],
    [undefined],
    ["ENABLED?"],
    [null],
  ])("whose state is %j has no account, and nothing of the person is kept", async (state) => {
    const pipeline = await telling();
    await pipeline.webhook("customers/create", registered(pipeline, { state }));
    await later(pipeline, 10 * MINUTE);
    expect(await standing(pipeline)).toEqual(["skipped no_account"]);
    expect((await pipeline.events())[0]).toMatchObject({ matchKeys: null, browser: null });
  });

  it("without an account is one all the same where the merchant chose every new record", async () => {
    const pipeline = await telling();
    await settle(pipeline, (settings) => ({ ...settings, registrations: "every" }));
    await pipeline.webhook("customers/create", registered(pipeline, { state: "disabled" }));
    await later(pipeline, 10 * MINUTE);
    expect(taken(pipeline)).toEqual([REGISTRATION]);
  });

  it.each([
    ["just before", -MINUTE],
    ["at once", SECOND],
    ["within ten minutes", 9 * MINUTE],
  ])("who orders %s is no registration", async (_when, after) => {
    const pipeline = await telling();
    const at = pipeline.clock.now();
    if (after <= 0) await ordered(pipeline, at + after);
    await pipeline.webhook("customers/create", registered(pipeline));
    if (after > 0) {
      pipeline.clock.pass(after);
      await ordered(pipeline, pipeline.clock.now());
    }
    await later(pipeline, 10 * MINUTE);
    expect((await standing(pipeline)).sort()).toEqual(["accepted", "skipped customer_ordered"]);
  });

  it.each([
    ["who ordered long before", -11 * MINUTE, {}],
    ["while somebody else orders", 0, { customer: { id: 8880002 } }],
    ["while a guest orders", 0, { customer: null }],
  ])("%s is a registration", async (_when, after, over) => {
    const pipeline = await telling();
    await ordered(pipeline, pipeline.clock.now() + after, over);
    await pipeline.webhook("customers/create", registered(pipeline));
    await later(pipeline, 10 * MINUTE);
    expect(taken(pipeline)).toContain(REGISTRATION);
  });

  it("who orders later is a registration, and a Purchase besides", async () => {
    const pipeline = await telling();
    await pipeline.webhook("customers/create", registered(pipeline));
    await later(pipeline, 10 * MINUTE);
    await later(pipeline, MINUTE);
    await ordered(pipeline, pipeline.clock.now());
    await pipeline.drain();
    expect(taken(pipeline)).toHaveLength(2);
  });

  it("who orders is none also where that order is skipped", async () => {
    const pipeline = await telling();
    await switchOff(pipeline, "Purchase");
    await pipeline.webhook("customers/create", registered(pipeline));
    await ordered(pipeline, pipeline.clock.now());
    await later(pipeline, 10 * MINUTE);
    expect(await standing(pipeline)).toEqual(["skipped customer_ordered", "skipped event_off"]);
  });

  it("among many of one minute was imported; a few of one minute were not", async () => {
    const pipeline = await telling();
    const import30 = Array.from({ length: 30 }, (_, n) => registered(pipeline, { id: 100 + n }, n * SECOND));
    await Promise.all(import30.map((body) => pipeline.webhook("customers/create", body)));
    pipeline.clock.pass(5 * MINUTE);
    const few = Array.from({ length: 29 }, (_, n) => registered(pipeline, { id: 200 + n }, n * SECOND));
    await Promise.all(few.map((body) => pipeline.webhook("customers/create", body)));
    await later(pipeline, 10 * MINUTE);
    const rows = await standing(pipeline);
    expect(new Set(rows.slice(0, 30))).toEqual(new Set(["skipped customer_imported"]));
    expect(new Set(rows.slice(30))).toEqual(new Set(["accepted"]));
  });

  it("who is no registration makes no custom event of one either", async () => {
    const pipeline = await testPipeline();
    const when = { field: "country", is: "any_of", words: ["AU"] };
    await settle(pipeline, (settings) => ({
      ...settings,
      rules: [{ key: "au", name: "AussieSignup", base: "CompleteRegistration", on: true, when }],
    }));
    await pipeline.webhook("customers/create", registered(pipeline));
    await ordered(pipeline, pipeline.clock.now());
    await pipeline.webhook("customers/create", registered(pipeline, { id: 8880002 }));
    await pipeline.webhook("customers/create", registered(pipeline, { id: 8880003, state: "invited" }));
    await later(pipeline, 10 * MINUTE);
    const custom = taken(pipeline).filter((one) => one.startsWith("Aussie"));
    expect(custom).toEqual(["AussieSignup au.registration.8880002"]);
  });
});
