import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type CallOptions, NOON, post, postEvents, postRaw, purchase, SECOND } from "./calls";
import { type MetaStandIn, startMeta, type WeatherStep } from "./server";

let meta: MetaStandIn;
let clock = NOON;

beforeEach(async () => {
  clock = NOON;
  meta = await startMeta({ now: () => clock });
});
afterEach(() => meta.close());

const send = (options: CallOptions = {}) => postEvents(meta.origin, [purchase()], options);
const status = async (options: CallOptions = {}) => {
  const response = await postRaw(meta.origin, { data: [purchase()] }, options);
  await response.arrayBuffer();
  return response.status;
};

describe("steps that refuse before taking", () => {
  it("a status comes with a Graph error, and the headers asked for", async () => {
    meta.weather.script([{ kind: "status", status: 429, headers: { "retry-after": "7" } }]);
    const response = await postRaw(meta.origin, { data: [purchase()] });
    expect([response.status, response.headers.get("retry-after")]).toEqual([429, "7"]);
    expect((await response.json()).error).toMatchObject({ code: 4, is_transient: true });
    expect(meta.received).toEqual([]);
  });

  it.each([
    ["html", "text/html; charset=utf-8"],
    ["garbage", "application/json; charset=UTF-8"],
  ] as const)("a status may come as %s", async (body, contentType) => {
    meta.weather.script([{ kind: "status", status: 503, body }]);
    const response = await postRaw(meta.origin, { data: [purchase()] });
    expect([response.status, response.headers.get("content-type")]).toEqual([503, contentType]);
    const text = await response.text();
    expect(() => JSON.parse(text)).toThrow();
  });

  it("they strike before anything is judged", async () => {
    meta.weather.script([{ kind: "status", status: 500 }]);
    expect((await post(meta.origin, "{", { token: null })).status).toBe(500);
  });

  it.each<[WeatherStep, number, object]>([
    [{ kind: "error", code: 190, subcode: 460 }, 401, { code: 190, error_subcode: 460, is_transient: false }],
    [{ kind: "error", code: 2 }, 503, { code: 2, is_transient: true }],
    [
      { kind: "error", code: 100, subcode: 2804016, transient: true },
      400,
      { error_subcode: 2804016, is_transient: true },
    ],
    [{ kind: "error", code: -7 }, 400, { code: -7, is_transient: false }],
  ])("an error by its numbers: %o", async (step, http, error) => {
    meta.weather.script([step]);
    const answer = await send();
    expect(answer.status).toBe(http);
    expect(answer.json.error).toMatchObject(error);
    expect(meta.received).toEqual([]);
  });

  it("a cut destroys the socket", async () => {
    meta.weather.script([{ kind: "cut" }]);
    await expect(send()).rejects.toThrow();
    expect(meta.requests).toMatchObject([{ status: 0, taken: 0, events: 1, weather: "cut" }]);
    expect(await status()).toBe(200);
  });

  it("a timeout holds the request and never answers it", async () => {
    meta.weather.script([{ kind: "timeout", ms: 100 }]);
    const began = performance.now();
    await expect(send()).rejects.toThrow();
    expect(performance.now() - began).toBeGreaterThan(90);
    expect(meta.received).toEqual([]);
  });
});

describe("steps that take the events and lose the answer", () => {
  it.each<WeatherStep>([{ kind: "taken_then_cut" }, { kind: "taken_then_timeout", ms: 20 }])("%o", async (step) => {
    meta.weather.script([step]);
    await expect(send()).rejects.toThrow();
    expect(meta.received).toHaveLength(1);
    expect(meta.requests).toMatchObject([{ status: 0, taken: 1 }]);
  });

  it("an answer may come as garbage", async () => {
    meta.weather.script([{ kind: "taken_then_garbage" }]);
    const response = await postRaw(meta.origin, { data: [purchase()] });
    expect(response.status).toBe(200);
    await expect(response.json()).rejects.toThrow();
    expect(meta.received).toHaveLength(1);
  });

  it("but they take nothing that Meta would refuse", async () => {
    meta.weather.script([{ kind: "taken_then_cut" }]);
    await expect(postEvents(meta.origin, [{}])).rejects.toThrow();
    expect(meta.received).toEqual([]);
    expect(meta.requests[0]?.error?.code).toBe(100);
  });
});

describe("latency", () => {
  it("only delays", async () => {
    meta.weather.script([{ kind: "latency", ms: 80 }]);
    const began = performance.now();
    expect(await status()).toBe(200);
    expect(performance.now() - began).toBeGreaterThan(70);
  });

  it("counts for a client that did not wait", async () => {
    meta.weather.script([{ kind: "latency", ms: 5000 }]);
    await expect(send({ signal: AbortSignal.timeout(50) })).rejects.toThrow();
    expect(meta.received).toHaveLength(1);
  });
});

describe("the script", () => {
  it("runs in order, each step for its count, then the sky is clear", async () => {
    meta.weather.script([
      { kind: "status", status: 500, count: 2 },
      { kind: "status", status: 503 },
    ]);
    expect([await status(), await status(), await status(), await status()]).toEqual([500, 500, 503, 200]);
    expect(meta.weather.forecast()).toEqual([]);
  });

  it("runs a timed step from its first use until its time is over", async () => {
    meta.weather.script([{ kind: "status", status: 500, forMs: 10 * SECOND }]);
    clock += 60 * SECOND;
    expect(await status()).toBe(500);
    clock += 10 * SECOND - 1;
    expect(await status()).toBe(500);
    clock += 1;
    expect(await status()).toBe(200);
  });

  it("may concern one dataset, and others pass it by", async () => {
    meta.weather.script([
      { kind: "status", status: 500, dataset: "1002" },
      { kind: "status", status: 503 },
    ]);
    expect([await status(), await status()]).toEqual([503, 200]);
    expect([await status({ dataset: "1002" }), await status({ dataset: "1002" })]).toEqual([500, 200]);
  });

  it("is replaced by the next one", async () => {
    meta.weather.script([{ kind: "status", status: 500, count: 9 }]);
    meta.weather.script([]);
    expect(await status()).toBe(200);
  });

  it("may come from another process", async () => {
    const put = (steps: unknown) => fetch(`${meta.origin}/weather`, { method: "POST", body: JSON.stringify(steps) });
    expect((await put([{ kind: "status", status: 500 }])).status).toBe(200);
    expect(await status()).toBe(500);
    expect((await put([{ kind: "hail" }])).status).toBe(400);
    expect((await put([{ kind: "cut", times: 3 }])).status).toBe(400);
    expect((await put("cut")).status).toBe(400);
  });

  it("leaves the browser leg alone", async () => {
    meta.weather.script([{ kind: "cut" }]);
    expect((await fetch(`${meta.origin}/tr?id=1001&ev=PageView&eid=1`)).status).toBe(200);
    expect(meta.received).toHaveLength(1);
  });
});

it("closing lets go of requests that are being held", async () => {
  meta.weather.script([{ kind: "timeout", ms: 60_000 }]);
  const held = send().catch(() => "let go");
  while (meta.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await meta.close();
  expect(await held).toBe("let go");
});
