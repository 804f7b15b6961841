import type { Lag } from "./flow";

/** What Meta answered to an event's copies from the server, as often as one ended by an answer. */
export interface Answers {
  accepted: number;
  /** By cause, the most frequent first. */
  refused: { reason: string; says: string; count: number }[];
  /** From arrival to Meta's yes. */
  lag: Lag;
}
