import { counted } from "../counted";
import { DETECTOR_KINDS, DETECTORS, type DetectorKind } from "./detectors";
import type { Seen } from "./seen";

/** Something a merchant should know of, as it is at the moment. */
export interface Finding {
  kind: AlertKind;
  /** What of the shop it is about: Meta's number of a dataset; '': the shop as a whole. */
  subject: string;
  /** How bad it is, in the kind's own unit. */
  measure: number;
  /** What is the matter, with its numbers. */
  says: string;
}

interface Threshold {
  /** What is counted, for the field it is typed in. */
  unit: string;
  /** Told from so many on. */
  default: number;
  least: number;
  most: number;
}

type Found = Omit<Finding, "kind">;

interface KindRow {
  label: string;
  /** What it means, for somebody who has never read a log. */
  means: string;
  /** What to do. */
  mend: string;
  /** Where in the admin to do it. */
  page: string;
  /** Null: there is nothing to choose, it is so or it is not. */
  threshold: Threshold | null;
  /** Pure. */
  detect: (seen: Seen, threshold: number) => Found[];
}

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** A share of fewer events says nothing. */
const FEWEST_FOR_A_SHARE = 20;

const events = (unit: string, usual: number): Threshold => ({ unit, default: usual, least: 1, most: 1_000_000 });

/** Of the shop as a whole, where there are so many. */
function fromOn(threshold: number, measure: number, says: string): Found[] {
  return measure >= threshold ? [{ subject: "", measure, says }] : [];
}

/** What is decided by the rows of the outbox and its datasets. */
const BY_ROWS = {
  dataset_held: {
    label: "A dataset is on hold",
    means:
      "Meta refuses the token or its permission, so nothing leaves for the dataset. Nothing is dropped until it is too old.",
    mend: "Make a new token in Events Manager (the dataset, Settings, Conversions API) and paste it under Settings. What waits leaves at once.",
    page: "/app/settings",
    threshold: null,
    detect: ({ held, now }) =>
      held.map(({ dataset, says, waiting, more, firstLost }) => ({
        subject: dataset,
        measure: Math.max(1, waiting),
        says: `Nothing leaves for dataset ${dataset}. ${says} ${waitingWords(waiting, more)}${lostWords(firstLost, now)}`,
      })),
  },
  dead_events: {
    label: "Events were given up",
    means:
      "Tandem could not get an answer that it knows, or could not read what it had stored. They stay until somebody looks.",
    mend: "Look at them under Replay, by cause; once the cause is mended, replay lets them leave under the same ids.",
    page: "/app/replay",
    threshold: events("events in a day", 1),
    detect: ({ ended }, threshold) =>
      fromOn(threshold, ended.dead, `${counted(ended.dead, "event")} ended as dead in the last day.`),
  },
  rejected_share: {
    label: "Meta refuses many events",
    means:
      "A share of what was sent in the last day was refused, by Meta or by Tandem's own check before it. What is refused is not counted.",
    mend: "Look at the causes under Replay: each has Meta's code and what helps. Mended, they can be sent again for 7 days.",
    page: "/app/replay",
    threshold: { unit: "% of a day's events", default: 5, least: 1, most: 100 },
    detect: ({ ended: { rejected }, accepted }, threshold) => {
      const all = rejected + accepted;
      if (all < FEWEST_FOR_A_SHARE) return [];
      const percent = Math.floor((100 * rejected) / all);
      return fromOn(
        threshold,
        percent,
        `${rejected.toLocaleString("en")} of ${counted(all, "event")} of the last day were refused: ${percent} %.`,
      );
    },
  },
  expired: {
    label: "Events grew too old",
    means:
      "Meta takes events of websites for 7 days. These were older before they could leave, and Meta will not count them. Those whose browser's copy stands are not among them.",
    mend: "Look under Deliveries what kept them: a dataset on hold, a server that did not run. They cannot be sent any more.",
    page: "/app/deliveries?outcome=expired",
    threshold: events("events in a day", 1),
    detect: ({ ended }, threshold) =>
      fromOn(threshold, ended.expired, `${counted(ended.expired, "event")} expired in the last day.`),
  },
  backlog: {
    label: "Events wait for long",
    means:
      "Events that nothing holds back have not left: Meta does not answer, or the server cannot keep up. They are tried until Meta's window closes.",
    mend: "Look under Deliveries why they wait. If Meta is down there is nothing to do; if the server is, whoever runs Tandem should look.",
    page: "/app/deliveries?outcome=waiting",
    threshold: { unit: "minutes", default: 30, least: 5, most: 10_080 },
    detect: ({ stuck, now }, threshold) => {
      if (stuck.since === null) return [];
      const minutes = Math.floor((now - stuck.since) / MINUTE_MS);
      const many = `${stuck.more ? "More than " : ""}${counted(stuck.events, "event")}`;
      return fromOn(
        threshold,
        minutes,
        `${many} ${stuck.events === 1 ? "waits" : "wait"}, the oldest for ${counted(minutes, "minute")}.`,
      );
    },
  },
  pixel_fault: {
    label: "Shopify does not take the pixel's settings",
    means: "What shoppers' browsers run is what Shopify took last: an event that was switched on or off since is not.",
    mend: "Tandem tries again every minute. Open the app once, so that Shopify renews its session; if that does not help, whoever runs Tandem should run doctor.",
    page: "/app/events",
    threshold: null,
    detect: ({ pixelFault }) => (pixelFault === null ? [] : [{ subject: "", measure: 1, says: pixelFault }]),
  },
  sweep_found: {
    label: "Orders whose webhook never came",
    means:
      "Shopify did not tell of these orders when they were placed; the sweep found them and Tandem sent what Meta still takes.",
    mend: "A few a week are Shopify's own losses. Many mean that Tandem could not be reached: look at its uptime and at the proxy before it.",
    page: "/app/deliveries",
    threshold: events("orders in a day", 5),
    detect: ({ sweepFound }, threshold) =>
      fromOn(
        threshold,
        sweepFound,
        `The sweep found ${counted(sweepFound, "order")} in the last day that no webhook had told of.`,
      ),
  },
} as const satisfies Record<string, KindRow>;

/** What Health has found: one alert for each of its detectors, with all that it has found. */
function byDetector(kind: DetectorKind): KindRow {
  const { label, means, mend } = DETECTORS[kind];
  return {
    label,
    means,
    mend,
    page: "/app/health",
    threshold: null,
    detect: ({ health }) => {
      const found = health.filter((one) => one.kind === kind);
      const measure = found.reduce((sum, { count }) => sum + count, 0);
      return found.length === 0 ? [] : [{ subject: "", measure, says: found.map(({ says }) => says).join(" ") }];
    },
  };
}

const BY_DETECTOR = Object.fromEntries(DETECTOR_KINDS.map((kind) => [kind, byDetector(kind)])) as Record<
  DetectorKind,
  KindRow
>;

export type AlertKind = keyof typeof BY_ROWS | DetectorKind;

/** Everything an alert is given for, in one table: a new kind is a row here, or a detector of Health. */
export const ALERT_KINDS: Readonly<Record<AlertKind, KindRow>> = { ...BY_ROWS, ...BY_DETECTOR };

export const ALERT_KIND_NAMES = Object.keys(ALERT_KINDS) as [AlertKind, ...AlertKind[]];

export function isAlertKind(name: string): name is AlertKind {
  return Object.hasOwn(ALERT_KINDS, name);
}

/** From how many on a kind is told, unless the shop says otherwise; null: there is nothing to choose. */
export function thresholdOf(kind: AlertKind): Threshold | null {
  return ALERT_KINDS[kind].threshold;
}

/** Pure. `chosen`: the shop's own threshold of a kind; undefined: the table's. */
export function findingsOf(seen: Seen, chosen: (kind: AlertKind) => number | undefined): Finding[] {
  return ALERT_KIND_NAMES.flatMap((kind) => {
    const { threshold, detect } = ALERT_KINDS[kind];
    return detect(seen, chosen(kind) ?? threshold?.default ?? 1).map((found) => ({ kind, ...found }));
  });
}

function waitingWords(waiting: number, more: boolean): string {
  if (waiting === 0) return "No event waits yet.";
  return `${more ? "More than " : ""}${counted(waiting, "event")} ${waiting === 1 ? "waits" : "wait"}.`;
}

function lostWords(firstLost: number | null, now: number): string {
  if (firstLost === null) return "";
  const hours = Math.max(0, Math.floor((firstLost - now) / HOUR_MS));
  return ` The first can no longer be sent in ${counted(hours, "hour")}.`;
}
