import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const MAIN = fileURLToPath(new URL("./main.ts", import.meta.url));

describe("the command", () => {
  it.each(["SIGTERM", "SIGINT"] as const)("serves until %s, then ends with 0", async (signal) => {
    const child = spawn(process.execPath, ["--import", "tsx", MAIN, "--port", "0"], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    const [words] = await once(child.stderr, "data");
    const origin = /http:\S+/.exec(String(words))?.[0] ?? "";
    expect(await (await fetch(`${origin}/record`)).json()).toEqual({ received: [] });
    child.kill(signal);
    expect((await once(child, "exit"))[0]).toBe(0);
  });

  it("refuses a port that is none", async () => {
    const child = spawn(process.execPath, ["--import", "tsx", MAIN, "--port", "many"], { stdio: "ignore" });
    expect((await once(child, "exit"))[0]).toBe(2);
  });
});
