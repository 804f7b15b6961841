import type { EventReading } from "../delivery/dataset-quality";

/** What Meta says, as it says it; what was counted here stands in match-quality.ts, and the two are never mixed. */

export type { EventReading };

/** Why Meta does not say. */
export interface MetaRefusal {
  says: string;
  /** What a merchant does about it, in order. */
  steps: readonly string[];
  /** Since when it has been so; epoch milliseconds. */
  since: number;
  /** Meta's own code, with its subcode behind a stroke: `190/463`; null: it gave none. */
  code: string | null;
}

/** The score of an event as it was last said on a UTC day. */
export interface ScorePoint {
  /** Epoch milliseconds. */
  at: number;
  event: string;
  /** Out of 10. */
  score: number;
}

/** What Meta says of the events of a dataset, whoever sends them. */
export interface MetaQuality {
  /** Meta's number. */
  dataset: string;
  /** When Meta was last asked; null: not yet. */
  askedAt: number | null;
  /** When it last answered, which is what `events` is of; null: it never did. */
  answeredAt: number | null;
  /** Null: the last asking was answered. `events` is then as old as `answeredAt` says. */
  refusal: MetaRefusal | null;
  /** Under Meta's own names; null is what Meta did not say. Those that came by browser only have no event_match_quality. */
  events: EventReading[];
}

/** What Meta says of the events of one name; null: nothing. */
export function readingOfEvent({ events }: Pick<MetaQuality, "events">, event: string): EventReading | null {
  return events.find(({ event_name: name }) => name === event) ?? null;
}

/** Out of 10; null: Meta gives none. */
export function scoreOf(quality: Pick<MetaQuality, "events">, event: string): number | null {
  return readingOfEvent(quality, event)?.event_match_quality?.composite_score ?? null;
}
