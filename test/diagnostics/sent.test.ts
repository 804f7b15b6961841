import { pino } from "pino";
import { describe, expect, it } from "vitest";
import type { Sent } from "~/diagnostics/sent";
import { sentOf } from "~/diagnostics/sent.server";
import { TEST_EVENT } from "~/events/catalog";
import { sendTestEvent } from "~/pipeline/test-event.server";
import { connect } from "~/settings/connect.server";
import { TEST_CODE_MS } from "~/settings/test-code";
import { checkoutStarted } from "../fixtures/beacon";
import { order } from "../fixtures/order";
import { later, MINUTE, SECOND } from "../pipeline/seen";
import { DATASET, type TestPipeline, TOKEN, testPipeline } from "../support/pipeline";

const SECOND_DATASET = "2234567890";
const HOUR = 60 * MINUTE;

async function look(
  pipeline: TestPipeline,
  { dataset = DATASET, bounds }: { dataset?: string; bounds?: Parameters<typeof sentOf>[4] } = {},
): Promise<Sent> {
  await pipeline.registry.refresh();
  const shop = pipeline.shop();
  const found = shop.datasets.find((one) => one.dataset === dataset);
  if (found === undefined) throw new Error(`dataset ${dataset} is not connected`);
  return sentOf(pipeline.store, shop, found, pipeline.clock.now(), bounds);
}

/** A person presses the button. */
async function press({ shop, store, meta, clock }: TestPipeline): Promise<string> {
  const [dataset] = shop().datasets;
  if (dataset === undefined) throw new Error("the test's shop has no dataset");
  const graph = { url: meta.origin, version: "v25.0", fetch: (to: string, init: RequestInit) => fetch(to, init) };
  const deps = { store, graph, log: pino({ level: "silent" }), now: clock.now };
  return (await sendTestEvent({ shop: shop(), dataset }, deps)).eventId;
}

/** A web order that may leave at once; `n` tells it from the others. */
async function place(pipeline: TestPipeline, n: number): Promise<void> {
  const at = new Date(pipeline.clock.now()).toISOString();
  await pipeline.webhook("orders/create", order({ id: 6_000_000 + n, checkoutToken: `t${n}`, country: "AU", at }));
  await pipeline.drain();
}

const ids = ({ lines }: Sent) => lines.map(({ eventId }) => eventId);

describe("what Tandem saw leave", () => {
  it("has a test event at once, with Meta's answer to it and the names of its match keys", async () => {
    const pipeline = await testPipeline();
    const eventId = await press(pipeline);
    const { lines } = await look(pipeline);
    expect(lines).toEqual([
      {
        event: TEST_EVENT,
        eventId,
        at: pipeline.clock.now(),
        server: {
          id: 1,
          outcome: "accepted",
          says: null,
          at: pipeline.clock.now(),
          keys: ["external_id"],
          meta: {
            says: "Meta received 1 event with this request.",
            messages: [],
            traceId: expect.stringMatching(/^[\w-]+$/),
          },
        },
        browser: null,
      },
    ]);
  });

  it("has both copies of an event in one line, and no value of a match key in any", async () => {
    const pipeline = await testPipeline({ country: "AU" });
    await pipeline.beacon({ ...checkoutStarted, user_data: { em: ["a".repeat(64)], ph: [] } });
    const heardAt = pipeline.clock.now();
    await later(pipeline, 5 * SECOND);
    const sent = await look(pipeline);
    expect(sent.lines).toMatchObject([
      {
        event: "InitiateCheckout",
        server: { outcome: "accepted", at: heardAt + 5 * SECOND },
        browser: { tr: "resolved", at: heardAt },
      },
    ]);
    expect(sent.lines[0]?.server?.keys).toContain("em");
    expect(JSON.stringify(sent)).not.toContain("aaaa");
  });

  it("has the browser's copy while the server's is yet to leave, and says that Meta was not asked", async () => {
    const pipeline = await testPipeline();
    await pipeline.beacon(checkoutStarted);
    expect((await look(pipeline)).lines).toMatchObject([
      { server: { outcome: "waiting", at: null, keys: null, meta: null }, browser: { tr: "resolved" } },
    ]);
  });

  it("has what waits for its next try, with Meta's answer to the last", async () => {
    const pipeline = await testPipeline({ country: "AU" });
    pipeline.meta.weather.script([{ kind: "error", code: 4 }]);
    await place(pipeline, 1);
    const [line] = (await look(pipeline)).lines;
    expect(line?.server).toMatchObject({
      outcome: "waiting",
      says: expect.stringContaining("slow down"),
      meta: { says: expect.stringMatching(/^Meta refused it, HTTP \d+, error 4: ./) },
    });
  });

  it("has what Meta refused, and what came of a request without an answer", async () => {
    const pipeline = await testPipeline();
    pipeline.meta.weather.script([{ kind: "error", code: 100, subcode: 2804003 }, { kind: "cut" }]);
    await press(pipeline);
    await press(pipeline);
    const { lines } = await look(pipeline);
    expect(lines.map(({ server }) => [server?.outcome, server?.meta?.says.split(":")[0]])).toEqual([
      ["rejected", "No answer came."],
      ["rejected", "Meta refused it, HTTP 400, error 100, 2804003"],
    ]);
  });

  it("does not open what is sealed under a key that is gone, and lists it all the same", async () => {
    const pipeline = await testPipeline();
    await press(pipeline);
    await pipeline.db.event.updateMany({ data: { bytes: "v1.nobody.knows.this" } });
    await pipeline.db.attempt.updateMany({ data: { answer: "" } });
    expect((await look(pipeline)).lines).toMatchObject([
      {
        server: { keys: null, meta: { says: "Meta's answer is not kept any more, or cannot be opened." } },
      },
    ]);
  });
});

describe("the span of it", () => {
  it("is the last hour without a test code", async () => {
    const pipeline = await testPipeline();
    const eventId = await press(pipeline);
    pipeline.clock.pass(HOUR);
    expect(await look(pipeline)).toMatchObject({ withCode: false, since: pipeline.clock.now() - HOUR });
    expect(ids(await look(pipeline))).toEqual([eventId]);
    pipeline.clock.pass(1);
    expect(ids(await look(pipeline))).toEqual([]);
  });

  it("is of the browser's copies too", async () => {
    const pipeline = await testPipeline();
    await pipeline.beacon(checkoutStarted);
    pipeline.clock.pass(HOUR);
    expect((await look(pipeline)).lines).toMatchObject([{ event: "InitiateCheckout", browser: { tr: "resolved" } }]);
    pipeline.clock.pass(1);
    expect(ids(await look(pipeline))).toEqual([]);
  });

  it("begins when the code was set, and is the last hour again once its day is over", async () => {
    const pipeline = await testPipeline();
    await press(pipeline);
    pipeline.clock.pass(SECOND);
    await pipeline.connect({ testCode: "TEST1" });
    const since = pipeline.clock.now();
    expect(await look(pipeline)).toMatchObject({ withCode: true, since, lines: [] });
    const eventId = await press(pipeline);
    pipeline.clock.pass(TEST_CODE_MS - 1);
    expect(await look(pipeline)).toMatchObject({ withCode: true, since });
    expect(ids(await look(pipeline))).toEqual([eventId]);
    pipeline.clock.pass(1);
    expect(await look(pipeline)).toMatchObject({ withCode: false, lines: [] });
  });

  it("is of when an event was sent, not of when it came", async () => {
    const pipeline = await testPipeline({ country: "AU", tokens: { [DATASET]: TOKEN } });
    await pipeline.store.holdDataset({ id: 1, connection: 1 }, "meta_190", pipeline.clock.now());
    await place(pipeline, 1);
    pipeline.clock.pass(2 * HOUR);
    expect(ids(await look(pipeline))).toEqual([]);
    await pipeline.connect({ token: TOKEN });
    await pipeline.drain();
    expect(ids(await look(pipeline))).toEqual(["purchase.t1"]);
  });
});

describe("the list", () => {
  it("is of this dataset alone, and of this shop's", async () => {
    const pipeline = await testPipeline({ country: "AU" });
    const none = { testCode: null, country: "AU", holdSeconds: 0 };
    const other = { shop: "other-shop.myshopify.com", dataset: DATASET, token: "T", ...none };
    await connect(pipeline.store, pipeline.keyring, other, pipeline.clock.now());
    const eventId = await press(pipeline);
    await pipeline.connect({ dataset: SECOND_DATASET, token: "EAAsecond" });
    expect(ids(await look(pipeline))).toEqual([eventId]);
    expect(ids(await look(pipeline, { dataset: SECOND_DATASET }))).toEqual([]);
    await pipeline.beacon(checkoutStarted);
    await later(pipeline, 5 * SECOND);
    expect((await look(pipeline)).lines).toHaveLength(2);
    expect((await look(pipeline, { dataset: SECOND_DATASET })).lines).toMatchObject([{ event: "InitiateCheckout" }]);
  });

  it("has the latest first, so many and no more, of the shop's latest events", async () => {
    const pipeline = await testPipeline();
    const sent: string[] = [];
    for (let n = 0; n < 4; n += 1) {
      sent.unshift(await press(pipeline));
      pipeline.clock.pass(SECOND);
    }
    expect(ids(await look(pipeline))).toEqual(sent);
    expect(ids(await look(pipeline, { bounds: { events: 9, lines: 2 } }))).toEqual(sent.slice(0, 2));
    expect(ids(await look(pipeline, { bounds: { events: 3, lines: 9 } }))).toEqual(sent.slice(0, 3));
  });
});
