import type { Log } from "../log.server";
import { type Alarms, openAlarms } from "./alarms.server";
import type { Work } from "./scheduler";

/** What one process does for the datasets that need it. */
export interface Errands extends Alarms {
  /** Looks for itself, whatever it was told. */
  look(): Promise<void>;
}

interface ErrandsDeps {
  /** So many events fill a request. */
  full: number;
  log: Log;
  now: () => number;
}

export function openErrands({ drain, tally, due }: Work, { full, log, now }: ErrandsDeps): Errands {
  const drains = openAlarms({ work: drain, full, log });
  const tallies = openAlarms({ work: tally, full, log });
  return {
    wake: drains.wake,
    hurry: drains.hurry,
    async look() {
      const { leaving, uncounted } = await due();
      drains.wake(leaving.map(({ id, leavesAt }) => ({ datasetId: id, events: 0, withinMs: leavesAt - now() })));
      tallies.hurry(uncounted);
    },
    async stop() {
      await Promise.all([drains.stop(), tallies.stop()]);
    },
  };
}
