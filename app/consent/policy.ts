import type { OrderSource } from "../events/order-sources";

/**
 * Who may be told what, as data: where a conversion happened, how it came about and what its shopper said give a ruling. A
 * shop may choose otherwise where the law leaves a choice. Consent is the shopper's:
 * https://shopify.dev/docs/api/web-pixels-api/pixel-privacy
 */

/** EEA, United Kingdom and Switzerland, with the territories that share their law. */
const CONSENT_COUNTRIES = new Set(
  (
    "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE IS LI NO GB CH " +
    "AX GF GP MF MQ RE YT GG GI IM JE"
  ).split(" "),
);

/** Where an order belongs; what is to be read of each in the admin. */
export const REGIONS = {
  consent: {
    label: "Where consent is asked for",
    help: "EEA, United Kingdom, Switzerland, and wherever the country is not known. Their laws want consent first: choose otherwise only with advice.",
  },
  us: { label: "United States", help: "States with a privacy law let shoppers opt out of the sale of their data." },
  elsewhere: { label: "Elsewhere", help: "All other countries." },
} as const;

export type Region = keyof typeof REGIONS;
export const REGION_NAMES = Object.keys(REGIONS) as Region[];

/** How an order came about, as far as consent is concerned. */
export const CONSENT_SOURCES = {
  web: { label: "Online store", help: "The shopper was asked in the browser, if at all." },
  pos: { label: "Point of sale", help: "Nobody asks at a till. The shop's own country counts." },
  draft: { label: "Draft order", help: "Written by staff; an invoice may be paid in a browser that nobody asked." },
  renewal: { label: "Subscription renewal", help: "Charged without anybody at a browser." },
  other: { label: "Other channels", help: "Headless storefronts, marketplaces, apps." },
} as const;

export type ConsentSource = keyof typeof CONSENT_SOURCES;
export const CONSENT_SOURCE_NAMES = Object.keys(CONSENT_SOURCES) as ConsentSource[];

/** What of an order's sources counts as which. */
export const CONSENT_SOURCE_OF = {
  web: "web",
  pos: "pos",
  draft: "draft",
  renewal: "renewal",
  channel: "other",
  exchange: "other",
  import: "other",
  unknown: "other",
} as const satisfies Record<OrderSource, ConsentSource>;

/** What may be done. `limited`: sent with Meta's Limited Data Use. */
export const CHOICES = {
  send: { label: "Send", help: "Meta may use it for everything." },
  limited: { label: "Send with Limited Data Use", help: "Meta counts it, and does not use it to target or to learn." },
  withhold: { label: "Do not send", help: "It stays here, and Meta hears nothing of it." },
} as const;

export type Choice = keyof typeof CHOICES;

/**
 * What a shopper said, and what a shop may make of it; of one choice there is none to make. `sale_opt_out`: marketing
 * allowed, but not the sale of data (US state laws, Global Privacy Control).
 */
export const SIGNALS = {
  given: { label: "agreed", choices: ["send", "limited"] },
  sale_opt_out: { label: "opted out of the sale of data", choices: ["limited", "withhold"] },
  none: { label: "said nothing", choices: ["send", "limited", "withhold"] },
  refused: { label: "refused", choices: ["withhold"] },
} as const satisfies Record<string, { label: string; choices: readonly Choice[] }>;

export type Signal = keyof typeof SIGNALS;
export const SIGNAL_NAMES = Object.keys(SIGNALS) as Signal[];

/** What happens before a merchant touches anything; the same for every source. */
const DEFAULTS: Record<Region, Record<Signal, Choice>> = {
  consent: { given: "send", sale_opt_out: "limited", none: "withhold", refused: "withhold" },
  us: { given: "send", sale_opt_out: "limited", none: "limited", refused: "withhold" },
  elsewhere: { given: "send", sale_opt_out: "limited", none: "send", refused: "withhold" },
};

/** A beacon alone knows no address: its own booleans decide, whatever the shop has chosen for regions. */
const BROWSER: Record<Signal, Choice> = DEFAULTS.consent;

/** +1 with every change of what stands above. */
const TABLE_VERSION = 2;

/** What a shop has chosen; what is left out has the table's default. */
export interface ConsentPolicy {
  /** +1 with every change the shop makes. */
  revision: number;
  choices: Partial<Record<Region, Partial<Record<ConsentSource, { [S in Signal]?: Choice | undefined }>>>>;
}

/** `table.revision`: whether two decisions were made by the same choices. */
export function versionOf({ revision }: ConsentPolicy): string {
  return `${TABLE_VERSION}.${revision}`;
}

/** Where in the table an order stands. */
interface Place {
  region: Region;
  source: ConsentSource;
}

/** `place`: null is a beacon's. */
export function choiceFor({ choices }: ConsentPolicy, place: Place | null, signal: Signal): Choice {
  if (place === null) return BROWSER[signal];
  return choices[place.region]?.[place.source]?.[signal] ?? DEFAULTS[place.region][signal];
}

/** What the table says before a merchant touches it. */
export function defaultFor(region: Region, signal: Signal): Choice {
  return DEFAULTS[region][signal];
}

/** The region of an address; no address counts as one that asks for consent. `country`: ISO alpha-2, upper case. */
export function regionOf(country: string | null): Region {
  if (country === null || CONSENT_COUNTRIES.has(country)) return "consent";
  return country === "US" ? "us" : "elsewhere";
}

/**
 * Meta's numbers of US states with a privacy law:
 * https://developers.facebook.com/documentation/ads-commerce/marketing-api/overview/data-processing-options
 */
const LIMITED_STATES: Readonly<Record<string, number>> = {
  CA: 1000,
  CO: 1001,
  CT: 1002,
  FL: 1003,
  OR: 1004,
  TX: 1005,
  MT: 1006,
  DE: 1007,
  NE: 1008,
  NH: 1009,
  NJ: 1010,
  MN: 1011,
  MD: 1012,
  RI: 1013,
};

/**
 * Where Limited Data Use applies: 1 and the state's number, or 0 and 0, which asks Meta to work it out from the IP. Without one
 * Meta could not, and would not limit: California's number, whose rules are the strictest, stands for a place that nobody knows.
 */
export interface LimitedDataUse {
  country: 0 | 1;
  state: number;
}

export function limitedDataUseOf(usState: string | null, ipKnown: boolean): LimitedDataUse {
  const state = usState === null ? undefined : LIMITED_STATES[usState];
  if (state !== undefined) return { country: 1, state };
  return ipKnown ? { country: 0, state: 0 } : STRICTEST;
}

const STRICTEST: LimitedDataUse = { country: 1, state: 1000 };
