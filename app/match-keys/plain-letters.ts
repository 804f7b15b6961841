import type { HashedKey } from "./keys";
import type { Normalise } from "./normalise/text";

/**
 * Names and places in the letters of western Europe, which most are: their normal form takes none of the Unicode patterns of
 * normalise/text.ts, which take longer. Not there, because every shopper downloads that. Null: the row's own rule must say,
 * as it must for everything here; test/match-keys/plain-letters.test.ts holds them together.
 */

/** ASCII, the letters of Latin-1, and the apostrophe as it is printed. */
const PLAIN = /^[\x20-\x7eÀ-ÖØ-öø-ÿ’]+$/;
const NEITHER_LETTER_NOR_DIGIT = /[^A-Za-z0-9À-ÖØ-öø-ÿ]+/g;
const LETTER = /[a-zß-öø-ÿ]/;

/** What is left of any placeholder that normalise/text.ts or normalise/name.ts knows. */
const MAY_BE_PLACEHOLDERS = new Set(["undefined", "null", "none", "nan", "na", "objectobject"]);

const letters: Normalise = (value) => {
  if (!PLAIN.test(value)) return null;
  const text = value.replace(NEITHER_LETTER_NOR_DIGIT, "").toLowerCase();
  return LETTER.test(text) && !MAY_BE_PLACEHOLDERS.has(text) ? text : null;
};

/** A US state may be a name or a code, and without a country digits go too. */
const state: Normalise = (value, country) => (country === null || country === "us" ? null : letters(value, country));

/** With a digit it is no placeholder, with one space or dash at most it is no text. */
const PLAIN_CODE = /^(?=\D*\d)[0-9A-Za-z]+(?:[ -][0-9A-Za-z]+)?$/;
const US_CODE = /^(\d{5})(?:[ -]?\d{4})?$/;

const code: Normalise = (value, country) => {
  if (country === "us") return US_CODE.exec(value)?.[1] ?? null;
  return PLAIN_CODE.test(value) ? value.replace(/[ -]/, "").toLowerCase() : null;
};

export const PLAIN_LETTERS: { readonly [K in HashedKey]?: Normalise } = {
  fn: letters,
  ln: letters,
  ct: letters,
  st: state,
  zp: code,
};
