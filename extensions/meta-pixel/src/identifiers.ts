import type { Checkout, Customer } from "@shopify/web-pixels-extension";
import { city } from "../../../app/match-keys/normalise/city";
import { country } from "../../../app/match-keys/normalise/country";
import { e164 } from "../../../app/match-keys/normalise/e164";
import { email } from "../../../app/match-keys/normalise/email";
import { name } from "../../../app/match-keys/normalise/name";
import { stateRule } from "../../../app/match-keys/normalise/state-rule";
import { clean, type Normalise } from "../../../app/match-keys/normalise/text";
import { usStateByCode } from "../../../app/match-keys/normalise/us-state-codes";
import { zip } from "../../../app/match-keys/normalise/zip";
import { type Hearsay, text } from "./asking";
import type { Effects } from "./effects";
import { digits } from "./facts";

/** SHA-256 in lower-case hex, by Meta's name of the key. */
export interface Identifiers {
  [key: string]: [string];
}

/** Shopify names a US state by its code. */
const state = stateRule(usStateByCode);

type Hashing = Pick<Effects, "sha256">;

/**
 * Who stands behind an event: what the checkout says, and the customer who is logged in where it says nothing. Normalised
 * by the server's own rules, so that both legs hash the same bytes. Of each key the first value that makes sense.
 */
export async function identifiersOf(
  checkout: Hearsay<Checkout>,
  customer: Hearsay<Customer>,
  effects: Hashing,
): Promise<Identifiers> {
  // Until the last step a billing address is often no more than a country.
  const addresses = [() => checkout.billingAddress, () => checkout.shippingAddress] as const;
  const address =
    addresses.find((place) => text(() => place().zip || place().city)) ||
    addresses.find((place) => text(() => place().countryCode)) ||
    addresses[0];
  const countryCode = text(() => address().countryCode);
  const known = country(countryCode || "", null);
  const [province, code] = [text(() => address().province), text(() => address().provinceCode)];
  const rows: { [key: string]: [Normalise, ...(string | undefined)[]] } = {
    em: [email, text(() => checkout.email), text(() => customer.email)],
    ph: [e164, text(() => checkout.phone), text(() => address().phone), text(() => customer.phone)],
    fn: [name, text(() => address().firstName), text(() => customer.firstName)],
    ln: [name, text(() => address().lastName), text(() => customer.lastName)],
    ct: [city, text(() => address().city)],
    // A US state's code, and elsewhere the full name: a code that stands in the name's place would match nobody.
    st: known === "us" ? [state, code, province] : [state, province === code ? undefined : province],
    zp: [zip, text(() => address().zip)],
    country: [country, countryCode],
    external_id: [(id) => id, digits(() => checkout.order.customer.id), digits(() => customer.id)],
  };
  const identifiers: Identifiers = {};
  for (const [key, [normalise, ...values]] of Object.entries(rows)) {
    for (const value of values) {
      const hash = value && (await hashOf(normalise, value, known, effects));
      if (hash && !identifiers[key]) identifiers[key] = [hash];
    }
  }
  return identifiers;
}

/** SHA-256 of the text's UTF-8 bytes in lower-case hex; rejects where the browser cannot. */
export async function sha256Hex(words: string, effects: Hashing): Promise<string> {
  const digest = await effects.sha256(new TextEncoder().encode(words));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function hashOf(normalise: Normalise, value: string, known: string | null, effects: Hashing): Promise<string> {
  const digest = clean(value).toLowerCase();
  // SHA-256 or MD5 is never hashed a second time. Meta takes no MD5, and the hash of nothing is that of an empty field.
  if (/^([0-9a-f]{32}){1,2}$/.test(digest))
    return digest.length > 32 && digest !== (await sha256Hex("", effects)) ? digest : "";
  const normal = normalise(value, known);
  return normal === null ? "" : sha256Hex(normal, effects);
}
