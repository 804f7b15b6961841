// "max" knows the digit patterns of every kind of number; with "min", validity is little more than a length and 1234 5678
// passes as German. It weighs 150 kB, so it stays on the server:
// https://gitlab.com/catamphetamine/libphonenumber-js#min-vs-max-vs-mobile-vs-core
import { isSupportedCountry, parsePhoneNumberFromString as parse } from "libphonenumber-js/max";
import { clean, type Normalise } from "./normalise/text";
import {
  beginsWithOwnCode,
  internationalNumber,
  localNumber,
  plainDigits,
  validInternationalNumber,
} from "./numbering-plan";

/** The whole text must be a number: no fishing for digits in a sentence. */
const WHOLE = { extract: false };

/**
 * "(+44) 20 …" is a common way to write, and the one place where the library minds a bracket. It reads digits full width,
 * as Japanese keyboards write them, but not the plus before them.
 */
const PLUS_AT_START = /^\(?[+＋]/;

const EXTENSION = /(?:ext|[x#]).*$/i;

/**
 * A phone number as E.164 digits without "+", its extension dropped. Meta matches nothing without a country code, so a
 * local number of which the country is unknown is absent.
 *
 * A number that carries its country code only needs a possible length: numbering plans open new ranges faster than the
 * library learns them, and the browser leg, which has no library, sends it too. A local number must be valid in its
 * country, since there the code is our guess (a US number on a German address, zeros typed to get past a form).
 */
export const phone: Normalise = (value, country) => {
  const digits = plainDigits(clean(value).replace(PLUS_AT_START, "+"));
  if (digits === null) return phoneByLibrary(value, country);
  if (digits.startsWith("+")) return internationalNumber(digits);
  if (country === null) return null;
  const region = country.toUpperCase();
  const international = beginsWithOwnCode(digits, region) ? validInternationalNumber(`+${digits}`) : null;
  if (international !== null) return international;
  const local = localNumber(digits, region);
  return local === undefined ? phoneByLibrary(value, country) : local;
};

/** The same rule by the library alone, which reads every way to write a number and takes far longer. */
export const phoneByLibrary: Normalise = (value, country) => {
  const text = clean(value).replace(PLUS_AT_START, "+");
  const international = parse(text, WHOLE);
  if (international) return international.isPossible() ? international.number.slice(1) : null;
  const region = country?.toUpperCase();
  if (region === undefined || !isSupportedCountry(region)) return null;
  const digits = plainDigits(text.normalize("NFKC").replace(EXTENSION, ""));
  const coded = digits !== null && beginsWithOwnCode(digits, region) ? parse(`+${digits}`, WHOLE) : undefined;
  if (coded?.isValid()) return coded.number.slice(1);
  const local = parse(text, { ...WHOLE, defaultCountry: region });
  return local?.isValid() ? local.number.slice(1) : null;
};
