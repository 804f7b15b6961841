/**
 * One raw value to the form Meta hashes, or null when it has none. `country` is what is known of the address: ISO
 * alpha-2, lower case. Rules: https://developers.facebook.com/documentation/ads-commerce/conversions-api/parameters/customer-information-parameters
 */
export type Normalise = (value: string, country: string | null) => string | null;

/** Control characters that are not white space, format characters (bidi marks, zero-width joiners), lone surrogates. */
const INVISIBLE = /[^\P{Cc}\s]|[\p{Cf}\p{Cs}]/gu;

/**
 * Everything that is neither letter, combining mark nor number. Marks stay because Indic and Thai vowels are marks; those
 * that only decorate (variation selectors, emoji keycaps) and letters that draw nothing (Hangul filler) go.
 */
const DECORATION = /[^\p{L}\p{M}\p{N}]|\p{Me}|\p{Default_Ignorable_Code_Point}/gu;

/**
 * What programs write when they had no value, behind the country it was read for. Bare "na" is not among them: it is
 * Namibia, and Naples on an Italian address; nor are two places people live in, Nan in Thailand and None in Italy.
 */
const PLACEHOLDER = /^(?!th nan|it none)\w* (undefined|null|none|nan|n[/.]a\.?|\[object object]|objectobject)$/i;

/** Without NUL, bidi marks and their like, and without white space at either end. */
export function clean(value: string): string {
  return value.replace(INVISIBLE, "").trim();
}

/** True for text that stands for a missing value. `country`: ISO alpha-2, lower case, where the text is a place's name. */
export function isPlaceholder(text: string, country?: string | null): boolean {
  return PLACEHOLDER.test(`${country} ${text}`);
}

/** Lower case, composed, only letters (of every script, accents kept) and digits; null when no letter is left. */
export function letters(value: string): string | null {
  // Lower case first: what a Greek sigma becomes depends on whether a word ends behind it.
  const text = value.toLowerCase().replace(DECORATION, "").normalize("NFC");
  return /\p{L}/u.test(text) ? text : null;
}
