/**
 * JSON as Shopify sends it, without its two traps: order ids above 2^53 lose digits in JSON.parse (they come out as
 * strings here), and NUL or lone surrogates, which no store takes, are removed.
 */
export function parseJson(text: string): unknown {
  const clean = text.includes("\\u") && UNSTORABLE_ESCAPE.test(text) ? withoutUnstorable : undefined;
  // First as it is: what is no JSON ends here, and the pattern below only ever walks strings that are closed.
  const value: unknown = JSON.parse(text, clean);
  return mayHoldLargeInteger(text) ? JSON.parse(text.replace(STRING_OR_NUMBER, quoteLargeIntegers), clean) : value;
}

/** 16 digits or more may exceed 2^53 (9,007,199,254,740,992). */
const LARGE = 16;

/** Looks at every 16th character only: of that many digits in a row one must be there. A pattern takes as long as JSON.parse. */
function mayHoldLargeInteger(text: string): boolean {
  for (let at = LARGE - 1; at < text.length; at += LARGE) {
    if (isDigit(text, at) && digitsAround(text, at) >= LARGE) return true;
  }
  return false;
}

function digitsAround(text: string, at: number): number {
  let first = at;
  let last = at;
  while (isDigit(text, first - 1)) first -= 1;
  while (isDigit(text, last + 1)) last += 1;
  return last - first + 1;
}

/** False outside the text, where there is no character: comparisons with NaN are false. */
function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 0x30 && code <= 0x39;
}

const STRING_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const TOO_LARGE_FOR_A_NUMBER = /^-?\d{16,}$/;

function quoteLargeIntegers(token: string): string {
  return TOO_LARGE_FOR_A_NUMBER.test(token) ? `"${token}"` : token;
}

// Raw NUL is no valid JSON and raw surrogates no valid UTF-8: both can only arrive as escapes.
const UNSTORABLE_ESCAPE = /\\u(?:0000|[dD][89a-fA-F])/;
const UNSTORABLE = /[\0\p{Surrogate}]/gu;

function withoutUnstorable(_key: string, value: unknown): unknown {
  return typeof value === "string" ? value.replace(UNSTORABLE, "") : value;
}
