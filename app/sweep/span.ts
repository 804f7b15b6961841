import { metaWindow } from "../events/meta-window";

/** Orders created from `since` on and before `until`; epoch milliseconds. */
export interface Span {
  since: number;
  until: number;
  /** Of those created from then on, whose webhooks may yet come, only what cannot wait; absent: all. */
  patientFrom?: number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Webhooks of what has just been ordered may be on their way. */
const LEFT_ALONE_MS = 10 * MINUTE_MS;

/**
 * Shopify tries a webhook for 4 hours: it knows the browser, which Shopify's answer does not.
 * https://shopify.dev/docs/apps/build/webhooks/troubleshooting-webhooks
 */
const RETRIED_MS = 4 * HOUR_MS + 15 * MINUTE_MS;

export const HOURLY_DAYS = 3;
export const NIGHTLY_DAYS = 7;
/** How far back Shopify tells of orders: https://shopify.dev/docs/api/usage/access-scopes#orders-permissions */
export const MOST_DAYS = 60;

/** The last days until now, but for the last minutes: because somebody asked. */
export function spanOf(days: number, now: number): Span {
  return { since: now - days * DAY_MS, until: now - LEFT_ALONE_MS };
}

/** The same, where nobody asked and webhooks are waited for. */
export function patientSpanOf(days: number, now: number): Span {
  return { ...spanOf(days, now), patientFrom: now - RETRIED_MS };
}

/** Whether an order is left alone for now; what is dated so long ago that Meta's window closes meanwhile is not. */
export function isLeftAlone(
  { createdAt, processedAt }: { createdAt: number; processedAt: number },
  { until, patientFrom = until }: Span,
): boolean {
  const retriedUntil = createdAt + RETRIED_MS;
  return createdAt >= patientFrom && processedAt + metaWindow("website") > retriedUntil + HOUR_MS;
}

/** The hour of the day, by the shop's own clock, in which a sweep rather looks further back. */
const NIGHT_HOUR = "03";
/** From then on it may, and from then on it does, whatever the hour is. */
const RATHER_AFTER_MS = 20 * HOUR_MS;
const AT_LATEST_AFTER_MS = 28 * HOUR_MS;

/** What sweeps of a shop came to before this one; epoch milliseconds. */
export interface SweptBefore {
  /** When one last got through to its end; null: none ever has. */
  wholeAt: number | null;
  /** When one that looked as far back as a night's did; null: not since this process began. */
  nightlyAt: number | null;
}

/** How many days back the sweep of this hour looks. `timezone`: IANA name; null: not known, UTC. */
export function daysOf({ wholeAt, nightlyAt }: SweptBefore, now: number, timezone: string | null): number {
  // Nobody looked meanwhile: what came then is looked for, whatever its age.
  const missed = wholeAt === null ? 0 : Math.ceil((now - wholeAt) / DAY_MS);
  const days = isNightly(nightlyAt, now, timezone) ? NIGHTLY_DAYS : HOURLY_DAYS;
  return missed < days ? days : Math.min(missed + 1, MOST_DAYS);
}

function isNightly(nightlyAt: number | null, now: number, timezone: string | null): boolean {
  if (nightlyAt === null || now - nightlyAt >= AT_LATEST_AFTER_MS) return true;
  return now - nightlyAt >= RATHER_AFTER_MS && hourOf(now, timezone) === NIGHT_HOUR;
}

function hourOf(now: number, timezone: string | null): string {
  const hour = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", hourCycle: "h23", timeZone: timezone ?? "UTC" });
  return hour.format(now);
}
