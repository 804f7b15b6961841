import { ABSURD, BOM, LONE_SURROGATE, NUL, SCRIPT, type Vector } from "./vector";

const VISITOR = "2d2a7e5a-5f3c-4a0e-9d5e-8a9d0f7a4c11";

export const externalIds: readonly Vector[] = [
  { value: "207119551", is: "207119551", why: "Shopify's customer id", source: "shopify" },
  { value: "gid://shopify/Customer/207119551", is: "207119551", why: "the same id as a gid", source: "shopify" },
  { value: " gid://shopify/Customer/207119551\n", is: "207119551", why: "the gid untrimmed", source: "shopify" },
  { value: "gid://shopify/Customer/7001?a=1", is: "7001", why: "a gid with a parameter", source: "shopify" },
  { value: " 207119551 ", is: "207119551", why: "untrimmed", source: "external_id" },
  { value: "9007199254740993", is: "9007199254740993", why: "beyond what a number can count", source: "shopify" },
  { value: "00123", is: "00123", why: "zeros stay: it is a name, not a number", source: "external_id" },
  { value: "0", is: "0", why: "zero is an id", source: "external_id" },
  { value: "AbC-123", is: "AbC-123", why: "as it is", source: "external_id" },
  { value: "loyalty 42", is: "loyalty 42", why: "a space inside is part of it", source: "external_id" },
  { value: "müller-1", is: "müller-1", why: "any script", source: "external_id" },
  { value: VISITOR, is: VISITOR, why: "Shopify's visitor id", source: "shopify" },
  { value: VISITOR.toUpperCase(), is: VISITOR.toUpperCase(), why: "as it is", source: "external_id" },
  { value: "gid://shopify/Order/1", is: "gid://shopify/Order/1", why: "no customer's id", source: "shopify" },
  { value: "gid://shopify/Customer/", is: "gid://shopify/Customer/", why: "a gid without an id", source: "shopify" },
  { value: "a".repeat(256), is: "a".repeat(256), why: "256 characters are allowed", source: "sense" },
  { value: "a".repeat(257), is: null, why: "257 are not", source: "sense" },
  { value: "1".repeat(ABSURD), is: null, why: "absurd length", source: "hostile" },
  { value: `20711${NUL}9551`, is: "207119551", why: "NUL inside", source: "hostile" },
  {
    value: `${BOM}207119551${LONE_SURROGATE}`,
    is: "207119551",
    why: "byte order mark, lone surrogate",
    source: "hostile",
  },
  { value: SCRIPT, is: SCRIPT, why: "a script tag is hashed like anything else", source: "hostile" },
  { value: "undefined", is: null, why: "placeholder", source: "programs" },
  { value: "null", is: null, why: "placeholder", source: "programs" },
  { value: "NaN", is: null, why: "placeholder", source: "programs" },
  { value: "[object Object]", is: null, why: "placeholder", source: "programs" },
  { value: "", is: null, why: "empty", source: "external_id" },
  { value: " ", is: null, why: "white space", source: "external_id" },
  { value: NUL, is: null, why: "NUL", source: "hostile" },
];
