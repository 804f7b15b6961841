/** An instant by the shop's own clock, the same on the server and in the browser. `at`: epoch milliseconds. */
export function Instant({ at, timezone }: { at: number; timezone: string | null }) {
  return <time dateTime={new Date(at).toISOString()}>{textOf(at, timezone)}</time>;
}

function textOf(at: number, timezone: string | null): string {
  const { day, month, year, hour, minute, second } = Object.fromEntries(
    new Intl.DateTimeFormat("en-GB", {
      timeZone: timezone ?? "UTC",
      dateStyle: undefined,
      day: "numeric",
      month: "short",
      year: "numeric",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
      hourCycle: "h23",
    })
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  return `${day} ${month} ${year}, ${hour}:${minute}:${second}${timezone === null ? " UTC" : ""}`;
}
