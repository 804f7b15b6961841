import type { ActionSource } from "../events/action-source";
import type { TrReport } from "../events/browser-copy";
import type { Leg } from "../events/catalog";
import type { Outcome } from "../events/outcome";

/**
 * What the pipeline writes and reads, in plain columns. Instants are epoch milliseconds; `facts`, `matchKeys` and
 * `consent` are JSON, `browser` and `bytes` are sealed. Column by column: prisma/schema.prisma.
 */

/** Why a waiting row waits on purpose. */
export type Hold = "browser_context" | "checkout" | "registration" | "payment";

export interface NewEvent {
  shopId: number;
  datasetId: number;
  name: string;
  eventId: string;
  purchaseOrderId: string | null;
  orderId: string | null;
  checkoutToken: string | null;
  /** SHA-256 of the customer's id, hex. */
  customerKey: string | null;
  /** Key of the merchant's rule that made it. */
  rule: string | null;
  topic: string;
  webhookId: string | null;
  actionSource: ActionSource;
  eventTime: number;
  receivedAt: number;
  outcome: Outcome;
  reason: string | null;
  runAt: number | null;
  hold: Hold | null;
  facts: string | null;
  matchKeys: string | null;
  browser: string | null;
  /** What the ledger says of the order; empty: nothing yet. Null: it is no order's own row. */
  ledgered: string | null;
  /** Not a column: whether this copy itself carries a consenting signal (it may then reopen what was withheld). */
  consenting: boolean;
  /** Not a column: `eventTime` is that of a payment, which dates anew what had been skipped. */
  datedByPayment: boolean;
  /** Not a column: adds this copy's browser context to a sealed one; null where it has none. Quick, and never throws. */
  fillBrowser: FillBrowser | null;
}

/** Takes a sealed browser context, gives it back with what it lacked. */
export type FillBrowser = (stored: string) => string;

export interface StoredEvent extends Omit<NewEvent, "consenting" | "datedByPayment" | "fillBrowser"> {
  id: number;
  attempts: number;
  /** How many times in a row the answer in `reason` came. */
  tries: number;
  lease: string | null;
  /** The last attempt that it travelled in; null: none so far. */
  attemptId: number | null;
  reopened: boolean;
  /** When it first ended. */
  settledAt: number | null;
  countedAs: Outcome | null;
  /** The value it was counted with, in millionths of the shop's currency; null: it has none. */
  countedSum: number | null;
}

/** What is remembered of a browser under one key. */
export interface KnownContext {
  browser: string;
  matchKeys: string | null;
  consent: string | null;
}

export interface ContextWrite {
  shopId: number;
  /** `checkout.<token>` or `client.<visitor id>` */
  key: string;
  /** Digits and letters of the checkout, where the key is one: its held rows are released. */
  checkoutToken: string | null;
  beacon: boolean;
  /** A marketing consent was heard: it reopens what was withheld for want of one. */
  consenting: boolean;
  /** A refusal was heard: what was withheld for want of a signal is refused now, and forgets its keys. */
  refusing: boolean;
  receivedAt: number;
  /** Joins what is stored with what arrived; runs inside the transaction, so it must be quick and must not throw. */
  join: (stored: KnownContext | null) => KnownContext;
}

/** What is worth remembering of a customer once Meta has taken what they did. */
export interface MemoryWrite extends ContextWrite {
  /** Keys of what told of them: where one is gone or refuses by now, consent was taken back, and nothing is remembered. */
  toldBy: string[];
}

/** Adds what a later source knows to an event that has not left yet. */
export interface Enrichment {
  shopId: number;
  name: string;
  orderId: string | null;
  checkoutToken: string | null;
  matchKeys: string | null;
  browser: string | null;
  fillBrowser: FillBrowser | null;
}

/** An order that nobody will pay for: what has not left of it ends. */
export interface Cancellation {
  shopId: number;
  orderId: string;
  at: number;
}

/** What was added to an order after its checkout, for one dataset. */
export interface UpsellWrite {
  shopId: number;
  datasetId: number;
  orderId: string;
  /**
   * The row for it, given the facts (JSON) of the Purchase and of earlier upsells, the Purchase first; null: nothing was
   * added. Runs inside the transaction, so it must be quick and must not throw.
   */
  rowOf: (before: string[]) => NewEvent | null;
}

/** What is remembered of a visitor or a customer, to be forgotten. */
export interface Erasure {
  shopId: number;
  /** The context's key. */
  key: string;
  /** Whether the context itself goes, or only what hangs on it. */
  whole: boolean;
  /** Further keys that what was remembered leads to; must be quick and must not throw. */
  leadsTo: (stored: KnownContext) => string[];
}

/** What a webhook tells of a product. */
export interface ProductWrite {
  shopId: number;
  /** Digits. */
  product: string;
  /** Null: not told. '': told that there is none. */
  type: string | null;
  vendor: string | null;
  /** Null: not told. */
  tags: readonly string[] | null;
  /** When that was so, epoch milliseconds: when Shopify says the webhook was triggered, else when it came. */
  toldAt: number;
}

/** A product as a webhook tells of it; a deleted one is forgotten. */
export interface ToldProduct extends ProductWrite {
  deleted: boolean;
}

export interface NewNotice {
  shopId: number;
  topic: string;
  webhookId: string;
  triggeredAt: number | null;
  receivedAt: number;
  body: string;
}

/** What the web pixel says became of the browser's own copy of an event. */
export interface BrowserCopy {
  shopId: number;
  datasetId: number;
  name: string;
  eventId: string;
  tr: TrReport;
  receivedAt: number;
  /** JSON of what it told Meta; null: not known. */
  told: string | null;
  /** Which match keys it carries: app/match-keys/key-account.ts */
  keyAccount: string;
  /** What it ran on: a device family; '': not known. */
  device: string;
}

/** Everything one webhook or beacon writes; it is stored whole or not at all. */
export interface IngestWrite {
  contexts: ContextWrite[];
  erasures: Erasure[];
  events: NewEvent[];
  enrichments: Enrichment[];
  cancellations: Cancellation[];
  upsells: UpsellWrite[];
  browserCopies: BrowserCopy[];
  products: ToldProduct[];
  notices: NewNotice[];
}

export function nothingWritten(): IngestWrite {
  return {
    contexts: [],
    erasures: [],
    events: [],
    enrichments: [],
    cancellations: [],
    upsells: [],
    browserCopies: [],
    products: [],
    notices: [],
  };
}

/** What became of the events of one write. */
export interface IngestResult {
  inserted: number;
  absorbed: number;
  /** Purchases of another order that shared a checkout token: kept under `purchase.o<order id>`. */
  renamed: string[];
}

/** One HTTP request to Meta, for the record. */
export interface NewAttempt {
  at: number;
  ms: number;
  events: number;
  status: number | null;
  verdict: string;
  code: number | null;
  subcode: number | null;
  fbtraceId: string | null;
  /** Sealed. */
  answer: string;
  bytesHash: string;
  /** Row ids of the events that travelled in it. */
  eventRowIds: number[];
}

/** What a claimed row becomes. */
export interface Settlement {
  id: number;
  outcome: Outcome;
  reason: string | null;
  runAt: number | null;
  /** How many times in a row the answer in `reason` has come now. */
  tries: number;
  /** Index into the attempts settled with it; null: it was decided without asking Meta. */
  attempt: number | null;
  /** The last attempt that it travelled in before. */
  attemptBefore: number | null;
  consent: string | null;
  bytes: string | null;
  bytesHash: string | null;
  /** Drop match keys and browser context now: nothing may be sent any more, nor be brought back. */
  forget: boolean;
  /** The value it counts with from now on, in millionths of the shop's currency; null: none, or it waits. */
  sum: number | null;
  /** Which match keys left with it; null: nothing did. See app/match-keys/key-account.ts. */
  keyAccount: string | null;
  /** Counted by its match keys, as Meta has taken it; null: it has not. Only where the row was still ours. */
  covered: CoveredEvent | null;
  /** How the counts change with it; only where the row was still ours. */
  changes: RollupChange[];
}

/** An event that Meta took, or that left a browser, to be counted by the match keys it carries. */
export interface CoveredEvent {
  datasetId: number;
  event: string;
  eventId: string;
  leg: Leg;
  /** Start of the shop's own day, epoch milliseconds. */
  day: number;
  /** A letter for each match key: app/match-keys/key-account.ts */
  keyAccount: string;
  /** What a row of counts is narrowed by; '': not known. */
  groups: readonly (readonly [dimension: "source" | "device" | "country" | "recognise", value: string])[];
}

/** A change of one dashboard count; `sum` is in millionths of the shop's currency. */
export interface RollupChange {
  datasetId: number;
  event: string;
  leg: string;
  bucket: number;
  dimension: string;
  value: string;
  count: number;
  sum: number;
}

/** A test event with the one request it travelled in; nobody claims it, and no dashboard counts it. */
export interface RecordedTest {
  event: NewEvent;
  attempt: Omit<NewAttempt, "eventRowIds">;
  /** Sealed: the bytes as sent. */
  bytes: string;
  bytesHash: string;
}

export interface Settling {
  shopId: number;
  datasetId: number;
  lease: string;
  now: number;
  attempts: NewAttempt[];
  settlements: Settlement[];
  /** What is remembered of customers from now on. */
  contexts: MemoryWrite[];
}

/** What happened around a registration. */
export interface RegistrationNeighbours {
  /** The same customer ordered within ten minutes. */
  ordered: boolean;
  /** Registrations within the same minute, itself included. */
  sameMinute: number;
}

/** A Purchase as a refund of it, or an upsell beside it, needs to know it. */
export type KnownPurchase = Pick<
  StoredEvent,
  "outcome" | "runAt" | "facts" | "matchKeys" | "browser" | "checkoutToken" | "customerKey"
> & {
  orderId: string;
};

/** An order as a dataset knows it: its own row, not what was made of it besides. */
export interface KnownOrder {
  datasetId: number;
  /** Digits. */
  orderId: string;
  checkoutToken: string | null;
  actionSource: string;
  /** Epoch milliseconds. */
  eventTime: number;
  outcome: Outcome;
  reason: string | null;
  hold: Hold | null;
}

/** What can be erased of a ledger line; all of it is null once it was. */
export interface ErasablePart {
  /** Hex. */
  salt: string | null;
  /** Digits. */
  order: string | null;
  eventId: string | null;
  /** When the order was placed. */
  createdAt: number | null;
  /** What Meta is told it is worth, an exact decimal. */
  value: string | null;
  currency: string | null;
  /** The same in the shop's own currency. */
  shopValue: string | null;
  shopCurrency: string | null;
  fbtraceId: string | null;
  /** When Meta answered. */
  answeredAt: number | null;
  /** SHA-256 of the bytes as sent, hex. */
  bytesHash: string | null;
}

/** One line of the ledger. Column by column: prisma/schema.prisma. */
export interface LedgerLine extends ErasablePart {
  n: number;
  sealedAt: number;
  datasetId: number;
  eventRowId: number;
  current: boolean;
  event: string;
  source: string;
  outcome: Outcome;
  reason: string | null;
  until: number | null;
  browser: BrowserWord;
  lagMs: number | null;
  commitment: string;
  hash: string;
  bucket: number;
  sum: number;
}

/** What became of the browser's own copy. */
export type BrowserWord = "left" | "blocked" | "unknown" | "not_attempted";

/** Where a shop's chain stands. */
export interface LedgerHead {
  n: number;
  hash: string;
  checkpointN: number;
  checkpointHash: string;
}

/** An order's own row that the ledger does not tell of as it is, with what hangs on it. */
export interface UntoldOrder
  extends Pick<
    StoredEvent,
    "id" | "datasetId" | "name" | "eventId" | "orderId" | "actionSource" | "eventTime" | "outcome" | "reason" | "runAt"
  > {
  /** Meta's number of the dataset. */
  dataset: string;
  hold: Hold | null;
  settledAt: number | null;
  facts: string | null;
  bytesHash: string | null;
  /** Of the last attempt. */
  fbtraceId: string | null;
  answeredAt: number | null;
  tr: TrReport | null;
  /** What the ledger says of it from now on. */
  says: string;
}

/** Which of the rows that ended so, or wait, are meant; null: no matter. */
export interface ReplayFilter {
  /** One row alone. */
  rowId: number | null;
  /** As it is stored. */
  reason: string | null;
  datasetId: number | null;
  name: string | null;
  eventId: string | null;
  /** They happened then or later, epoch milliseconds. */
  since: number | null;
  /** They happened then or before, epoch milliseconds. */
  until: number | null;
  /** No row behind it. */
  upTo: number | null;
  /** Only what Meta's window is open for at that instant, epoch milliseconds. */
  openAt: number | null;
}

/** What may be tried again, as far as one has to know it to say whether it can be. */
export interface ReplayCandidate {
  id: number;
  datasetId: number;
  name: string;
  eventId: string;
  orderId: string | null;
  reason: string | null;
  /** It has not ended. */
  waiting: boolean;
  /** What it waits for on purpose; null: nothing. */
  hold: Hold | null;
  /** When it is next touched, epoch milliseconds; null: never. */
  runAt: number | null;
  actionSource: string;
  /** Epoch milliseconds. */
  eventTime: number;
  /** Its facts are there. */
  readable: boolean;
  /** Its match keys are there. */
  keyed: boolean;
  /** When the browser's own copy left, epoch milliseconds; null: it is not known to have. */
  browserLeft: number | null;
  /** Meta may have taken it: a request with it got no answer, or none of Meta's own about it. */
  unanswered: boolean;
  /** SHA-256 of the bytes that were sent last, hex; null: nothing was. */
  sentHash: string | null;
  /** Its dataset is on hold. */
  held: boolean;
  disconnected: boolean;
  uninstalled: boolean;
}

/** What is kept for a time and then forgotten; for how long: app/outbox/retention.ts. */
export type Perishable =
  | "bytes"
  | "facts"
  | "events"
  | "browser_copies"
  | "browser_contexts"
  | "rollups"
  | "request_bodies"
  | "notices"
  | "ledger"
  | "quality_hours"
  | "quality_readings";
