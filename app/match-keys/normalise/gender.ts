import { clean, type Normalise } from "./text";

const LETTER_BY_WORD: ReadonlyMap<string, string> = new Map([
  ["f", "f"],
  ["female", "f"],
  ["m", "m"],
  ["male", "m"],
]);

/** "f" or "m", the only two values Meta takes. */
export const gender: Normalise = (value) => LETTER_BY_WORD.get(clean(value).toLowerCase()) ?? null;
