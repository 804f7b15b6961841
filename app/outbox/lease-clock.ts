/** The time that all who share a database have in common; leases are counted in it. Epoch milliseconds. */
export interface LeaseClock {
  now(): number;
  /** Compares it with the database's time once more. Throws when the database cannot be asked. */
  compare(): Promise<void>;
}

/** An answer that took longer says less than what is known already. */
const PROMPT_MS = 1_000;

/**
 * Workers on several machines have several clocks, and one that is ahead would take what another holds for left behind: so
 * each counts leases by its own clock, put right by the database's. `databaseNow`: what time it is there; null: nobody else
 * works on the database, and one's own time will do.
 */
export async function openLeaseClock(
  databaseNow: (() => Promise<number>) | null,
  now: () => number,
): Promise<LeaseClock> {
  if (databaseNow === null) return { now, compare: async () => undefined };
  let { ahead } = await compared(databaseNow, now);
  return {
    now: () => Math.round(now() + ahead),
    compare: async () => {
      const anew = await compared(databaseNow, now);
      if (anew.tookMs < PROMPT_MS) ahead = anew.ahead;
    },
  };
}

/** By how much the database is ahead of us, and how long it took to say so; milliseconds. */
async function compared(databaseNow: () => Promise<number>, now: () => number) {
  const asked = performance.now();
  const there = await databaseNow();
  const tookMs = performance.now() - asked;
  // It was so when it was said: half the way ago.
  return { ahead: there + tookMs / 2 - now(), tookMs };
}
