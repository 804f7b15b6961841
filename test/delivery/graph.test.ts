import { describe, expect, it, vi } from "vitest";
import { postEvents, requestBody } from "~/delivery/graph.server";
import { judge } from "~/delivery/verdicts";
import { NOON, purchase } from "../simulators/meta/calls";
import { BODY, DATASET, destinationAt, openLine, openPool, TOKEN } from "./support";

const now = () => NOON;

/** As many as a process makes (app/runtime.server.ts). */
const IN_FLIGHT = 24;

describe("a request to Meta", () => {
  it("brings the token in its Authorization header, and neither in the URL nor in the body", async () => {
    const { meta, post } = await openLine({ now });
    meta.setToken(DATASET, TOKEN);
    expect(await post()).toMatchObject({ kind: "accepted" });
    expect(await post(BODY, { token: "another" })).toMatchObject({ kind: "error", code: 190 });
    expect(meta.requests.map(({ authorization, path }) => ({ authorization, path }))).toEqual(
      Array(2).fill({ authorization: true, path: `/v25.0/${DATASET}/events` }),
    );
    for (const request of meta.requests) expect(request.body).not.toContain(TOKEN);
  });

  it("carries the bytes it is given, whatever they are written in", async () => {
    const { meta, post } = await openLine({ now });
    const event = JSON.stringify(purchase({ custom_data: { value: 1, currency: "EUR", content_name: "Hüte 정 🛒" } }));
    const body = requestBody([event, event], null);
    await post(body);
    expect(meta.requests[0]?.body).toBe(body);
    expect(meta.requests[0]?.taken).toBe(2);
  });

  it("does not wait for others: a process's requests are with Meta at once", async () => {
    const { meta, post } = await openLine({ now });
    meta.weather.script([{ kind: "latency", ms: 2_000, count: IN_FLIGHT }]);
    let answered = 0;
    const posts = Array.from({ length: IN_FLIGHT }, () => post().then(() => (answered += 1)));
    await vi.waitFor(() => expect(meta.requests).toHaveLength(IN_FLIGHT), { timeout: 5_000, interval: 5 });
    expect(answered).toBe(0);
    await Promise.all(posts);
  });

  it("marks a test with the merchant's code, so that it counts nowhere as live", async () => {
    const { meta, post } = await openLine({ now, acceptTestCodes: ['TEST"1'] });
    const answer = await post(requestBody([JSON.stringify(purchase())], 'TEST"1'));
    expect(answer).toMatchObject({ kind: "accepted" });
    expect(meta.counted()).toEqual([]);
    expect(meta.countedTests()).toHaveLength(1);
  });
});

describe("Meta's answer", () => {
  it("yes is told with its trace id and its text", async () => {
    const { post } = await openLine({ now });
    const answer = await post();
    expect(answer).toEqual({ kind: "accepted", status: 200, fbtraceId: expect.any(String), text: expect.any(String) });
    expect(answer.text).toContain("events_received");
  });

  it("no is told with code, subcode and trace id", async () => {
    const { post } = await openLine({ now });
    expect(await post(JSON.stringify({ data: [purchase({ event_time: 1 })] }))).toMatchObject({
      kind: "error",
      status: 400,
      code: 100,
      subcode: 2804003,
      transient: false,
      fbtraceId: expect.any(String),
    });
  });

  it.each([
    { what: "a dataset that is not there", dataset: "x", verdict: "hold" },
    { what: "another version of the API", version: "v3.0", verdict: "retry" },
  ])("to $what means $verdict", async ({ verdict, what: _, ...over }) => {
    const { post } = await openLine({ now });
    expect(judge(await post(BODY, over)).verdict).toBe(verdict);
  });

  it("asks for patience with Retry-After", async () => {
    const { meta, post } = await openLine({ now });
    const wait = (seconds: string) => ({ kind: "status" as const, status: 429, headers: { "retry-after": seconds } });
    meta.weather.script(["120", "999999", "0", "-5", "soon", "Fri, 20 Nov 2026 10:00:00 GMT"].map(wait));
    const waits = [];
    for (let n = 0; n < 6; n += 1) {
      const answer = await post();
      waits.push(answer.kind === "error" ? answer.retryAfter : answer.kind);
    }
    // Seconds become milliseconds; an hour at the most; what is no number of seconds is not obeyed.
    expect(waits).toEqual([120_000, 3_600_000, null, null, null, null]);
  });

  it("is kept to 4,000 characters", async () => {
    const long = async () => ({ status: 502, headers: { get: () => null }, text: async () => "x".repeat(50_000) });
    const answer = await postEvents(destinationAt("http://meta.example"), "{}", long);
    expect(answer.text).toHaveLength(4_000);
  });

  it("repeats no token that Meta, or the network, quotes", async () => {
    const answers = [
      await postEvents(destinationAt("http://127.0.0.1:9", { token: "EAA\nsecret" }), BODY, openPool()),
      await postEvents(destinationAt("http://meta.example"), BODY, async () => ({
        status: 400,
        headers: { get: () => null },
        text: async () => `{"error":{"code":190,"message":"Malformed access token ${TOKEN}"}}`,
      })),
    ];
    expect(answers.map(({ kind }) => kind)).toEqual(["silence", "error"]);
    expect(JSON.stringify(answers)).not.toMatch(/EAA\\nsecret|EAAsecrettoken/);
  });
});
