import { createHash } from "node:crypto";
import { pino } from "pino";
import { describe, expect, it } from "vitest";
import { PARTNER_AGENT, requestBody } from "~/delivery/graph.server";
import { TEST_EVENT } from "~/events/catalog";
import { freshness } from "~/outbox/freshness";
import { sendTestEvent } from "~/pipeline/test-event.server";
import { TEST_CODE_MS } from "~/settings/test-code";
import { order } from "../fixtures/order";
import { DATASET, type TestPipeline, TOKEN, testPipeline } from "../support/pipeline";
import { DAY_MS, later, SECOND, standing } from "./seen";

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

/** A person presses the button. */
function press(pipeline: TestPipeline, over: { newId?: (now: number) => string; url?: string } = {}) {
  const { shop, store, meta, clock } = pipeline;
  const [dataset] = shop().datasets;
  if (dataset === undefined) throw new Error("the test's shop has no dataset");
  const { newId, url = meta.origin } = over;
  return sendTestEvent(
    { shop: shop(), dataset },
    {
      store,
      log: pino({ level: "silent" }),
      graph: { url, version: "v25.0", fetch: (to, init) => fetch(to, init) },
      now: clock.now,
      ...(newId && { newId }),
    },
  );
}

async function rowOf({ db, shop }: TestPipeline, eventId: string) {
  const row = await db.event.findFirstOrThrow({ where: { eventId } });
  const attempts = row.attemptId === null ? [] : await db.attempt.findMany({ where: { id: row.attemptId } });
  const said = attempts.map(({ answer }) => shop().open("Attempt.answer", answer));
  return { row, attempts, said };
}

describe("a test event", () => {
  it("travels alone, as a custom event of ours that says nothing of money, goods or a person", async () => {
    const pipeline = await testPipeline();
    await press(pipeline, { newId: () => "01JCZ0000000000000000000AB" });
    expect(pipeline.meta.requests).toHaveLength(1);
    expect(JSON.parse(pipeline.meta.requests[0]?.body ?? "")).toEqual({
      data: [
        {
          event_name: TEST_EVENT,
          event_time: pipeline.clock.now() / 1_000,
          event_id: "test.01JCZ0000000000000000000AB",
          action_source: "system_generated",
          user_data: { external_id: [sha256("tandem-test")] },
        },
      ],
      partner_agent: PARTNER_AGENT,
    });
  });

  it("tells what Meta said, word for word", async () => {
    const pipeline = await testPipeline();
    let said = "";
    const { shop, store, meta, clock } = pipeline;
    const dataset = shop().datasets[0];
    if (dataset === undefined) throw new Error("the test's shop has no dataset");
    const listening = async (to: string, init: RequestInit) => {
      const response = await fetch(to, init);
      said = await response.clone().text();
      return response;
    };
    const answer = await sendTestEvent(
      { shop: shop(), dataset },
      {
        store,
        log: pino({ level: "silent" }),
        graph: { url: meta.origin, version: "v25.0", fetch: listening },
        now: clock.now,
      },
    );
    expect(answer).toMatchObject({ verdict: "accepted", status: 200, answer: said });
    expect(JSON.parse(said)).toMatchObject({ events_received: 1 });
  });

  it("is kept with its bytes, sealed, with its one request and with its outcome", async () => {
    const pipeline = await testPipeline();
    const { eventId, answer } = await press(pipeline);
    const { row, attempts, said } = await rowOf(pipeline, eventId);
    expect(row).toMatchObject({
      name: TEST_EVENT,
      topic: "test",
      outcome: "accepted",
      reason: null,
      runAt: null,
      attempts: 1,
      attemptId: attempts[0]?.id,
      matchKeys: null,
      browser: null,
      lease: null,
      orderId: null,
      checkoutToken: null,
    });
    const body = pipeline.meta.requests[0]?.body ?? "";
    expect(row.bytes).toMatch(/^v1\./);
    const bytes = pipeline.shop().open("Event.bytes", row.bytes ?? "");
    expect(body).toBe(requestBody([String(bytes)], null));
    expect(row.bytesHash).toBe(sha256(bytes));
    expect(attempts).toMatchObject([
      {
        events: 1,
        status: 200,
        verdict: "accepted",
        bytesHash: sha256(body),
        at: BigInt(pipeline.clock.now()),
      },
    ]);
    expect(said).toEqual([answer]);
  });

  it("has an id of its own each time", async () => {
    const pipeline = await testPipeline();
    const ids = [await press(pipeline), await press(pipeline), await press(pipeline)].map(({ eventId }) => eventId);
    expect(new Set(ids).size).toBe(3);
    for (const id of ids) expect(id).toMatch(/^test\.[0-9A-HJKMNP-TV-Z]{26}$/);
    expect(await standing(pipeline)).toEqual(["accepted", "accepted", "accepted"]);
  });

  it("never travels with live events, also while those wait, and leaves them to their own time", async () => {
    const pipeline = await testPipeline({ holdSeconds: 30 });
    await pipeline.webhook("orders/create", order({ id: 1, checkoutToken: "t1", country: "AU" }));
    await pipeline.webhook("orders/create", order({ id: 2, checkoutToken: "t2", country: "AU" }));
    const { eventId } = await press(pipeline);
    expect(pipeline.meta.received.map(({ event_id }) => event_id)).toEqual([eventId]);
    expect(await standing(pipeline)).toEqual(["waiting", "waiting", "accepted"]);
    await later(pipeline, 30 * SECOND);
    expect(await standing(pipeline)).toEqual(["accepted", "accepted", "accepted"]);
    const named = pipeline.meta.requests.map(({ body }) =>
      JSON.parse(body).data.map((event: { event_name: string }) => event.event_name),
    );
    expect(named.filter((names) => names.includes(TEST_EVENT))).toEqual([[TEST_EVENT]]);
    expect(named.flat().filter((name) => name === "Purchase")).toHaveLength(2);
  });

  it("is rejected when Meta refuses the token, with Meta's words and ours", async () => {
    const pipeline = await testPipeline({ tokens: { [DATASET]: TOKEN } });
    pipeline.meta.setToken(DATASET, null);
    const answer = await press(pipeline);
    expect(answer).toMatchObject({ verdict: "hold", status: 401 });
    expect(JSON.parse(answer.answer).error).toMatchObject({ code: 190 });
    expect(answer.says).toContain("access token");
    const { row, attempts, said } = await rowOf(pipeline, answer.eventId);
    expect(row).toMatchObject({ outcome: "rejected", reason: "meta_190_463", runAt: null });
    expect(attempts).toMatchObject([{ status: 401, verdict: "hold", code: 190, subcode: 463 }]);
    expect(said).toEqual([answer.answer]);
  });

  it.each([
    ["refuses it", { kind: "error", code: 100, subcode: 2804003 } as const, "meta_100_2804003"],
    ["is throttling", { kind: "error", code: 4 } as const, "meta_4"],
    ["is down", { kind: "status", status: 502, body: "html" } as const, "http_502"],
    ["hangs up", { kind: "cut" } as const, "network"],
  ])("is rejected when Meta %s: nobody tries it again", async (_what, step, reason) => {
    const pipeline = await testPipeline();
    pipeline.meta.weather.script([step]);
    const { eventId, says } = await press(pipeline);
    expect(says).not.toBe("");
    expect((await rowOf(pipeline, eventId)).row).toMatchObject({ outcome: "rejected", reason });
    for (const ms of [SECOND, DAY_MS, 8 * DAY_MS]) await later(pipeline, ms);
    expect(pipeline.meta.requests).toHaveLength(1);
    expect(await standing(pipeline)).toEqual([`rejected ${reason}`]);
  });

  it("does not hold, pause or free the dataset: what a test meets is for its person to read", async () => {
    const pipeline = await testPipeline({ tokens: { [DATASET]: TOKEN } });
    pipeline.meta.setToken(DATASET, null);
    await press(pipeline);
    await pipeline.registry.refresh();
    expect(pipeline.shop().datasets[0]).toMatchObject({ heldReason: null, pausedUntil: null });
    await pipeline.store.holdDataset({ id: 1, connection: 1 }, "meta_190", pipeline.clock.now());
    pipeline.meta.setToken(DATASET, TOKEN);
    await pipeline.registry.refresh();
    await press(pipeline);
    await pipeline.registry.refresh();
    expect(pipeline.shop().datasets[0]).toMatchObject({ heldReason: "meta_190" });
  });

  it("leaves for a dataset on hold too, while the live events stay", async () => {
    const pipeline = await testPipeline();
    await pipeline.store.holdDataset({ id: 1, connection: 1 }, "meta_190", pipeline.clock.now());
    await pipeline.webhook("orders/create", order({ country: "AU" }));
    await pipeline.drain();
    expect(pipeline.meta.requests).toEqual([]);
    expect(await press(pipeline)).toMatchObject({ verdict: "accepted" });
    await pipeline.drain();
    expect(await standing(pipeline)).toEqual(["waiting", "accepted"]);
  });

  it("is counted nowhere, whatever Meta says, and makes no dataset due", async () => {
    const pipeline = await testPipeline();
    await press(pipeline);
    pipeline.meta.weather.script([{ kind: "error", code: 100 }]);
    await press(pipeline);
    const muchLater = pipeline.clock.now() + 100 * DAY_MS;
    expect(await pipeline.store.dueDatasets(muchLater, muchLater, freshness(1_000))).toEqual([]);
    expect(await pipeline.store.uncountedDatasets(muchLater)).toEqual([]);
    await later(pipeline, 8 * DAY_MS);
    expect(await pipeline.db.rollup.findMany()).toEqual([]);
    expect((await pipeline.events()).map(({ countedAs }) => countedAs)).toEqual([null, null]);
  });

  it("carries the live test code, and none whose day is over", async () => {
    const pipeline = await testPipeline();
    await pipeline.connect({ testCode: "TEST123" });
    await press(pipeline);
    pipeline.clock.pass(TEST_CODE_MS);
    await press(pipeline);
    expect(pipeline.meta.requests.map(({ body }) => JSON.parse(body).test_event_code)).toEqual(["TEST123", undefined]);
  });

  it("names its token nowhere but to Meta", async () => {
    const pipeline = await testPipeline();
    const answer = await press(pipeline);
    const { row, attempts } = await rowOf(pipeline, answer.eventId);
    const kept = JSON.stringify([answer, row, attempts], (_key, value) =>
      typeof value === "bigint" ? String(value) : value,
    );
    expect(kept).not.toContain(TOKEN);
    expect(pipeline.meta.requests[0]?.path).not.toContain(TOKEN);
  });
});
