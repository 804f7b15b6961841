import { pino } from "pino";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { askAboutToken, type Fetch, META_TIMEOUT_MS, requestBody } from "~/delivery/graph.server";
import { momentOf, momentPassed } from "~/delivery/token-check";
import { type CheckedDataset, openTokenWatch } from "~/delivery/token-check.server";
import { heldOf } from "~/diagnostics/held.server";
import { storeEnv } from "~/env.server";
import { openRuntime } from "~/runtime.server";
import { connectedDatasets } from "~/settings/registry.server";
import { order } from "../fixtures/order";
import { taken } from "../pipeline/seen";
import type { WeatherStep } from "../simulators/meta/server";
import { startMeta } from "../simulators/meta/server";
import { heldClock } from "../support/clock";
import { DATASET, type TestPipeline, TOKEN, testPipeline } from "../support/pipeline";
import { destinationAt, openPool } from "./support";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const MIDNIGHT = Date.parse("2026-11-21T00:00:00Z");
const PATIENCE = { timeout: 10_000, interval: 5 };

const EMPTY = '{"error":{"code":100,"message":"(#100) param data must be a non-empty array."}}';
const answering = (text: string, status = 400): Fetch => {
  return async () => ({ status, headers: { get: () => null }, text: async () => text });
};

describe("the question about a token", () => {
  async function ask(token: string, steps: WeatherStep[] = [], version = "v25.0") {
    const meta = await startMeta({ tokens: { [DATASET]: TOKEN, "4711": "EAAother" } });
    onTestFinished(() => meta.close());
    meta.weather.script(steps);
    const destination = destinationAt(meta.origin, { version, dataset: DATASET, token });
    return { judgement: await askAboutToken(destination, openPool()), meta };
  }

  it("is a request for events that holds none, with the token in a header: never in the URL or the body", async () => {
    const { meta, judgement } = await ask(TOKEN);
    expect(meta.requests).toMatchObject([
      { path: `/v25.0/${DATASET}/events`, authorization: true, body: requestBody([], null) },
    ]);
    expect(judgement.verdict).toBe("accepted");
    expect(meta.received).toEqual([]);
  });

  it.each([
    ["a token nobody knows", "EAAunknown", [], "meta_190_467"],
    ["another dataset's token", "EAAother", [], "meta_100_33"],
    ["a token that has run out", TOKEN, [{ kind: "error", code: 190, subcode: 463 }], "meta_190_463"],
    ["a token of somebody who left the app", TOKEN, [{ kind: "error", code: 190, subcode: 458 }], "meta_190_458"],
    ["a permission that is gone", TOKEN, [{ kind: "error", code: 10 }], "meta_10"],
    ["another permission that is gone", TOKEN, [{ kind: "error", code: 200 }], "meta_200"],
  ] as const)("is answered for %s with what holds the dataset", async (_what, token, steps, reason) => {
    expect((await ask(token, [...steps])).judgement).toMatchObject({ verdict: "hold", reason });
  });

  it.each([
    ["Meta is down", { kind: "error", code: 2 }, "meta_2"],
    ["Meta asks to slow down", { kind: "error", code: 17 }, "meta_17"],
    ["a dead token will pass, Meta says", { kind: "error", code: 190, transient: true }, "meta_190"],
    ["a code is not known", { kind: "error", code: 987_654 }, "meta_987654"],
    ["a proxy answers in HTML", { kind: "status", status: 502, body: "html" }, "http_502"],
    ["a portal answers instead of Meta", { kind: "status", status: 200, body: "html" }, "http_200"],
    ["Meta hangs up", { kind: "cut" }, "network"],
  ] as const)("holds nothing when %s", async (_what, step, reason) => {
    expect((await ask(TOKEN, [step])).judgement).toMatchObject({ verdict: "retry", reason });
  });

  it("holds nothing when this version of Graph is no more", async () => {
    expect((await ask(TOKEN, [], "v18.0")).judgement).toMatchObject({ verdict: "retry", reason: "meta_2635" });
  });

  it("holds nothing when Meta does not answer in time", async () => {
    const late: Fetch = () =>
      Promise.reject(new DOMException("The operation was aborted due to timeout", "TimeoutError"));
    expect(await askAboutToken(destinationAt("http://127.0.0.1:9"), late)).toMatchObject({
      verdict: "retry",
      reason: "timeout",
    });
  });
});

describe("the moment of the day at which a dataset is asked about", () => {
  it("comes once a day for each, however often one looks", () => {
    const looks = Array.from({ length: 2 * 1_440 }, (_, n) => MIDNIGHT + n * MINUTE_MS);
    for (const id of [1, 2, 3, 5_000]) {
      const passed = looks.filter((at) => momentPassed(id, at - MINUTE_MS, at));
      expect(passed).toHaveLength(2);
      expect((passed[1] ?? 0) - (passed[0] ?? 0)).toBe(DAY_MS);
      expect((passed[0] ?? 0) - MIDNIGHT - momentOf(id)).toBeLessThanOrEqual(MINUTE_MS);
    }
  });

  it("is of neither of two looks twice, and of no look that goes back", () => {
    const at = MIDNIGHT + momentOf(1);
    expect(momentPassed(1, at - 1, at)).toBe(true);
    expect(momentPassed(1, at, at + 1)).toBe(false);
    expect(momentPassed(1, at + 1, at - 1)).toBe(false);
  });

  it("is spread over the day: of ten thousand datasets no minute has more than nine", () => {
    const minutes = new Map<number, number>();
    for (let id = 1; id <= 10_000; id += 1) {
      const minute = Math.floor(momentOf(id) / MINUTE_MS);
      minutes.set(minute, (minutes.get(minute) ?? 0) + 1);
    }
    expect(minutes.size).toBe(1_440);
    expect(Math.max(...minutes.values())).toBeLessThanOrEqual(9);
  });
});

/** A shop with a watch over its token, one minute before it is asked about. */
async function watched(fetch: Fetch = openPool()) {
  const pipeline = await testPipeline({ tokens: { [DATASET]: TOKEN } });
  pipeline.clock.set(MIDNIGHT + momentOf(1) - MINUTE_MS);
  const answers: string[] = [];
  const watch = openTokenWatch(
    {
      graph: { url: pipeline.meta.origin, version: "v25.0", fetch },
      datasets: () => connectedDatasets(pipeline.shop()).filter(({ heldReason }) => heldReason === null),
      hold: async (dataset, { reason }) => {
        await pipeline.store.holdDataset(dataset, reason ?? "hold", pipeline.clock.now());
        await pipeline.registry.refresh();
      },
      onAnswer: (_dataset, { verdict, reason }) => answers.push(`${verdict} ${reason}`),
      onFault: (_dataset, error) => answers.push(String(error)),
    },
    // The hour before the start is not what these are about.
    pipeline.clock.now,
  );
  onTestFinished(() => watch.stop());
  const pass = async (ms: number, expected: number) => {
    pipeline.clock.pass(ms);
    watch.tick();
    await expect.poll(() => answers.length, PATIENCE).toBe(expected);
    await pause();
  };
  return { pipeline, watch, answers, pass };
}

/** Lets what is under way, and takes no time, happen. */
async function pause(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise(setImmediate);
}

async function columns({ db }: TestPipeline) {
  return db.dataset.findFirstOrThrow({ where: { id: 1 } });
}

describe("a token that died", () => {
  it("is found before an order meets it: the dataset is held, and shown so", async () => {
    const { pipeline, pass, answers } = await watched();
    pipeline.meta.setToken(DATASET, null);
    await pass(MINUTE_MS, 1);
    expect(answers).toEqual(["hold meta_190_463"]);
    await expect.poll(() => pipeline.shop().datasets[0]?.heldReason, PATIENCE).toBe("meta_190_463");
    const asked = pipeline.meta.requests.length;
    await pipeline.webhook("orders/create", order({ country: "AU", at: new Date(pipeline.clock.now()).toISOString() }));
    await pipeline.drain();
    expect(pipeline.meta.requests).toHaveLength(asked);
    expect(await heldOf(pipeline.db, pipeline.shop())).toMatchObject([
      { reason: "meta_190_463", since: pipeline.clock.now(), waiting: 1 },
    ]);
  });

  it("is forgotten with the new one: what waits leaves at once, and it is asked about again the next day", async () => {
    const { pipeline, pass, answers } = await watched();
    pipeline.meta.setToken(DATASET, null);
    await pass(MINUTE_MS, 1);
    await pipeline.webhook("orders/create", order({ country: "AU", at: new Date(pipeline.clock.now()).toISOString() }));
    pipeline.meta.setToken(DATASET, "EAAfresh");
    await pipeline.connect({ token: "EAAfresh" });
    await pipeline.drain();
    expect(taken(pipeline)).toHaveLength(1);
    await pass(DAY_MS, 2);
    expect(answers[1]).toBe("accepted null");
  });

  it("is not held against a newer one that came while Meta was answering", async () => {
    let answer: (text: string) => void = () => undefined;
    const slow = new Promise<string>((resolve) => {
      answer = resolve;
    });
    const { pipeline, watch, answers } = await watched(async () => ({
      status: 401,
      headers: { get: () => null },
      text: () => slow,
    }));
    pipeline.clock.pass(MINUTE_MS);
    watch.tick();
    await pipeline.connect({ token: "EAAfresh" });
    answer('{"error":{"code":190}}');
    await expect.poll(() => answers, PATIENCE).toEqual(["hold meta_190"]);
    await watch.stop();
    expect(await columns(pipeline)).toMatchObject({ heldReason: null, connection: 2 });
  });
});

describe("a token that lives and may no longer send", () => {
  it.each<[string, WeatherStep, string]>([
    ["has lost its permission", { kind: "error", code: 200 }, "meta_200"],
    ["no longer sees the dataset", { kind: "error", code: 100, subcode: 33 }, "meta_100_33"],
  ])("holds the dataset as an event's own answer would: it %s", async (_what, step, reason) => {
    const { pipeline, pass, answers } = await watched();
    pipeline.meta.weather.script([step]);
    await pass(MINUTE_MS, 1);
    expect(answers).toEqual([`hold ${reason}`]);
    await expect.poll(async () => (await columns(pipeline)).heldReason, PATIENCE).toBe(reason);
  });
});

describe("a token that lives", () => {
  it.each<[string, WeatherStep[], string]>([
    ["is answered for", [], "accepted null"],
    ["cannot be asked about", [{ kind: "cut" }], "retry network"],
    ["is throttled", [{ kind: "status", status: 429, headers: { "retry-after": "120" } }], "retry meta_4"],
    ["meets an outage", [{ kind: "status", status: 503 }], "retry meta_2"],
  ])("stays as it is when it %s", async (_what, steps, answer) => {
    const { pipeline, pass, answers } = await watched();
    const before = await columns(pipeline);
    pipeline.meta.weather.script(steps);
    await pass(MINUTE_MS, 1);
    expect(answers).toEqual([answer]);
    expect(await columns(pipeline)).toEqual(before);
  });
});

describe("a dataset is asked about", () => {
  it("once a day, at its moment", async () => {
    const { pipeline, watch, answers } = await watched(answering(EMPTY));
    for (let minute = 0; minute < 3 * 1_440; minute += 1) {
      pipeline.clock.pass(MINUTE_MS);
      watch.tick();
      await pause();
    }
    expect(answers).toEqual(Array(3).fill("accepted null"));
    expect(pipeline.meta.requests).toEqual([]);
  });

  it.each([
    ["on hold", (p: TestPipeline) => p.store.holdDataset({ id: 1, connection: 2 }, "meta_10", 1)],
    ["disconnected", (p: TestPipeline) => p.store.disconnectDatasets(p.shop().id, null, p.clock.now())],
    ["a shop's that took the app away", (p: TestPipeline) => uninstall(p)],
  ])("not while it is %s", async (_what, change) => {
    const { pipeline, watch } = await watched();
    await pipeline.connect();
    await change(pipeline);
    await pipeline.registry.refresh();
    pipeline.clock.pass(MINUTE_MS);
    watch.tick();
    await watch.stop();
    expect(pipeline.meta.requests).toEqual([]);
  });
});

const uninstall = ({ store, shop, clock }: TestPipeline) =>
  store.uninstallShop(shop().id, shop().domain, clock.now(), clock.now());

/** A watch over datasets of no shop, with a Meta that says yes when told to. */
function watchOver(ids: number[], at: number) {
  const clock = heldClock(at);
  const asked: string[] = [];
  const faults: string[] = [];
  const held: number[] = [];
  let answers: (() => void)[] = [];
  const datasets: CheckedDataset[] = ids.map((id) => ({ id, connection: 1, dataset: String(id), token: "EAA" }));
  const fetch: Fetch = (url, { signal }) =>
    new Promise((resolve, reject) => {
      asked.push(new URL(url).pathname);
      signal.addEventListener("abort", () => reject(signal.reason));
      answers.push(() =>
        resolve({ status: 401, headers: { get: () => null }, text: async () => '{"error":{"code":190}}' }),
      );
    });
  const watch = openTokenWatch(
    {
      graph: { url: "http://graph", version: "v25.0", fetch },
      datasets: () => datasets,
      hold: async ({ id }) => {
        if (id === 1) throw new Error("the store is busy");
        held.push(id);
      },
      onAnswer: () => undefined,
      onFault: ({ dataset }, error) => faults.push(`${dataset}: ${error}`),
    },
    clock.now,
  );
  const answerAll = async () => {
    const due = answers;
    answers = [];
    for (const answer of due) answer();
    await pause();
  };
  return { watch, clock, asked, faults, held, answerAll };
}

describe("the watch", () => {
  it("asks after a start about those, too, whose moment came in the hour before", () => {
    const moment = MIDNIGHT + momentOf(1);
    for (const [late, asked] of [
      [HOUR_MS - 1, ["/v25.0/1/events"]],
      [HOUR_MS, []],
    ] as const) {
      const over = watchOver([1], moment + late);
      over.watch.tick();
      expect(over.asked).toEqual(asked);
    }
  });

  it("asks about each once when it wakes from a long sleep, four at a time", async () => {
    const ids = Array.from({ length: 10 }, (_, n) => n + 2);
    const { watch, clock, asked, answerAll } = watchOver(ids, MIDNIGHT);
    clock.pass(5 * DAY_MS);
    watch.tick();
    expect(asked).toHaveLength(4);
    while (asked.length < 10) await answerAll();
    await answerAll();
    clock.pass(MINUTE_MS);
    watch.tick();
    expect(asked.toSorted()).toEqual(ids.map((id) => `/v25.0/${id}/events`).toSorted());
  });

  it("begins no second round while Meta has not answered the first, and misses no moment for it", async () => {
    const { watch, clock, asked, answerAll } = watchOver([1, 2], MIDNIGHT + momentOf(1));
    watch.tick();
    clock.set(MIDNIGHT + DAY_MS + momentOf(2));
    watch.tick();
    expect(asked).toEqual(["/v25.0/1/events"]);
    await answerAll();
    watch.tick();
    expect(asked.slice(1)).toContain("/v25.0/2/events");
  });

  it("asks about the others when one answer cannot be written down", async () => {
    const { watch, clock, faults, held, answerAll } = watchOver([1, 2, 3, 4, 5, 6], MIDNIGHT);
    clock.pass(DAY_MS);
    watch.tick();
    await answerAll();
    await answerAll();
    expect(faults).toEqual(["1: Error: the store is busy"]);
    expect(held.toSorted()).toEqual([2, 3, 4, 5, 6]);
  });

  it("lets go of what is in flight when it is stopped, heeds nothing of it and asks no more", async () => {
    const { watch, clock, asked, held, faults } = watchOver([2, 3, 4, 5, 6, 7], MIDNIGHT);
    clock.pass(DAY_MS);
    watch.tick();
    const asking = performance.now();
    await watch.stop();
    expect(performance.now() - asking).toBeLessThan(META_TIMEOUT_MS / 2);
    clock.pass(DAY_MS);
    watch.tick();
    expect([asked.length, held, faults]).toEqual([4, [], []]);
  });
});

it("a running server finds a dead token by itself, and says so in its log without the token", async () => {
  const pipeline = await testPipeline({ tokens: { [DATASET]: TOKEN } });
  pipeline.meta.setToken(DATASET, null);
  pipeline.clock.set(MIDNIGHT + momentOf(1) - MINUTE_MS);
  const lines: string[] = [];
  const key = pipeline.keyring[0].bytes.toString("base64");
  const { origin } = pipeline.meta;
  const env = { DATABASE_URL: `file:${pipeline.path}`, ENCRYPTION_KEY: key, MIGRATE: "0", META_GRAPH_URL: origin };
  const runtime = await openRuntime(storeEnv(env), {
    log: pino({ level: "info" }, { write: (line: string) => lines.push(line) }),
    root: process.cwd(),
    now: pipeline.clock.now,
    appUrl: "http://127.0.0.1:9",
    graphqlOf: vi.fn(() => Promise.reject(new Error("nobody to ask"))),
  });
  onTestFinished(() => runtime.close());
  pipeline.clock.pass(MINUTE_MS);
  await expect.poll(async () => (await columns(pipeline)).heldReason, PATIENCE).toBe("meta_190_463");
  expect(pipeline.meta.requests).toHaveLength(1);
  expect(lines.join("")).toContain('"msg":"token.checked"');
  expect(lines.join("")).toContain('"msg":"dataset.held"');
  expect(lines.join("")).not.toContain(TOKEN);
});
