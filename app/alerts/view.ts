import type { Channel } from "./channels";
import type { AlertKind } from "./kinds";

/** An alert as the admin shows it. Epoch milliseconds. */
export interface OpenAlert {
  kind: AlertKind;
  subject: string;
  says: string;
  openedAt: number;
}

/** How a channel fares. Epoch milliseconds. */
export interface ChannelState {
  channel: Channel;
  /** When a message last left by it; null: none did, as far as is remembered. */
  sentAt: number | null;
  /** Messages that wait for it. */
  waiting: number;
  /** Why the last try failed; null: it did not. */
  fault: string | null;
  /** When it is tried again; null: nothing waits. */
  nextAt: number | null;
}
