import { countConversions } from "./deduplication";
import type { CountedConversion, Leg, ReceivedCopy, RequestRecord } from "./types";

const RECENT = 100;
const RECENT_REFUSALS = 5;

/** How often something was counted, and from how many copies. */
export interface Tally {
  counted: number;
  browser: number;
  server: number;
  deduplicated: number;
}

export interface EventTally extends Tally {
  event_name: string;
  /** Sum of the surviving values per currency. */
  values: Record<string, number>;
}

export interface DatasetTally extends Tally {
  dataset: string;
  /** Conversions with a test code; in no other number here. */
  tests: number;
  events: EventTally[];
}

export interface RecentConversion {
  dataset: string;
  event_name: string;
  event_id: string | null;
  legs: Leg[];
  survivor: Leg;
  at: number;
  value: number | null;
  currency: string | null;
  test: boolean;
  warnings: string[];
}

export interface RecentRefusal {
  at: number;
  dataset: string;
  status: number;
  events: number;
  reason: string;
}

/** Everything the page shows. */
export interface Summary {
  total: Tally;
  datasets: DatasetTally[];
  recent: RecentConversion[];
  refusals: RecentRefusal[];
}

/** Recounts what was received. */
export function summarise(received: readonly ReceivedCopy[], requests: readonly RequestRecord[]): Summary {
  const live = countConversions(received.filter((copy) => !copy.test));
  const tests = countConversions(received.filter((copy) => copy.test));
  return {
    total: tally(live),
    datasets: datasets(live, tests),
    recent: latest([...live, ...tests]).map(recent),
    refusals: refusals(requests),
  };
}

function datasets(live: readonly CountedConversion[], tests: readonly CountedConversion[]): DatasetTally[] {
  const liveOf = groupBy(live, (conversion) => conversion.dataset);
  const testsOf = groupBy(tests, (conversion) => conversion.dataset);
  return [...new Set([...liveOf.keys(), ...testsOf.keys()])].sort().map((dataset) => {
    const conversions = liveOf.get(dataset) ?? [];
    const events = [...groupBy(conversions, (conversion) => conversion.event_name)].map(([event_name, group]) => ({
      event_name,
      ...tally(group),
      values: values(group),
    }));
    events.sort((a, b) => b.counted - a.counted || (a.event_name < b.event_name ? -1 : 1));
    return { dataset, ...tally(conversions), tests: testsOf.get(dataset)?.length ?? 0, events };
  });
}

function tally(conversions: readonly CountedConversion[]): Tally {
  const sum: Tally = { counted: conversions.length, browser: 0, server: 0, deduplicated: 0 };
  for (const { copies } of conversions) {
    for (const { leg } of copies) sum[leg] += 1;
    if (copies.length > 1) sum.deduplicated += 1;
  }
  return sum;
}

function values(conversions: readonly CountedConversion[]): Record<string, number> {
  const sums = new Map<string, number>();
  for (const { value, currency } of conversions) {
    if (value !== undefined && currency !== undefined) sums.set(currency, (sums.get(currency) ?? 0) + value);
  }
  return Object.fromEntries(sums);
}

/** The latest by their first copy; of several at one instant, the last to come stands first. */
function latest(conversions: readonly CountedConversion[]): CountedConversion[] {
  const at = ({ copies }: CountedConversion) => copies[0]?.at ?? 0;
  return conversions
    .toReversed()
    .sort((a, b) => at(b) - at(a))
    .slice(0, RECENT);
}

function recent({ copies, value, currency, ...rest }: CountedConversion): RecentConversion {
  return {
    ...rest,
    legs: copies.map((copy) => copy.leg),
    at: copies[0]?.at ?? 0,
    value: value ?? null,
    currency: currency ?? null,
    test: copies.some((copy) => copy.test),
    warnings: [...new Set(copies.flatMap((copy) => copy.warnings))],
  };
}

function refusals(requests: readonly RequestRecord[]): RecentRefusal[] {
  const found: RecentRefusal[] = [];
  for (let index = requests.length - 1; index >= 0 && found.length < RECENT_REFUSALS; index -= 1) {
    const request = requests[index];
    if (!request || (request.taken > 0 && request.status === 200) || (request.status === 0 && !request.weather))
      continue;
    const { at, dataset, status, events } = request;
    found.push({ at, dataset, status, events, reason: reasonOf(request) });
  }
  return found;
}

function reasonOf({ weather, error }: RequestRecord): string {
  if (weather) return `scripted: ${weather}`;
  if (!error) return "";
  const code = error.error_subcode === undefined ? `${error.code}` : `${error.code}/${error.error_subcode}`;
  return `${code} ${error.error_user_msg ?? error.message}`;
}

function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return groups;
}
