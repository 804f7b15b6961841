import { pino } from "pino";
import { describe, expect, it } from "vitest";
import { queueWords, requestsSummary } from "~/diagnostics/flow";
import { type FlowBounds, heartbeatOf, lastDayOf, queueNow } from "~/diagnostics/flow.server";
import { sendTestEvent } from "~/pipeline/test-event.server";
import { checkoutStarted } from "../fixtures/beacon";
import { order } from "../fixtures/order";
import { later, MINUTE, SECOND } from "../pipeline/seen";
import { DATASET, type TestPipeline, TOKEN, testPipeline } from "../support/pipeline";
import { policy } from "../support/settings";

const HOUR = 60 * MINUTE;
const DAY_MS = 24 * HOUR;
const SECOND_DATASET = "2234567890";

function firstDataset({ shop }: TestPipeline) {
  const [dataset] = shop().datasets;
  if (dataset === undefined) throw new Error("the test's shop has no dataset");
  return dataset;
}

async function queue(pipeline: TestPipeline, bounds?: FlowBounds) {
  await pipeline.registry.refresh();
  return queueNow(pipeline.store, firstDataset(pipeline), pipeline.clock.now(), bounds);
}

async function day(pipeline: TestPipeline, bounds?: FlowBounds) {
  const { db, store, registry, shop, clock } = pipeline;
  await registry.refresh();
  return lastDayOf(db, store, shop(), clock.now(), bounds);
}

const heartbeat = ({ db, shop, clock }: TestPipeline) => heartbeatOf(db, shop(), clock.now());

function placed(n: number, at: number, over: Record<string, unknown> = {}) {
  const id = { id: 6_000_000 + n, checkoutToken: `t${n}` };
  return order({ ...id, country: "AU", at: new Date(at).toISOString() }, over);
}

async function place(pipeline: TestPipeline, n: number, over: Record<string, unknown> = {}): Promise<void> {
  await pipeline.webhook("orders/create", placed(n, pipeline.clock.now(), over));
}

async function press(pipeline: TestPipeline): Promise<void> {
  const { shop, store, meta, clock } = pipeline;
  const graph = { url: meta.origin, version: "v25.0", fetch: (to: string, init: RequestInit) => fetch(to, init) };
  const deps = { store, graph, log: pino({ level: "silent" }), now: clock.now };
  await sendTestEvent({ shop: shop(), dataset: firstDataset(pipeline) }, deps);
}

describe("the queue of a dataset", () => {
  it("is empty where nothing waits", async () => {
    const now = await queue(await testPipeline());
    expect(now).toEqual({ waiting: 0, more: false, dueSince: null, causes: [] });
    expect(queueWords(now)).toBe("Nothing waits.");
  });

  it("says since when the oldest is due that nothing keeps", async () => {
    const pipeline = await testPipeline({ country: "AU" });
    const first = pipeline.clock.now();
    await place(pipeline, 1);
    pipeline.clock.pass(3 * SECOND);
    await place(pipeline, 2);
    expect(await queue(pipeline)).toEqual({
      waiting: 2,
      more: false,
      dueSince: first,
      causes: [{ why: "due", count: 2 }],
    });
    await pipeline.drain();
    expect(await queue(pipeline)).toMatchObject({ waiting: 0, dueSince: null });
  });

  it("says for what each waits: its browser, to be paid, its next try, its way to Meta", async () => {
    const pipeline = await testPipeline({ country: "AU", holdSeconds: 60 });
    await place(pipeline, 1);
    await place(pipeline, 2);
    await policy(pipeline, { trigger: "payment" });
    await place(pipeline, 3, { financial_status: "pending" });
    const causes = async () => (await queue(pipeline)).causes;
    expect(await causes()).toEqual([
      { why: "browser_context", count: 2 },
      { why: "payment", count: 1 },
    ]);
    // A hold is over when its time has come.
    pipeline.clock.pass(MINUTE);
    expect(await queue(pipeline)).toMatchObject({ dueSince: pipeline.clock.now(), causes: [{ why: "due" }, {}] });
    pipeline.meta.weather.script([{ kind: "error", code: 4 }]);
    await pipeline.drain();
    expect(await causes()).toContainEqual({ why: "again", count: 2 });
    pipeline.clock.pass(HOUR);
    const { clock, store } = pipeline;
    const leaseUntil = clock.now() + 45_000;
    await store.claimDue({ datasetId: 1, now: clock.now(), limit: 1, lease: "somebody", leaseUntil });
    expect(await causes()).toContainEqual({ why: "leaving", count: 1 });
  });

  it("is of this dataset alone", async () => {
    const pipeline = await testPipeline({ country: "AU" });
    await place(pipeline, 1);
    await pipeline.connect({ dataset: SECOND_DATASET, token: "EAAsecond" });
    await place(pipeline, 2);
    expect(await queue(pipeline)).toMatchObject({ waiting: 2 });
  });

  it("counts so many and no more, and says that there are more", async () => {
    const pipeline = await testPipeline({ country: "AU" });
    for (const n of [1, 2, 3]) await place(pipeline, n);
    const bounded = await queue(pipeline, { events: 2, requests: 9 });
    expect(bounded).toMatchObject({ waiting: 2, more: true });
    expect(queueWords(bounded)).toBe("More than 2 events wait.");
    expect(queueWords(await queue(pipeline, { events: 3, requests: 9 }))).toBe("3 events wait.");
  });
});

describe("the last day of a dataset", () => {
  it("says within what the events were accepted, from their arrival", async () => {
    const pipeline = await testPipeline({ country: "AU" });
    await place(pipeline, 1);
    await later(pipeline, 1_500);
    await place(pipeline, 2);
    await later(pipeline, 40 * SECOND);
    expect(await day(pipeline)).toMatchObject([
      { dataset: DATASET, lag: { events: 2, p50: 2_000, p95: 60_000, p99: 60_000 } },
    ]);
  });

  it("leaves out what happened before it, and knows nothing of what nobody counted", async () => {
    const pipeline = await testPipeline({ country: "AU" });
    await place(pipeline, 1);
    await pipeline.drain();
    pipeline.clock.pass(DAY_MS + 15 * MINUTE);
    expect(await day(pipeline)).toMatchObject([{ lag: { events: 0, p50: null, p95: null, p99: null } }]);
  });

  it("counts the requests that failed, by cause, and says when Meta last said yes", async () => {
    const pipeline = await testPipeline();
    const yes = pipeline.clock.now();
    await press(pipeline);
    pipeline.clock.pass(MINUTE);
    const error = { kind: "error", code: 4 } as const;
    pipeline.meta.weather.script([error, error, { kind: "cut" }, { kind: "status", status: 502, body: "html" }]);
    for (let n = 0; n < 4; n += 1) await press(pipeline);
    const [{ requests } = { requests: null }] = await day(pipeline);
    expect(requests).toMatchObject({ looked: 5, more: false, failed: 4, lastYesAt: yes });
    expect(requests?.causes.map(({ says, count }) => [says.split(":")[0], count])).toEqual([
      ["Error 4", 2],
      [expect.stringMatching(/^(No answer|HTTP 502)$/), 1],
      [expect.stringMatching(/^(No answer|HTTP 502)$/), 1],
    ]);
    pipeline.clock.pass(DAY_MS + 1);
    expect(await day(pipeline)).toMatchObject([{ requests: { looked: 0, failed: 0, causes: [], lastYesAt: yes } }]);
  });

  it("takes no yes to an older token for one to this", async () => {
    const pipeline = await testPipeline();
    await press(pipeline);
    pipeline.clock.pass(SECOND);
    await pipeline.connect({ token: "EAAfresh" });
    expect(await day(pipeline)).toMatchObject([{ requests: { looked: 1, lastYesAt: null } }]);
    pipeline.clock.pass(SECOND);
    await press(pipeline);
    expect(await day(pipeline)).toMatchObject([{ requests: { lastYesAt: pipeline.clock.now() } }]);
  });

  it("looks at the last so many requests, and says that there were more", async () => {
    const pipeline = await testPipeline();
    pipeline.meta.weather.script([{ kind: "error", code: 4 }]);
    for (let n = 0; n < 3; n += 1) {
      await press(pipeline);
      pipeline.clock.pass(SECOND);
    }
    expect(await day(pipeline, { events: 9, requests: 2 })).toMatchObject([
      { requests: { looked: 2, more: true, failed: 0 } },
    ]);
    expect(await day(pipeline, { events: 9, requests: 4 })).toMatchObject([
      { requests: { looked: 3, more: false, failed: 1 } },
    ]);
  });

  it("says of each code in whose hands it is, one line for each cause", () => {
    const row = { verdict: "hold", status: 401, code: 190, subcode: 463, lately: 1, count: 2, last: 5 };
    const { causes } = requestsSummary([row, { ...row, status: 400, count: 1, last: 9 }], 9, 0);
    expect(causes).toEqual([
      { says: expect.stringMatching(/^Error 190, 463: Meta no longer accepts the access token\./), count: 3, last: 9 },
    ]);
  });

  it("tells each dataset its own", async () => {
    const pipeline = await testPipeline({ tokens: { [DATASET]: TOKEN, [SECOND_DATASET]: "EAAsecond" } });
    await pipeline.connect({ dataset: SECOND_DATASET, token: "EAAsecond" });
    await press(pipeline);
    expect(await day(pipeline)).toMatchObject([
      { dataset: DATASET, requests: { looked: 1 } },
      { dataset: SECOND_DATASET, requests: { looked: 0, lastYesAt: null } },
    ]);
  });
});

describe("the pixel's heartbeat", () => {
  it("is when it was last heard, and of how many events it told in about an hour, whatever became of their copies", async () => {
    const pipeline = await testPipeline();
    expect(await heartbeat(pipeline)).toMatchObject({ lastHeardAt: null, heard: 0 });
    await pipeline.beacon(checkoutStarted);
    const heardAt = pipeline.clock.now();
    await pipeline.drain();
    pipeline.clock.pass(20 * MINUTE);
    expect(await heartbeat(pipeline)).toEqual({ lastHeardAt: heardAt, heard: 1, since: heardAt - 45 * MINUTE });
    await pipeline.beacon({ ...checkoutStarted, checkout_token: "b".repeat(32), tr: "threw" });
    await pipeline.drain();
    expect(await heartbeat(pipeline)).toMatchObject({ lastHeardAt: pipeline.clock.now(), heard: 2 });
    pipeline.clock.pass(2 * HOUR);
    expect(await heartbeat(pipeline)).toMatchObject({ lastHeardAt: heardAt + 20 * MINUTE, heard: 0 });
  });

  it("is one, however many datasets are told of it", async () => {
    const pipeline = await testPipeline();
    await pipeline.connect({ dataset: SECOND_DATASET, token: "EAAsecond" });
    await pipeline.beacon(checkoutStarted);
    await pipeline.drain();
    expect(await heartbeat(pipeline)).toMatchObject({ heard: 1 });
  });
});
