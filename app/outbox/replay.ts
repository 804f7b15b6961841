import type { Outcome } from "../events/outcome";
import type { ReplayCandidate } from "../store/rows";
import { browserCopyStands, isPastWindow } from "./window";

/** Why an event that ended cannot be tried again, in a person's words. */
export const OBSTACLES = {
  past_window: "older than Meta accepts",
  browser_copy_stands: "the browser's copy left more than 48 hours ago, and stands",
  unreadable: "the message could not be read, so there is nothing to send",
  no_keys: "whom it was about is not kept any more",
  disconnected: "its dataset is disconnected",
  uninstalled: "the app is not installed",
} as const;

export type Obstacle = keyof typeof OBSTACLES;

/** Pure; null: it can be tried again. `now`: epoch milliseconds. */
export function obstacleOf(candidate: ReplayCandidate, now: number): Obstacle | null {
  if (isPastWindow(candidate, now)) return "past_window";
  if (browserCopyStands(candidate.browserLeft, now)) return "browser_copy_stands";
  if (!candidate.readable) return "unreadable";
  if (!candidate.keyed) return "no_keys";
  if (candidate.uninstalled) return "uninstalled";
  return candidate.disconnected ? "disconnected" : null;
}

/** The outcomes that may be asked for; what expired is only there to be told why it stays so. */
export const REPLAYED_OUTCOMES = ["rejected", "dead", "expired"] as const satisfies readonly Outcome[];
export type ReplayedOutcome = (typeof REPLAYED_OUTCOMES)[number];

/** Which events of a shop are meant; null: no matter. */
export interface ReplaySelection {
  shopId: number;
  outcomes: readonly ReplayedOutcome[];
  datasetId: number | null;
  name: string | null;
  eventId: string | null;
  /** They happened then or later, epoch milliseconds. */
  since: number | null;
  /** They happened then or before, epoch milliseconds. */
  until: number | null;
}

export function isMeant(candidate: ReplayCandidate, selection: ReplaySelection): boolean {
  const { datasetId, name, eventId, since, until } = selection;
  return (
    (datasetId === null || candidate.datasetId === datasetId) &&
    (name === null || candidate.name === name) &&
    (eventId === null || candidate.eventId === eventId) &&
    (since === null || candidate.eventTime >= since) &&
    (until === null || candidate.eventTime <= until)
  );
}
