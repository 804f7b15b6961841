import { metaWindow } from "../events/meta-window";

/** A dataset that nothing leaves for at the moment, and what that may cost. */
export interface HeldDataset {
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
  /** When Meta will no longer take the first of them, epoch milliseconds; null: nothing waits. */
  firstPassesAt: number | null;
}

const HOUR_MS = 3_600_000;

/** When Meta no longer takes an event, epoch milliseconds. */
export function passesAt({ actionSource, eventTime }: { actionSource: string; eventTime: number }): number {
  return eventTime + metaWindow(actionSource);
}

/** How long there is until then, in whole days and hours, and never more than there is. */
export function timeLeft(until: number, now: number): string {
  const hours = Math.floor((until - now) / HOUR_MS);
  if (hours < 1) return until > now ? "less than an hour" : "no time";
  const [days, rest] = [Math.floor(hours / 24), hours % 24];
  const parts = [days > 0 ? counted(days, "day") : null, rest > 0 ? counted(rest, "hour") : null];
  return parts.filter((part) => part !== null).join(" and ");
}

/** `1 event`, `2 events`, `5,000 events`. */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
}
