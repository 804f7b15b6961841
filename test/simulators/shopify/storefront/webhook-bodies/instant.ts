import { SHOP } from "../tables/shop";

const OFFSET = new Intl.DateTimeFormat("en-US", { timeZone: SHOP.timeZone, timeZoneName: "longOffset" });

/** An instant as Shopify's webhooks write it: in the shop's own time zone, without fractions. */
export function shopTime(at: number): string {
  const name = OFFSET.formatToParts(at).find(({ type }) => type === "timeZoneName")?.value ?? "GMT";
  const [, sign = "+", hours = "00", minutes = "00"] = /^GMT([+-])(\d\d):(\d\d)$/.exec(name) ?? [];
  const ahead = (Number(hours) * 60 + Number(minutes)) * 60_000 * (sign === "-" ? -1 : 1);
  return `${new Date(at + ahead).toISOString().slice(0, 19)}${sign}${hours}:${minutes}`;
}
