import type { Bytes, Fate, Leaving, Obstacle } from "../../outbox/replay";

/** A group of events that ended for one cause. Epoch milliseconds. */
export interface CauseView {
  outcome: string;
  reason: string;
  /** The cause in a merchant's words. */
  says: string;
  event: string;
  /** Meta's number of the dataset. */
  dataset: string;
  events: number;
  /** Those of them that Meta's window is still open for. */
  inTime: number;
  last: number;
}

/** What a dry run found. */
export interface Ahead {
  matched: number;
  replayed: number;
  obstacles: Partial<Record<Obstacle, number>>;
  leaving: Partial<Record<Leaving, number>>;
  bytes: Partial<Record<Bytes, number>>;
  lastAt: number | null;
  more: boolean;
  /** The last row that was looked at; null: there is none. */
  last: number | null;
  /** One page of the events. */
  lines: AheadLine[];
  page: number;
  pages: number;
}

export interface AheadLine {
  id: number;
  event: string;
  eventId: string;
  orderId: string | null;
  fate: Fate;
  bytes: Bytes;
  /** What it would end with, in words; null: it leaves, or is not even tried. */
  says: string | null;
}
