import { type Ending, endingFor } from "../events/outcome";
import { nextRunAt } from "./schedule";

/** What an answer of Meta means, in the outbox's words. */
export interface AnswerMeaning {
  verdict: "accepted" | "retry" | "rejected" | "hold";
  reason: string | null;
  tries: number | null;
  pause: number | null;
}

/** Waiting again until `runAt` (epoch milliseconds), or an ending. */
export type Next = { outcome: "waiting"; reason: string; runAt: number } | Ending;

/** How a row stands before the answer. */
interface Standing {
  /** Times it was claimed; the wait before the next try grows with it. */
  attempts: number;
  /** The answer it last got, and how many times in a row. */
  reason: string | null;
  tries: number;
}

/** How many times in a row this answer has come now: an outage before it does not count against the event. */
export function triesOf({ reason, tries }: Standing, answer: string | null): number {
  return reason === answer ? tries + 1 : 1;
}

/** The one place where a verdict becomes what happens to a row. */
export function nextFor(meaning: AnswerMeaning, row: Standing, now: number, random: () => number): Next {
  switch (meaning.verdict) {
    case "accepted":
      return { outcome: "accepted", reason: meaning.reason };
    case "rejected":
      return { outcome: "rejected", reason: meaning.reason };
    case "hold":
      // Due at once: what keeps it here is the hold on its dataset, and a new token ends that.
      return { outcome: "waiting", reason: meaning.reason ?? "hold", runAt: now };
    case "retry":
      if (meaning.tries !== null && triesOf(row, meaning.reason) >= meaning.tries) return endingFor("unknown_answer");
      return {
        outcome: "waiting",
        reason: meaning.reason ?? "retry",
        runAt: nextRunAt(row.attempts, now, { retryAfter: meaning.pause, random }),
      };
  }
}
