import type { Hold } from "../store/rows";

/** How long an event that we only guess from webhooks waits for the browser's own copy, or for an order. */
const GUESS_HOLD_MS = 10 * 60_000;

/** How long an order may take to be paid, where the dataset counts it only then: as long as Shopify shows us orders. */
export const PAYMENT_HOLD: { hold: Hold; ms: number } = { hold: "payment", ms: 60 * 24 * 3_600_000 };

interface Arrival {
  name: string;
  topic: string;
  actionSource: string;
  checkoutToken: string | null;
  /** A beacon, or the order itself, told of the browser. */
  browserKnown: boolean;
  /** The region asks for a consent signal and none was heard. */
  signalMissing: boolean;
  /** The dataset's setting, 0 to 300. */
  holdSeconds: number;
}

/** Whether an event waits on purpose, and for how many milliseconds; null: it leaves at once. */
export function holdOf(arrival: Arrival): { hold: Hold; ms: number } | null {
  if (arrival.topic.startsWith("checkouts/")) return { hold: "checkout", ms: GUESS_HOLD_MS };
  if (arrival.name === "CompleteRegistration") return { hold: "registration", ms: GUESS_HOLD_MS };
  const browserMayStillSpeak =
    arrival.name === "Purchase" && arrival.actionSource === "website" && arrival.checkoutToken !== null;
  if (!browserMayStillSpeak || (arrival.browserKnown && !arrival.signalMissing)) return null;
  return arrival.holdSeconds > 0 ? { hold: "browser_context", ms: arrival.holdSeconds * 1_000 } : null;
}
