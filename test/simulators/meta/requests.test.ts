import { afterEach, describe, expect, it } from "vitest";
import { BROWSER_PURCHASE, type CallOptions, hit, NOON, post, postEvents, purchase } from "./calls";
import { type MetaOptions, type MetaStandIn, startMeta } from "./server";

let meta: MetaStandIn | undefined;

async function start(options: MetaOptions = {}): Promise<MetaStandIn> {
  meta = await startMeta({ now: () => NOON, ...options });
  return meta;
}

afterEach(() => meta?.close());

describe("an accepted request", () => {
  it("is answered with the number of events and a trace id of its own", async () => {
    const { origin } = await start();
    const first = await postEvents(origin, [purchase(), purchase({ event_id: "2" })]);
    const second = await postEvents(origin, [purchase()]);
    expect(first).toMatchObject({ status: 200, json: { events_received: 2, messages: [] } });
    expect(Object.keys(first.json).sort()).toEqual(["events_received", "fbtrace_id", "messages"]);
    expect(first.json.fbtrace_id).not.toBe(second.json.fbtrace_id);
  });

  it("leaves one copy per event, in order, as it came", async () => {
    const { origin, received } = await start();
    await postEvents(origin, [purchase({ event_id: "1" }), purchase({ event_id: undefined })]);
    expect(received.map(({ event_id }) => event_id)).toEqual(["1", null]);
    expect(received[0]).toEqual({
      leg: "server",
      dataset: "1001",
      event_name: "Purchase",
      event_id: "1",
      at: NOON,
      body: purchase({ event_id: "1" }),
      test: false,
      warnings: [],
    });
  });

  it("may hold 1,000 events and is judged quickly", async () => {
    const { origin } = await start();
    const events = Array.from({ length: 1000 }, (_, index) => purchase({ event_id: `e${index}` }));
    const began = performance.now();
    expect((await postEvents(origin, events)).json.events_received).toBe(1000);
    expect(performance.now() - began).toBeLessThan(1000);
  });
});

describe("every request is written down", () => {
  it("with the name that its sender put before Meta's path", async () => {
    const { origin, requests } = await start();
    expect((await postEvents(`${origin}/from/worker-1`, [purchase()])).status).toBe(200);
    expect(requests[0]).toMatchObject({ dataset: "1001", taken: 1 });
    expect(requests[0]?.path).toMatch(/^\/from\/worker-1\/v/);
  });

  it("with its path, its raw body and what became of it", async () => {
    const { origin, requests } = await start({ tokens: { "1001": "T" } });
    const body = `{ "data": [${JSON.stringify(purchase())}] }`;
    await post(origin, body, { version: "v26.0" });
    await post(origin, "{", { token: null, query: "?access_token=nope" });
    expect(requests[0]).toEqual({
      ...{ at: NOON, dataset: "1001", version: "v26.0", authorization: true, status: 200, events: 1, taken: 1 },
      ...{ weather: null, error: null, path: "/v26.0/1001/events", body },
    });
    expect(requests[1]).toMatchObject({ authorization: false, status: 400, events: 0, taken: 0 });
    expect(requests[1]?.path).toBe("/v25.0/1001/events?access_token=nope");
    expect(requests[1]?.error?.code).toBe(100);
  });
});

describe("requests that are refused whole", () => {
  const good = { data: [purchase()] };
  it.each<[string, unknown, CallOptions, number, number, number?]>([
    ["malformed JSON", "{", {}, 400, 100],
    ["JSON that is no object", "[]", {}, 400, 100],
    ["another content type", good, { contentType: "text/plain" }, 400, 100],
    ["no data", {}, {}, 400, 100],
    ["empty data", { data: [] }, {}, 400, 100],
    ["1,001 events", { data: Array.from({ length: 1001 }, () => ({})) }, {}, 400, 100],
    ["a field that Meta does not know", { ...good, debug: true }, {}, 400, 100],
    ["a partner agent of 23 characters", { ...good, partner_agent: "x".repeat(23) }, {}, 400, 100],
    ["an expired version", good, { version: "v20.0" }, 400, 2635],
    ["a version that does not exist", good, { version: "v99.0" }, 400, 2500],
    ["a dataset that is no number", good, { dataset: "me" }, 400, 100, 33],
    ["a body over 1 MB", { data: ["x".repeat(1024 * 1024)] }, {}, 413, 1],
    ["a body over 8 MB", { data: ["x".repeat(8 * 1024 * 1024)] }, {}, 413, 1],
  ])("%s", async (_name, body, options, status, code, subcode) => {
    const { origin, received } = await start();
    const answer = await post(origin, body, options);
    expect(answer.status).toBe(status);
    expect(answer.json.error).toMatchObject({ code, is_transient: false, fbtrace_id: expect.any(String) });
    expect(answer.json.error?.error_subcode).toBe(subcode);
    expect(received).toEqual([]);
  });

  it.each(["v21.0", "v22.0", "v23.0", "v24.0", "v25.0", "v26.0"])("but %s is served", async (version) => {
    const { origin } = await start();
    expect((await postEvents(origin, [purchase()], { version })).status).toBe(200);
  });

  it("one bad event costs the other 999", async () => {
    const { origin, received } = await start();
    const events = Array.from({ length: 1000 }, (_, index) => purchase({ event_id: index === 998 ? "" : `e${index}` }));
    const { json } = await postEvents(origin, events);
    expect(JSON.parse(json.error?.error_data ?? "")).toEqual({ blame_field_specs: [["data[998][event_id]"]] });
    expect(received).toEqual([]);
  });

  it("a path that Graph does not have, and a method that the edge does not have", async () => {
    const { origin } = await start();
    for (const [path, method] of [
      ["/1001/events", "POST"],
      ["/v25.0/1001/events", "GET"],
    ] as const) {
      const response = await fetch(origin + path, { method });
      expect([response.status, (await response.json()).error.code]).toEqual([400, 2500]);
    }
  });
});

describe("tokens", () => {
  const tokens = { "1001": "T", "1002": "U" };

  it.each<[string, CallOptions, object]>([
    ["in the header", { token: "T" }, {}],
    ["in the query", { token: null, query: "?access_token=T" }, {}],
    ["in the body", { token: null }, { access_token: "T" }],
  ])("are taken %s", async (_place, options, extra) => {
    const { origin, requests } = await start({ tokens });
    expect((await post(origin, { data: [purchase()], ...extra }, options)).status).toBe(200);
    expect(requests[0]?.authorization).toBe(options.token !== null);
  });

  it.each<[string, CallOptions, number, number, number?]>([
    ["that nobody knows", { token: "X" }, 400, 190, 467],
    ["that open another dataset", { token: "U" }, 400, 100, 33],
    ["for a dataset that does not exist", { dataset: "9" }, 400, 100, 33],
    ["that are missing", { token: null }, 400, 104],
  ])("%s are refused", async (_name, options, status, code, subcode) => {
    const { origin } = await start({ tokens });
    const answer = await postEvents(origin, [purchase()], options);
    expect([answer.status, answer.json.error?.code, answer.json.error?.error_subcode]).toEqual([status, code, subcode]);
  });

  it.each<[string, string, number, number?]>([
    ["that are good, with what is missing", "T", 100],
    ["that nobody knows", "X", 190, 467],
    ["that open another dataset", "U", 100, 33],
  ])("are looked at before the events are, which may be none: %s", async (_name, token, code, subcode) => {
    const { origin } = await start({ tokens });
    const { json } = await postEvents(origin, [], { token });
    expect([json.error?.code, json.error?.error_subcode]).toEqual([code, subcode]);
    expect(json.error?.error_data !== undefined).toBe(token === "T");
  });

  it("may die and be replaced while Meta runs", async () => {
    const { origin } = await start();
    const change = (token: string | null, dataset = "1001") =>
      fetch(`${origin}/tokens`, { method: "POST", body: JSON.stringify({ dataset, token }) });
    const send = async (token: string, dataset?: string) => {
      const { status, json } = await postEvents(origin, [purchase()], { token, ...(dataset ? { dataset } : {}) });
      return [status, json.error?.code, json.error?.error_subcode];
    };
    expect(await send("T")).toEqual([200, undefined, undefined]);
    await change(null);
    expect(await send("T")).toEqual([401, 190, 463]);
    expect(await send("T", "1002")).toEqual([200, undefined, undefined]);
    await change("new");
    expect(await send("T")).toEqual([400, 190, 467]);
    expect(await send("new")).toEqual([200, undefined, undefined]);
    expect((await change("", "1001")).status).toBe(400);
    expect((await change("x", "abc")).status).toBe(400);
  });
});

describe("test codes", () => {
  it("mark the copies, which then count apart from the live ones", async () => {
    const { origin, received, counted, countedTests } = await start();
    await post(origin, { data: [purchase()], test_event_code: "TEST1" });
    await postEvents(origin, [purchase()]);
    expect(received.map(({ test }) => test)).toEqual([true, false]);
    expect([counted().length, countedTests().length]).toEqual([1, 1]);
  });

  it("that are not text, or not this dataset's, are refused", async () => {
    const { origin } = await start({ acceptTestCodes: ["TEST1"] });
    const send = async (test_event_code: unknown) =>
      (await post(origin, { data: [purchase()], test_event_code })).json.error?.error_data;
    const blamed = '{"blame_field_specs":[["test_event_code"]]}';
    expect([await send("TEST1"), await send("TEST2"), await send(7)]).toEqual([undefined, blamed, blamed]);
  });
});

describe("the record", () => {
  it("tells other processes what was taken, and forgets on demand", async () => {
    const { origin, received, requests } = await start();
    await postEvents(origin, [purchase()]);
    await hit(origin, BROWSER_PURCHASE);
    const read = async () => (await fetch(`${origin}/record`)).json();
    expect(await read()).toEqual({
      received: [
        expect.objectContaining({ leg: "server", dataset: "1001", event_name: "Purchase", at: NOON, body: purchase() }),
        expect.objectContaining({ leg: "browser", event_id: "purchase.abc", at: NOON, body: BROWSER_PURCHASE }),
      ],
    });
    const seen = await (await fetch(`${origin}/requests`)).json();
    expect(seen.requests).toEqual(requests);
    await fetch(`${origin}/record`, { method: "DELETE" });
    expect(await read()).toEqual({ received: [] });
    expect([received, requests]).toEqual([[], []]);
  });
});

it("the stand-in listens on this machine only, on a port of its own, and closes at once", async () => {
  const standIn = await start();
  expect(standIn.origin).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  await postEvents(standIn.origin, [purchase()]);
  await standIn.close();
  await expect(fetch(standIn.origin)).rejects.toThrow();
});
