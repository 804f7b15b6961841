/** What the last sweep of a shop's orders came to. Instants are epoch milliseconds. */
export interface LastOrderSweep {
  startedAt: number;
  endedAt: number;
  /** Orders created then or later … */
  since: number;
  /** … and before then. */
  until: number;
  /** Orders that Shopify has of the span, as far as it was asked. */
  seen: number;
  /** Those of them that a dataset lacked. */
  missing: number;
  /** Those of the missing that could not be read. */
  unreadable: number;
  /** Why it did not get through to its end, in words; null: it did. */
  fault: string | null;
  /** When one last got through to its end; null: none ever has. */
  wholeAt: number | null;
}
