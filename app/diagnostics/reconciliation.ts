import { ORDER_SOURCE_NAMES, ORDER_SOURCES, type OrderSource } from "../events/order-sources";
import { OUTCOMES, type Outcome } from "../events/outcome";

/** A number of orders and what they are worth together, in millionths of the shop's currency. */
export interface Amount {
  count: number;
  sum: number;
}

/** Orders of one day that stand alike. */
export interface OrderGroup extends Amount {
  /** Index of the day. */
  day: number;
  event: string;
  source: string;
  outcome: Outcome;
  reason: string | null;
}

export interface Part<Key> extends Amount {
  key: Key;
}

/** Why orders did not reach Meta: one outcome and reason. */
export interface Gap extends Amount {
  outcome: Outcome;
  reason: string | null;
}

/** What became of the orders of some days. Each list adds up to `all`. */
export interface Reconciliation {
  all: Amount;
  accepted: Amount;
  /** Those of the accepted that Meta has less to match by: no webhook told of them. */
  degraded: Amount;
  /** Those of the accepted that Ads Manager's column of website purchases is about. */
  websitePurchases: Amount;
  outcomes: Part<Outcome>[];
  sources: { key: string; label: string; all: Amount; accepted: Amount }[];
  events: Part<string>[];
  /** One for each day, in its place: by outcome. */
  days: Partial<Record<Outcome, Amount>>[];
  /** All that was not accepted, the most orders first. */
  gaps: Gap[];
}

/** Adds groups up along each line that a merchant looks along. `days`: how many there are. */
export function reconcile(groups: readonly OrderGroup[], days: number): Reconciliation {
  const all = nothing();
  const accepted = nothing();
  const degraded = nothing();
  const websitePurchases = nothing();
  const outcomes = new Map<Outcome, Amount>();
  const sources = new Map<string, { all: Amount; accepted: Amount }>();
  const events = new Map<string, Amount>();
  const gaps = new Map<string, Gap>();
  const byDay = Array.from({ length: days }, (): Partial<Record<Outcome, Amount>> => ({}));
  for (const group of groups) {
    const { outcome, reason } = group;
    add(all, group);
    add(of(outcomes, outcome, nothing), group);
    add(of(events, group.event, nothing), group);
    const source = of(sources, group.source, () => ({ all: nothing(), accepted: nothing() }));
    add(source.all, group);
    const day = byDay[group.day];
    if (day !== undefined) {
      day[outcome] ??= nothing();
      add(day[outcome], group);
    }
    if (outcome === "accepted") {
      add(accepted, group);
      if (reason === "degraded") add(degraded, group);
      if (group.event === "Purchase" && ON_THE_WEBSITE.has(group.source)) add(websitePurchases, group);
      add(source.accepted, group);
    } else
      add(
        of(gaps, `${outcome} ${reason}`, () => ({ ...nothing(), outcome, reason })),
        group,
      );
  }
  return {
    all,
    accepted,
    degraded,
    websitePurchases,
    outcomes: OUTCOMES.flatMap((key) => partOf(key, outcomes)),
    sources: [...sources].map(([key, both]) => ({ key, label: sourceLabel(key), ...both })).sort(bySource),
    events: [...events.keys()].sort().flatMap((key) => partOf(key, events)),
    days: byDay,
    gaps: [...gaps.values()].sort((a, b) => b.count - a.count),
  };
}

function nothing(): Amount {
  return { count: 0, sum: 0 };
}

function add(to: Amount, { count, sum }: Amount): void {
  to.count += count;
  to.sum += sum;
}

function of<Key, Value>(map: Map<Key, Value>, key: Key, fresh: () => Value): Value {
  const known = map.get(key) ?? fresh();
  map.set(key, known);
  return known;
}

function partOf<Key>(key: Key, amounts: ReadonlyMap<Key, Amount>): Part<Key>[] {
  const amount = amounts.get(key);
  return amount === undefined ? [] : [{ key, ...amount }];
}

function bySource(a: { key: string }, b: { key: string }): number {
  const placeOf = ({ key }: { key: string }) => ORDER_SOURCE_NAMES.indexOf(key as OrderSource);
  return placeOf(a) - placeOf(b);
}

export function sourceLabel(source: string): string {
  return Object.hasOwn(ORDER_SOURCES, source) ? ORDER_SOURCES[source as OrderSource].label : source;
}

/** A part of the way from what Meta took to what Ads Manager shows, in a merchant's words. */
export interface AdsPart {
  count: number;
  label: string;
  says: string;
}

/** Orders that Ads Manager would show as bought on the website. */
const ON_THE_WEBSITE: ReadonlySet<string> = new Set<OrderSource>(["web", "channel"]);

/**
 * Which part of the difference between the shop's orders and a number of purchases in Ads Manager is which. Only counted parts
 * are given as numbers; what Meta attributes to no ad is what remains. Windows: 7 days after a click, 1 day after a view.
 * https://www.facebook.com/business/help/370704083280490
 */
export function adsDifference({ all, accepted, sources, websitePurchases }: Reconciliation, shown: number): AdsPart[] {
  const elsewhere = sources
    .filter(({ key }) => !ON_THE_WEBSITE.has(key))
    .reduce((count, source) => count + source.accepted.count, 0);
  const missing = all.count - accepted.count;
  const otherwise = accepted.count - elsewhere - websitePurchases.count;
  const rest = websitePurchases.count - shown;
  const parts: AdsPart[] = [
    { count: missing, label: "Not with Meta", says: "Each has its reason above, and what can be done about it." },
    {
      count: elsewhere,
      label: "With Meta, but not bought on the website",
      says: "Tills, drafts and renewals: Ads Manager shows them in columns of their own, if at all.",
    },
    {
      count: otherwise,
      label: "With Meta, as another event than Purchase",
      says: "As your sources say they are told. Ads Manager shows them under those events.",
    },
    {
      count: Math.max(rest, 0),
      label: "With Meta, but after no ad",
      says:
        "Ads Manager counts a purchase only where it follows an ad of yours: within 7 days of a click, or 1 day of a view. " +
        "All others are yours without an ad. They are not lost: Meta has them, and learns from them.",
    },
    {
      count: Math.max(-rest, 0),
      label: "In Ads Manager beyond what Meta took from here",
      says:
        "Meta adds modelled conversions, counts a purchase on the day of the ad rather than of the order, and takes what " +
        "another sender (a former app, Shopify's own channel) tells it.",
    },
  ];
  return parts.filter(({ count }) => count > 0);
}
