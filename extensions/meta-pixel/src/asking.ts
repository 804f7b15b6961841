import { LONGEST_TEXT } from "./limits";

/**
 * Shopify's types taken at their word for names only: any field may be null, missing or of another type. So a path is only
 * walked inside a question, and what stands at its end is unknown until a reader has looked at it.
 */
export type Hearsay<T> = T extends readonly unknown[]
  ? unknown
  : T extends object
    ? { readonly [Field in keyof T]-?: Hearsay<NonNullable<T[Field]>> }
    : unknown;

/** What a path leads to; undefined when it breaks off. */
export function ask<Answer>(question: () => Answer): Answer | undefined {
  try {
    return question();
  } catch {
    return undefined;
  }
}

/**
 * The same of what takes a while. No function of the pixel is async: for the browsers that Shopify builds for, each becomes a
 * generator, and the runner of those a fortieth of all that a shopper downloads.
 */
export function askLater<Answer>(question: () => Answer | Promise<Answer>): Promise<Answer | undefined> {
  return new Promise<Answer>((resolve) => resolve(question())).catch(() => undefined);
}

/**
 * A text that says something, as it is; a longer one is as good as none. Numbers count as text. NUL and lone
 * surrogates go, which the server's store cannot take and its parser removes.
 */
export function text(question: () => unknown, longest = LONGEST_TEXT): string | undefined {
  const value = ask(question);
  const words = /^(str|num)/.test(typeof value) ? String(value).replace(/[\0\p{Cs}]/gu, "") : "";
  return words.trim() && words.length <= longest ? words : undefined;
}

/** A text of one shape only. */
export function textLike(shape: RegExp, question: () => unknown): string | undefined {
  const words = text(question);
  return words && shape.test(words) ? words : undefined;
}

/** The items of a list; none when it is no list. */
export function list<Item>(question: () => unknown): readonly Hearsay<Item>[] {
  const value = ask(question);
  return Array.isArray(value) ? value : [];
}
