import { describe, expect, it } from "vitest";
import type { Store } from "~/store/store.server";
import { CHECKOUT_TOKEN, checkoutCompleted, REFUSED } from "../fixtures/beacon";
import { order } from "../fixtures/order";
import { testPipeline } from "../support/pipeline";
import { DAY_MS, later, MINUTE, SECOND, standing, taken } from "./seen";

/** A web order that tells nothing of its browser: the case a hold is for. */
const blind = (country: "US" | "DE" | "AU") => order({ country }, { note_attributes: [] });

describe("a web Purchase without browser context", () => {
  it("waits for the beacon, which releases it at once and adds what the browser knows", async () => {
    const pipeline = await testPipeline({ holdSeconds: 60 });
    await pipeline.webhook("orders/create", blind("AU"));
    await later(pipeline, 59 * SECOND);
    expect(await standing(pipeline)).toEqual(["waiting"]);
    expect(pipeline.meta.requests).toEqual([]);

    await pipeline.beacon(checkoutCompleted);
    await pipeline.drain();
    expect(await standing(pipeline)).toEqual(["accepted"]);
    expect(pipeline.meta.received[0]?.body).toMatchObject({
      event_source_url: "https://shop.example.com/products/tee",
      user_data: { fbp: "fb.1.1763632800000.1234567890", client_ip_address: "203.0.113.20" },
    });
  });

  it("does not wait when the beacon spoke first", async () => {
    const pipeline = await testPipeline({ holdSeconds: 60 });
    await pipeline.beacon(checkoutCompleted);
    await pipeline.webhook("orders/create", blind("DE"));
    await pipeline.drain();
    expect(taken(pipeline)).toEqual([`Purchase purchase.${CHECKOUT_TOKEN}`]);
    expect(pipeline.meta.received[0]?.body).toMatchObject({ user_data: { fbp: "fb.1.1763632800000.1234567890" } });
  });

  it("does not wait for the beacon of another checkout", async () => {
    const pipeline = await testPipeline({ holdSeconds: 60 });
    await pipeline.webhook("orders/create", blind("AU"));
    await pipeline.beacon({ ...checkoutCompleted, checkout_token: "another" });
    await pipeline.drain();
    expect(await standing(pipeline)).toEqual(["waiting"]);
  });

  it.each([
    ["US", { data_processing_options: ["LDU"] }],
    ["AU", { event_name: "Purchase" }],
  ] as const)("leaves without a signal when the hold ends in %s", async (country, body) => {
    const pipeline = await testPipeline({ holdSeconds: 60 });
    await pipeline.webhook("orders/create", blind(country));
    await later(pipeline, 60 * SECOND);
    expect(await standing(pipeline)).toEqual(["accepted"]);
    expect(pipeline.meta.received[0]?.body).toMatchObject(body);
    expect("data_processing_options" in (pipeline.meta.received[0]?.body ?? {})).toBe(country === "US");
  });

  it.each([
    ["leaves by a consent", {}, ["waiting", "accepted"]],
    ["is refused by a refusal", { consent: REFUSED }, ["withheld consent_refused", "withheld consent_refused"]],
  ] as const)("%s that comes while it is claimed", async (_what, said, standings) => {
    const pipeline = await testPipeline({ holdSeconds: 60 });
    await pipeline.webhook("orders/create", blind("DE"));
    pipeline.clock.pass(60 * SECOND);
    // The browser speaks when all is decided and nothing is written down yet.
    const settle: Store["settle"] = async (settling) => {
      await pipeline.beacon({ ...checkoutCompleted, ...said });
      return pipeline.store.settle(settling);
    };
    await pipeline.drain({ store: { ...pipeline.store, settle } });
    expect(await standing(pipeline)).toEqual([standings[0]]);
    await pipeline.drain();
    expect(await standing(pipeline)).toEqual([standings[1]]);
  });

  it("is withheld when the hold ends in Germany", async () => {
    const pipeline = await testPipeline({ holdSeconds: 60 });
    await pipeline.webhook("orders/create", blind("DE"));
    await later(pipeline, 60 * SECOND);
    expect(await standing(pipeline)).toEqual(["withheld no_consent_signal"]);
    expect(pipeline.meta.requests).toEqual([]);
  });

  it("waits in a consent region even when the cart remembered the browser, for the signal is missing", async () => {
    const pipeline = await testPipeline({ holdSeconds: 60 });
    const remembered = { note_attributes: [{ name: "_fbp", value: "fb.1.1763632800000.1098115397" }] };
    await pipeline.webhook("orders/create", order({ country: "DE" }, remembered));
    await pipeline.webhook("orders/create", order({ id: 2, checkoutToken: "b", country: "AU" }, remembered));
    await pipeline.drain();
    expect(await standing(pipeline)).toEqual(["waiting", "accepted"]);
  });

  it.each([
    ["a till's order", { sourceName: "pos", checkoutToken: null }],
    ["a draft", { sourceName: "shopify_draft_order" }],
    ["a renewal", { sourceName: "subscription_contract", checkoutToken: null }],
  ])("nothing else waits: %s leaves at once", async (_kind, options) => {
    const pipeline = await testPipeline({ holdSeconds: 300, country: "AU" });
    await pipeline.webhook("orders/create", order({ country: "AU", ...options }));
    await pipeline.drain();
    expect(await standing(pipeline)).toEqual(["accepted"]);
  });

  it("holds for as long as its dataset says", async () => {
    const pipeline = await testPipeline({ holdSeconds: 300 });
    await pipeline.webhook("orders/create", blind("AU"));
    await later(pipeline, 299 * SECOND);
    expect(await standing(pipeline)).toEqual(["waiting"]);
    await later(pipeline, SECOND);
    expect(await standing(pipeline)).toEqual(["accepted"]);
  });
});

describe("a Purchase withheld for want of a signal", () => {
  it("comes back once when a consenting beacon arrives later", async () => {
    const pipeline = await testPipeline();
    await pipeline.webhook("orders/create", blind("DE"));
    await pipeline.drain();
    await later(pipeline, DAY_MS);
    expect(await standing(pipeline)).toEqual(["withheld no_consent_signal"]);

    await pipeline.beacon(checkoutCompleted);
    await pipeline.drain();
    expect(await standing(pipeline)).toEqual(["accepted"]);
    await pipeline.beacon({ ...checkoutCompleted, id: "sh-0000-0002" });
    await pipeline.drain();
    expect(taken(pipeline)).toEqual([`Purchase purchase.${CHECKOUT_TOKEN}`]);
    expect(pipeline.meta.received[0]?.body).toMatchObject({ user_data: { em: [expect.any(String)] } });
  });

  it("moves in the counts from withheld to accepted", async () => {
    const pipeline = await testPipeline();
    await pipeline.webhook("orders/create", blind("DE"));
    await pipeline.drain();
    await pipeline.beacon(checkoutCompleted);
    await pipeline.drain();
    const counts = await pipeline.db.rollup.findMany({ where: { dimension: "outcome" } });
    expect(Object.fromEntries(counts.map(({ value, count, sum }) => [value, [count, Number(sum)]]))).toEqual({
      withheld: [0, 0],
      accepted: [1, 64_500_000],
    });
  });

  it("stays withheld when the beacon refuses", async () => {
    const pipeline = await testPipeline();
    await pipeline.webhook("orders/create", blind("DE"));
    await pipeline.drain();
    await pipeline.beacon({ ...checkoutCompleted, consent: REFUSED });
    await pipeline.drain();
    expect(pipeline.meta.requests).toEqual([]);
    expect((await standing(pipeline))[0]).toMatch(/^withheld /);
  });

  it("keeps its keys for that beacon, and loses them when Meta's window closes", async () => {
    const pipeline = await testPipeline();
    await pipeline.webhook("orders/create", blind("DE"));
    await pipeline.drain();
    expect((await pipeline.events())[0]?.matchKeys).not.toBeNull();
    await later(pipeline, 8 * DAY_MS);
    expect((await pipeline.events())[0]).toMatchObject({ outcome: "withheld", matchKeys: null, browser: null });
  });

  it("does not come back outside Meta's window", async () => {
    const pipeline = await testPipeline();
    await pipeline.webhook("orders/create", blind("DE"));
    await pipeline.drain();
    pipeline.clock.pass(7 * DAY_MS);
    await pipeline.beacon(checkoutCompleted);
    await pipeline.drain();
    expect(await standing(pipeline)).toEqual(["withheld no_consent_signal"]);
  });
});

describe("a beacon", () => {
  it("that refuses ends a held Purchase, and its keys are forgotten at once", async () => {
    const pipeline = await testPipeline({ holdSeconds: 60 });
    await pipeline.webhook("orders/create", blind("DE"));
    await pipeline.beacon({ ...checkoutCompleted, consent: REFUSED });
    await pipeline.drain();
    const [row] = await pipeline.events();
    expect(row).toMatchObject({ outcome: "withheld", reason: "consent_refused", matchKeys: null, browser: null });
    expect(JSON.parse(row?.consent ?? "{}")).toMatchObject({ policy: "2.0", region: "consent", signal: "refused" });
    await pipeline.beacon({ ...checkoutCompleted, id: "sh-0000-0002" });
    await later(pipeline, MINUTE);
    expect(pipeline.meta.requests).toEqual([]);
  });

  it("never makes a Purchase, whatever it calls itself", async () => {
    const pipeline = await testPipeline();
    for (const name of ["checkout_completed", "Purchase", "purchase", "orders/create"]) {
      await pipeline.beacon({ ...checkoutCompleted, name, id: `sh-${name.replace("/", "-")}` });
    }
    await later(pipeline, 10 * MINUTE);
    expect(await pipeline.events()).toEqual([]);
    expect(pipeline.meta.requests).toEqual([]);
  });

  it("with a wrong key changes nothing", async () => {
    const pipeline = await testPipeline({ holdSeconds: 60 });
    await pipeline.webhook("orders/create", blind("AU"));
    expect(await pipeline.beacon({ ...checkoutCompleted, key: "guessed" })).toEqual({
      kind: "ignored",
      why: "wrong_key",
    });
    await pipeline.drain();
    expect(await standing(pipeline)).toEqual(["waiting"]);
  });

  it("speaks last: a refusal after a consent is a refusal", async () => {
    const pipeline = await testPipeline({ holdSeconds: 60 });
    await pipeline.beacon(checkoutCompleted);
    await pipeline.beacon({ ...checkoutCompleted, id: "sh-0000-0002", consent: REFUSED });
    await pipeline.webhook("orders/create", blind("DE"));
    await pipeline.drain();
    expect(await standing(pipeline)).toEqual(["withheld consent_refused"]);
  });
});
