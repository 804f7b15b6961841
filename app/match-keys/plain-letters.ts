import type { HashedKey } from "./keys";
import type { Normalise } from "./normalise/text";

/**
 * Names and places in plain ASCII, which most are: their normal form takes none of the Unicode patterns of normalise/text.ts,
 * which cost four times as much. Not there, because every shopper downloads that. Null: the row's own rule must say, as it
 * must for everything here; test/match-keys/plain-letters.test.ts holds them together.
 */

const ASCII = /^[\x20-\x7e]+$/;
const NEITHER_LETTER_NOR_DIGIT = /[^A-Za-z0-9]+/g;
const LETTER = /[a-z]/;

/** What is left of any placeholder that normalise/text.ts or normalise/name.ts knows. */
const MAY_BE_PLACEHOLDERS = new Set(["undefined", "null", "none", "nan", "na", "objectobject"]);

const letters: Normalise = (value) => {
  if (!ASCII.test(value)) return null;
  const text = value.replace(NEITHER_LETTER_NOR_DIGIT, "").toLowerCase();
  return LETTER.test(text) && !MAY_BE_PLACEHOLDERS.has(text) ? text : null;
};

/** A US state may be a name or a code, and without a country digits go too. */
const state: Normalise = (value, country) => (country === null || country === "us" ? null : letters(value, country));

export const PLAIN_LETTERS: { readonly [K in HashedKey]?: Normalise } = {
  fn: letters,
  ln: letters,
  ct: letters,
  st: state,
};
