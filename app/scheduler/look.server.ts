import type { Log } from "../log.server";
import { guarded } from "./guarded.server";

const LOOK_MS = 1_000;
/** After a look that took longer than that the others have their turn first. */
const BREATH_MS = 50;

/** Does the same each second, one piece after the other, until stopped. */
export function lookEachSecond(
  pieces: Readonly<Record<string, () => Promise<void>>>,
  log: Log,
): { stop(): Promise<void> } {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let looking = look();

  async function look(): Promise<void> {
    const started = performance.now();
    for (const [duty, work] of Object.entries(pieces)) await guarded({ duty }, work, log);
    if (stopped) return;
    timer = setTimeout(
      () => {
        looking = look();
      },
      Math.max(BREATH_MS, LOOK_MS - (performance.now() - started)),
    );
  }

  return {
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await looking;
    },
  };
}
