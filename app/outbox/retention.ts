import type { Perishable } from "../store/rows";

const DAY_MS = 24 * 3_600_000;

interface Kept {
  days: number;
  /** What is meant, and counted from when. */
  what: string;
  why: string;
}

/**
 * How long what is remembered of events is kept. What waits is kept; match keys and browser contexts of events go when
 * nothing may be sent any more (app/pipeline/settling.server.ts), long before their facts. Counts and ledger stay.
 *
 * In this order: each row of a table is forgotten step by step.
 */
export const RETENTION: Readonly<Record<Perishable, Kept>> = {
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
  notice_bodies: {
    days: 90,
    what: "what a closed notice said, and whom it was about (hashed)",
    why: "An erasure has to be done again on a backup that is put back; no backup is to be older.",
  },
  notices: {
    days: 400,
    what: "that a notice came and when it was acted on",
    why: "The evidence that a request of a shopper or a merchant was answered, as long as that of an event.",
  },
};

/** Milliseconds. */
export function keptFor(what: Perishable): number {
  return RETENTION[what].days * DAY_MS;
}
