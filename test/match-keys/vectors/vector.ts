/** Where a vector's answer comes from: a page to read it up in, or what it was seen in. */
export const SOURCES = {
  meta: "https://developers.facebook.com/documentation/ads-commerce/conversions-api/parameters/customer-information-parameters",
  external_id: "https://developers.facebook.com/documentation/ads-commerce/conversions-api/parameters/external-id",
  builder: "seen in capi-param-builder-nodejs 1.3.2, which does otherwise",
  e164: "https://www.itu.int/rec/T-REC-E.164",
  plans: "https://www.itu.int/oth/T0202.aspx (national numbering plans)",
  drama: "https://www.ofcom.org.uk/phones-and-broadband/phone-numbers/numbers-for-drama",
  rfc3966: "https://www.rfc-editor.org/rfc/rfc3966",
  rfc5321: "https://www.rfc-editor.org/rfc/rfc5321",
  rfc6531: "https://www.rfc-editor.org/rfc/rfc6531",
  iso3166: "https://www.iso.org/iso-3166-country-codes.html",
  iso8601: "https://www.iso.org/iso-8601-date-and-time-format.html",
  usps: "https://pe.usps.com/text/pub28/28apb.htm",
  upu: "https://www.upu.int/en/postal-solutions/programmes-services/addressing-solutions",
  unicode: "https://www.unicode.org/reports/tr44/",
  nfc: "https://www.unicode.org/reports/tr15/",
  shopify: "https://shopify.dev/docs/api/usage/gids",
  programs: "seen in orders: what programs write when they have no value",
  hostile: "what is pasted, smuggled or typed to break things",
  sense: "no page says it; a value that may mean two things, or nothing, is absent",
} as const;

export type Source = keyof typeof SOURCES;

/** What a value must become before it is hashed; null: absent. `country` is the normalised one. */
export interface Vector {
  value: string;
  country?: string;
  is: string | null;
  why: string;
  source: Source;
}

export const NUL = "\u0000";
export const LRM = "\u200e";
export const RLM = "\u200f";
export const RLO = "\u202e";
export const BOM = "\ufeff";
export const ZERO_WIDTH_SPACE = "\u200b";
export const SOFT_HYPHEN = "\u00ad";
export const NO_BREAK_SPACE = "\u00a0";
export const LONE_SURROGATE = "\ud800";
export const SCRIPT = "<script>alert('x')</script>";
/** Longer than any field of a shop. */
export const ABSURD = 20_000;
