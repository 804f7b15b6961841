/** Who told of a key, by the letter it has in an account; the first of them that knew it. */
export const KEY_ORIGINS = {
  o: "the event itself",
  p: "the purchase it belongs to",
  c: "the checkout it went through",
  v: "an earlier visit of the same browser",
  m: "an earlier purchase of the same customer",
} as const;

export type KeyOrigin = keyof typeof KEY_ORIGINS;
