import { placeOnTheWay } from "../events/catalog";
import { MATCH_KEYS } from "../match-keys/keys";
import type { Shop } from "../settings/registry.server";
import type { CoverageDay, CoverageGroup, Store } from "../store/store.server";
import { type Day, lastDays } from "./day-range";
import type { EventCoverage, EventGroups, GroupCoverage, KeyName, LegCoverage, MatchQuality } from "./match-quality";

export type CoverageReads = Pick<Store, "coverageByDay" | "coverageByGroup">;

const MONTH_DAYS = 30;
const WEEK_DAYS = 7;

interface Place {
  id: number;
  dataset: string;
}

/** What a dataset's events carried in the last seven of the shop's days, and day by day in the last thirty. */
export async function matchQualityOf(
  store: CoverageReads,
  { id: shopId, timezone }: Pick<Shop, "id" | "timezone">,
  { id, dataset }: Place,
  now: number,
): Promise<MatchQuality> {
  const month = lastDays(MONTH_DAYS, timezone, now);
  const rows = await store.coverageByDay(shopId, id, month[0]?.start ?? now);
  const byEvent = new Map<string, CoverageDay[]>();
  for (const row of rows) {
    const known = byEvent.get(row.event);
    if (known === undefined) byEvent.set(row.event, [row]);
    else known.push(row);
  }
  const week = month.slice(-WEEK_DAYS);
  return {
    dataset,
    week: week.map(({ date }) => date),
    month: month.map(({ date }) => date),
    events: [...byEvent].map(([event, days]) => eventOf(event, days, month)).sort(asOnTheWay),
  };
}

/** What one event carried in the same seven days, by what it may be narrowed by; the most frequent first. */
export async function groupsOf(
  store: CoverageReads,
  { id: shopId, timezone }: Pick<Shop, "id" | "timezone">,
  { id }: Place,
  event: string,
  now: number,
): Promise<EventGroups> {
  const since = lastDays(WEEK_DAYS, timezone, now)[0]?.start ?? now;
  const rows = await store.coverageByGroup(shopId, id, event, since);
  const of = (dimension: string) => rows.filter((row) => row.dimension === dimension).map(groupOf);
  return { source: of("source"), device: of("device"), country: of("country"), recognise: of("recognise") };
}

function groupOf(row: CoverageGroup): GroupCoverage {
  const { leg, value, events } = row;
  const sent = Object.fromEntries(MATCH_KEYS.map(({ key }) => [key, Number(row[key])])) as Record<KeyName, number>;
  return { leg, value, events: Number(events), sent };
}

/** In the order of the way to a purchase; what is not in the catalog comes last, by name. */
function asOnTheWay(one: EventCoverage, other: EventCoverage): number {
  return placeOnTheWay(one.event) - placeOnTheWay(other.event) || one.event.localeCompare(other.event);
}

function eventOf(event: string, rows: readonly CoverageDay[], month: readonly Day[]): EventCoverage {
  const week = month.slice(-WEEK_DAYS)[0]?.start ?? 0;
  const server = rows.filter(({ leg }) => leg === "server");
  const taken = server.filter(({ dimension }) => dimension === "all");
  const sumOf = (of: readonly CoverageDay[], column: "events" | "twins") =>
    of.reduce((sum, row) => sum + Number(row[column]), 0);
  return {
    event,
    server: legOf(server, month, week),
    browser: legOf(
      rows.filter(({ leg }) => leg === "browser"),
      month,
      week,
    ),
    twins: sumOf(
      taken.filter(({ day }) => day >= week),
      "twins",
    ),
    days: month.map(({ start, end }) => {
      const ofDay = taken.filter(({ day }) => day >= start && day < end);
      return { events: sumOf(ofDay, "events"), twins: sumOf(ofDay, "twins") };
    }),
  };
}

function legOf(rows: readonly CoverageDay[], month: readonly Day[], week: number): LegCoverage {
  const all = rows.filter(({ dimension }) => dimension === "all");
  const ofWeek = all.filter(({ day }) => day >= week);
  const knownOfWeek = rows.filter(({ dimension, day }) => dimension === "known" && day >= week);
  const sum = (of: readonly CoverageDay[], column: KeyName | "events") =>
    of.reduce((total, row) => total + Number(row[column]), 0);
  // A day began elsewhere before the shop's clock was changed: it belongs to the day that it began in.
  const days = month.map(({ start, end }) => all.filter(({ day }) => day >= start && day < end));
  return {
    events: sum(ofWeek, "events"),
    keys: MATCH_KEYS.map(({ key }) => ({
      key,
      sent: sum(ofWeek, key),
      known: sum(knownOfWeek, key),
      days: days.map((of) => ({ sent: sum(of, key), events: sum(of, "events") })),
    })),
  };
}
