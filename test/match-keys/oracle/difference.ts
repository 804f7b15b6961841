import { nobody } from "~/events/event";
import { collect } from "~/match-keys/collect.server";
import { alreadyHashed, isDigest } from "~/match-keys/hashed";
import type { HashedKey, HashedRow } from "~/match-keys/keys";
import { clean } from "~/match-keys/normalise/text";
import { builderHash, builderText } from "./builder";

/** One value of which the builder sends something else than Tandem; both as they are before they are hashed. */
export interface Difference {
  key: HashedKey;
  value: string;
  country: string | null;
  ours: string | null;
  builder: string | null;
}

/** What keeps the two apart, or null when they send the same. */
export function differenceOf(row: HashedRow, value: string, country: string | null): Difference | null {
  const ourHash = hashOf(row, value, country);
  if (ourHash === builderHash(row.key, value)) return null;
  const digest = isDigest(value);
  return {
    key: row.key,
    value,
    country,
    ours: digest ? alreadyHashed(value) : ourHash && row.normalise(value, country),
    builder: digest ? builderHash(row.key, value) : builderText(row.key, value),
  };
}

/** The same of the value as it can be seen, or null when that is the same for both. */
export function ofVisibleText({ key, value, country, ours }: Difference): Difference | null {
  const text = clean(value);
  const builder = builderText(key, text);
  return builder === ours ? null : { key, value: text, country, ours, builder };
}

function hashOf(row: HashedRow, value: string, country: string | null): string | null {
  const of = country === null ? {} : { country: [country] };
  return collect({ ...nobody(), ...of, [row.from]: [value] }, null)[row.key]?.[0] ?? null;
}
