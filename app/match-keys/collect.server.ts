import type { Person } from "~/events/event";
import { sha256Hex } from "./hash.server";
import { alreadyHashed, isDigest } from "./hashed";
import { HASHED_ROWS, type HashedRow } from "./keys";
import { country } from "./normalise/country";
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
    const known = row.shopCountry ? ofPersonOrShop : ofPerson;
    const hashes = new Set(person[row.from].flatMap((value) => hashOf(row, value, known) ?? []));
    if (hashes.size > 0) keys[row.key] = [...hashes];
  }
  return keys;
}

function hashOf(row: HashedRow, value: string, known: string | null): string | null {
  if (isDigest(value)) return alreadyHashed(value);
  const normal = row.normalise(value, known);
  return normal === null ? null : sha256Hex(normal);
}

function firstCountry(values: readonly string[]): string | null {
  for (const value of values) {
    const code = country(value, null);
    if (code !== null) return code;
  }
  return null;
}
