import { passesAt } from "../events/meta-window";
import type { Outcome } from "../events/outcome";
import type { ReplayCandidate, ReplayFilter } from "../store/rows";
import { browserCopyStands, isPastWindow } from "./window";

/** Why an event cannot be tried again, or would not leave if it were, in a person's words. */
export const OBSTACLES = {
  past_window: "older than Meta accepts",
  browser_copy_stands:
    "the browser's copy left more than 48 hours ago, and stands: this one would be counted beside it",
  unreadable: "the message could not be read, so there is nothing to send",
  no_keys: "whom it was about is not kept any more",
  disconnected: "its dataset is disconnected",
  uninstalled: "the app is not installed",
  on_hold: "its dataset is on hold: it leaves by itself once there is a new token",
  not_soon: "it waits for its turn, and there is time",
  consent: "consent forbids it by what is known now",
  ruled_out: "a setting, a rule or our own check ends it again",
} as const;

export type Obstacle = keyof typeof OBSTACLES;

/** What will become of an event that does leave once more. */
export const LEAVING = {
  alone: "no other copy of it is known to have left",
  merged: "Meta merges it with the browser's copy, which left less than 48 hours before",
  may_double:
    "may be counted twice: an earlier request with it got no answer, so Meta may have it, and does not promise to merge two copies of one leg",
  waits: "waits first: for a new token, for its Purchase, or for what Shopify answers",
} as const;

export type Leaving = keyof typeof LEAVING;

export type Fate = Obstacle | Leaving;

/** How what would be sent compares with what was sent last. */
export const BYTES = {
  same: "the same bytes as before: what refused them may refuse them again",
  changed: "other bytes than before: a setting changed, or more is known by now",
  first: "it would be sent for the first time",
  not_told: "cannot be told before it is claimed",
} as const;

export type Bytes = keyof typeof BYTES;

/** What will happen to one event, as far as one can say. */
export interface Forecast {
  id: number;
  fate: Fate;
  /** The reason it would end with; null: it leaves, or is not even tried. */
  reason: string | null;
  bytes: Bytes;
}

export function leaves(fate: Fate): fate is Leaving {
  return Object.hasOwn(LEAVING, fate);
}

/** Who waits until then or longer is not helped by being tried now. */
const SOON_MS = 24 * 3_600_000;

/** Pure; null: it can be tried again. `now`: epoch milliseconds. */
export function obstacleOf(candidate: ReplayCandidate, now: number): Obstacle | null {
  if (isPastWindow(candidate, now)) return "past_window";
  if (browserCopyStands(candidate.browserLeft, now)) return "browser_copy_stands";
  if (!candidate.readable) return "unreadable";
  if (!candidate.keyed) return "no_keys";
  if (candidate.uninstalled) return "uninstalled";
  if (candidate.disconnected) return "disconnected";
  if (!candidate.waiting) return null;
  if (candidate.held) return "on_hold";
  const later = candidate.hold === null && candidate.runAt !== null && candidate.runAt > now;
  const passes = passesAt({ ...candidate, left: candidate.browserLeft });
  return later && passes < now + SOON_MS ? null : "not_soon";
}

/** What the row alone tells. Pure. */
export function forecastOf(candidate: ReplayCandidate, now: number): Forecast {
  const { id, held, unanswered, browserLeft, sentHash } = candidate;
  const obstacle = obstacleOf(candidate, now);
  const leaving = held ? "waits" : unanswered ? "may_double" : browserLeft !== null ? "merged" : "alone";
  return { id, fate: obstacle ?? leaving, reason: null, bytes: sentHash === null ? "first" : "not_told" };
}

/** The outcomes that may be asked for; what expired is only there to be told why it stays so. */
export const REPLAYED_OUTCOMES = ["rejected", "dead", "expired"] as const satisfies readonly Outcome[];
export type ReplayedOutcome = (typeof REPLAYED_OUTCOMES)[number] | "waiting";

/** Which events of a shop are meant; null: no matter. */
export interface ReplaySelection extends Omit<ReplayFilter, "upTo" | "openAt"> {
  shopId: number;
  outcomes: readonly ReplayedOutcome[];
}

/** So many leave within a minute: one full request, so that what happens today is not kept waiting by what happened before. */
export const REPLAYED_PER_MINUTE = 1_000;
const MINUTE_MS = 60_000;

/** When the n-th of what is brought back is due, from 0. `from`: epoch milliseconds. */
export function turnOf(n: number, from: number, perMinute = REPLAYED_PER_MINUTE): number {
  return from + Math.floor(n / perMinute) * MINUTE_MS;
}

/** When the first is due: after all that was brought back before. `last`: when the last of that is; null: nothing is left. */
export function firstTurn(last: number | null, now: number): number {
  return last === null ? now : Math.max(now, last + MINUTE_MS);
}
