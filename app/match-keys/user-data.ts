import { HASHED_ROWS, type HashedKey, RAW_ROWS, type RawKey } from "./keys";

export type { HashedKey, RawKey };

/** Who it was: lower-case SHA-256 hex, the value trusted most first. A key without a value is absent. */
export type MatchKeys = Partial<Record<HashedKey, string[]>>;

/** What the browser tells, each as it is; null or absent where unknown. */
export type RawKeys = { readonly [K in RawKey]?: string | null };

/** Meta's `user_data`, as it is sent. */
export type UserData = MatchKeys & Partial<Record<RawKey, string>>;

/** Puts both kinds of keys together, in the table's order. */
export function userData(keys: MatchKeys, raw: RawKeys): UserData {
  const data: UserData = {};
  for (const { key } of HASHED_ROWS) {
    const values = keys[key];
    if (values?.length) data[key] = values;
  }
  for (const { key } of RAW_ROWS) {
    const value = raw[key];
    if (value) data[key] = value;
  }
  return data;
}

/** Adds the keys that `first` lacks. A key that is there keeps its values: a later source may enrich, never replace. */
export function merge(first: MatchKeys, later: MatchKeys): MatchKeys {
  const merged: MatchKeys = {};
  for (const { key } of HASHED_ROWS) {
    const values = first[key]?.length ? first[key] : later[key];
    if (values?.length) merged[key] = [...values];
  }
  return merged;
}
