import { city } from "./city";
import { letters, type Normalise } from "./text";

/**
 * A state or province. Meta wants the two-letter code for the US and the full name elsewhere; "CA" without a country is
 * left as it is, since nobody can tell California from Canada's or Italy's use of it. `usState`: how a US state is known,
 * for the pixel, which always has its code, cannot carry the names.
 */
export function stateRule(usState: (text: string) => string | null): Normalise {
  return (value, country) => {
    // A place's name, like a city's.
    const region = city(value, country);
    if (region === null) return null;
    if (country === "us") return usState(region);
    return country === null ? letters(region.replace(/\p{N}/gu, "")) : region;
  };
}
