/**
 * What the web pixel can say of the browser's own copy of an event. `/tr` answers are opaque: `resolved` means that the
 * request left the browser, never that Meta took it.
 */
export const TR_REPORTS = ["not_attempted", "resolved", "threw", "unknown"] as const;
export type TrReport = (typeof TR_REPORTS)[number];

/** Of these it is kept what the browser's copy said, for they carry money. */
export const COMPARED_EVENTS = ["InitiateCheckout", "AddPaymentInfo", "Purchase"] as const;

/** What one copy of an event says, as far as two copies can be compared. It names nobody. */
export interface Told {
  /** An exact decimal; null: no value. */
  value: string | null;
  currency: string | null;
  /** Catalogue ids of the goods; null: not known. */
  ids: string[] | null;
  /** Names, not values, of the match keys it carries; null: not known. */
  keys: string[] | null;
}

/** What a merchant reads; only what is known. */
export const TR_WORDS: Record<TrReport, { label: string; says: string }> = {
  not_attempted: { label: "Not attempted", says: "The browser leg of this event was off." },
  resolved: { label: "Left the browser", says: "The request left the browser. Meta never confirms those." },
  threw: {
    label: "Stopped in the browser",
    says: "An ad blocker or the network stopped the request. The server's copy counts.",
  },
  unknown: { label: "Not known", says: "The browser did not say in time whether the request left." },
};
