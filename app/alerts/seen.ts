import type { Detected } from "./detectors";

/** What was counted of a shop at a moment: all that the kinds of alerts are decided by. Epoch milliseconds; names nobody. */
export interface Seen {
  now: number;
  /** Datasets that nothing leaves for. */
  held: readonly HeldSeen[];
  /** Events that ended in the last day, by outcome; `expired` without those whose browser's copy stands. */
  ended: Readonly<Record<"rejected" | "expired" | "dead", number>>;
  /** Events of the last day that Meta accepted. */
  accepted: number;
  /** Events that wait for nothing but their turn. */
  stuck: StuckSeen;
  /** What the detectors of Health found when they last looked. */
  health: readonly Detected[];
  /** Why Shopify did not take the pixel's settings; null: it did. */
  pixelFault: string | null;
  /** Orders of the last day that only the sweep found. */
  sweepFound: number;
}

export interface HeldSeen {
  /** Meta's number. */
  dataset: string;
  /** Why, in a merchant's words. */
  says: string;
  waiting: number;
  /** True: there are more than that. */
  more: boolean;
  /** When the first of what waits can no longer be sent; null: nothing waits. */
  firstLost: number | null;
}

export interface StuckSeen {
  events: number;
  /** True: there are more than that. */
  more: boolean;
  /** When the first of them arrived; null: there is none. */
  since: number | null;
}

/** Of a shop where nothing is wrong. */
export function nothingSeen(now: number): Seen {
  return {
    now,
    held: [],
    ended: { rejected: 0, expired: 0, dead: 0 },
    accepted: 0,
    stuck: { events: 0, more: false, since: null },
    health: [],
    pixelFault: null,
    sweepFound: 0,
  };
}
