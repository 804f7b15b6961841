import { DEVIATIONS, type DeviationId } from "~/match-keys/deviations";
import { isDigest } from "~/match-keys/hashed";
import { country as countryRule } from "~/match-keys/normalise/country";
import { clean, isPlaceholder, letters } from "~/match-keys/normalise/text";
import { zip } from "~/match-keys/normalise/zip";
import { type Difference, ofVisibleText } from "./difference";

/** The rows of the table that explain a difference: one, if the table is what it should be. */
export function explain(difference: Difference): DeviationId[] {
  if (isDigest(difference.value)) return rowsFor(difference, OF_DIGESTS);
  const visible = ofVisibleText(difference);
  return visible === null ? rowsFor(difference, OF_THE_INVISIBLE) : rowsFor(visible, OF_TEXTS);
}

type Explains = (difference: Difference) => boolean;
type Classes = { readonly [Id in DeviationId]?: Explains };

function rowsFor(difference: Difference, classes: Classes): DeviationId[] {
  return DEVIATIONS.flatMap(({ id, keys }) => {
    const ofKey: readonly string[] = keys;
    return ofKey.includes(difference.key) && classes[id]?.(difference) ? [id] : [];
  });
}

const OF_DIGESTS = {
  md5: ({ ours, builder }) => ours === null && builder?.length === 32,
  "hash-of-nothing": ({ ours, builder }) => ours === null && builder?.length === 64,
} satisfies Classes;

const OF_THE_INVISIBLE = { invisible: ({ value }) => clean(value) !== value.trim() } satisfies Classes;

/**
 * When a row is the reason. Most also say what the builder must have made of the value, so that a new habit of its is not
 * taken for an old one. No two of a key are true at once.
 */
const OF_TEXTS = {
  placeholder: (it) => it.ours === null && standsForNothing(it.value),

  "em-international": (it) => sentBy("us", it) && BEYOND_ASCII.test(it.value),
  "em-shape": (it) => sentBy("us", it) && !BEYOND_ASCII.test(it.value),
  "em-colon": (it) => sentBy("builder", it) && it.value.length <= 254 && it.value.includes(":"),
  "em-long": (it) => sentBy("builder", it) && it.value.length > 254,

  "ph-local": (it) => asciiNumber(it) && !hasPlus(it) && !isExtended(it),
  "ph-no-country": (it) => digitsSent(it) && it.ours === null && !hasPlus(it) && !hasCountry(it),
  "ph-no-number": (it) => digitsSent(it) && it.ours === null && (hasPlus(it) || hasCountry(it)),
  "ph-national-digits": (it) => asciiNumber(it) && hasPlus(it) && !isExtended(it),
  "ph-extension": (it) => asciiNumber(it) && isExtended(it),
  "ph-digits": (it) => digitsSent(it) && it.ours !== null && OTHER_DIGITS.test(it.value),

  "name-punctuation": (it) => sameLetters(it) && NO_PART_OF_A_WORD.test(it.builder ?? ""),
  "name-composition": (it) => sameLetters(it) && !NO_PART_OF_A_WORD.test(it.builder ?? ""),
  "name-no-letter": (it) => it.ours === null && letters(it.value) === null,

  "name-long": (it) => sentBy("builder", it) && it.value.length > 500,

  "ge-words": (it) => it.ours === null && /^[fm]$/.test(it.builder ?? ""),

  "db-form": (it) => sentBy("builder", it) && !YEAR_FIRST.test(it.value),
  "db-no-such-day": (it) => sentBy("builder", it) && YEAR_FIRST.test(it.value),
  "db-future": (it) => sentBy("us", it) && Number(it.ours?.slice(0, 4)) > new Date().getFullYear(),

  "ct-script": (it) => it.ours !== null && WORDS_BEYOND_ASCII.test(it.value) && it.builder === latinOnly(it.value),
  "ct-digit-first": (it) => sentBy("us", it) && /^\d/.test(it.ours ?? "") && !WORDS_BEYOND_ASCII.test(it.value),

  "st-cut": (it) => it.ours !== null && it.country !== "us" && isShort(it.builder),
  "st-script": (it) => sentBy("us", it) && it.country !== "us" && !/[a-z]/i.test(it.value),
  "st-us-name": (it) => it.ours !== null && it.country === "us" && isShort(it.builder),
  "st-no-state": (it) => it.ours === null && it.country === "us" && isShort(it.builder) && !standsForNothing(it.value),

  "zp-cut": (it) => it.ours !== null && losesByDash(it),
  "zp-inside": (it) => it.ours !== null && !losesByDash(it) && keepsMore(it) && !isZipDigits(it),
  "zp-nine-digits": (it) => it.ours !== null && !losesByDash(it) && keepsMore(it) && isZipDigits(it),
  "zp-short": (it) => sentBy("us", it) && !losesByDash(it) && beforeDash(it.value).length < 2,
  "zp-no-code": (it) => sentBy("builder", it) && !standsForNothing(it.value),

  "country-uk": (it) => it.ours === "gb" && it.builder === "uk",
  "country-guess": (it) => it.ours === null && isShort(it.builder) && !TWO_LETTERS.test(it.value),
  "country-unassigned": (it) => it.builder === it.value.toLowerCase() && TWO_LETTERS.test(it.value) && it.ours === null,

  "external-id-gid": (it) => it.value.startsWith("gid:") && /^\d+$/.test(it.ours ?? ""),
  "external-id-form": (it) => it.builder === it.ours?.toLowerCase().replace(/\s+/g, ""),
  "external-id-long": (it) => sentBy("builder", it) && it.value.length > 256,
} satisfies Classes & Record<Exclude<DeviationId, keyof typeof OF_DIGESTS | keyof typeof OF_THE_INVISIBLE>, Explains>;

// biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII has them
const BEYOND_ASCII = /[^\u0000-\u007f]/;
const WORDS_BEYOND_ASCII = /(?![a-zA-Z0-9])[\p{L}\p{M}\p{N}]/u;
const NO_PART_OF_A_WORD = /[^\p{L}\p{M}\p{N}]|\p{Me}|\p{Default_Ignorable_Code_Point}/u;
const OTHER_DIGITS = /(?![0-9])\p{Nd}/u;
const TWO_LETTERS = /^[a-z]{2}$/i;
const YEAR_FIRST = /^\d{4}([-/]?)\d{2}\1\d{2}(?:[T ]\d{2}:\d{2}.*)?$/i;

function sentBy(who: "us" | "builder", { ours, builder }: Difference): boolean {
  return who === "us" ? ours !== null && builder === null : ours === null && builder !== null;
}

function standsForNothing(text: string): boolean {
  const plain = text.normalize("NFKC");
  return isPlaceholder(plain) || isPlaceholder(letters(plain) ?? "");
}

/** The builder sends a phone's ASCII digits without leading zeros, whatever they mean. */
function digitsSent({ value, builder }: Difference): boolean {
  return (builder ?? "") === value.replace(/[^0-9]/g, "").replace(/^0+/, "");
}

function asciiNumber(it: Difference): boolean {
  return digitsSent(it) && it.ours !== null && !OTHER_DIGITS.test(it.value);
}

function hasPlus({ value }: Difference): boolean {
  return /^\(?[+＋]/.test(value);
}

function hasCountry({ country }: Difference): boolean {
  return country !== null && countryRule(country, null) !== null;
}

function isExtended({ ours, builder }: Difference): boolean {
  return ours !== null && (builder ?? "").startsWith(ours);
}

/** True when nothing but decoration and composition keeps two names apart. What follows a sigma decides on its form. */
function sameLetters({ ours, builder }: Difference): boolean {
  const withoutFinalSigma = (text: string | null) => text?.replaceAll("ς", "σ");
  return ours !== null && builder !== null && withoutFinalSigma(letters(builder)) === withoutFinalSigma(ours);
}

/** A city of which only a to z and digits are left, if it begins with a letter then. */
function latinOnly(city: string): string | null {
  const rest = city.replace(/[^a-zA-Z0-9]/g, "").toLowerCase();
  return /^[a-z]/.test(rest) ? rest : null;
}

function isShort(code: string | null): boolean {
  return code !== null && /^[a-z][a-z0-9]?$/.test(code);
}

/** True when what stands before the first dash is not all that Tandem reads of a postal code. */
function losesByDash({ value, country, ours }: Difference): boolean {
  return value.includes("-") && zip(beforeDash(value), country) !== ours;
}

function beforeDash(zipCode: string): string {
  return zipCode.split("-", 1).join().trim();
}

function keepsMore({ builder, country, ours }: Difference): boolean {
  return builder !== null && zip(builder, country) === ours;
}

function isZipDigits({ builder, country }: Difference): boolean {
  return country === "us" && /^\d+$/.test(builder ?? "");
}
