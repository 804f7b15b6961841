import type { BrowserContext, Person, TandemEvent } from "../events/event";
import type { Reason } from "../events/outcome";

/** What a webhook or a beacon says, in our words. */
export type Reading = EventReading | EnrichmentReading | NoticeReading | ProductReading;

/** A browser as a message tells of it: nothing is checked yet. */
export interface UncheckedBrowser extends BrowserContext {
  /** A second address of the same buyer, where the message has two. */
  otherIp?: string | null;
}

/** Something happened. */
export interface EventReading {
  kind: "event";
  event: TandemEvent;
  person: Person;
  /** What the message itself tells of the browser; click ids raw. */
  browser: UncheckedBrowser;
  /** Path and query of the first page of the visit, which may carry a click id. */
  landing: string | null;
  /** A rule of the sender's own words that ends it at once. */
  skip: Reason | null;
  /** How the order stands that it is about; null: it is about none. */
  order: OrderState | null;
  /** Whether a new customer has an account; null: it is about none. */
  account: boolean | null;
}

/** How an order stands as a webhook tells it. Instants are epoch milliseconds. */
export interface OrderState {
  paid: boolean;
  /** Or voided: nobody will pay. */
  cancelled: boolean;
  createdAt: number | null;
  updatedAt: number | null;
}

/** The same sum in the shop's and in the buyer's currency. */
export interface MoneyPair {
  shop_money: { amount: string; currency_code: string };
  presentment_money: { amount: string; currency_code: string };
}

/** More is known of something that may be in the outbox. */
export interface EnrichmentReading {
  kind: "enrichment";
  /** The event it speaks of. */
  name: "Purchase" | "InitiateCheckout";
  orderId: string | null;
  checkoutToken: string | null;
  /** The order was cancelled or voided. */
  cancelled: boolean;
  /** What the order comes to now; null where the sender does not say. */
  current: MoneyPair | null;
  /** When it came to that, epoch milliseconds; null where the sender does not say. */
  at: number | null;
  person: Person;
  browser: UncheckedBrowser;
  landing: string | null;
}

/** About the shop, not about a conversion: kept until it was acted on. */
export interface NoticeReading {
  kind: "notice";
  /** The fields read, without anything that names a person. */
  body: unknown;
  /** Whom it is about: raw, in memory only. */
  person: Person;
}

/** What products are filed under. */
export interface ProductReading {
  kind: "product";
  product: ToldProduct;
}

/** As a product webhook tells it; of a deleted one only the id. */
export interface ToldProduct {
  /** Digits. */
  id: string;
  deleted: boolean;
  type: string | null;
  vendor: string | null;
  /** Null: not told, or not in a form that can be read. */
  tags: string[] | null;
}

/** What a reading may know of the shop it is about. */
export interface ShopFacts {
  /** ISO alpha-2, upper case. */
  country: string | null;
  /** Apps, by id or by the name they give, whose orders are renewals; lower case. */
  renewalApps: readonly string[];
}
