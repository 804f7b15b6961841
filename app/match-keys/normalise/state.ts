import { clean, isPlaceholder, letters, type Normalise } from "./text";
import { usStateCode } from "./us-states";

/**
 * A state or province. Meta wants the two-letter code for the US and the full name elsewhere; "CA" without a country is
 * left as it is, since nobody can tell California from Canada's or Italy's use of it.
 */
export const state: Normalise = (value, country) => {
  const text = clean(value);
  const region = letters(text);
  if (region === null || isPlaceholder(text) || isPlaceholder(region)) return null;
  if (country === "us") return usStateCode(region);
  return country === null ? letters(region.replace(/\p{N}/gu, "")) : region;
};
