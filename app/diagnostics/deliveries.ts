import type { TrReport } from "../events/browser-copy";
import type { Outcome } from "../events/outcome";
import type { KeyOrigin } from "../match-keys/key-origins";

/** What to show of the deliveries; null: no matter. */
export interface DeliveryFilter {
  event: string | null;
  outcome: Outcome | null;
  dataset: string | null;
  /** An order's number at Shopify, or an event id. */
  search: string | null;
  /** Only what is older than this delivery. */
  before: number | null;
}

export interface DeliveryLine {
  id: number;
  event: string;
  eventId: string;
  dataset: string;
  orderId: string | null;
  eventTime: number;
  outcome: Outcome;
  reason: string | null;
  /** What the pixel says of the browser's copy; null: it said nothing. */
  browserCopy: TrReport | null;
}

/** One request it travelled in. */
export interface AttemptLine {
  id: number;
  at: number;
  ms: number;
  /** How many events shared the request. */
  events: number;
  /** HTTP status; null: no answer came. */
  status: number | null;
  verdict: string;
  /** Meta's answer, word for word; null: it is no longer kept, or cannot be opened. */
  answer: string | null;
  /** It was made after a person had brought the event back. */
  byPerson: boolean;
}

/** A match key that an event carried, or might have. */
export interface DeliveredKey {
  key: string;
  label: string;
  /** Who told it, in words. */
  from: string;
  /** How it is written, in a sentence. */
  rule: string;
  /** Null: it was not sent. */
  origin: KeyOrigin | null;
  /** Not sent, though it is known here. */
  known: boolean;
  /** Whether the browser's own copy carried it; null: not known. */
  onBrowser: boolean | null;
}

export interface Delivery extends DeliveryLine {
  topic: string;
  receivedAt: number;
  settledAt: number | null;
  /** When it is next tried, for what waits. */
  runAt: number | null;
  /** When a person last brought it back; null: nobody did. */
  replayedAt: number | null;
  attempts: AttemptLine[];
  /** The event exactly as it travelled; null: nothing was sent, or its bytes are no longer kept. */
  sent: string | null;
  /** SHA-256 of those bytes; it outlives them. */
  sentHash: string | null;
  /** JSON of the consent decision; null: none was needed. */
  consent: string | null;
  /** What says who it was; null: nothing was sent, or before that was written down. */
  keys: DeliveredKey[] | null;
}
