import { IDENTIFIER_OF } from "../delivery/identifiers";
import type { Potential } from "./adviser";
import type { KeyName } from "./match-quality";
import type { EventReading } from "./meta-quality";
import { QUALITY_KEYS } from "./quality-keys";

/** What Meta says of one match key of an event. */
export interface KeyFeedback extends Potential {
  /** Ours where we know the key, else Meta's name of it. */
  label: string;
  /** Share of the events that carry it, percent, as Meta gives it; null: Meta does not say. */
  coverage: number | null;
}

function feedbackOf(reading: EventReading | null) {
  return reading?.event_match_quality?.match_key_feedback ?? [];
}

/** What Meta says key by key, in Meta's order. */
export function keyFeedbackOf(reading: EventReading | null): KeyFeedback[] {
  return feedbackOf(reading).map(({ identifier, coverage, potential_aly_acr_increase: potential }) => ({
    label: QUALITY_KEYS.find(({ key }) => IDENTIFIER_OF[key] === identifier)?.label ?? identifier,
    coverage: coverage?.percentage ?? null,
    percentage: potential?.percentage ?? null,
    description: potential?.description ?? null,
  }));
}

/** What Meta expects of more of a key, where it says so. */
export function potentialsOf(reading: EventReading | null): Map<KeyName, Potential> {
  const said = feedbackOf(reading);
  return new Map(
    QUALITY_KEYS.flatMap(({ key }) => {
      const potential = said.find(({ identifier }) => identifier === IDENTIFIER_OF[key])?.potential_aly_acr_increase;
      return potential ? [[key, { percentage: potential.percentage, description: potential.description }]] : [];
    }),
  );
}
