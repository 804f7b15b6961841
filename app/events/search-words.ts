/**
 * What was searched for, as it may leave: people type e-mail addresses and numbers of all kinds into a search. Null where it
 * may not.
 */
export function publicSearchWords(words: string | null): string | null {
  return words === null || /@|\d{7}/.test(words) ? null : words;
}
