/** Orders created from `since` on and before `until`; epoch milliseconds. */
export interface Span {
  since: number;
  until: number;
}

const DAY_MS = 24 * 3_600_000;
const MINUTE_MS = 60_000;

/** Webhooks of what has just been ordered may be on their way. */
const LEFT_ALONE_MS = 10 * MINUTE_MS;

export const HOURLY_DAYS = 3;
export const NIGHTLY_DAYS = 7;
/** How far back Shopify tells of orders: https://shopify.dev/docs/api/usage/access-scopes#orders-permissions */
export const MOST_DAYS = 60;

/** The last days until now, but for the last minutes. */
export function spanOf(days: number, now: number): Span {
  return { since: now - days * DAY_MS, until: now - LEFT_ALONE_MS };
}

/** The hour of the day, by the shop's own clock, in which a sweep looks further back. */
const NIGHT_HOUR = "03";

/** How far back the sweep of this hour looks. `timezone`: IANA name; null: not known, UTC. */
export function daysOf(now: number, timezone: string | null): number {
  const hour = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", hourCycle: "h23", timeZone: timezone ?? "UTC" });
  return hour.format(now) === NIGHT_HOUR ? NIGHTLY_DAYS : HOURLY_DAYS;
}
