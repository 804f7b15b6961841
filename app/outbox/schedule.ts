const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** How long to wait after the first, second, third … try; the last one repeats until the window closes. */
export const RETRY_DELAYS = [5 * SECOND, 15 * SECOND, MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 2 * HOUR] as const;

/** Spread, so that a thousand events that failed together do not come back together. */
const JITTER = 0.2;

interface ScheduleOptions {
  /** Milliseconds Meta asked us to wait. */
  retryAfter?: number | null;
  random?: () => number;
}

/** When an event that has been tried `attempts` times is tried next, epoch milliseconds. */
export function nextRunAt(
  attempts: number,
  now: number,
  { retryAfter = null, random = Math.random }: ScheduleOptions = {},
): number {
  const delay = RETRY_DELAYS[Math.min(Math.max(attempts, 1), RETRY_DELAYS.length) - 1] ?? 2 * HOUR;
  const jittered = delay * (1 - JITTER + 2 * JITTER * random());
  return Math.round(now + Math.max(jittered, retryAfter ?? 0));
}
