import type { Log } from "../log.server";

/** Runs work of which a failure is its own affair. */
export async function guarded(what: Record<string, string>, work: () => Promise<void>, log: Log): Promise<void> {
  try {
    await work();
  } catch (error) {
    log.error({ err: error, ...what }, "duty.failed");
  }
}
