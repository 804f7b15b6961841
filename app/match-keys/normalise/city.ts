import { clean, isPlaceholder, letters, type Normalise } from "./text";

/** A city: lower case, no punctuation, symbol or space; every script and accent is kept, and digits beside letters. */
export const city: Normalise = (value, country) => {
  const text = clean(value);
  const town = letters(text);
  return town === null || isPlaceholder(text, country) || isPlaceholder(town, country) ? null : town;
};
