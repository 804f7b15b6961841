import { spawnSync } from "node:child_process";

/** Processes, and whose they are, where not ours: not even root may limit those of others everywhere. */
export interface Limited {
  pids: readonly number[];
  user?: { uid?: number; gid?: number };
}

/**
 * Lets no file that these processes write grow beyond so many bytes (RLIMIT_FSIZE), nor any that they start from now on; null:
 * as large as they like. Theirs is the soft limit, which may be raised again. Throws with what prlimit says.
 */
export function limitFiles({ pids, user = {} }: Limited, mostBytes: number | null): void {
  for (const pid of pids) {
    const args = ["--pid", String(pid), `--fsize=${mostBytes ?? "unlimited"}:`];
    const { status, error, stderr } = spawnSync("prlimit", args, { ...user, encoding: "utf8" });
    if (status !== 0 && isAlive(pid)) throw new Error(`prlimit failed: ${error?.message ?? stderr}`);
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
