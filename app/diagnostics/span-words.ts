import { counted } from "../counted";

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** A length of time in whole units of the one that suits it, and never more than it is. */
export function spanWords(ms: number): string {
  if (ms < SECOND_MS) return counted(Math.max(0, Math.floor(ms)), "millisecond");
  if (ms < MINUTE_MS) return counted(Math.floor(ms / SECOND_MS), "second");
  if (ms < HOUR_MS) return counted(Math.floor(ms / MINUTE_MS), "minute");
  if (ms < DAY_MS) return counted(Math.floor(ms / HOUR_MS), "hour");
  return counted(Math.floor(ms / DAY_MS), "day");
}
