import type { Checkout, Customer } from "@shopify/web-pixels-extension";
import { city } from "../../../app/match-keys/normalise/city";
import { country } from "../../../app/match-keys/normalise/country";
import { email } from "../../../app/match-keys/normalise/email";
import { name } from "../../../app/match-keys/normalise/name";
import { stateRule } from "../../../app/match-keys/normalise/state-rule";
import { clean, type Normalise } from "../../../app/match-keys/normalise/text";
import { usStateByCode } from "../../../app/match-keys/normalise/us-state-codes";
import { zip } from "../../../app/match-keys/normalise/zip";
import { type Hearsay, text } from "./asking";
import { addressOf, digits } from "./facts";

/** SHA-256 in lower-case hex, by Meta's name of the key. */
export interface Identifiers {
  [key: string]: [string];
}

/** The digits of a phone number that is E.164 already: the pixel cannot carry a phone library. */
const e164: Normalise = (value) => (/^\+[1-9]\d{6,14}$/.test(value) ? value.slice(1) : null);

/** Shopify names a US state by its code. */
const state = stateRule(usStateByCode);

/**
 * Who stands behind an event: what the checkout says, and the customer who is logged in where it says nothing. Normalised
 * by the server's own rules, so that both legs hash the same bytes. Of each key the first value that makes sense.
 */
export function identifiersOf(checkout: Hearsay<Checkout>, customer: Hearsay<Customer>): Promise<Identifiers> {
  const address = addressOf(checkout);
  const countryCode = text(() => address().countryCode);
  const known = country(countryCode || "", null);
  const [province, code] = [text(() => address().province), text(() => address().provinceCode)];
  const rows: { [key: string]: [Normalise, ...(string | false | undefined)[]] } = {
    em: [email, text(() => checkout.email), text(() => customer.email)],
    ph: [e164, text(() => checkout.phone), text(() => address().phone), text(() => customer.phone)],
    fn: [name, text(() => address().firstName), text(() => customer.firstName)],
    ln: [name, text(() => address().lastName), text(() => customer.lastName)],
    ct: [city, text(() => address().city)],
    // A US state's code, and elsewhere the full name: a code that stands in the name's place would match nobody.
    st: [state, known === "us" && code, province !== code && province],
    zp: [zip, text(() => address().zip)],
    country: [country, countryCode],
    external_id: [(id) => id, digits(() => checkout.order.customer.id), digits(() => customer.id)],
  };
  return Promise.all(
    Object.entries(rows).map(([key, [normalise, ...values]]) => {
      let hash: string | Promise<string> | undefined;
      for (const value of values) hash = hash || (value && hashOf(normalise, value, known)) || undefined;
      return Promise.resolve(hash).then((first) => first && { [key]: [first] });
    }),
  ).then((found) => Object.assign({}, ...found));
}

/** SHA-256 of the text's UTF-8 bytes in lower-case hex; fails where the browser cannot: on a page that is not secure. */
export function sha256Hex(words: string): Promise<string> {
  return crypto.subtle
    .digest("SHA-256", new TextEncoder().encode(words))
    .then((digest) => Array.from(new Uint8Array(digest), (byte) => (256 + byte).toString(16).slice(1)).join(""));
}

/** The hash of a value; nothing where it makes no sense. */
function hashOf(normalise: Normalise, value: string, known: string | null) {
  const digest = clean(value).toLowerCase();
  // SHA-256 or MD5 is never hashed a second time. Meta takes no MD5, and a hash that begins like this one is that of nothing.
  if (/^([0-9a-f]{32}){1,2}$/.test(digest)) return digest.length > 32 && !/^e3b0c442/.test(digest) && digest;
  const normal = normalise(value, known);
  return normal && sha256Hex(normal);
}
