import { clean, isPlaceholder, type Normalise } from "./text";

/** U+2212 is the minus sign, which looks like a dash and is none to Unicode. */
const SPACES_AND_DASHES = /[\s\p{Pd}\u2212]/gu;
const NOT_ALPHANUMERIC = /[^\p{L}\p{N}]/gu;

/** A postal code in lower case without spaces and dashes; of a US one the first five digits. */
export const zip: Normalise = (value, country) => {
  // NFKC: Japanese keyboards write the digits of a postal code full width.
  const text = clean(value).normalize("NFKC").toLowerCase();
  if (isPlaceholder(text)) return null;
  if (country === "us") return usZip(text);
  const code = text.replace(country === null ? SPACES_AND_DASHES : NOT_ALPHANUMERIC, "").normalize("NFC");
  return /[\p{L}\p{N}]/u.test(code) && !isPlaceholder(code) ? code : null;
};

function usZip(text: string): string | null {
  // The first run of digits: what stands behind the dash belongs to no other place.
  const [, first] = /^\D*(\d{5})/.exec(text) || [];
  return first || null;
}
