import { COUNTRY_CODES } from "../../events/country-codes";
import { clean, type Normalise } from "./text";

/** Reserved by ISO for the United Kingdom, whose code is GB: a slip that everyone makes and no other country can mean. */
const UK = "uk";

/** A country as ISO alpha-2, lower case. Names and alpha-3 codes are not guessed at. */
export const country: Normalise = (value) => {
  const text = clean(value).toLowerCase();
  const code = text === UK ? "gb" : text;
  return COUNTRY_CODES.has(code) ? code : null;
};
