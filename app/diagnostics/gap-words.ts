import type { Outcome } from "../events/outcome";
import { isField, wordsOf } from "./words";

/** What mends a gap: where to go; null: nothing is broken. */
export interface Mend {
  label: string;
  url: string;
}

const CONSENT: Mend = { label: "See consent", url: "/app/consent" };
const EVENTS: Mend = { label: "See events", url: "/app/events" };
const SOURCES: Mend = { label: "See sources", url: "/app/sources" };
const SETTINGS: Mend = { label: "See settings", url: "/app/settings" };

/** Where a reason is mended. Null: nothing is broken, and nothing is to be mended. */
const MENDS: Readonly<Record<string, Mend | null>> = {
  test_order: null,
  cancelled: null,
  consent_refused: null,
  redacted: null,
  uninstalled: null,
  browser_copy_stands: null,
  before_connection: null,
  no_checkout_token: null,
  enriches_only: null,
  no_consent_signal: CONSENT,
  unknown_source: SOURCES,
  source_off: SOURCES,
  event_off: EVENTS,
  filtered_out: SETTINGS,
  awaiting_payment: SETTINGS,
  dataset_held: SETTINGS,
  hold: SETTINGS,
  disconnected: SETTINGS,
};

/** What Meta could not be told while there is a reason to expect it will be. */
const WAITS: Readonly<Record<string, string>> = {
  browser_context: "Waits for the browser to say who it was; it leaves when the hold ends.",
  checkout: "Waits for the checkout's own message.",
  registration: "Waits to see whether it came by an order.",
  payment: "Counts when it is paid, and it is not yet.",
};

/** Why nothing of a dataset leaves at all. */
export interface Standstill {
  says: string;
  mend: Mend | null;
}

/** Null: what waits for this dataset waits for a reason of its own. */
export function standstillOf(
  { heldReason, pausedUntil }: { heldReason: string | null; pausedUntil: number | null },
  now: number,
): Standstill | null {
  if (heldReason !== null) return { says: `Its dataset is on hold. ${wordsOf(heldReason)}`, mend: SETTINGS };
  if (pausedUntil === null || pausedUntil <= now) return null;
  return { says: "Meta asked Tandem to slow down for this dataset; it goes on by itself.", mend: null };
}

/** Nothing of it is kept that could be replayed. */
const ASKED_AGAIN = "The hourly sweep asks Shopify for the order again.";

/** Why orders are where they are, in a merchant's words, and what mends it. `still`: of their dataset. */
export function gapWords(
  outcome: Outcome,
  reason: string | null,
  still: Standstill | null,
): { says: string; mend: Mend | null } {
  if (outcome === "waiting") {
    // Until it is paid it would not leave anyway.
    if (still !== null && reason !== "payment") return still;
    const says = reason === null ? "On its way to Meta." : (WAITS[reason] ?? wordsOf(reason));
    return { says, mend: reason === null || reason in WAITS ? null : SETTINGS };
  }
  const says = reason === null ? "Nothing more is known." : wordsOf(reason);
  if (outcome === "rejected" && reason !== null && isField(reason))
    return { says: `${says} ${ASKED_AGAIN}`, mend: null };
  const mend = reason !== null && Object.hasOwn(MENDS, reason) ? MENDS[reason] : undefined;
  if (mend !== undefined) return { says, mend };
  return { says, mend: outcome === "rejected" || outcome === "dead" ? replayOf(outcome, reason) : null };
}

/** Their group on the Replay page, with what would happen if they were sent once more. */
function replayOf(outcome: Outcome, reason: string | null): Mend {
  return { label: "Mend, then replay", url: `/app/replay?${new URLSearchParams({ outcome, reason: reason ?? "" })}` };
}
