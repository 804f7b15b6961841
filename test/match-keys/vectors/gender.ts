import { ABSURD, LRM, SCRIPT, type Vector } from "./vector";

export const genders: readonly Vector[] = [
  { value: "f", is: "f", why: "Meta's form", source: "meta" },
  { value: "m", is: "m", why: "Meta's form", source: "meta" },
  { value: "F", is: "f", why: "upper case", source: "meta" },
  { value: "M", is: "m", why: "upper case", source: "meta" },
  { value: " Female ", is: "f", why: "word", source: "meta" },
  { value: "MALE", is: "m", why: "word, upper case", source: "meta" },
  { value: `${LRM}f`, is: "f", why: "bidi mark", source: "hostile" },
  { value: "x", is: null, why: "Meta has no third value", source: "meta" },
  { value: "diverse", is: null, why: "Meta has no third value", source: "meta" },
  { value: "fem", is: null, why: "not guessed", source: "sense" },
  { value: "Mrs", is: null, why: "a form of address is not taken for a gender", source: "builder" },
  { value: "dude", is: null, why: "nor is slang", source: "builder" },
  { value: "weiblich", is: null, why: "nor translated", source: "sense" },
  { value: "0", is: null, why: "a code of somebody's own", source: "sense" },
  { value: "f/m", is: null, why: "both", source: "sense" },
  { value: "constructor", is: null, why: "a name every object knows", source: "hostile" },
  { value: SCRIPT, is: null, why: "a script tag", source: "hostile" },
  { value: "f".repeat(ABSURD), is: null, why: "absurd length", source: "hostile" },
  { value: "undefined", is: null, why: "placeholder", source: "programs" },
  { value: "", is: null, why: "empty", source: "meta" },
];
