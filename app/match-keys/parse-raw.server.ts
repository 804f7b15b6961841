import { nobody } from "~/events/event";
import { collect } from "./collect.server";
import { HASHED_ROWS, MATCH_KEYS, RAW_ROWS } from "./keys";
import { type RawKey, type UserData, userData } from "./user-data";

interface Refusal {
  ok: false;
  /** Where: `ph`, `em[1]`, or `[2].ph` in an array of people. */
  field: string;
  /** What to do about it. */
  says: string;
}

type Parsed<T> = { ok: true; value: T } | Refusal;

const KEY_NAMES = MATCH_KEYS.map((row) => row.key).join(", ");

/** Raw values under Meta's key names, as a person types or pipes them, to `user_data` as it would be sent. */
export function parseRaw(input: unknown): Parsed<UserData | UserData[]> {
  if (!Array.isArray(input)) return parsePerson(input, "");
  const people: UserData[] = [];
  for (const [index, item] of input.entries()) {
    const parsed = parsePerson(item, `[${index}]`);
    if (!parsed.ok) return parsed;
    people.push(parsed.value);
  }
  return { ok: true, value: people };
}

function parsePerson(input: unknown, at: string): Parsed<UserData> {
  if (typeof input !== "object" || input === null || Array.isArray(input)) {
    return refuse(at || "input", `must be an object with any of ${KEY_NAMES}`);
  }
  const person = nobody();
  const raw: { [K in RawKey]?: string } = {};
  for (const [key, value] of Object.entries(input)) {
    const field = at === "" ? key : `${at}.${key}`;
    const hashedRow = HASHED_ROWS.find((row) => row.key === key);
    const rawRow = RAW_ROWS.find((row) => row.key === key);
    if (hashedRow) {
      const texts = parseTexts(value, field);
      if (!texts.ok) return texts;
      person[hashedRow.from] = texts.value;
    } else if (rawRow) {
      const text = parseText(value, field, "a string");
      if (!text.ok) return text;
      if (text.value !== null) raw[rawRow.key] = text.value;
    } else {
      return refuse(field, `is not a key Meta knows; use ${KEY_NAMES}`);
    }
  }
  return { ok: true, value: userData(collect(person, null), raw) };
}

function parseTexts(value: unknown, field: string): Parsed<string[]> {
  const texts: string[] = [];
  const several = Array.isArray(value);
  for (const [index, item] of (several ? value : [value]).entries()) {
    const text = parseText(item, several ? `${field}[${index}]` : field, "a string or an array of strings");
    if (!text.ok) return text;
    if (text.value !== null) texts.push(text.value);
  }
  return { ok: true, value: texts };
}

function parseText(value: unknown, field: string, expected: string): Parsed<string | null> {
  if (value === null) return { ok: true, value: null };
  if (typeof value === "string") return { ok: true, value };
  if (typeof value !== "number") return refuse(field, `must be ${expected}, not ${kindOf(value)}`);
  return hasExactDigits(value)
    ? { ok: true, value: String(value) }
    : refuse(field, "is a number too large or too small to keep its digits; write it as a string");
}

/** An id beyond 2^53 lost digits when the JSON was read, and an exponent is nobody's phone number. */
function hasExactDigits(value: number): boolean {
  return Number.isFinite(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER && !String(value).includes("e");
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" ? "an object" : typeof value;
}

function refuse(field: string, says: string): Refusal {
  return { ok: false, field, says };
}
