import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { openConnection } from "~/store/sqlite/connection.server";
import { freshDatabase } from "../support/database";

const SCRIPT = fileURLToPath(new URL("support/ingest-until-killed.ts", import.meta.url));

type Child = ChildProcessByStdio<null, Readable, null>;

function startIngesting(path: string, firstOrder: number): Child {
  const child = spawn(process.execPath, ["--import", "tsx", SCRIPT, path, String(firstOrder)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

/** Kills it at a random moment of its load; answers the orders it had acknowledged. */
async function killUnderLoad(child: Child): Promise<number[]> {
  let printed = "";
  child.stdout.on("data", (chunk) => {
    printed += chunk;
  });
  const closed = once(child, "close");
  await once(child.stdout, "data");
  await sleep(Math.random() * 300);
  child.kill("SIGKILL");
  const [, signal] = await closed;
  expect(signal).toBe("SIGKILL");
  // The last line may be torn: a number without its end is not an acknowledgement.
  return printed.split("\n").slice(0, -1).map(Number);
}

describe("a process that is killed with SIGKILL during load", () => {
  it("loses nothing that it had acknowledged", async () => {
    const path = freshDatabase();
    const acknowledged: number[] = [];
    for (let round = 1; round <= 4; round += 1) {
      acknowledged.push(...(await killUnderLoad(startIngesting(path, round * 1_000_000))));

      const connection = openConnection(path);
      const rows = connection.all<{ orderId: string }>(`SELECT "orderId" FROM "Event"`);
      const [{ integrity_check: health } = { integrity_check: "" }] = connection.all<{ integrity_check: string }>(
        "PRAGMA integrity_check",
      );
      connection.close();

      const kept = new Set(rows.map(({ orderId }) => Number(orderId)));
      expect(acknowledged.filter((order) => !kept.has(order))).toEqual([]);
      expect(health).toBe("ok");
    }
    expect(acknowledged.length).toBeGreaterThan(100);
  });
});
