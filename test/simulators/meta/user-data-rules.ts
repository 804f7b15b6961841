import { isIP } from "node:net";
import {
  type Check,
  type Fields,
  type Flaw,
  flaw,
  integer,
  isObject,
  matching,
  objectWith,
  oneOrMany,
  text,
} from "./checks";
import type { JsonObject } from "./types";

const SHA256_OF_NOTHING = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const SHA256 = /^[0-9a-f]{64}$/;
const LOOKS_LIKE_EMAIL = /\S@\S/;
const LOOKS_LIKE_PHONE = /^\+?[\d\s().-]{6,20}$/;

/** Meta's parameter builder may append one dot segment of 2 or 8 characters. */
const APPENDIX = "(\\.[A-Za-z0-9_-]{8}|\\.[A-Za-z0-9_-]{2})?";

const hashed: Check = (value) => {
  if (typeof value !== "string") return flaw("Must be a string or an array of strings.");
  if (value === SHA256_OF_NOTHING) return flaw("Is the SHA-256 of an empty string.");
  if (SHA256.test(value)) return null;
  if (LOOKS_LIKE_EMAIL.test(value)) return flaw("Looks like an e-mail address that was not hashed.");
  if (LOOKS_LIKE_PHONE.test(value)) return flaw("Looks like a phone number that was not hashed.");
  return flaw("Must be a SHA-256 in 64 lower-case hexadecimal digits.");
};

const address: Check = (value) =>
  typeof value === "string" && isIP(value) !== 0 && !value.includes("%")
    ? null
    : flaw("Must be an IPv4 or IPv6 address.");

/** Customer information parameters: https://developers.facebook.com/documentation/ads-commerce/conversions-api/parameters/customer-information-parameters */
const HASHED_KEYS = [
  ...["em", "ph", "fn", "ln", "ge", "db", "ct", "st", "zp", "country", "external_id"],
  ...["f5first", "f5last", "fi", "dobd", "dobm", "doby", "app_user_id"],
];

const PLAIN_KEYS: Fields = {
  client_ip_address: address,
  client_user_agent: text(),
  fbp: matching(
    new RegExp(`^fb\\.\\d\\.\\d{13}\\.\\d+${APPENDIX}$`),
    "Must be fb.<subdomain index>.<milliseconds>.<random number>.",
  ),
  fbc: matching(/^fb\.\d\.\d{13}\.[\x21-\x7e]+$/, "Must be fb.<subdomain index>.<milliseconds>.<fbclid>."),
  subscription_id: text(),
  fb_login_id: integer(1),
  lead_id: integer(1),
  anon_id: text(),
  madid: text(),
  page_id: text(),
  page_scoped_user_id: text(),
  ctwa_clid: text(),
  ig_account_id: text(),
  ig_sid: text(),
  whatsapp_business_account_id: text(),
  partner_id: text(),
  partner_name: text(),
};

const wellFormed = objectWith({
  ...Object.fromEntries(HASHED_KEYS.map((key) => [key, oneOrMany(hashed)])),
  ...PLAIN_KEYS,
});

/** Combinations that point at too many people; a subset of one row is too broad as well. */
const TOO_BROAD = [
  new Set(["ct", "country", "st", "zp", "ge", "client_user_agent"]),
  new Set(["db", "client_user_agent"]),
  new Set(["fn", "ge"]),
  new Set(["ln", "ge"]),
];

/** Who it was: known keys only, hashed where Meta wants it, and enough of them to find one person. */
export const userData: Check = (value) => {
  if (!isObject(value)) return flaw("Must be an object.", "tooFewMatchKeys");
  return wellFormed(value) ?? tooBroad(value);
};

function tooBroad(value: JsonObject): Flaw | null {
  const keys = Object.keys(value);
  return TOO_BROAD.some((row) => keys.every((key) => row.has(key)))
    ? flaw("Holds too little to find one person.", "tooFewMatchKeys")
    : null;
}

/** Whether a value of the browser's `ud[…]` is hashed as it should be. */
export function isHashed(value: string): boolean {
  return hashed(value) === null;
}
