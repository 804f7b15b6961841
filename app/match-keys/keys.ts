import type { BrowserContext, Person } from "~/events/event";
import { birthdate } from "./normalise/birthdate";
import { city } from "./normalise/city";
import { country } from "./normalise/country";
import { email } from "./normalise/email";
import { externalId } from "./normalise/external-id";
import { gender } from "./normalise/gender";
import { name } from "./normalise/name";
import { state } from "./normalise/state";
import type { Normalise } from "./normalise/text";
import { zip } from "./normalise/zip";
import { phone } from "./phone";

/** Meta's published priority of a key for match quality, null where it gives none: https://www.facebook.com/business/help/765081237991954 */
export type Tier = "high" | "medium" | "low" | null;

interface Row {
  tier: Tier;
  /** What the admin calls it. */
  label: string;
  /** What is sent of it, in a sentence for the README. */
  rule: string;
}

interface HashedShape extends Row {
  key: string;
  hashed: true;
  from: keyof Person;
  normalise: Normalise;
  /** Whether the shop's country may stand in for that of a person without one. */
  shopCountry?: true;
}

interface RawShape extends Row {
  key: string;
  /** Meta wants these as they are. */
  hashed: false;
  from: Extract<keyof BrowserContext, "ip" | "userAgent" | "fbc" | "fbp">;
}

/**
 * Every match key, one row each, in the order they are sent in. What is collected, what the command line accepts and what
 * the admin shows derive from it. Names are Meta's:
 * https://developers.facebook.com/documentation/ads-commerce/conversions-api/parameters/customer-information-parameters
 */
export const MATCH_KEYS = [
  {
    key: "em",
    from: "email",
    normalise: email,
    hashed: true,
    tier: "high",
    label: "Email",
    rule: "Trimmed, lower case; Gmail's dots and tags stay.",
  },
  {
    key: "ph",
    from: "phone",
    normalise: phone,
    hashed: true,
    shopCountry: true,
    tier: "medium",
    label: "Phone",
    rule: "E.164 digits; a local number is read with the address's country, else the shop's, and absent without one.",
  },
  {
    key: "fn",
    from: "firstName",
    normalise: name,
    hashed: true,
    tier: "low",
    label: "First name",
    rule: "Lower case and composed (NFC), without punctuation, symbols and white space of any script; letters and accents stay.",
  },
  {
    key: "ln",
    from: "lastName",
    normalise: name,
    hashed: true,
    tier: "low",
    label: "Last name",
    rule: "As the first name.",
  },
  { key: "ge", from: "gender", normalise: gender, hashed: true, tier: null, label: "Gender", rule: "f or m." },
  {
    key: "db",
    from: "birthdate",
    normalise: birthdate,
    hashed: true,
    tier: "medium",
    label: "Date of birth",
    rule: "YYYYMMDD, of a date written year first.",
  },
  { key: "ct", from: "city", normalise: city, hashed: true, tier: "low", label: "City", rule: "As a name." },
  {
    key: "st",
    from: "state",
    normalise: state,
    hashed: true,
    tier: null,
    label: "State",
    rule: "The two-letter code in the US and its territories; elsewhere the full name, written as a city; without a country letters only.",
  },
  {
    key: "zp",
    from: "zip",
    normalise: zip,
    hashed: true,
    tier: "low",
    label: "Postal code",
    rule: "Lower case without spaces and dashes; of a US code the first five digits.",
  },
  {
    key: "country",
    from: "country",
    normalise: country,
    hashed: true,
    tier: "medium",
    label: "Country",
    rule: "ISO alpha-2, lower case; UK is gb, anything else absent.",
  },
  {
    key: "external_id",
    from: "externalId",
    normalise: externalId,
    hashed: true,
    tier: "medium",
    label: "External ID",
    rule: "Trimmed; a customer's gid becomes its digits.",
  },
  {
    key: "client_ip_address",
    from: "ip",
    hashed: false,
    tier: null,
    label: "IP address",
    rule: "A public address of the browser's; of two, the IPv6 one.",
  },
  {
    key: "client_user_agent",
    from: "userAgent",
    hashed: false,
    tier: null,
    label: "User agent",
    rule: "As the browser sent it.",
  },
  {
    key: "fbc",
    from: "fbc",
    hashed: false,
    tier: "high",
    label: "Click ID (fbc)",
    rule: "The cookie byte for byte, else made from the landing page's fbclid, case and all; none of a click older than 90 days.",
  },
  {
    key: "fbp",
    from: "fbp",
    hashed: false,
    tier: "medium",
    label: "Browser ID (fbp)",
    rule: "The cookie byte for byte.",
  },
] as const satisfies readonly (HashedShape | RawShape)[];

type AnyRow = (typeof MATCH_KEYS)[number];

/** A key Meta wants hashed. */
export type HashedKey = Extract<AnyRow, { hashed: true }>["key"];
/** A key Meta wants as it is. */
export type RawKey = Extract<AnyRow, { hashed: false }>["key"];

export interface HashedRow extends HashedShape {
  key: HashedKey;
}
export interface RawRow extends RawShape {
  key: RawKey;
}

/** Meta's priority of a key. */
export function tierOf(key: HashedKey | RawKey): Tier {
  return MATCH_KEYS.find((row) => row.key === key)?.tier ?? null;
}

export const HASHED_ROWS: readonly HashedRow[] = MATCH_KEYS.filter((row) => row.hashed);
export const RAW_ROWS: readonly RawRow[] = MATCH_KEYS.filter((row) => !row.hashed);
