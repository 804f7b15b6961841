import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { type Fetch, META_TIMEOUT_MS, postEvents } from "~/delivery/graph.server";
import { type Answer, judge } from "~/delivery/verdicts";
import { NOON } from "../simulators/meta/calls";
import type { WeatherStep } from "../simulators/meta/server";
import { destinationAt, openLine, openPool, TOKEN } from "./support";

const now = () => NOON;

function answering(status: number, text: string, header: string | null = null): Fetch {
  return async () => ({ status, headers: { get: () => header }, text: async () => text });
}

function failing(error: unknown): Fetch {
  return () => Promise.reject(error);
}

function ask(fetch: Fetch): Promise<Answer> {
  return postEvents(destinationAt("https://graph.example.com"), "{}", fetch);
}

describe("foul weather at Meta is tried again", () => {
  it.each<{ what: string; step: WeatherStep; kind: Answer["kind"] }>([
    { what: "an HTML page", step: { kind: "status", status: 502, body: "html" }, kind: "foreign" },
    { what: "an HTML page with 200", step: { kind: "status", status: 200, body: "html" }, kind: "foreign" },
    { what: "garbage", step: { kind: "status", status: 500, body: "garbage" }, kind: "foreign" },
    { what: "an answer that breaks off", step: { kind: "taken_then_garbage" }, kind: "foreign" },
    { what: "Meta's own 500", step: { kind: "status", status: 500 }, kind: "error" },
    { what: "Meta's own 503", step: { kind: "status", status: 503 }, kind: "error" },
    { what: "a connection that is cut", step: { kind: "cut" }, kind: "silence" },
    { what: "a connection that is cut after the events were taken", step: { kind: "taken_then_cut" }, kind: "silence" },
  ])("$what", async ({ step, kind }) => {
    const { meta, post } = await openLine({ now });
    meta.weather.script([step]);
    const answer = await post();
    expect(answer.kind).toBe(kind);
    expect(judge(answer).verdict).toBe("retry");
    expect(await post()).toMatchObject({ kind: "accepted" });
  });

  it.each([
    { what: "an empty 200", fetch: answering(200, "") },
    { what: "a 200 of another API", fetch: answering(200, '{"ok":true}') },
    { what: "a 200 that counts nothing", fetch: answering(200, '{"events_received":"all"}') },
    { what: "a yes with a status that is none", fetch: answering(500, '{"events_received":1}') },
    { what: "a 204", fetch: answering(204, "") },
    { what: "an error without a code", fetch: answering(400, '{"error":{"message":"no"}}') },
    { what: "a refused connection", fetch: failing(new TypeError("fetch failed")) },
    { what: "what is no error at all", fetch: failing("boom") },
    { what: "nothing", fetch: failing(undefined) },
  ])("$what", async ({ fetch }) => {
    expect(judge(await ask(fetch)).verdict).toBe("retry");
  });

  it("a host that nobody answers at", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const answer = await postEvents(destinationAt(`http://127.0.0.1:${port}`), "{}", openPool());
    expect(answer).toMatchObject({ kind: "silence", cause: "network", text: expect.stringContaining("ECONNREFUSED") });
  });
});

describe("an answer that does not come", () => {
  it("is a timeout after ten seconds", async () => {
    expect(META_TIMEOUT_MS).toBe(10_000);
    const asked: number[] = [];
    const timeout = AbortSignal.timeout.bind(AbortSignal);
    vi.spyOn(AbortSignal, "timeout").mockImplementation((ms) => {
      asked.push(ms);
      return timeout(ms / 200);
    });
    const { meta, post } = await openLine({ now });
    meta.weather.script([{ kind: "timeout", ms: 5_000 }]);
    const answer = await post();
    expect(answer).toMatchObject({ kind: "silence", cause: "timeout" });
    expect(judge(answer)).toMatchObject({ verdict: "retry", reason: "timeout" });
    expect(asked).toEqual([META_TIMEOUT_MS]);
  });

  it("is a timeout also when it breaks off in the middle", async () => {
    const slow: Fetch = async () => ({
      status: 200,
      headers: { get: () => null },
      text: () => Promise.reject(new DOMException("too slow", "TimeoutError")),
    });
    expect(await ask(slow)).toMatchObject({ kind: "silence", cause: "timeout" });
  });
});

describe("whatever happens", () => {
  it("is an answer: nothing is thrown", async () => {
    const bodies = fc.oneof(
      fc.string(),
      fc.json(),
      fc.record({ error: fc.object() }).map((o) => JSON.stringify(o)),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 100, max: 599 }),
        bodies,
        fc.option(fc.string()),
        async (status, text, header) => {
          const answer = await ask(answering(status, text, header));
          expect(["accepted", "error", "foreign"]).toContain(answer.kind);
          expect(judge(answer).verdict).not.toBe(undefined);
          if (status !== 200) expect(answer.kind).not.toBe("accepted");
        },
      ),
    );
    const causes = fc.oneof(
      fc.string().map((message) => new Error(message)),
      fc.string(),
      fc.constant(undefined),
    );
    const failures = fc.oneof(
      fc.tuple(fc.string(), causes).map(([message, cause]) => new TypeError(message, { cause })),
      fc.constantFrom(undefined, null, 0, "boom", new DOMException("aborted", "AbortError")),
    );
    await fc.assert(
      fc.asyncProperty(failures, async (error) => {
        expect((await ask(failing(error))).kind).toBe("silence");
      }),
    );
  });

  it("the record of it never holds the token, not even when the token itself is what broke the request", async () => {
    const fetch = openPool();
    for (const token of [`${TOKEN}\nx`, `${TOKEN}é정`]) {
      const answer = await postEvents(destinationAt("http://127.0.0.1:9", { token }), "{}", fetch);
      expect(answer.kind).toBe("silence");
      expect(answer.text).not.toContain(TOKEN);
    }
  });

  it("the record of it never holds the token, although Meta quotes one that it cannot read", async () => {
    const text = JSON.stringify({ error: { code: 190, message: `Malformed access token ${TOKEN}` } });
    const quoting = async () => ({ status: 400, headers: { get: () => null }, text: async () => text });
    const answer = await postEvents(destinationAt("http://127.0.0.1:9"), "{}", quoting);
    expect(answer).toMatchObject({ kind: "error", code: 190 });
    expect(answer.text).not.toContain(TOKEN);
  });
});
