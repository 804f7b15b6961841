import { MATCH_KEYS } from "./keys";
import type { HashedKey, RawKey, UserData } from "./user-data";

/** Meta refuses an event that holds only these, or fewer: https://developers.facebook.com/documentation/ads-commerce/conversions-api/best-practices */
const TOO_BROAD = [
  combination("ct", "country", "st", "zp", "ge", "client_user_agent"),
  combination("db", "client_user_agent"),
  combination("fn", "ge"),
  combination("ln", "ge"),
];

/** True when nobody can be found by this: it holds nothing, or no more than one combination Meta calls too broad. */
export function tooBroad(userData: UserData): boolean {
  return TOO_BROAD.some(({ beyond }) => beyond.every((key) => !userData[key]?.length));
}

/** `beyond`: every other key. */
function combination(...keys: (HashedKey | RawKey)[]) {
  return { beyond: MATCH_KEYS.map(({ key }) => key).filter((key) => !keys.includes(key)) };
}
