import { describe, expect, it } from "vitest";
import { RETRY_DELAYS } from "~/outbox/schedule";
import { order } from "../fixtures/order";
import type { WeatherStep } from "../simulators/meta/server";
import { DATASET, TOKEN, testPipeline } from "../support/pipeline";
import { DAY_MS, later, MINUTE, SECOND, standing, taken } from "./seen";

const STORMS: [string, WeatherStep, string][] = [
  ["answers 500", { kind: "status", status: 500 }, "waiting meta_1"],
  ["answers 502 in HTML", { kind: "status", status: 502, body: "html" }, "waiting http_502"],
  ["answers garbage", { kind: "status", status: 503, body: "garbage" }, "waiting http_503"],
  ["is throttled", { kind: "error", code: 4 }, "waiting meta_4"],
  ["is down for the moment", { kind: "error", code: 2, transient: true }, "waiting meta_2"],
  ["hangs up", { kind: "cut" }, "waiting network"],
];

const SLOW_DOWN: WeatherStep = { kind: "status", status: 503, headers: { "retry-after": "60" } };

describe("when Meta", () => {
  it.each(STORMS)("%s, the event waits and is delivered once, later", async (_what, step, waiting) => {
    const pipeline = await testPipeline();
    pipeline.meta.weather.script([step]);
    await pipeline.webhook("orders/create", order({ country: "AU" }));
    await pipeline.drain();
    expect(await standing(pipeline)).toEqual([waiting]);
    await later(pipeline, 4 * SECOND);
    expect(await standing(pipeline)).toEqual([waiting]);
    await later(pipeline, 2 * MINUTE);
    expect(await standing(pipeline)).toEqual(["accepted"]);
    expect(taken(pipeline)).toHaveLength(1);
  });

  it("does not answer in time, the event waits and is delivered later", async () => {
    const pipeline = await testPipeline();
    await pipeline.webhook("orders/create", order({ country: "AU" }));
    await pipeline.drain({
      graph: {
        url: pipeline.meta.origin,
        version: "v25.0",
        fetch: () => Promise.reject(new DOMException("The operation was aborted due to timeout", "TimeoutError")),
      },
    });
    expect(await standing(pipeline)).toEqual(["waiting timeout"]);
    await later(pipeline, MINUTE);
    expect(await standing(pipeline)).toEqual(["accepted"]);
  });

  it("fails again and again, the waits grow along the schedule", async () => {
    const pipeline = await testPipeline();
    pipeline.meta.weather.script([{ kind: "status", status: 503, count: 5 }]);
    await pipeline.webhook("orders/create", order({ country: "AU" }));
    const waits: number[] = [];
    for (let attempt = 0; attempt < 5; attempt += 1) {
      await pipeline.drain();
      const [row] = await pipeline.events();
      const due = Number(row?.runAt);
      waits.push(due - pipeline.clock.now());
      pipeline.clock.set(due);
    }
    expect(waits).toEqual(RETRY_DELAYS.slice(0, 5));
    await pipeline.drain();
    expect((await pipeline.events())[0]).toMatchObject({ outcome: "accepted", attempts: 6 });
  });

  it("gives an answer nobody knows, the event is dead after a few tries and waits for a person", async () => {
    const pipeline = await testPipeline();
    pipeline.meta.weather.script([{ kind: "error", code: 987_654, count: 50 }]);
    await pipeline.webhook("orders/create", order({ country: "AU" }));
    for (let tries = 0; tries < 8; tries += 1) await later(pipeline, 3 * 60 * MINUTE);
    expect(await standing(pipeline)).toEqual(["dead unknown_answer"]);
    expect(pipeline.meta.requests).toHaveLength(5);
    expect((await pipeline.events())[0]?.matchKeys).not.toBeNull();
  });

  it("asks for a pause, no other event of that dataset is sent before it ends", async () => {
    const pipeline = await testPipeline();
    pipeline.meta.weather.script([{ kind: "status", status: 429, headers: { "retry-after": "120" } }]);
    await pipeline.webhook("orders/create", order({ country: "AU" }));
    await pipeline.drain();
    await pipeline.webhook("orders/create", order({ id: 2, checkoutToken: "t2", country: "AU" }));
    await later(pipeline, 119 * SECOND);
    expect(pipeline.meta.requests).toHaveLength(1);
    await later(pipeline, SECOND);
    expect(await standing(pipeline)).toEqual(["accepted", "accepted"]);
  });

  it("says that nine tenths of the allowance are used, the token rests for ten seconds", async () => {
    const pipeline = await testPipeline();
    const usage = JSON.stringify({ call_count: 91, total_time: 3, total_cputime: 3 });
    pipeline.meta.weather.script([{ kind: "latency", ms: 0, headers: { "x-app-usage": usage } }]);
    await pipeline.webhook("orders/create", order({ country: "AU" }));
    await pipeline.drain();
    await pipeline.webhook("orders/create", order({ id: 2, checkoutToken: "t2", country: "AU" }));
    await later(pipeline, 9 * SECOND);
    expect(await standing(pipeline)).toEqual(["accepted", "waiting"]);
    await later(pipeline, SECOND);
    expect(await standing(pipeline)).toEqual(["accepted", "accepted"]);
  });

  it("slows a token, all that travels with it waits, and nothing of another token does", async () => {
    const [shared, own] = ["2345678901", "3456789012"];
    const pipeline = await testPipeline({ tokens: { [DATASET]: TOKEN, [shared]: TOKEN, [own]: "EAAother" } });
    pipeline.meta.weather.script([
      { kind: "status", status: 429, headers: { "retry-after": "120" }, dataset: DATASET },
    ]);
    await pipeline.connect({ dataset: shared });
    await pipeline.connect({ dataset: own, token: "EAAother" });
    await pipeline.webhook("orders/create", order({ country: "AU", at: new Date(pipeline.clock.now()).toISOString() }));
    await pipeline.drain();
    expect(pipeline.meta.counted().map(({ dataset }) => dataset)).toEqual([own]);
    await later(pipeline, 120 * SECOND);
    expect(pipeline.meta.counted().map(({ dataset }) => dataset)).toEqual([own, DATASET, shared]);
  });

  it("took it and then hung up, the same bytes go out again: never a second id", async () => {
    const pipeline = await testPipeline();
    pipeline.meta.weather.script([{ kind: "taken_then_cut" }]);
    await pipeline.webhook("orders/create", order({ country: "AU" }));
    await pipeline.drain();
    await later(pipeline, MINUTE);
    const [first, second] = pipeline.meta.requests;
    expect(second?.body).toBe(first?.body);
    expect(new Set(taken(pipeline)).size).toBe(1);
  });
});

describe("every request", () => {
  it("is recorded with Meta's answer and fbtrace_id, and with the events that travelled in it", async () => {
    const pipeline = await testPipeline();
    pipeline.meta.weather.script([{ kind: "error", code: 2, transient: true }]);
    await pipeline.webhook("orders/create", order({ country: "AU" }));
    await pipeline.webhook("orders/create", order({ id: 2, checkoutToken: "t2", country: "AU" }));
    await pipeline.drain();
    await later(pipeline, MINUTE);
    const attempts = await pipeline.db.attempt.findMany({ orderBy: { id: "asc" } });
    expect(attempts.map(({ events, status, verdict, code }) => ({ events, status, verdict, code }))).toEqual([
      { events: 2, status: 503, verdict: "retry", code: 2 },
      { events: 1, status: 200, verdict: "accepted", code: null },
      { events: 1, status: 200, verdict: "accepted", code: null },
    ]);
    for (const { fbtraceId, answer } of attempts) {
      expect(fbtraceId).toMatch(/^A[\w-]{20,}$/);
      expect(pipeline.shop().open("Attempt.answer", answer)).toContain(fbtraceId);
    }
    const [row, other] = await pipeline.events();
    expect([row?.attemptId, other?.attemptId]).toEqual([attempts[1]?.id, attempts[2]?.id]);
    expect(await pipeline.db.attemptEvent.findMany()).toEqual([
      { attemptId: attempts[0]?.id, eventRowId: row?.id },
      { attemptId: attempts[0]?.id, eventRowId: other?.id },
    ]);
    expect(row?.bytesHash).toMatch(/^[0-9a-f]{64}$/);
  });

  it("carries the token in a header, never in the URL or the body", async () => {
    const pipeline = await testPipeline();
    await pipeline.webhook("orders/create", order({ country: "AU" }));
    await pipeline.drain();
    const [request] = pipeline.meta.requests;
    expect(request).toMatchObject({ authorization: true, path: "/v25.0/1234567890/events" });
    expect(request?.body).not.toContain("EAAtesttoken");
  });

  it("carries the test code of its dataset", async () => {
    const pipeline = await testPipeline();
    await pipeline.connect({ testCode: "TEST99" });
    await pipeline.webhook("orders/create", order({ country: "AU" }));
    await pipeline.drain();
    expect(JSON.parse(pipeline.meta.requests[0]?.body ?? "{}")).toMatchObject({ test_event_code: "TEST99" });
    expect(pipeline.meta.countedTests()).toHaveLength(1);
    expect(pipeline.meta.counted()).toHaveLength(0);
  });

  it.each<[string, WeatherStep]>([
    ["silence", { kind: "cut" }],
    ["an answer that may come of a request it took, though it asks for a pause", SLOW_DOWN],
  ])("after %s carries one event, and when Meta has answered takes up the rest", async (_what, step) => {
    const pipeline = await testPipeline();
    pipeline.meta.weather.script([step]);
    await pipeline.webhook("orders/create", order({ country: "AU" }));
    await pipeline.drain();
    pipeline.clock.pass(DAY_MS);
    for (const id of [2, 3, 4]) {
      await pipeline.webhook("orders/create", order({ id, checkoutToken: `t${id}`, country: "AU" }));
    }
    await pipeline.drain();
    expect(pipeline.meta.requests.map(({ events }) => events)).toEqual([1, 1, 3]);
  });
});
