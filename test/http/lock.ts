import { spawn } from "node:child_process";
import { once } from "node:events";
import { onTestFinished } from "vitest";

const HOLD = `
  const database = new (require("libsql"))(process.argv[1]);
  database.exec("BEGIN IMMEDIATE");
  console.log("held");
  process.stdin.on("end", () => { database.exec("ROLLBACK"); process.exit(0); }).resume();
`;

/** Another process takes the write lock of a database; resolves once it has it. */
export async function holdWriteLock(path: string): Promise<{ release(): Promise<void> }> {
  const holder = spawn(process.execPath, ["-e", HOLD, path], { stdio: ["pipe", "pipe", "inherit"] });
  const gone = once(holder, "exit");
  onTestFinished(() => void holder.kill("SIGKILL"));
  await once(holder.stdout, "data");
  return {
    release: async () => {
      holder.stdin.end();
      await gone;
    },
  };
}
