const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/**
 * An instant by the shop's own clock. Only numbers are asked of Intl, whose words differ between a server and a browser of
 * another age. `at`: epoch milliseconds; `timezone`: IANA name; null: UTC.
 */
export function Instant({ at, timezone }: { at: number; timezone: string | null }) {
  return <time dateTime={new Date(at).toISOString()}>{textOf(at, timezone)}</time>;
}

function textOf(at: number, timezone: string | null): string {
  const clock = new Intl.DateTimeFormat("en", {
    timeZone: timezone ?? "UTC",
    day: "numeric",
    month: "numeric",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
  });
  const part = Object.fromEntries(clock.formatToParts(at).map(({ type, value }) => [type, value]));
  const date = `${part.day} ${MONTHS[Number(part.month) - 1]} ${part.year}`;
  return `${date}, ${part.hour}:${part.minute}:${part.second}${timezone === null ? " UTC" : ""}`;
}
