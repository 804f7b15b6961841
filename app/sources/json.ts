/**
 * JSON as Shopify sends it, without its two traps: order ids above 2^53 lose digits in JSON.parse (they come out as
 * strings here), and NUL or lone surrogates, which no store takes, are removed.
 */
export function parseJson(text: string): unknown {
  const clean = text.includes("\\u") && UNSTORABLE_ESCAPE.test(text) ? withoutUnstorable : undefined;
  // First as it is: what is no JSON ends here, and the pattern below only ever walks strings that are closed.
  const value: unknown = JSON.parse(text, clean);
  return MANY_DIGITS.test(text) ? JSON.parse(text.replace(STRING_OR_NUMBER, quoteLargeIntegers), clean) : value;
}

/**
 * 16 digits or more may exceed 2^53 (9,007,199,254,740,992). Spelled out and not counted: only then does V8 skip ahead where
 * there are no digits.
 */
const MANY_DIGITS = new RegExp(String.raw`\d`.repeat(16));

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
