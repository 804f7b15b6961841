import { MATCH_KEYS } from "./keys";
import type { HashedKey, RawKey, UserData } from "./user-data";

const KEYS = MATCH_KEYS.map(({ key }) => key);

/** Meta refuses an event that holds only these, or fewer: https://developers.facebook.com/documentation/ads-commerce/conversions-api/best-practices */
const TOO_BROAD: readonly ReadonlySet<string>[] = [
  combination("ct", "country", "st", "zp", "ge", "client_user_agent"),
  combination("db", "client_user_agent"),
  combination("fn", "ge"),
  combination("ln", "ge"),
];

/** True when nobody can be found by this: it holds nothing, or no more than one combination Meta calls too broad. */
export function tooBroad(userData: UserData): boolean {
  const present = KEYS.filter((key) => userData[key]?.length);
  return TOO_BROAD.some((broad) => present.every((key) => broad.has(key)));
}

function combination(...keys: (HashedKey | RawKey)[]): ReadonlySet<string> {
  return new Set(keys);
}
