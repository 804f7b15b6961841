const QUARTER_MS = 15 * 60_000;

/**
 * When the current day began by a shop's own clock, epoch milliseconds. `timezone`: IANA name; null: UTC. Walked back in the
 * quarter hours that zones, their changes of clock and the dashboards' counts are made of: a day may have 23 hours, and some
 * have no midnight.
 */
export function startOfDay(now: number, timezone: string | null): number {
  const calendar = new Intl.DateTimeFormat("en", { timeZone: timezone ?? "UTC", dateStyle: "short" });
  const today = calendar.format(now);
  let start = now - (now % QUARTER_MS);
  while (calendar.format(start - 1) === today) start -= QUARTER_MS;
  return start;
}
