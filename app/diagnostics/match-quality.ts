import type { MATCH_KEYS } from "../match-keys/keys";

/** Numbers here are counted in what was sent; what Meta says of it stands in meta-quality.ts, and the two are never mixed. */

export type KeyName = (typeof MATCH_KEYS)[number]["key"];

/** How often events carried a key. */
export interface KeyShare {
  key: KeyName;
  /** How many events carried it. */
  sent: number;
  /** How many did not, though it is known here. */
  known: number;
  /** How many carried it and how many there were, day by day, oldest first. */
  days: { sent: number; events: number }[];
}

/** One event on one leg. */
export interface LegCoverage {
  /** Server: that Meta took. Browser: that left; nobody confirms those. */
  events: number;
  /** By key, in the order of MATCH_KEYS. */
  keys: KeyShare[];
}

export interface EventCoverage {
  event: string;
  server: LegCoverage;
  browser: LegCoverage;
  /** How many of those that Meta took had left a browser as well. */
  twins: number;
  /** What Meta took day by day, oldest first, and how many of those had left a browser as well. */
  days: { events: number; twins: number }[];
}

/** What the events of a dataset carried. */
export interface MatchQuality {
  dataset: string;
  /** What the sums are of, and what the days are of; oldest first, the same last day. */
  week: string[];
  month: string[];
  events: EventCoverage[];
}

/** A value that an event's counts are narrowed by. */
export interface GroupCoverage {
  leg: "browser" | "server";
  /** '': not known. */
  value: string;
  events: number;
  sent: Record<KeyName, number>;
}

export interface EventGroups {
  source: GroupCoverage[];
  device: GroupCoverage[];
  country: GroupCoverage[];
  /** With and without returning shoppers recognised: `on`, `off`. */
  recognise: GroupCoverage[];
}

/** Percent, whole; null: there is nothing that it would be a share of. */
export function percentOf(part: number, whole: number): number | null {
  return whole > 0 ? Math.round((part / whole) * 100) : null;
}

/** So many events say something; of fewer a share says nothing. */
export const ENOUGH_EVENTS = 20;

export type Grade = "strong" | "fair" | "weak";

/** A key is there when most events carry it. */
const MOST = 60;

/**
 * A grade for where Meta gives no score, by Meta's published priorities of keys (docs/match-quality.md): strong with one of
 * high priority and three of medium on most events; fair with one of high priority, or three of medium, on most. No score is
 * made up. Null: too few events to say.
 */
export function gradeOf(
  { events, keys }: LegCoverage,
  tierOf: (key: KeyName) => "high" | "medium" | "low" | null,
): Grade | null {
  if (events < ENOUGH_EVENTS) return null;
  const there = keys.filter(({ sent }) => (percentOf(sent, events) ?? 0) >= MOST).map(({ key }) => tierOf(key));
  const high = there.filter((tier) => tier === "high").length;
  const medium = there.filter((tier) => tier === "medium").length;
  if (high >= 1 && medium >= 3) return "strong";
  return high >= 1 || medium >= 3 ? "fair" : "weak";
}
