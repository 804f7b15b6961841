import { EVENT_NAMES, type EventName, isEventName } from "./names";

/** A leg is one of the two ways an event leaves: from the shopper's browser (/tr) or from our server (/events). */
export const LEGS = ["browser", "server"] as const;
export type Leg = (typeof LEGS)[number];

interface CatalogRow {
  /** Shopify's webhook topics that make it on the server. */
  topics: readonly string[];
  /** What the admin calls it. */
  label: string;
  /** One sentence of help beside the toggle. */
  help: string;
  /** Which legs are on before a merchant touches anything. */
  defaults: { readonly [leg in Leg]: boolean };
  /** It fills audiences rather than reports: it may wait longer for others to travel with. */
  patient?: true;
}

/**
 * Every event Tandem knows, one row each; its pixel event stands in names.ts. Toggles, the admin's words and the README's
 * table are derived from it; a test holds its topics against TOPICS.
 * Names are Meta's standard events: https://developers.facebook.com/documentation/meta-pixel/reference
 */
export const CATALOG = {
  PageView: {
    topics: [],
    label: "Page view",
    help: "Every page of the storefront. Builds website audiences.",
    defaults: { browser: true, server: true },
    patient: true,
  },
  ViewContent: {
    topics: [],
    label: "Product view",
    help: "A product page was opened. Needed for catalogue ads.",
    defaults: { browser: true, server: true },
    patient: true,
  },
  Search: {
    topics: [],
    label: "Search",
    help: "The storefront's search was used; carries the words and the products found.",
    defaults: { browser: true, server: true },
    patient: true,
  },
  AddToCart: {
    topics: [],
    label: "Add to cart",
    help: "A product went into the cart.",
    defaults: { browser: true, server: true },
    patient: true,
  },
  InitiateCheckout: {
    topics: ["checkouts/create", "checkouts/update"],
    label: "Checkout started",
    help: "A shopper entered the checkout; counted once per checkout, however often it is re-entered.",
    defaults: { browser: true, server: true },
  },
  AddPaymentInfo: {
    topics: [],
    label: "Payment details",
    help: "Payment details were submitted; only the browser can see this step.",
    defaults: { browser: true, server: true },
  },
  Purchase: {
    topics: ["orders/create", "orders/paid"],
    label: "Purchase",
    help: "An order was placed. Shopify's order webhook is the truth; the browser copy shares its id.",
    defaults: { browser: true, server: true },
  },
  CompleteRegistration: {
    topics: ["customers/create"],
    label: "Registration",
    help: "A customer account was created.",
    defaults: { browser: false, server: false },
  },
  Subscribe: {
    topics: ["orders/create", "orders/paid"],
    label: "Subscription",
    help: "The first order of a subscription, beside its Purchase.",
    defaults: { browser: false, server: false },
  },
  Upsell: {
    topics: ["orders/updated", "orders/edited"],
    label: "Upsell",
    help: "What was added to an order after the checkout, as a custom event: the Purchase keeps its first value.",
    defaults: { browser: false, server: false },
  },
  Refund: {
    topics: ["refunds/create"],
    label: "Refund",
    help: "A custom event with the sum that went back, as a positive number. Meta cannot take it off a Purchase: it has no refunds and refuses negative sums.",
    defaults: { browser: false, server: false },
  },
} as const satisfies Record<EventName, CatalogRow>;

/** Names of the events that may wait longer for others to travel with. */
export const PATIENT_NAMES: readonly string[] = Object.entries<CatalogRow>(CATALOG).flatMap(([name, { patient }]) =>
  patient ? name : [],
);

/** An event in a merchant's words, with Meta's name where that is another. */
export function labelOf(name: EventName): string {
  const { label } = CATALOG[name];
  return label === name ? label : `${label} (${name})`;
}

/** A custom event of our own, sent by hand: no campaign learns from it, it carries no value, and no count includes it. */
export const TEST_EVENT = "TandemTest";

/** Where an event stands on the way to a purchase, to sort by; what is not in the catalog comes last. */
export function placeOnTheWay(event: string): number {
  return isEventName(event) ? EVENT_NAMES.indexOf(event) : EVENT_NAMES.length;
}

/** What the admin calls an event; a merchant's own by its name. */
export function eventLabel(event: string): string {
  return isEventName(event) ? labelOf(event) : event;
}
