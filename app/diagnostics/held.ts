import { counted } from "../counted";
import { type Limited, passesAt } from "../events/meta-window";

/** A dataset that nothing leaves for at the moment, and what that may cost. */
export interface HeldDataset extends Limits {
  /** Meta's number. */
  dataset: string;
  /** Why, as it is stored. */
  reason: string;
  /** Why, in a merchant's words. */
  says: string;
  /** Since when, epoch milliseconds; null: nobody wrote it down. */
  since: number | null;
  /** How many events wait for it to flow again. */
  waiting: number;
  /** True: there are more than that, and everything here speaks of those that have been due for longest. */
  more: boolean;
  /** What the Purchases among them are worth in the shop's currency, exact decimal strings; the most Purchases first. */
  values: { currency: string; amount: string; purchases: number }[];
  /** Purchases among them whose value is not known. */
  valueUnknown: number;
  /** True: not all Purchases were looked at, and what is said of their value is the least it can be. */
  valueMore: boolean;
}

/** How long what waits may still be sent. */
export interface Limits {
  /** When Meta will no longer take the first of those that are not known to have left the browser too; null: there is none. */
  firstPassesAt: number | null;
  /** Those that have, as the pixel tells it; null: there is none. */
  leftBrowser: LeftBrowser | null;
}

/** Events whose other copy left the browser: when ours may no longer leave, that one stands. */
export interface LeftBrowser {
  events: number;
  /** True: not all that wait were looked up. */
  more: boolean;
  /** When the first of them may no longer leave, epoch milliseconds. */
  firstStandsAt: number;
}

export type WaitingEvent = Limited;

const HOUR_MS = 3_600_000;
/** `unasked`: the oldest of those whose browser's copies were not looked up. */
export function limitsOf(waiting: readonly WaitingEvent[], unasked: readonly WaitingEvent[]): Limits {
  const alone = waiting.filter(({ left }) => left === null);
  const twofold = waiting.filter(({ left }) => left !== null);
  const firstStandsAt = firstOf(twofold);
  return {
    firstPassesAt: firstOf([...alone, ...unasked]),
    leftBrowser: firstStandsAt === null ? null : { events: twofold.length, more: unasked.length > 0, firstStandsAt },
  };
}

/** When the first of what waits can no longer be sent, epoch milliseconds; null: nothing waits. */
export function passesFirst({ firstPassesAt, leftBrowser }: Limits): number | null {
  const ends = [firstPassesAt, leftBrowser?.firstStandsAt ?? null].filter((end) => end !== null);
  return ends.length === 0 ? null : Math.min(...ends);
}

function firstOf(waiting: readonly WaitingEvent[]): number | null {
  return waiting.length === 0 ? null : Math.min(...waiting.map(passesAt));
}

/** How long there is until then, in whole days and hours, and never more than there is. */
export function timeLeft(until: number, now: number): string {
  const hours = Math.floor((until - now) / HOUR_MS);
  if (hours < 1) return until > now ? "less than an hour" : "no time";
  const [days, rest] = [Math.floor(hours / 24), hours % 24];
  const parts = [days > 0 ? counted(days, "day") : null, rest > 0 ? counted(rest, "hour") : null];
  return parts.filter((part) => part !== null).join(" and ");
}
