const MINUTE_MS = 60_000;
const QUARTER_MS = 15 * MINUTE_MS;

interface Clock {
  /** The date of an instant. */
  date(at: number): string;
  /** Minutes since midnight. */
  minutes(at: number): number;
}

/** By zone; there are some hundreds, and each takes long to make. */
const clocks = new Map<string, Clock>();

/**
 * When the current day began by a shop's own clock, epoch milliseconds. `timezone`: IANA name; null: UTC. In the quarter hours
 * that zones, their changes of clock and the dashboards' counts are made of: a day may have 23 hours, and some have no midnight.
 */
export function startOfDay(now: number, timezone: string | null): number {
  const { date, minutes } = clockOf(timezone ?? "UTC");
  const today = date(now);
  const quarter = now - (now % QUARTER_MS);
  // Where the clock was not changed since.
  const midnight = quarter - minutes(quarter) * MINUTE_MS;
  if (date(midnight) === today && date(midnight - 1) !== today) return midnight;
  let start = quarter;
  while (date(start - 1) === today) start -= QUARTER_MS;
  return start;
}

function clockOf(timezone: string): Clock {
  const known = clocks.get(timezone);
  if (known !== undefined) return known;
  const calendar = new Intl.DateTimeFormat("en", { timeZone: timezone, dateStyle: "short" });
  const dial = new Intl.DateTimeFormat("en", {
    timeZone: timezone,
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  const clock = {
    date: (at: number) => calendar.format(at),
    minutes: (at: number) => {
      const [hour, minute] = dial.format(at).split(":").map(Number);
      return (hour ?? 0) * 60 + (minute ?? 0);
    },
  };
  clocks.set(timezone, clock);
  return clock;
}
