import type { Perishable } from "../store/rows";

interface Kept {
  days: number;
  /** What is meant, and counted from when. */
  what: string;
  why: string;
}

/**
 * What is kept for a time: what the retention chore forgets, and `context`, which the drain forgets
 * (app/pipeline/settling.server.ts).
 */
export type RetentionClass = Perishable | "context";

/** How long what is remembered is kept, unless the operator says otherwise. In this order each row is forgotten step by step. */
export const RETENTION: Readonly<Record<RetentionClass, Kept>> = {
  context: {
    days: 7,
    what: "match keys and browser of an event that ended and may still be sent, by a later consent or a person's replay; all others lose theirs when they end",
    why: "Meta takes events of websites for 7 days. Where refunds are told, an accepted Purchase keeps its own for 60.",
  },
  bytes: {
    days: 7,
    what: "the event as it travelled, sealed, from its end on; its SHA-256 stays",
    why: "It names a shopper once more, and is there for whoever looks at a delivery of the last days.",
  },
  facts: {
    days: 90,
    what: "what was sold, which customer it hangs on, and the words of Meta's answers, from the event's end on",
    why: "Refunds and upsells need those of their Purchase for 60 days, backtests those of the last weeks.",
  },
  events: {
    days: 400,
    what: "the row with its outcome, consent decision and SHA-256, and the requests it travelled in",
    why: "The evidence behind a ledger line, for a year and a month: until the year it is of has been closed.",
  },
  browser_copies: {
    days: 400,
    what: "what the pixel said of the browser's own copy, from when it said so, once it is counted",
    why: "The evidence for `browser_copy_stands`, which is worth as long as the row that ended by it; it names nobody.",
  },
  browser_contexts: {
    days: 90,
    what: "what is known of a visitor, from when the visitor was last heard of",
    why: "As long as Meta keeps its own cookies.",
  },
  rollups: {
    days: 400,
    what: "the counts that dashboards read, from the quarter of an hour they are of",
    why: "As long as the rows they count: older ones could not be counted again.",
  },
  request_bodies: {
    days: 30,
    what: "whom a request to see a customer's data was about (hashed, sealed), from when it was prepared",
    why: "Shopify gives a merchant so long to answer. All other notices lose this at once when they are acted on.",
  },
  notices: {
    days: 400,
    what: "that a notice came and when it was acted on",
    why: "The evidence that a request of a shopper or a merchant was answered, as long as that of an event.",
  },
  ledger: {
    days: 400,
    what: "the lines of the ledger, from when each was sealed; a checkpoint says where the chain goes on",
    why: "As long as the rows that they tell of.",
  },
  quality_hours: {
    days: 7,
    what: "what Meta said hour by hour of the quality of events; of older days what it said last (UTC)",
    why: "A change shows within hours while somebody works at it; later a trend is read by days. It names nobody.",
  },
  quality_readings: {
    days: 400,
    what: "what Meta said of the quality of events, from when it said so",
    why: "As long as the counts that it is read beside.",
  },
};

/** Days, by what is kept. */
export type Retention = Readonly<Record<RetentionClass, number>>;

export const RETENTION_CLASSES = Object.keys(RETENTION) as RetentionClass[];

export const DEFAULT_RETENTION = Object.fromEntries(
  RETENTION_CLASSES.map((what) => [what, RETENTION[what].days]),
) as Retention;

const DAY_MS = 24 * 3_600_000;

/** Milliseconds. */
export function keptFor(what: RetentionClass, retention: Retention = DEFAULT_RETENTION): number {
  return retention[what] * DAY_MS;
}

const MOST_DAYS = 3_650;
/** As long as Shopify tells of an order, or Meta takes it: a sweep would send what nobody remembers to have been sent. */
const FEWEST_EVENT_DAYS = 62;

/** `bytes=3,facts=60` over the defaults; or in words what is wrong with it. */
export function retentionOf(text: string): { ok: true; retention: Retention } | { ok: false; says: string } {
  const chosen: Partial<Record<RetentionClass, number>> = {};
  for (const part of text
    .split(",")
    .map((one) => one.trim())
    .filter((one) => one !== "")) {
    const [name = "", days = ""] = part.split("=").map((word) => word.trim());
    const what = RETENTION_CLASSES.find((one) => one === name);
    if (what === undefined) return { ok: false, says: `must name ${RETENTION_CLASSES.join(", ")}, not ${name}` };
    const fewest = what === "events" ? FEWEST_EVENT_DAYS : 1;
    if (!/^\d{1,4}$/.test(days) || Number(days) < fewest || Number(days) > MOST_DAYS) {
      return { ok: false, says: `${name} must be a whole number of days from ${fewest} to ${MOST_DAYS}` };
    }
    chosen[what] = Number(days);
  }
  const retention = { ...DEFAULT_RETENTION, ...chosen };
  if (retention.bytes > retention.facts || retention.facts > retention.events) {
    return { ok: false, says: "must keep bytes no longer than facts, and facts no longer than events" };
  }
  if (retention.ledger > retention.events) {
    return { ok: false, says: "must keep ledger no longer than events: a line would outlive what it tells of" };
  }
  return { ok: true, retention };
}
