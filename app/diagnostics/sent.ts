import type { TrReport } from "../events/browser-copy";
import type { Outcome } from "../events/outcome";
import type { MetaSaid } from "./meta-answer";

/** How much is looked at: the shop's latest events; and shown of each leg. */
export const SENT_BOUNDS = { events: 1_000, lines: 50 };

/** What Tandem lately saw leave for a dataset. Epoch milliseconds. */
export interface Sent {
  /** Meta's number. */
  dataset: string;
  since: number;
  /** Whether `since` is when the test code was set that is on; else it is an hour ago. */
  withCode: boolean;
  /** What left last, first. */
  lines: SentLine[];
}

/** An event with its two copies. */
export interface SentLine {
  event: string;
  eventId: string;
  /** When one of its copies last left. */
  at: number;
  /** Null: the outbox has no such event. */
  server: ServerCopy | null;
  /** Null: the pixel said nothing of a copy of its own. */
  browser: { tr: TrReport; at: number } | null;
}

export interface ServerCopy {
  /** Of its delivery. */
  id: number;
  outcome: Outcome;
  /** Why it is where it is, in a merchant's words; null: there is nothing to explain. */
  says: string | null;
  /** When it was last sent; null: it was not. */
  at: number | null;
  /** Names, not values, of the match keys it carried; null: not known. */
  keys: string[] | null;
  /** What Meta answered; null: it was not asked. */
  meta: MetaSaid | null;
}

interface Left {
  name: string;
  eventId: string;
  /** When its server copy was last sent; null: it was not. */
  sentAt: number | null;
  /** When its browser copy was told of; null: it was not. */
  toldAt: number | null;
}

/** Each event once, what left last first, `limit` of them at the most. */
export function latestOf<Row extends Left>(rows: readonly Row[], limit: number): Row[] {
  const events = new Map(rows.map((row) => [`${row.name} ${row.eventId}`, row]));
  const leftAt = ({ sentAt, toldAt }: Left) => Math.max(sentAt ?? 0, toldAt ?? 0);
  return [...events.values()].sort((a, b) => leftAt(b) - leftAt(a)).slice(0, limit);
}
