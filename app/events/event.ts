import type { ActionSource } from "./action-source";
import type { OrderSource, OrderTrait } from "./order-sources";

/** Sums of one order or checkout in one currency, as exact decimal strings; null where the sender does not say. */
export interface Amounts {
  /** ISO 4217, upper case. */
  currency: string;
  subtotal: string | null;
  /** What is paid for shipping; where prices include tax, with its tax. */
  shipping: string | null;
  /** All of it, that on shipping included. */
  tax: string | null;
  /** The tax on shipping alone. */
  shippingTax: string | null;
  total: string;
}

/** One line of an order, checkout, cart or product page. Ids are digits. */
export interface Line {
  product: string | null;
  variant: string | null;
  sku: string | null;
  vendor: string | null;
  title: string | null;
  /** The product's type as the merchant files it; null where the sender does not say. */
  type: string | null;
  /** Whether it is bought as a subscription; null where the sender does not say. */
  subscription: boolean | null;
  quantity: number;
  /** Price of one unit in the presentment currency, an exact decimal string. */
  price: string | null;
}

export type DeviceFamily = "phone" | "tablet" | "desktop" | "in_app";

/** What an event says about no person. The payload is built from facts and match keys when the event is claimed. */
export interface Facts {
  /** ISO 3166-1 alpha-2, upper case; of the billing, else shipping, else default address; POS: of the shop. */
  country: string | null;
  /** Two-letter code, upper case, only where `country` is US. */
  usState: string | null;
  source: OrderSource;
  traits: OrderTrait[];
  deviceFamily: DeviceFamily | null;
  /** Whether it is the customer's first order; null when the sender does not say. */
  firstOrder: boolean | null;
  /** What the buyer saw and paid in. */
  presentment: Amounts | null;
  /** The same in the shop's own currency. */
  shop: Amounts | null;
  /** Whether prices have their tax in them; null where the sender does not say. */
  taxesIncluded: boolean | null;
  lines: Line[];
  /** Digits. */
  orderId: string | null;
  /** When the order was placed, epoch milliseconds; null where the sender does not say. */
  createdAt: number | null;
  searchString: string | null;
  /** Where the conversion's pages live, scheme and host only; null where the sender does not say. */
  origin: string | null;
}

/** An event that says nothing but where it comes from. */
export function noFacts(source: OrderSource): Facts {
  return {
    country: null,
    usState: null,
    source,
    traits: [],
    deviceFamily: null,
    firstOrder: null,
    presentment: null,
    shop: null,
    taxesIncluded: null,
    lines: [],
    orderId: null,
    createdAt: null,
    searchString: null,
    origin: null,
  };
}

/** Something happened, in our words. */
export interface TandemEvent {
  /** One of the catalog's, or of a rule's or the sources matrix's own making. */
  name: string;
  /** See event-id.ts. */
  id: string;
  /** When it happened, epoch milliseconds; frozen at first receipt. */
  time: number;
  actionSource: ActionSource;
  checkoutToken: string | null;
  facts: Facts;
}

/**
 * One human as a sender describes them: raw, in memory only, never stored or logged. Every list may be empty; the first
 * value is the one the sender trusts most. `country` is ISO alpha-2 or whatever the sender wrote.
 */
export interface Person {
  email: string[];
  phone: string[];
  firstName: string[];
  lastName: string[];
  gender: string[];
  birthdate: string[];
  city: string[];
  state: string[];
  zip: string[];
  country: string[];
  externalId: string[];
}

/** A person of whom nothing is known. */
export function nobody(): Person {
  return {
    email: [],
    phone: [],
    firstName: [],
    lastName: [],
    gender: [],
    birthdate: [],
    city: [],
    state: [],
    zip: [],
    country: [],
    externalId: [],
  };
}

/** What a shopper said about being tracked, as Shopify's Customer Privacy API reports it. */
export interface ConsentSignal {
  analytics: boolean;
  marketing: boolean;
  preferences: boolean;
  /** False: the shopper opted out of the sale of their data (US state laws). */
  saleOfData: boolean;
  /** The browser itself asked for it: https://www.w3.org/TR/gpc/ */
  globalPrivacyControl?: true;
}

/** What is known of the browser behind an event. fbp, fbc, ip and userAgent go to Meta raw and are sealed at rest. */
export interface BrowserContext {
  ip: string | null;
  userAgent: string | null;
  /** Meta's browser id cookie, byte for byte. */
  fbp: string | null;
  /** Meta's click id cookie, byte for byte, or built from a landing URL's fbclid. */
  fbc: string | null;
  /** The page the event happened on. */
  url: string | null;
  referrer: string | null;
  /** Shopify's visitor id. */
  clientId: string | null;
  consent: ConsentSignal | null;
}

/** A browser of which nothing is known. */
export function unknownBrowser(): BrowserContext {
  return { ip: null, userAgent: null, fbp: null, fbc: null, url: null, referrer: null, clientId: null, consent: null };
}
