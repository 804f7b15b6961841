import type { Runtime } from "./runtime.server";

/**
 * The one place that remembers the live runtime of this process. It outlives a hot reload, which makes new modules but
 * must not leave a second database client or a second drain behind.
 */
const HOLDER = Symbol.for("tandem.running");

interface Holder {
  [HOLDER]?: Runtime | undefined;
}

/** The live runtime. Throws when nothing was started. */
export function running(): Runtime {
  const runtime = (globalThis as Holder)[HOLDER];
  if (runtime === undefined) throw new Error("nothing is running: start the server first");
  return runtime;
}

/** Closes what ran before, then opens what runs from now on. */
export async function replaceRunning(open: () => Promise<Runtime>): Promise<Runtime> {
  await stopRunning();
  const runtime = await open();
  (globalThis as Holder)[HOLDER] = runtime;
  return runtime;
}

export async function stopRunning(): Promise<void> {
  const before = (globalThis as Holder)[HOLDER];
  (globalThis as Holder)[HOLDER] = undefined;
  await before?.close();
}
