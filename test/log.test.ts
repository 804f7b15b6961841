import { describe, expect, it } from "vitest";
import { openLog, wordsOfCrash } from "~/log.server";

function logged(fields: object): Record<string, unknown> {
  const lines: string[] = [];
  openLog("info", { write: (line) => void lines.push(line) }).info(fields, "said");
  return JSON.parse(lines[0] ?? "{}");
}

describe("the log", () => {
  it("says of an error what it is, where it came from and what caused it", () => {
    const { err } = logged({ err: new TypeError("no answer", { cause: new Error("socket hang up") }) });
    expect(err).toMatchObject({ name: "TypeError", message: "no answer", cause: { message: "socket hang up" } });
    expect((err as { stack: string }).stack).toContain("log.test.ts");
  });

  it("does not look into what hangs on an error: a response there is somebody's data, and reading it may throw", () => {
    const error = Object.assign(new Error("refused"), {
      response: Object.create(Response.prototype),
      token: "EAAsecret",
    });
    const { err } = logged({ err: error });
    expect(Object.keys(err as object).sort()).toEqual(["message", "name", "stack"]);
  });

  it.each([
    "Jordan Example",
    '{"name": Jordan Example}',
    `[${"1,".repeat(40)}Jordan Example${",1".repeat(40)}]`,
  ])("does not pass on what V8 quotes of a text that is no JSON: %s", (text) => {
    try {
      JSON.parse(text);
    } catch (err) {
      const { message } = logged({ err }).err as { message: string };
      expect(message).toMatch(/^Unexpected token 'J', \[Redacted\] is not valid JSON$/);
    }
    expect.assertions(1);
  });

  it("keeps fields of tokens and persons out, however deep and however spelled", () => {
    const told = logged({
      token: "t",
      session: { accessToken: "t", deeper: [{ refresh_token: "t", user_agent: "t", "client-ip-address": "t" }] },
      user_data: { em: "t" },
      headers: { Authorization: "t", Cookie: "t" },
      fbp: "t",
      verdict: "accepted",
    });
    expect(told).toMatchObject({
      token: "[Redacted]",
      session: {
        accessToken: "[Redacted]",
        deeper: [{ refresh_token: "[Redacted]", user_agent: "[Redacted]", "client-ip-address": "[Redacted]" }],
      },
      user_data: "[Redacted]",
      headers: { Authorization: "[Redacted]", Cookie: "[Redacted]" },
      fbp: "[Redacted]",
      verdict: "accepted",
    });
  });

  it.each([
    ["Meta's token", "EAAGm0PX4ZCpsBAKZCtoken"],
    ["Shopify's token", "shpat_0123456789abcdef"],
    ["a session token", "eyJhbGciOiJIUzI1NiJ9.eyJkZXN0IjoiaHR0cHMifQ.c2lnbmF0dXJl"],
    ["a bearer of an unknown kind", "Bearer s3cr3t-of-nobody", "s3cr3t-of-nobody"],
    ["a token in a URL", "https://x.example/?a=1&access_token=s3cr3t&b=2", "s3cr3t"],
    ["a token in a quoted body", '{"access_token":"s3cr3t"}', "s3cr3t"],
    ["an e-mail address", "mary.o'neil+shop@example.co.uk", "example.co.uk"],
    ["an e-mail address in a URL", "?email=mary%40example.com", "mary"],
    ["an IPv4 address", "203.0.113.7"],
    ["an IPv4 address with a port", "connect ECONNREFUSED 203.0.113.7:443", "203.0.113.7"],
    ["an IPv6 address", "2001:db8::7334"],
    ["a whole IPv6 address", "2001:0db8:85a3:0000:0000:8a2e:0370:7334"],
    ["a user agent", "Mozilla/5.0 (Macintosh) Safari/605.1", "Macintosh"],
    ["fbp", "fb.1.1763632800000.1234567890"],
    ["fbc", "fb.1.1763632800000.IwAR2F4-dbP0l7Mn1IawQQGCINEz7PYXQvwjNwB_qa2ofrHyiLjcbCRxTDMgk"],
  ])("keeps %s out of whatever quotes it: message, error, cause, stack, name of a field", (_what, hostile, secret = hostile) => {
    const lines: string[] = [];
    const log = openLog("info", { write: (line) => void lines.push(line) });
    const quoted = `refused\n"${hostile}" of\n${hostile}`;
    log.child({ quoted }).error({ err: new Error(quoted, { cause: new Error(quoted) }), [quoted]: [quoted] }, quoted);
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toContain(JSON.stringify(secret).slice(1, -1));
    const told = JSON.parse(lines[0] ?? "");
    expect(told.msg).toContain("[Redacted]");
    expect(told.err.stack).toContain("log.test.ts");
  });

  it("leaves alone what an operator needs and what only looks like a person", () => {
    const fields = {
      url: "http://127.0.0.1:3000",
      proxy: "10.0.0.7:8080",
      at: "2026-11-20T10:00:00.000Z 10:00:00",
      shop: "example-shop.myshopify.com",
      first: "purchase.c1f2a0b3d4e5f6a7b8c9",
      bytesHash: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
      fbtraceId: "AUyfs3VDBXc9KqZdMxaF7vS",
      where: "at file:///app/node_modules/@shopify/shopify-api/dist/index.js:10:5",
      version: "prisma@6.19.3",
      none: null,
      many: [1, 2.5, true],
    };
    expect(logged(fields)).toMatchObject(fields);
  });

  it("is not slowed down by a long text", () => {
    const started = performance.now();
    logged({ long: "a".repeat(200_000), dots: "1.".repeat(100_000), colons: "a:".repeat(100_000) });
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  it("hands pino's last words over before the process ends", () => {
    const calls: string[] = [];
    const destination = { write: () => void calls.push("write"), flushSync: () => void calls.push("flush") };
    openLog("info", destination).fatal("gone");
    expect(calls).toEqual(["write", "flush"]);
  });

  it("takes what is thrown and is no error", () => {
    expect(logged({ err: "out of paper" })).toMatchObject({ err: { message: "out of paper" } });
  });
});

describe("the words of a crash", () => {
  it("say what it was, where, and what caused it, and nothing of what hangs on it", () => {
    const cause = Object.assign(new TypeError("no mail to jordan@example.com"), { input: "742 Fixture Avenue" });
    const words = wordsOfCrash(Object.assign(new Error("not told", { cause }), { detail: "Failing row: Jordan" }));
    expect(words).toMatch(/^Error: not told\n {4}at .*log\.test\.ts/);
    expect(words).toMatch(/\ncaused by TypeError: no mail to \[Redacted\]\n {4}at /);
    for (const hanging of ["jordan@", "Fixture", "Failing"]) expect(words).not.toContain(hanging);
  });

  it("are the thrown thing itself where it is no error", () => {
    expect(wordsOfCrash("out of luck")).toBe("out of luck");
  });
});
