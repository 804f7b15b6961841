import { describe, expect, it } from "vitest";
import { tandem } from "./run";

const COMMANDS = [
  "shop connect",
  "shop list",
  "shop disconnect",
  "payload",
  "match-keys",
  "simulate",
  "replay",
  "doctor",
];

describe("the command line", () => {
  it.each([
    "unknown",
    "constructor",
    "shops",
    "--version",
  ])("does not know %s: exit 2, named on stderr", async (name) => {
    const { code, out, err } = await tandem([name]);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain(`${name}: no such command`);
    for (const command of COMMANDS) expect(err).toContain(command);
  });

  it.each([[[]], [["help"]], [["--help"]]])("helps when asked, on stderr: %j", async (args) => {
    const { code, out, err } = await tandem(args);
    expect({ code, out }).toEqual({ code: 0, out: "" });
    for (const command of COMMANDS) expect(err).toContain(command);
  });

  it("names every variable that is malformed", async () => {
    const { code, out, err } = await tandem(["shop", "list"], { env: { DATABASE_URL: "redis://x" } });
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(/^DATABASE_URL /);
  });

  it("asks for a key in production", async () => {
    const { code, err } = await tandem(["shop", "list"], { env: { NODE_ENV: "production" } });
    expect(code).toBe(2);
    expect(err).toMatch(/^ENCRYPTION_KEY /);
  });

  it("reads input that arrives in pieces, cut inside a character", async () => {
    const { out } = await tandem(["match-keys"], { stdin: '{"fn":"ÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄ"}' });
    expect(JSON.parse(out).fn).toHaveLength(1);
  });
});

describe("simulate", () => {
  it.each([
    ["--topic", ["--shop", "example-shop.myshopify.com"]],
    ["--shop", ["--topic", "orders/create", "--shop", "nowhere"]],
    ["SHOPIFY_API_KEY", ["--topic", "orders/create", "--shop", "example-shop.myshopify.com"]],
  ])("refuses bad input and names %s", async (field, args) => {
    const { code, out, err } = await tandem(["simulate", ...args], { stdin: "{}" });
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err.startsWith(field), err).toBe(true);
  });
});
