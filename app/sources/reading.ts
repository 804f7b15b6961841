import type { BrowserContext, Person, TandemEvent } from "../events/event";
import type { Reason } from "../events/outcome";

/** What a webhook or a beacon says, in our words. */
export type Reading = EventReading | EnrichmentReading | NoticeReading | OffReading;

/** Something happened. */
export interface EventReading {
  kind: "event";
  event: TandemEvent;
  person: Person;
  /** What the message itself tells of the browser; click ids raw. */
  browser: BrowserContext;
  /** Path and query of the first page of the visit, which may carry a click id. */
  landing: string | null;
  /** A rule of the sender's own words that ends it at once. */
  skip: Reason | null;
}

/** More is known of something that may be in the outbox. */
export interface EnrichmentReading {
  kind: "enrichment";
  /** The event it speaks of. */
  name: "Purchase" | "InitiateCheckout";
  orderId: string | null;
  checkoutToken: string | null;
  person: Person;
  browser: BrowserContext;
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

/** An event that Tandem can name but that nobody has switched on yet. */
export interface OffReading {
  kind: "off";
  name: string;
}

/** What a reading may know of the shop it is about. */
export interface ShopFacts {
  /** ISO alpha-2, upper case. */
  country: string | null;
}
