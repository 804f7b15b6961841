import { clean, type Normalise } from "./text";

/**
 * ISO 3166-1 alpha-2 as officially assigned, and XK (Kosovo), which Shopify uses. By first letter (`bab…` is ba, bb, …):
 * every shopper downloads them.
 */
const CODES: ReadonlySet<string> = new Set(
  (
    "adefgilmoqrstuwxz babdefghijlmnoqrstvwyz cacdfghiklmnoruvwxyz dejkmoz eceghrst fijkmor " +
    "gabdefghilmnpqrstuwy hkmnrtu idelmnoqrst jemop keghimnprwyz labcikrstuvy macdefghklmnopqrstuvwxyz " +
    "nacefgilopruz om paefghklmnrstwy qa reosuw sabcdeghijklmnorstvxyz tcdfghjklmnortvwz uagmsyz vaceginu wfs " +
    "xk yet zamw"
  )
    .split(" ")
    .flatMap(([first, ...seconds]) => seconds.map((second) => `${first}${second}`)),
);

/** Reserved by ISO for the United Kingdom, whose code is GB: a slip that everyone makes and no other country can mean. */
const UNITED_KINGDOM = { written: "uk", code: "gb" };

/** A country as ISO alpha-2, lower case. Names and alpha-3 codes are not guessed at. */
export const country: Normalise = (value) => {
  const text = clean(value).toLowerCase();
  const code = text === UNITED_KINGDOM.written ? UNITED_KINGDOM.code : text;
  return CODES.has(code) ? code : null;
};
