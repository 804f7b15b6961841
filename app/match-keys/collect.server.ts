import type { Person } from "~/events/event";
import { sha256Hex } from "./hash.server";
import { alreadyHashed, isDigest } from "./hashed";
import { HASHED_ROWS, type HashedRow } from "./keys";
import { country } from "./normalise/country";
import { PLAIN_LETTERS } from "./plain-letters";
import type { MatchKeys } from "./user-data";

/**
 * Hashes what is known of a person. `shopCountry` (ISO alpha-2) only helps to read a local phone number; it is never
 * said to be the person's own.
 */
export function collect(person: Person, shopCountry: string | null): MatchKeys {
  const ofPerson = firstCountry(person.country);
  const ofPersonOrShop = ofPerson ?? firstCountry(shopCountry === null ? [] : [shopCountry]);
  const keys: MatchKeys = {};
  for (const row of HASHED_ROWS) {
    const hashes = hashesOf(row, person[row.from], row.shopCountry ? ofPersonOrShop : ofPerson);
    if (hashes.length > 0) keys[row.key] = hashes;
  }
  return keys;
}

/** Each once, in their order. */
function hashesOf(row: HashedRow, values: readonly string[], known: string | null): string[] {
  const hashes: string[] = [];
  for (const value of values) {
    const hash = hashOf(row, value, known);
    if (hash !== null && !hashes.includes(hash)) hashes.push(hash);
  }
  return hashes;
}

/** A digest has 32 characters at least; most values are shorter, and need not be looked at twice. */
const SHORTEST_DIGEST = 32;
/** Longer than anybody's name, address or number. */
const LONGEST_VALUE = 500;

function hashOf(row: HashedRow, value: string, known: string | null): string | null {
  if (value.length > LONGEST_VALUE) return null;
  if (value.length >= SHORTEST_DIGEST && isDigest(value)) return alreadyHashed(value);
  const normal = PLAIN_LETTERS[row.key]?.(value, known) ?? row.normalise(value, known);
  return normal === null ? null : sha256Hex(normal);
}

function firstCountry(values: readonly string[]): string | null {
  for (const value of values) {
    const code = country(value, null);
    if (code !== null) return code;
  }
  return null;
}
