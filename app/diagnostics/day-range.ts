import { startOfDay } from "../events/day";

const DAY_MS = 24 * 3_600_000;

/** A day of a shop's own calendar. */
export interface Day {
  /** ISO 8601: `2026-11-21`. */
  date: string;
  /** When it begins, epoch milliseconds. */
  start: number;
  /** When the next one begins. */
  end: number;
}

/** So many days at once: what a quarter has. */
export const MOST_DAYS = 92;
const DAYS_AT_FIRST = 7;

/** The days a page is about, oldest first; or what is wrong with those asked for, in words that name the field. */
export type DayRange = { ok: true; days: Day[] } | { ok: false; says: string; days: Day[] };

/**
 * The days from one date to another, both included, by the shop's own clock. Absent: the last seven. `timezone`: IANA name; null:
 * UTC. Where the dates make no sense the last seven stand in, and the words say so.
 */
export function dayRange(from: string | null, to: string | null, timezone: string | null, now: number): DayRange {
  const today = dateOf(now, timezone);
  const atFirst = () => lastDays(DAYS_AT_FIRST, timezone, now);
  const faulty = (says: string): DayRange => ({ ok: false, says, days: atFirst() });
  const last = to ?? today;
  if (!isDate(last) || last < EARLIEST) return faulty("To must be a date such as 2026-11-21.");
  if (last > dateBefore(today, -1)) return faulty("To must not be in the future.");
  const first = from ?? dateBefore(last, DAYS_AT_FIRST - 1);
  if (!isDate(first)) return faulty("From must be a date such as 2026-11-21.");
  if (first > last) return faulty("From must not be after To.");
  if (dateBefore(last, MOST_DAYS - 1) > first) return faulty(`From and To may be ${MOST_DAYS} days apart at the most.`);
  return { ok: true, days: daysBetween(first, last, timezone) };
}

/** The last so many days, today included, oldest first. */
export function lastDays(count: number, timezone: string | null, now: number): Day[] {
  const today = dateOf(now, timezone);
  return daysBetween(dateBefore(today, count - 1), today, timezone);
}

/** Nobody had a shop here. */
const EARLIEST = "2000-01-01";

function isDate(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.slice(0, 10) === text;
}

function dateBefore(date: string, days: number): string {
  return new Date(Date.parse(date) - days * DAY_MS).toISOString().slice(0, 10);
}

/** By zone: each takes long to make. */
const calendars = new Map<string, Intl.DateTimeFormat>();

/** The date of an instant by the shop's clock. */
function dateOf(at: number, timezone: string | null): string {
  const zone = timezone ?? "UTC";
  const calendar = calendars.get(zone) ?? new Intl.DateTimeFormat("en-CA", { timeZone: zone, dateStyle: "short" });
  calendars.set(zone, calendar);
  return calendar.format(at);
}

function daysBetween(first: string, last: string, timezone: string | null): Day[] {
  const count = (Date.parse(last) - Date.parse(first)) / DAY_MS + 1;
  const dates = Array.from({ length: count + 1 }, (_, day) => dateBefore(first, -day));
  const starts = dates.map((date) => startOf(date, timezone));
  return dates.slice(0, -1).map((date, day) => ({ date, start: starts[day] ?? 0, end: starts[day + 1] ?? 0 }));
}

/** Noon somewhere on Earth is up to 14 hours from noon in Greenwich: it may be the day before, or after. */
function startOf(date: string, timezone: string | null): number {
  const noon = Date.parse(date) + DAY_MS / 2;
  const there = dateOf(noon, timezone);
  const moved = there === date ? 0 : there < date ? DAY_MS : -DAY_MS;
  return startOfDay(noon + moved, timezone);
}
