/** When the current day began by a shop's own clock, epoch milliseconds. `timezone`: IANA name; null: UTC. */
export function startOfDay(now: number, timezone: string | null): number {
  const clock = new Intl.DateTimeFormat("en-GB", {
    timeZone: timezone ?? "UTC",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
  });
  const part = Object.fromEntries(clock.formatToParts(now).map(({ type, value }) => [type, Number(value)]));
  const { hour = 0, minute = 0, second = 0 } = part;
  return now - ((hour * 60 + minute) * 60 + second) * 1_000 - (now % 1_000);
}
