/** The ways an alert takes besides the admin, where it always stands. */
export const CHANNELS = {
  mail: { label: "E-mail" },
  webhook: { label: "Webhook" },
} as const;

export type Channel = keyof typeof CHANNELS;

export const CHANNEL_NAMES = Object.keys(CHANNELS) as Channel[];

/** What came of one try. */
export type Sent = { ok: true; says: string } | { ok: false; says: string };

/** Waits after each try that failed, the last again and again. */
const WAITS_MS = [60_000, 5 * 60_000, 15 * 60_000, 3_600_000, 6 * 3_600_000] as const;
/** What could not be told for so long is no news any more. */
const GIVEN_UP_MS = 3 * 24 * 3_600_000;

/** So much longer at the most, at random: what failed together is not tried again together. */
const SPREAD = 0.2;

/** When a message is tried again that failed for the n-th time at `now`; null: never. Epoch milliseconds. `random`: 0 to 1. */
export function nextTry(tries: number, createdAt: number, now: number, random = Math.random): number | null {
  if (now - createdAt >= GIVEN_UP_MS) return null;
  const wait = WAITS_MS[Math.min(tries, WAITS_MS.length) - 1] ?? WAITS_MS[0];
  return now + Math.round(wait * (1 + SPREAD * random()));
}
