import { type CountryCode, countryOf } from "../tables/countries";

/** Shopify's four booleans. */
export interface Privacy {
  analyticsProcessingAllowed: boolean;
  marketingAllowed: boolean;
  preferencesProcessingAllowed: boolean;
  saleOfDataAllowed: boolean;
}

/** What a shopper has said so far. */
export interface Choices {
  /** The banner's answer; null: none yet. */
  tracking: "given" | "refused" | null;
  /** "Do not sell my data", which counts only where it is offered. */
  saleOptOut: boolean;
}

/** What those choices permit in a country. */
export function privacyOf(country: CountryCode, { tracking, saleOptOut }: Choices): Privacy {
  const { consent, saleOptOut: offered } = countryOf(country);
  const allowed = tracking === null ? consent === "assumed" : tracking === "given";
  return {
    analyticsProcessingAllowed: allowed,
    marketingAllowed: allowed,
    preferencesProcessingAllowed: allowed,
    saleOfDataAllowed: allowed && !(offered && saleOptOut),
  };
}

/** Whether the shopper is asked. */
export function isAsked(country: CountryCode, { tracking }: Choices): boolean {
  return tracking === null && countryOf(country).consent === "asked";
}

/** The `[customer_privacy]` of a pixel's TOML: what it needs before it may run. */
export interface Purposes {
  analytics: boolean;
  marketing: boolean;
  preferences: boolean;
  /** `ldu` and `disabled` run despite an opt-out of sale; `enabled` does not. */
  sale_of_data: "enabled" | "disabled" | "ldu";
}

/** A pixel runs only where every purpose that it needs is permitted. */
export function mayRun(purposes: Purposes, privacy: Privacy): boolean {
  return (
    (!purposes.analytics || privacy.analyticsProcessingAllowed) &&
    (!purposes.marketing || privacy.marketingAllowed) &&
    (!purposes.preferences || privacy.preferencesProcessingAllowed) &&
    (purposes.sale_of_data !== "enabled" || privacy.saleOfDataAllowed)
  );
}

const YEAR_SECONDS = 31_536_000;

/** The cookies in which choices are kept. */
export const CHOICE_COOKIES = {
  tracking: "_tracking_consent",
  sale: "_sale_of_data",
  country: "localization",
} as const;

/** Reads choices from a page's cookies. */
export function choicesOf(cookie: (name: string) => string | undefined): Choices {
  const tracking = cookie(CHOICE_COOKIES.tracking);
  return {
    tracking: tracking === "given" || tracking === "refused" ? tracking : null,
    saleOptOut: cookie(CHOICE_COOKIES.sale) === "opted_out",
  };
}

/** What a page writes to `document.cookie` to remember choices. */
export function choiceCookies({ tracking, saleOptOut }: Choices): string[] {
  const kept = (name: string, value: string) => `${name}=${value}; Path=/; Max-Age=${YEAR_SECONDS}; SameSite=Lax`;
  return [
    ...(tracking === null ? [] : [kept(CHOICE_COOKIES.tracking, tracking)]),
    kept(CHOICE_COOKIES.sale, saleOptOut ? "opted_out" : "allowed"),
  ];
}

export function countryCookie(country: CountryCode): string {
  return `${CHOICE_COOKIES.country}=${country}; Path=/; Max-Age=${YEAR_SECONDS}; SameSite=Lax`;
}
