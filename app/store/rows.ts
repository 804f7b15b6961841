import type { TrReport } from "../events/browser-copy";
import type { ActionSource } from "../events/event";
import type { Outcome } from "../events/outcome";

/**
 * What the pipeline writes and reads, in plain columns. Instants are epoch milliseconds; `facts`, `matchKeys` and
 * `consent` are JSON, `browser` and `bytes` are sealed. Column by column: prisma/schema.prisma.
 */

/** Why a waiting row waits on purpose. */
export type Hold = "browser_context" | "checkout" | "registration";

export interface NewEvent {
  shopId: number;
  datasetId: number;
  name: string;
  eventId: string;
  purchaseOrderId: string | null;
  orderId: string | null;
  checkoutToken: string | null;
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
  /** Not a column: whether this copy itself carries a consenting signal (it may then reopen what was withheld). */
  consenting: boolean;
  /** Not a column: adds this copy's browser context to a sealed one; null where it has none. Quick, and never throws. */
  fillBrowser: FillBrowser | null;
}

/** Takes a sealed browser context, gives it back with what it lacked. */
export type FillBrowser = (stored: string) => string;

export interface StoredEvent extends Omit<NewEvent, "consenting" | "fillBrowser"> {
  id: number;
  attempts: number;
  /** How many times in a row the answer in `reason` came. */
  tries: number;
  lease: string | null;
  reopened: boolean;
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
}

/** Everything one webhook or beacon writes; it is stored whole or not at all. */
export interface IngestWrite {
  contexts: ContextWrite[];
  events: NewEvent[];
  enrichments: Enrichment[];
  browserCopies: BrowserCopy[];
  notices: NewNotice[];
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
  consent: string | null;
  bytes: string | null;
  bytesHash: string | null;
  /** Drop match keys and browser context now: nothing may be sent any more, nor be brought back. */
  forget: boolean;
  /** The value it counts with from now on, in millionths of the shop's currency; null: none, or it waits. */
  sum: number | null;
  /** How the counts change with it; only where the row was still ours. */
  changes: RollupChange[];
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
}
