/**
 * The seven outcomes of an event, the same everywhere: columns, command line, screen.
 * `waiting` is the only one that is not an end.
 */
export const OUTCOMES = ["waiting", "accepted", "skipped", "withheld", "rejected", "expired", "dead"] as const;
export type Outcome = (typeof OUTCOMES)[number];

interface ReasonRow {
  outcome: Exclude<Outcome, "waiting">;
  /** What a merchant reads. */
  says: string;
}

/**
 * Every rule that can end an event without Meta's yes, and the mark of a yes to less than usual, in one closed table. A
 * `rejected` event may also carry the path of the field that did not parse (`line_items.0.quantity`) or the code of Meta's answer (`meta_100_2804003`): those two
 * families are open, this table is not.
 */
export const REASONS = {
  test_order: { outcome: "skipped", says: "A test order: no money moved, so Meta is not told." },
  unknown_source: {
    outcome: "skipped",
    says: "The order came from a sales channel Tandem does not know, and no checkout stands behind it.",
  },
  source_off: { outcome: "skipped", says: "The sources matrix says that orders of this kind are not sent." },
  cancelled: { outcome: "skipped", says: "The order was cancelled or voided before it was sent." },
  awaiting_payment: { outcome: "skipped", says: "The dataset counts orders when they are paid, and this one is not." },
  before_connection: {
    outcome: "skipped",
    says: "The order was placed before the dataset was connected; it may have been told to Meta already.",
  },
  no_checkout_token: {
    outcome: "withheld",
    says: "Shopify was asked for this web order and told no checkout token: what its shopper agreed to, and whether the browser's copy went out, cannot be known. It leaves if its webhook comes.",
  },
  filtered_out: { outcome: "skipped", says: "The dataset's filter lets only other pages or countries through." },
  rule_off: { outcome: "skipped", says: "The rule behind this custom event was switched off or taken away." },
  rule_not_met: { outcome: "skipped", says: "The rule's conditions are not met." },
  cannot_tell: {
    outcome: "skipped",
    says: "What the rule asks for is not known, and Shopify could not be asked: an unknown is not taken for a yes.",
  },
  no_subscription: { outcome: "skipped", says: "Nothing in the order is a subscription." },
  no_account: { outcome: "skipped", says: "The customer was only written down: there is no account." },
  customer_ordered: {
    outcome: "skipped",
    says: "The customer came to be by an order, which says more than a registration.",
  },
  customer_imported: { outcome: "skipped", says: "Many customers were written at once: an import, not registrations." },
  no_purchase: { outcome: "skipped", says: "The Purchase it belongs to did not reach Meta." },
  event_off: { outcome: "skipped", says: "The server leg of this event is switched off." },
  enriches_only: { outcome: "skipped", says: "This message only adds to what is known of another event." },
  consent_refused: {
    outcome: "withheld",
    says: "The shopper refused, or opted out where the shop then sends nothing.",
  },
  no_consent_signal: {
    outcome: "withheld",
    says: "No consent signal arrived, and here nothing is sent without one: silence is not consent.",
  },
  uninstalled: { outcome: "withheld", says: "The app was uninstalled before the event left." },
  disconnected: { outcome: "withheld", says: "The dataset was disconnected before the event left." },
  redacted: {
    outcome: "withheld",
    says: "The shopper's data was erased on request before the event left.",
  },
  no_match_keys: {
    outcome: "rejected",
    says: "Nothing in the event tells one person from another, so Meta would refuse it.",
  },
  no_money: { outcome: "rejected", says: "A Purchase without value and currency: Meta would refuse it." },
  event_time_in_future: { outcome: "rejected", says: "The event is dated more than 15 minutes ahead of our clock." },
  too_large: { outcome: "rejected", says: "The event alone is larger than one request to Meta may be." },
  too_late: { outcome: "expired", says: "Older than Meta accepts (7 days; 62 days in a physical store) on arrival." },
  not_sent_in_time: {
    outcome: "expired",
    says: "It was still here when it grew too old for Meta: Tandem was not running, or could not keep up.",
  },
  browser_copy_stands: {
    outcome: "expired",
    says: "The browser's copy left more than 48 hours ago, and stands: Meta would count another one beside it.",
  },
  meta_unreachable: { outcome: "expired", says: "Meta could not be reached before the event grew too old for it." },
  dataset_held: {
    outcome: "expired",
    says: "The dataset was on hold (token or permission) until the event grew too old for Meta.",
  },
  degraded: {
    outcome: "accepted",
    says: "No webhook told of this order, and nothing was known of the shopper's browser: Meta took it with less to match it by.",
  },
  damaged: {
    outcome: "dead",
    says: "What was stored of the event cannot be opened or read any more; a person must look.",
  },
  unknown_answer: {
    outcome: "dead",
    says: "Meta kept giving an answer that Tandem does not know; a person must look.",
  },
} as const satisfies Record<string, ReasonRow>;

export type Reason = keyof typeof REASONS;

/** How an event ended, and the rule, field path or answer code that did it. Null: Meta took it as usual. */
export interface Ending {
  outcome: Exclude<Outcome, "waiting">;
  reason: string | null;
}

/** The ending that belongs to a reason of the closed table. */
export function endingFor(reason: Reason): Ending {
  return { outcome: REASONS[reason].outcome, reason };
}
