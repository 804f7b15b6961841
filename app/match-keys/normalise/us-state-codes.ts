/**
 * ANSI codes (INCITS 38) of states, the District of Columbia, territories and associated states, and of military mail, which
 * has codes of the same form: https://pe.usps.com/text/pub28/28apb.htm
 * By first letter (`akl…` is ak, al, …): every shopper downloads them.
 */
const CODES: ReadonlySet<string> = new Set(
  "aaeklprsz caot dce flm gau hi iadln ksy la madehinopst ncdehjmvy ohkr parw ri scd tnx ut vait waivy"
    .split(" ")
    .flatMap(([first, ...seconds]) => seconds.map((second) => `${first}${second}`)),
);

/** The two-letter code, lower case, for "ca" or "usca" (US-CA); null for anything else. `text`: letters only. */
export function usStateByCode(text: string): string | null {
  const code = /^us[a-z]{2}$/.test(text) ? text.slice(2) : text;
  return CODES.has(code) ? code : null;
}
