import { describe, expect, it } from "vitest";
import { freshHouse, launcher, startNode, startServer } from "./processes";

/** What a process that could not start says: words for a person, no trace of a stack. */
async function refusal(env: Record<string, string>): Promise<{ code: number | null; lines: string[] }> {
  const started = startNode([launcher("start")], env);
  const { code } = await started.exited;
  expect(started.stdout()).toBe("");
  return { code, lines: started.stderr().trimEnd().split("\n") };
}

describe("a server that cannot start", () => {
  it("names every missing variable, one line each, and exits with an error", async () => {
    const { code, lines } = await refusal({ PORT: "0" });
    expect(code).not.toBe(0);
    expect(lines).toEqual([
      "SHOPIFY_API_KEY is required",
      "SHOPIFY_API_SECRET is required",
      "SHOPIFY_APP_URL is required",
    ]);
  });

  it("names every malformed variable, one line each", async () => {
    const { env } = freshHouse({ PORT: "high", ENCRYPTION_KEY: "short", TRUSTED_PROXIES: "all" });
    const { code, lines } = await refusal(env);
    expect(code).not.toBe(0);
    expect(lines).toEqual([
      expect.stringMatching(/^ENCRYPTION_KEY must be 32 bytes in base64/),
      "PORT must be a port number",
      "TRUSTED_PROXIES must be the number of proxies in front",
    ]);
  });

  it("wants an encryption key in production", async () => {
    const { env } = freshHouse({ NODE_ENV: "production" });
    const { ENCRYPTION_KEY: _key, ...without } = env;
    const { code, lines } = await refusal(without);
    expect(code).not.toBe(0);
    expect(lines).toEqual([expect.stringMatching(/^ENCRYPTION_KEY is required in production/)]);
  });

  it("is refused in words where another server is alive on the same file", async () => {
    const house = freshHouse();
    const first = await startServer(house);
    const { code, lines } = await refusal(house.env);
    expect(code).not.toBe(0);
    expect(lines).toEqual([expect.stringMatching(/^another server is running on .*tandem\.sqlite/)]);
    expect((await fetch(`${first.origin}/readyz`)).status).toBe(200);
  });

  it("says so in words when its port is taken", async () => {
    const first = await startServer(freshHouse());
    const { code, lines } = await refusal(freshHouse({ PORT: new URL(first.origin).port }).env);
    expect(code).not.toBe(0);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/address already in use .*:\d+/);
  });
});

it("HOST stands in for SHOPIFY_APP_URL, as the Shopify CLI sets it", async () => {
  const house = freshHouse({ SHOPIFY_APP_URL: "", HOST: "https://tunnel.example.com" });
  const server = await startServer(house);
  expect((await fetch(`${server.origin}/healthz`)).status).toBe(200);
});
