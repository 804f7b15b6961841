import { MERGED_FOR_MS, metaWindow } from "../events/meta-window";

/** Whether Meta no longer takes it. */
export function isPastWindow(event: { actionSource: string; eventTime: number }, now: number): boolean {
  return now - event.eventTime > metaWindow(event.actionSource);
}

/** Whether the server's copy would be counted beside the browser's. `left`: when that left, null where it is not known to have. */
export function browserCopyStands(left: number | null, now: number): boolean {
  return left !== null && now - left > MERGED_FOR_MS;
}

/** Whether an event is so old that its browser's copy may stand. */
export function mayStand({ eventTime }: { eventTime: number }, now: number): boolean {
  return now - eventTime > MERGED_FOR_MS - MOST_AHEAD_MS;
}

/** A clock that runs this far ahead of ours is taken for a clock, not for the future. */
const CLOCK_SKEW_MS = 60_000;
/** What is dated further ahead waits; beyond this it is refused. */
const MOST_AHEAD_MS = 15 * 60_000;

/** What to make of an event's time on arrival: clamped to now, waited for, or refused. */
export function timeOnArrival(time: number, now: number): { time: number; dueAt: number } | "event_time_in_future" {
  if (time > now + MOST_AHEAD_MS) return "event_time_in_future";
  if (time > now + CLOCK_SKEW_MS) return { time, dueAt: time };
  return { time: Math.min(time, now), dueAt: now };
}
