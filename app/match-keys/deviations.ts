import { HASHED_ROWS, type HashedKey } from "./keys";

/**
 * Where Meta's own parameter builder (capi-param-builder-nodejs 1.3.2) sends something else than Tandem. Rules are those of
 * https://developers.facebook.com/documentation/ads-commerce/conversions-api/parameters/customer-information-parameters
 * Its licence allows no copy, so it runs in the tests only: test/match-keys/oracle.test.ts holds this table against it, both
 * ways.
 */
interface Deviation {
  id: string;
  /** The keys it is met in. */
  keys: readonly HashedKey[];
  what: string;
  /** What Tandem sends, and the rule it follows. */
  ours: string;
  builder: string;
  /** For the first of the keys, normalised by both; null: absent. */
  example: { value: string; country: string | null; ours: string | null; builder: string | null };
}

const EVERY_KEY = HASHED_ROWS.map((row) => row.key);

export const DEVIATIONS = [
  {
    id: "md5",
    keys: EVERY_KEY,
    what: "An MD5 digest",
    ours: "Absent: Meta asks for SHA-256.",
    builder: "Passes it as if it were one.",
    example: {
      value: "0bc83cb571cd1c50ba6f3e8a78ef1346",
      country: null,
      ours: null,
      builder: "0bc83cb571cd1c50ba6f3e8a78ef1346",
    },
  },
  {
    id: "hash-of-nothing",
    keys: EVERY_KEY,
    what: "The SHA-256 of an empty text",
    ours: "Absent: Meta takes a hash for a person's, and this one is everybody's.",
    builder: "Passes it.",
    example: {
      value: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
      country: null,
      ours: null,
      builder: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    },
  },
  {
    id: "invisible",
    keys: ["fn", "ln", "em", "ge", "db", "zp", "external_id"],
    what: "NUL, bidi marks, zero-width characters, half of a surrogate pair",
    ours: "Removed: Meta wants no special characters, and nobody typed these.",
    builder: "Hashes them too, or drops the value.",
    example: { value: "\u200eMary", country: null, ours: "mary", builder: "\u200emary" },
  },
  {
    id: "placeholder",
    keys: ["fn", "ln", "ct", "st", "zp", "external_id"],
    what: "What a program writes for no value",
    ours: "Absent: Meta wants data of a person, and this would make one of everybody.",
    builder: "Hashes it.",
    example: { value: "undefined", country: null, ours: null, builder: "undefined" },
  },

  {
    id: "em-international",
    keys: ["em"],
    what: "An address beyond ASCII",
    ours: "Sent: Meta asks for trimmed and lower case, and hashes UTF-8.",
    builder: "Drops it.",
    example: { value: "jürgen@müller.example", country: null, ours: "jürgen@müller.example", builder: null },
  },
  {
    id: "em-shape",
    keys: ["em"],
    what: "Dots where RFC 5321 has none, odd characters in the domain",
    ours: "Sent: Meta asks for trimmed and lower case, and mailboxes with such dots exist.",
    builder: "Drops it.",
    example: { value: "a..b@example.jp", country: null, ours: "a..b@example.jp", builder: null },
  },
  {
    id: "em-colon",
    keys: ["em"],
    what: "A colon before a dot",
    ours: "Absent: Meta wants an e-mail address, and a bare colon is in none.",
    builder: "Sends it.",
    example: { value: "john:.smith@example.com", country: null, ours: null, builder: "john:.smith@example.com" },
  },
  {
    id: "em-long",
    keys: ["em"],
    what: "More than 254 characters",
    ours: "Absent: Meta wants an e-mail address, and none is that long (RFC 5321).",
    builder: "Sends it.",
    example: {
      value: `${"a".repeat(243)}@example.com`,
      country: null,
      ours: null,
      builder: `${"a".repeat(243)}@example.com`,
    },
  },

  {
    id: "ph-local",
    keys: ["ph"],
    what: "A local number, or one with a prefix to dial abroad",
    ours: "With the country code, which Meta must have to match it.",
    builder: "The digits as they stand, without leading zeros.",
    example: { value: "020 7946 0958", country: "gb", ours: "442079460958", builder: "2079460958" },
  },
  {
    id: "ph-no-country",
    keys: ["ph"],
    what: "A number without a plus, of a country nobody knows",
    ours: "Absent: Meta matches nothing without a country code.",
    builder: "Sends its digits.",
    example: { value: "6505551212", country: null, ours: null, builder: "6505551212" },
  },
  {
    id: "ph-no-number",
    keys: ["ph"],
    what: "Two numbers, words, too many digits, a number its country has not",
    ours: "Absent: Meta wants one phone number.",
    builder: "Sends all digits there are.",
    example: { value: "(555) 123-4567", country: "us", ours: null, builder: "5551234567" },
  },
  {
    id: "ph-national-digits",
    keys: ["ph"],
    what: "Digits dialled at home only, in an international number",
    ours: "Left out: Meta wants the country code and the number.",
    builder: "Keeps them.",
    example: { value: "+44 (0)20 7946 0958", country: null, ours: "442079460958", builder: "4402079460958" },
  },
  {
    id: "ph-extension",
    keys: ["ph"],
    what: "An extension",
    ours: "Left out: Meta wants the country code and the number.",
    builder: "Appends its digits.",
    example: { value: "+1 650 555 1212 x123", country: null, ours: "16505551212", builder: "16505551212123" },
  },
  {
    id: "ph-digits",
    keys: ["ph"],
    what: "Digits of other scripts, and full width",
    ours: "Read as the digits they are: Meta drops symbols and letters only.",
    builder: "Deletes them.",
    example: { value: "+１６５０５５５１２１２", country: null, ours: "16505551212", builder: null },
  },

  {
    id: "name-punctuation",
    keys: ["fn", "ln"],
    what: "Punctuation and symbols beyond ASCII, such as a typographic apostrophe",
    ours: "Removed: Meta wants no punctuation.",
    builder: "Keeps them.",
    example: { value: "O’Brien", country: null, ours: "obrien", builder: "o’brien" },
  },
  {
    id: "name-composition",
    keys: ["fn", "ln"],
    what: "A letter and its accent as two characters",
    ours: "Composed: Meta's sample has the accented letter as one.",
    builder: "Leaves them as they came.",
    example: { value: "Vale\u0301ry", country: null, ours: "val\u00e9ry", builder: "vale\u0301ry" },
  },
  {
    id: "name-no-letter",
    keys: ["fn", "ln"],
    what: "Digits, emoji or marks only",
    ours: "Absent: Meta wants a name, which has letters.",
    builder: "Hashes it.",
    example: { value: "12", country: null, ours: null, builder: "12" },
  },

  {
    id: "name-long",
    keys: ["fn", "ln"],
    what: "More than 500 characters",
    ours: "Absent: Meta wants a person's name, and none is that long.",
    builder: "Sends it.",
    example: { value: "a".repeat(501), country: null, ours: null, builder: "a".repeat(501) },
  },

  {
    id: "ge-words",
    keys: ["ge"],
    what: "Forms of address, kinship, slang",
    ours: "Absent: Meta takes f and m, and these are guesses.",
    builder: "f or m by a list of words.",
    example: { value: "Mrs", country: null, ours: null, builder: "f" },
  },

  {
    id: "db-form",
    keys: ["db"],
    what: "A date that is not written year first",
    ours: "Absent: Meta wants YYYYMMDD, and day and month cannot be told apart.",
    builder: "Guesses, month first.",
    example: { value: "02-03-1997", country: null, ours: null, builder: "19970203" },
  },
  {
    id: "db-no-such-day",
    keys: ["db"],
    what: "A day that is in no calendar, or before 1900",
    ours: "Absent: Meta wants a date from 1900 on.",
    builder: "Sends it; eight digits unseen, and day and month exchanged to make it fit.",
    example: { value: "1997-02-30", country: null, ours: null, builder: "19970230" },
  },
  {
    id: "db-future",
    keys: ["db"],
    what: "A year that is yet to come",
    ours: "Sent up to 2100: Meta takes none after today, but a rule has no clock.",
    builder: "Drops what is later than next year.",
    example: { value: "2099-01-01", country: null, ours: "20990101", builder: null },
  },

  {
    id: "ct-script",
    keys: ["ct"],
    what: "Accents and letters beyond a to z",
    ours: "Kept: Meta takes special characters as UTF-8.",
    builder: "Deletes them, or drops the value.",
    example: { value: "São Paulo", country: null, ours: "sãopaulo", builder: "sopaulo" },
  },
  {
    id: "ct-digit-first",
    keys: ["ct"],
    what: "A name that begins with a digit",
    ours: "Sent: Meta wants punctuation, special characters and spaces removed, not digits.",
    builder: "Drops it.",
    example: { value: "29 Palms", country: null, ours: "29palms", builder: null },
  },

  {
    id: "st-cut",
    keys: ["st"],
    what: "A state or province outside the US, or of no country",
    ours: "The full name: Meta wants a code in the US only.",
    builder: "A US or Canadian code if such a name is in it, else the first two letters.",
    example: { value: "New South Wales", country: "au", ours: "newsouthwales", builder: "ne" },
  },
  {
    id: "st-script",
    keys: ["st"],
    what: "A name without any of a to z",
    ours: "The full name: Meta hashes UTF-8.",
    builder: "Drops it.",
    example: { value: "東京都", country: "jp", ours: "東京都", builder: null },
  },
  {
    id: "st-us-name",
    keys: ["st"],
    what: "The District of Columbia, territories, ISO 3166-2 in the US",
    ours: "Their ANSI code: Meta wants the two-letter one.",
    builder: "The first two letters, or the code of a state whose name is in it.",
    example: { value: "Puerto Rico", country: "us", ours: "pr", builder: "pu" },
  },
  {
    id: "st-no-state",
    keys: ["st"],
    what: "What is no state, in the US",
    ours: "Absent: Meta wants the two-letter code, and there is none.",
    builder: "The first two letters, or the code of a state whose name is in it.",
    example: { value: "Kansas City", country: "us", ours: null, builder: "ks" },
  },

  {
    id: "zp-cut",
    keys: ["zp"],
    what: "A dash outside the US, or where it is not that of ZIP+4",
    ours: "Only the dash removed: Meta wants five digits in the US, the whole code elsewhere.",
    builder: "Everything after the dash cut.",
    example: { value: "01000-000", country: "br", ours: "01000000", builder: "01000" },
  },
  {
    id: "zp-inside",
    keys: ["zp"],
    what: "Spaces, other dashes and symbols inside; full-width digits",
    ours: "Removed, and read as digits: Meta wants neither spaces nor dashes.",
    builder: "Keeps them.",
    example: { value: "M1 1AE", country: "gb", ours: "m11ae", builder: "m1 1ae" },
  },
  {
    id: "zp-nine-digits",
    keys: ["zp"],
    what: "More than five digits in one, in the US",
    ours: "The first five, as Meta wants.",
    builder: "Keeps all.",
    example: { value: "941031234", country: "us", ours: "94103", builder: "941031234" },
  },
  {
    id: "zp-short",
    keys: ["zp"],
    what: "A code of one character",
    ours: "Sent: Meta sets no length outside the US.",
    builder: "Drops it.",
    example: { value: "7", country: "ie", ours: "7", builder: null },
  },
  {
    id: "zp-no-code",
    keys: ["zp"],
    what: "What is no postal code",
    ours: "Absent: Meta wants five digits in the US, and letters or digits elsewhere.",
    builder: "Sends it.",
    example: { value: "2139", country: "us", ours: null, builder: "2139" },
  },

  {
    id: "country-uk",
    keys: ["country"],
    what: "UK",
    ours: "gb: Meta wants ISO 3166-1 alpha-2.",
    builder: "uk, which is no country's code.",
    example: { value: "UK", country: null, ours: "gb", builder: "uk" },
  },
  {
    id: "country-guess",
    keys: ["country"],
    what: "A name, an alpha-3 code, anything longer or shorter",
    ours: "Absent: Meta wants the two-letter code, and a guess may name another country.",
    builder: "The code of an English name, else the first two letters.",
    example: { value: "AUT", country: null, ours: null, builder: "au" },
  },
  {
    id: "country-unassigned",
    keys: ["country"],
    what: "Two letters that are no country",
    ours: "Absent: Meta wants ISO 3166-1 alpha-2.",
    builder: "Sends them.",
    example: { value: "EU", country: null, ours: null, builder: "eu" },
  },

  {
    id: "external-id-gid",
    keys: ["external_id"],
    what: "A customer's gid",
    ours: "Its digits: Meta wants one form of an id on every channel.",
    builder: "The whole gid in lower case.",
    example: {
      value: "gid://shopify/Customer/207119551",
      country: null,
      ours: "207119551",
      builder: "gid://shopify/customer/207119551",
    },
  },
  {
    id: "external-id-form",
    keys: ["external_id"],
    what: "Capitals, and white space inside",
    ours: "Kept: Meta has no rule but one form of an id on every channel.",
    builder: "Lower case, without white space.",
    example: { value: "AbC-123", country: null, ours: "AbC-123", builder: "abc-123" },
  },
  {
    id: "external-id-long",
    keys: ["external_id"],
    what: "More than 256 characters",
    ours: "Absent: Meta wants an id, and no shop has one of that length.",
    builder: "Sends it.",
    example: { value: "1".repeat(257), country: null, ours: null, builder: "1".repeat(257) },
  },
] as const satisfies readonly Deviation[];

export type DeviationId = (typeof DEVIATIONS)[number]["id"];
