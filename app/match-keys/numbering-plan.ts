import metadata from "libphonenumber-js/max/metadata";

/**
 * How the numbers of a calling code are read, from the same data libphonenumber-js reads and by the same steps, for numbers
 * written in nothing but digits and the usual punctuation. The library compiles every pattern anew for every number: with
 * patterns that are compiled once the same answer takes a fraction of that. test/match-keys/phone.test.ts holds the two
 * together, country by country; what is written in any other way is the library's.
 */

const MOST_TEXT = 40;
const PLAIN = /^\+?[\d ()./-]+$/;
const PUNCTUATION = /[ ()./-]+/g;
/** With fewer digits the library asks for a form of its own. */
const FEWEST_DIGITS = 3;

const SHORTEST_NATIONAL = 2;
const LONGEST_NATIONAL = 17;
const LONGEST_CALLING_CODE = 3;

/** The library's own table: https://gitlab.com/catamphetamine/libphonenumber-js/-/blob/master/METADATA.md */
type Row = [
  callingCode: string,
  dialsAbroad: string,
  national: string,
  lengths: number[],
  formats: unknown,
  trunk: string | 0,
  _trunkFormat: unknown,
  trunkForParsing: string | 0,
  trunkBecomes: string | 0,
  _trunkOptional: unknown,
  leading: string | 0,
  kinds: ([pattern: string, lengths?: number[]] | 0 | null)[],
];

interface Kind {
  pattern: RegExp;
  lengths: readonly number[];
}

interface Plan {
  callingCode: string;
  /** What is dialled in front of a number abroad. */
  dialsAbroad: RegExp;
  national: RegExp;
  /** Ascending. */
  lengths: readonly number[];
  /** What is dialled in front of a local number, and what becomes of it. */
  trunk: RegExp | null;
  trunkBecomes: string | null;
  /** How numbers of this country begin, among those that share its calling code. */
  leading: RegExp | null;
  kinds: readonly Kind[];
}

/** Of a number that no country owns; read with the same rules. */
const NON_GEOGRAPHIC: Readonly<Record<string, Row>> = metadata.nonGeographic as Record<string, Row>;
const ROWS: Readonly<Record<string, Row>> = metadata.countries as Record<string, Row>;
const COUNTRIES: Readonly<Record<string, string[]>> = metadata.country_calling_codes;

const plans = new Map<Row, Plan>();

/** Digits that are plain to read, with their plus if there is one; null: a matter for the library. */
export function plainDigits(text: string): string | null {
  if (text.length > MOST_TEXT || !PLAIN.test(text)) return null;
  const digits = text.replace(PUNCTUATION, "");
  return digits.length > FEWEST_DIGITS ? digits : null;
}

/** An international number (`+` and digits) of a possible length, as E.164 digits; null when it is none. */
export function internationalNumber(number: string): string | null {
  for (let end = 2; end <= LONGEST_CALLING_CODE + 1; end += 1) {
    const plan = planOfCallingCode(number.slice(1, end));
    if (plan === null) continue;
    const national = nationalOf(number.slice(end), plan);
    const { lengths } = ownerOf(national, plan) ?? plan;
    return isNational(national) && lengths.includes(national.length) ? plan.callingCode + national : null;
  }
  return null;
}

/**
 * Whether digits begin with their country's own code, as messengers write numbers: without a plus. Where local numbers are
 * written with a trunk prefix, which these lack, that is likelier than a local number that begins like the code (+49 151 …
 * against 04915 …). The library knows the second reading only.
 */
export function beginsWithOwnCode(digits: string, region: string): boolean {
  const row = ROWS[region];
  if (row === undefined || !digits.startsWith(row[0])) return false;
  const { trunk } = planOf(row);
  return trunk !== null && !trunk.test(digits);
}

/** An international number (`+` and digits) that is valid, as E.164 digits; null when it is none. */
export function validInternationalNumber(number: string): string | null {
  for (let end = 2; end <= LONGEST_CALLING_CODE + 1; end += 1) {
    const plan = planOfCallingCode(number.slice(1, end));
    if (plan !== null) return validNumber(number.slice(end), plan);
  }
  return null;
}

/** A local number that is valid in its country, as E.164 digits; null when it is not; undefined: a matter for the library. */
export function localNumber(digits: string, region: string): string | null | undefined {
  const row = ROWS[region];
  if (row === undefined) return null;
  const plan = planOf(row);
  // Dialled as from abroad: rare, and the library has rules of its own for it.
  if (plan.dialsAbroad.test(digits)) return undefined;
  const shorter = withoutCallingCode(digits, plan);
  if (shorter === null) return validNumber(digits, plan);
  return validNumber(shorter, planOfCallingCode(plan.callingCode) ?? plan);
}

function validNumber(digits: string, plan: Plan): string | null {
  const national = nationalOf(digits, plan);
  const valid = isNational(national) && isNumberOf(national, ownerOf(national, plan) ?? plan);
  return valid ? plan.callingCode + national : null;
}

/** What follows a calling code that was written without its plus; null when the digits make more sense as they are. */
function withoutCallingCode(digits: string, plan: Plan): string | null {
  if (!digits.startsWith(plan.callingCode)) return null;
  const shorter = digits.slice(plan.callingCode.length);
  const asItIs = nationalOf(digits, plan);
  const better = !plan.national.test(asItIs) && plan.national.test(nationalOf(shorter, plan));
  return better || isTooLong(asItIs, plan) ? shorter : null;
}

/** Without what is dialled in front of it, unless it would be no number of the plan then. */
function nationalOf(digits: string, plan: Plan): string {
  const bare = withoutTrunk(digits, plan);
  if (bare === digits || (plan.national.test(digits) && !plan.national.test(bare))) return digits;
  const owner = ownerOf(bare, plan) ?? plan;
  return isTooLong(bare, owner) || owner.lengths.includes(bare.length) ? bare : digits;
}

function isTooLong(national: string, { lengths }: Plan): boolean {
  return national.length > (lengths.at(-1) ?? 0);
}

function withoutTrunk(digits: string, { trunk, trunkBecomes }: Plan): string {
  const found = trunk?.exec(digits);
  if (!trunk || !found) return digits;
  const captured = found.length > 1 && found.at(-1);
  return trunkBecomes !== null && captured ? digits.replace(trunk, trunkBecomes) : digits.slice(found[0].length);
}

/** The country, of those that share a calling code, that a number belongs to. */
function ownerOf(national: string, { callingCode }: Plan): Plan | null {
  const countries = COUNTRIES[callingCode] ?? [];
  for (const country of countries) {
    const row = ROWS[country];
    if (row === undefined) continue;
    const plan = planOf(row);
    if (countries.length === 1) return plan;
    if (plan.leading === null ? isNumberOf(national, plan) : plan.leading.test(national)) return plan;
  }
  return null;
}

function isNumberOf(national: string, plan: Plan): boolean {
  return (
    plan.national.test(national) &&
    plan.kinds.some(({ pattern, lengths }) => lengths.includes(national.length) && pattern.test(national))
  );
}

function isNational({ length }: string): boolean {
  return length >= SHORTEST_NATIONAL && length <= LONGEST_NATIONAL;
}

/** The plan of the first country that has the code. */
function planOfCallingCode(code: string): Plan | null {
  const [country] = COUNTRIES[code] ?? [];
  const row = country === undefined ? NON_GEOGRAPHIC[code] : ROWS[country];
  return row === undefined ? null : planOf(row);
}

/** Compiled when a number first needs it: most shops sell to few countries. */
function planOf(row: Row): Plan {
  const known = plans.get(row);
  if (known !== undefined) return known;
  const [callingCode, dialsAbroad, national, lengths, , trunk, , trunkForParsing, trunkBecomes, , leading, kinds] = row;
  const trunkPattern = trunkForParsing || trunk;
  const plan: Plan = {
    callingCode,
    dialsAbroad: starting(dialsAbroad),
    national: whole(national),
    lengths,
    trunk: trunkPattern ? starting(trunkPattern) : null,
    trunkBecomes: trunkBecomes || null,
    leading: leading ? starting(leading) : null,
    kinds: kinds.flatMap((kind) =>
      kind && kind[0] !== "" ? [{ pattern: whole(kind[0]), lengths: kind[1] || lengths }] : [],
    ),
  };
  plans.set(row, plan);
  return plan;
}

function whole(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern})$`);
}

function starting(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern})`);
}
