import { clean, letters, type Normalise } from "./text";

/** Exactly as programs write them: a person may be called Null, so neither case nor other placeholders count here. */
const LITERALS = new Set(["undefined", "null", "[object Object]"]);

/** A given or family name: lower case, no punctuation, symbol or space; every script and accent is kept. */
export const name: Normalise = (value) => {
  const text = clean(value);
  return LITERALS.has(text) ? null : letters(text);
};
