/** Meta keeps the cookie for 90 days, and wants no older click: https://developers.facebook.com/documentation/ads-commerce/conversions-api/parameters/fbp-and-fbc */
export const CLICK_LIFE_MS = 90 * 24 * 3_600_000;

/** Where the time stands in `fb.1.1763632800000.…`: the index before it is always one digit, the time thirteen. */
const TIME_STARTS = 5;
const TIME_ENDS = 18;

/**
 * The fbc as it may be sent now (epoch milliseconds; null: ages do not matter): null once its click is too old. `fbc` is one
 * that cleanFbc let through.
 */
export function freshFbc(fbc: string | null, now: number | null): string | null {
  if (fbc === null || now === null) return fbc;
  const clickedAt = Number(fbc.slice(TIME_STARTS, TIME_ENDS));
  return now - clickedAt <= CLICK_LIFE_MS ? fbc : null;
}
