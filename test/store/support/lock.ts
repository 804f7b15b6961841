import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

/** Lets another process take the write lock of a database; resolves once it holds it. */
export async function holdLock(path: string): Promise<{ release(): Promise<void> }> {
  const script = fileURLToPath(new URL("hold-lock.mjs", import.meta.url));
  const holder = spawn(process.execPath, [script, path], { stdio: ["pipe", "pipe", "inherit"] });
  const gone = once(holder, "exit");
  onTestFinished(async () => {
    holder.kill("SIGKILL");
    await gone;
  });
  await once(holder.stdout, "data");
  return {
    release: async () => {
      holder.stdin.end();
      await gone;
    },
  };
}
