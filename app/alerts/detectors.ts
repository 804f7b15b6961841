import type { NoSignal } from "../consent/no-signal";
import { counted } from "../counted";
import type { EventQuality } from "../delivery/dataset-quality";

/**
 * What can be wrong without any single event saying so: one table, each row a pure function over counted numbers. Every row
 * has a least number of orders or events below which it says nothing, so that a small shop hears no false alarm.
 */

/** What was counted, and since when it has been so (epoch milliseconds; null: not known). */
export interface Watched {
  /** Epoch milliseconds. */
  now: number;
  /** Of the last 7 days, and of each of the seven weeks before, the newest first; of those nothing where they do not matter. */
  pixel: Heard & { before: readonly Heard[]; lastHeardAt: number | null };
  /** Orders of the web in the last day. */
  ordersOfDay: number;
  /** Events with a leg that is on, which come before or with each order of the web, and what was heard of them in that day. */
  legs: readonly { event: string; dataset: string; heard: number; lastHeardAt: number | null }[];
  /** Of the latest orders of the web. */
  tokens: { orders: number; without: number; since: number | null };
  /** Of the latest events: `ahead` by more than a minute, and how late the middle one came; orders of a day refused as from the future. */
  clock: { beacons: number; ahead: number; medianLagMs: number; refused: number; since: number | null };
  /** Of the latest orders whose copies both told something. */
  values: { compared: number; unequal: number; since: number | null };
  /** Of the latest orders of the web of which it is known what was sent. */
  identity: { orders: number; bare: number; since: number | null };
  noSignal: NoSignal;
  /** What Meta says of each dataset, with and without our partner_agent. */
  senders: readonly Senders[];
}

/** Orders of the web that a webhook told of in time, and how many browsers told of a completed checkout. */
export interface Heard {
  orders: number;
  heard: number;
}

export interface Senders {
  dataset: string;
  /** Events that Tandem sends to it from the server: another's copy of anything else is counted once. */
  sent: readonly string[];
  /** How long events have travelled with our partner_agent, milliseconds. */
  namedForMs: number;
  firstAt: number;
  overall: readonly EventQuality[];
  ours: readonly EventQuality[];
}

/** What a row of the table has found. */
interface Sighting {
  /** With the numbers. */
  says: string;
  count: number;
  since: number | null;
}

interface Detector {
  label: string;
  means: string;
  mend: string;
  /** Where to mend it; `store`: the shop's name in admin addresses. */
  place: ((store: string) => { label: string; url: string }) | null;
  /** Why its thresholds are what they are. */
  why: string;
  find: (watched: Watched) => Sighting[];
}

const DAY_MS = 86_400_000;

export const DETECTORS = {
  pixel_starved: {
    label: "The pixel hears too few checkouts",
    means:
      "Shopify shares less with the pixel. App pixels are set to 'Optimized' by default: Shopify may pause one that, by its own reckoning, brings no sales, and tells nobody. Orders still leave from the server, without the browser's copy and often without its cookies.",
    mend: "In Shopify, open Settings › Customer events › App pixels, and in the row of Tandem set Data › Mode to 'Always on'.",
    place: (store) => ({
      label: "Customer events",
      url: `https://admin.shopify.com/store/${store}/settings/customer_events`,
    }),
    why: "Shoppers who refuse or block keep many checkouts unheard in any shop, so a shop is held against its own best three weeks of the last seven: those before a pixel starves stay among them for a month. Less than half of that share, and 3.5 standard deviations fewer, is chance about once in 300 weeks where a third or a half is heard, however many orders. Without weeks to go by: none of 20 orders, or less than 5 % of 80.",
    find: ({ pixel }) => {
      const { orders, heard, lastHeardAt } = pixel;
      const best = bestWeeks(pixel.before);
      const fell = best !== null && best.heard > 0 ? fellFrom(best, pixel) : orders >= 20 && heard === 0;
      const hardly = orders >= 80 && heard / orders < 0.05;
      if (!fell && !hardly) return [];
      const says = `Of ${counted(orders, "order")} of the last 7 days the pixel told of ${heard}${wordsOfBefore(best, pixel)}.`;
      return [{ says, count: orders - heard, since: lastHeardAt }];
    },
  },
  second_sender: {
    label: "Somebody else sends to this dataset",
    means:
      "Shopify's own Facebook & Instagram channel, Meta's one-click Conversions API or another app tells Meta of the same conversions under ids of its own. Meta does not merge those by id: what both of them tell may count twice.",
    mend: "In Events Manager open the dataset › Settings, and look who is connected there. In Shopify, switch off data sharing of the Facebook & Instagram channel for this dataset.",
    place: () => ({ label: "Events Manager", url: "https://business.facebook.com/events_manager2" }),
    why: "Meta's numbers are averages of up to 7 days, so it is not asked before 8 days have gone out under our name. Its percentages are rounded and asked for one after the other: 10 points are more than that explains.",
    find: ({ senders }) => senders.flatMap(secondSender),
  },
  no_leg: {
    label: "Nothing is heard of an event",
    means:
      "The event is switched on, orders come, and for a day neither the browser nor the server had it. The pixel may not be connected, or the webhook not be subscribed.",
    mend: "Look at the set-up on the overview: whether Shopify took the pixel's settings, and whether it is connected under Settings › Customer events.",
    place: () => ({ label: "Overview", url: "/app" }),
    why: "Only events that come before or with every order of the web. Where a third of the shoppers is heard, 10 orders without one of them happen by chance on one day in 60; that all of them lack it for the same event is looked at again each day.",
    find: ({ ordersOfDay, legs, now }) =>
      ordersOfDay < 10
        ? []
        : legs.flatMap(({ event, dataset, heard, lastHeardAt }) =>
            heard > 0
              ? []
              : [
                  {
                    says: `No ${event} for dataset ${dataset} in a day in which ${counted(ordersOfDay, "order")} came.`,
                    count: ordersOfDay,
                    since: lastHeardAt ?? now - DAY_MS,
                  },
                ],
          ),
  },
  no_checkout_token: {
    label: "Orders come without their checkout's token",
    means:
      "The token is what the pixel and the order have in common. Without it the server's Purchase has another id than the browser's, and Meta counts both; cookies and consent are not found either.",
    mend: "Look which orders they are: an app that writes orders through the API as if they came from the web leaves it out. Its source can be set apart on the page Sources.",
    place: () => ({ label: "Sources", url: "/app/sources" }),
    why: "Orders of the checkout always have one; single ones without are made by people and apps. 3 of them, and one in 20, are a pattern.",
    find: ({ tokens: { orders, without, since } }) =>
      orders >= 20 && without >= 3 && without / orders >= 0.05
        ? [{ says: `${without} of the latest ${counted(orders, "web order")} have none.`, count: without, since }]
        : [],
  },
  clock_skew: {
    label: "This server's clock is wrong",
    means:
      "Events are dated by those who send them, and Meta refuses what lies in the future or more than 7 days back. What nearly all senders agree on against this server's clock is this clock's fault.",
    mend: "Whoever runs Tandem: synchronise the machine's clock (chrony or systemd-timesyncd).",
    place: null,
    why: "Shoppers' own clocks are wrong in both directions, so it takes the half of at least 50 browser events, or 3 orders, which Shopify dates. A minute is what networks and rounding explain; five, what a phone that was put away does.",
    find: ({ clock: { beacons, ahead, medianLagMs, refused, since }, now }) => {
      const sightings: Sighting[] = [];
      if (refused >= 3) {
        const says = `${counted(refused, "order")} of the last 24 hours were dated more than 15 minutes ahead of this clock, and refused.`;
        sightings.push({ says, count: refused, since: now - DAY_MS });
      }
      if (beacons >= 50 && ahead / beacons > 0.5) {
        const says = `${ahead} of the latest ${counted(beacons, "browser event")} are dated more than a minute ahead of this clock.`;
        sightings.push({ says, count: ahead, since });
      }
      if (beacons >= 50 && medianLagMs >= 5 * 60_000) {
        const minutes = Math.round(medianLagMs / 60_000);
        const says = `Half of the latest ${counted(beacons, "browser event")} are dated ${counted(minutes, "minute")} or more behind this clock.`;
        sightings.push({ says, count: beacons, since });
      }
      return sightings;
    },
  },
  two_values: {
    label: "One event, two values",
    means:
      "The browser's and the server's copy of an order share an id and do not say the same. Meta keeps one of them, usually the browser's: what it reports is not what the order was worth.",
    mend: "Look at the orders under Both copies. A currency converter of the theme, or an app that changes the order after its page was shown, are the usual causes.",
    place: () => ({ label: "Both copies", url: "/app/parity" }),
    why: "An order that was changed in the seconds after its page differs rightly. 3 of at least 20, and one in 50, are more than that.",
    find: ({ values: { compared, unequal, since } }) =>
      compared >= 20 && unequal >= 3 && unequal / compared >= 0.02
        ? [{ says: `${unequal} of the latest ${counted(compared, "order")} with both copies.`, count: unequal, since }]
        : [],
  },
  withheld_jump: {
    label: "Far more orders than before lack a consent signal",
    means: "They were not sent: silence is not consent. The pixel or the consent banner may have stopped.",
    mend: "Look whether the pixel and the consent banner still run, and switch the cart signals embed on.",
    place: () => ({ label: "Consent", url: "/app/consent" }),
    why: "See app/consent/no-signal.ts: 10 on the day and 10 before, twice the share and ten points more.",
    find: ({ noSignal: { jump, withheld, orders, day }, now }) =>
      jump
        ? [
            {
              says: `${day.withheld} of ${counted(day.orders, "purchase")} of the last 24 hours; of the last 7 days ${withheld} of ${orders}.`,
              count: day.withheld,
              since: now - DAY_MS,
            },
          ]
        : [],
  },
  no_customer_data: {
    label: "Orders come without any customer data",
    means:
      "Shopify leaves e-mail, phone, name and address out of all webhooks until the app has been granted protected customer data. Meta can match next to nothing without them.",
    mend: "Whoever registered the app: in the Partner Dashboard open Apps › the app › API access requests › Protected customer data access › Request access, and choose name, e-mail, phone and address.",
    place: () => ({
      label: "Shopify: protected customer data",
      url: "https://shopify.dev/docs/apps/launch/protected-customer-data#request-access-to-protected-customer-data",
    }),
    why: "Access is granted or not, for all orders alike: nine in ten of at least 20. A checkout asks for an e-mail or a phone, so single orders without are erased customers.",
    find: ({ identity: { orders, bare, since } }) =>
      orders >= 20 && bare / orders >= 0.9
        ? [{ says: `${bare} of the latest ${counted(orders, "web order")}.`, count: bare, since }]
        : [],
  },
} as const satisfies Record<string, Detector>;

export type DetectorKind = keyof typeof DETECTORS;
export const DETECTOR_KINDS = Object.keys(DETECTORS) as DetectorKind[];

/** Something that a person should look at; an alert is made of its `kind`, `says` and `count`. */
export interface Detected extends Sighting {
  kind: DetectorKind;
}

export function detect(watched: Watched): Detected[] {
  return DETECTOR_KINDS.flatMap((kind) => DETECTORS[kind].find(watched).map((sighting) => ({ kind, ...sighting })));
}

/** Whether the weeks before matter: of which at least a half is heard, no week fell to less than a half of another. */
export function asksForWeeksBefore({ orders, heard }: Heard): boolean {
  return orders >= 20 && heard < orders / 2;
}

/** Fewer orders are no share. */
const FEWEST_IN_BEST_WEEKS = 60;

/** The three weeks in a row in which the largest share was heard; null: none had orders enough. */
function bestWeeks(weeks: readonly Heard[]): Heard | null {
  const sums = weeks.slice(2).map((_, index) => added(weeks.slice(index, index + 3)));
  const enough = sums.filter(({ orders }) => orders >= FEWEST_IN_BEST_WEEKS);
  return enough.sort((a, b) => b.heard / b.orders - a.heard / a.orders)[0] ?? null;
}

function added(weeks: readonly Heard[]): Heard {
  return weeks.reduce((sum, { orders, heard }) => ({ orders: sum.orders + orders, heard: sum.heard + heard }), {
    orders: 0,
    heard: 0,
  });
}

/** Of so many that should be heard, none is by chance once in 400 weeks. */
const FEWEST_EXPECTED = 6;

function fellFrom(best: Heard, { orders, heard }: Heard): boolean {
  const share = Math.min(best.heard / best.orders, 1);
  const expected = orders * share;
  if (heard === 0) return expected >= FEWEST_EXPECTED;
  const rare = expected - heard >= 3.5 * Math.sqrt(expected * (1 - share));
  return orders >= 30 && rare && heard < expected / 2;
}

function wordsOfBefore(best: Heard | null, { heard, before }: Watched["pixel"]): string {
  if (best !== null)
    return `; of ${counted(best.orders, "order")} in the best three of the seven weeks before, ${best.heard}`;
  const never = heard === 0 && before.every((week) => week.heard === 0);
  return never ? ", and of none in the seven weeks before: it may not be connected" : "";
}

/** Before that, Meta's averages hold events that travelled without a name. */
const NAMED_AT_LEAST_MS = 8 * DAY_MS;
/** Percentage points. */
const COVERAGE_APART = 10;

function secondSender({ dataset, sent, namedForMs, firstAt, overall, ours }: Senders): Sighting[] {
  if (namedForMs < NAMED_AT_LEAST_MS) return [];
  const own = new Map(ours.map((quality) => [quality.event, quality]));
  const foreign = overall.filter((quality) => {
    const mine = own.get(quality.event);
    return sent.includes(quality.event) && (mine === undefined || apart(quality, mine));
  });
  if (foreign.length === 0) return [];
  const names = foreign.map(({ event }) => event).join(", ");
  const says = `Meta counts events for dataset ${dataset} that did not come from Tandem: ${names}.`;
  return [{ says, count: foreign.length, since: firstAt }];
}

function apart(one: EventQuality, other: EventQuality): boolean {
  const keys = new Set([...Object.keys(one.coverage), ...Object.keys(other.coverage)]);
  return [...keys].some((key) => Math.abs((one.coverage[key] ?? 0) - (other.coverage[key] ?? 0)) >= COVERAGE_APART);
}
