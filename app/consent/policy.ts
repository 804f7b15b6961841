/**
 * Who may be told what, as data. A region and a signal give a decision; regions are found by country. Consent is the
 * shopper's: https://shopify.dev/docs/api/web-pixels-api/pixel-privacy
 */

/** EEA, United Kingdom and Switzerland, with the territories that share their law. */
const CONSENT_COUNTRIES = new Set(
  (
    "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE IS LI NO GB CH " +
    "AX GF GP MF MQ RE YT GG GI IM JE"
  ).split(" "),
);

/** `browser`: a beacon, which knows no address; its own booleans decide. */
export type Region = "consent" | "us" | "elsewhere" | "browser";

/** `sale_opt_out`: marketing allowed, but not the sale of data (US state laws). */
export type Signal = "given" | "sale_opt_out" | "refused" | "none";

/** `limited`: sent with Meta's Limited Data Use. */
export type Ruling = "send" | "limited" | "consent_refused" | "no_consent_signal";

export const POLICY = {
  version: 1,
  rulings: {
    consent: { given: "send", sale_opt_out: "limited", refused: "consent_refused", none: "no_consent_signal" },
    us: { given: "send", sale_opt_out: "limited", refused: "consent_refused", none: "limited" },
    elsewhere: { given: "send", sale_opt_out: "limited", refused: "consent_refused", none: "send" },
    browser: { given: "send", sale_opt_out: "limited", refused: "consent_refused", none: "no_consent_signal" },
  },
} as const satisfies { version: number; rulings: Record<Region, Record<Signal, Ruling>> };

/** The region of an address; no address counts as one that asks for consent. `country`: ISO alpha-2, upper case. */
export function regionOf(country: string | null): Exclude<Region, "browser"> {
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

/** Where Limited Data Use applies: 1 and the state's number, or 0 and 0, which asks Meta to work it out from the IP. */
export interface LimitedDataUse {
  country: 0 | 1;
  state: number;
}

export function limitedDataUseOf(usState: string | null): LimitedDataUse {
  const state = usState === null ? undefined : LIMITED_STATES[usState];
  return state === undefined ? { country: 0, state: 0 } : { country: 1, state };
}
