import type { ErrorName } from "./errors";
import type { JsonObject } from "./types";

/** What is wrong with a value, and where inside it. */
export interface Flaw {
  error: ErrorName;
  path: readonly string[];
  why: string;
}

/** Null: nothing is wrong. */
export type Check = (value: unknown) => Flaw | null;

/** A field table: every allowed key with the check of its value. */
export type Fields = Readonly<Record<string, Check>>;

const DEEPEST = 16;

/** A flaw at this very value. */
export function flaw(why: string, error: ErrorName = "invalidParameter"): Flaw {
  return { error, path: [], why };
}

/** The same flaw, seen from one level further out. */
export function within(key: string | number, inner: Flaw): Flaw {
  return { ...inner, path: [String(key), ...inner.path] };
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function text(longest = Number.POSITIVE_INFINITY): Check {
  return (value) =>
    typeof value === "string" && value.trim() !== "" && value.length <= longest
      ? null
      : flaw(`Must be a non-empty string${Number.isFinite(longest) ? ` of at most ${longest} characters` : ""}.`);
}

export function matching(pattern: RegExp, why: string): Check {
  return (value) => (typeof value === "string" && pattern.test(value) ? null : flaw(why));
}

export function integer(least: number, most = Number.MAX_SAFE_INTEGER): Check {
  return (value) =>
    typeof value === "number" && Number.isSafeInteger(value) && value >= least && value <= most
      ? null
      : flaw(`Must be an integer from ${least} to ${most}.`);
}

export function amount(least = Number.NEGATIVE_INFINITY): Check {
  return (value) =>
    typeof value === "number" && Number.isFinite(value) && value >= least
      ? null
      : flaw(Number.isFinite(least) ? `Must be a number not below ${least}.` : "Must be a number.");
}

export function oneOf(allowed: readonly unknown[]): Check {
  return (value) => (allowed.includes(value) ? null : flaw(`Must be one of ${allowed.join(", ")}.`));
}

export const flag: Check = (value) => (typeof value === "boolean" ? null : flaw("Must be true or false."));

export const anyObject: Check = (value) => (isObject(value) ? null : flaw("Must be an object."));

export const anyValue: Check = () => null;

export const webUrl: Check = (value) => {
  const why = "Must be an absolute http or https URL.";
  if (typeof value !== "string" || !URL.canParse(value)) return flaw(why);
  return /^https?:$/.test(new URL(value).protocol) ? null : flaw(why);
};

/** A non-empty array whose every item passes. */
export function listOf(check: Check): Check {
  return (value) => {
    if (!Array.isArray(value) || value.length === 0) return flaw("Must be a non-empty array.");
    for (const [index, item] of value.entries()) {
      const found = check(item);
      if (found) return within(index, found);
    }
    return null;
  };
}

/** One value, or a non-empty array of them. */
export function oneOrMany(check: Check): Check {
  const many = listOf(check);
  return (value) => (Array.isArray(value) ? many(value) : check(value));
}

/** An object with the required keys, whose every key stands in the table; `open` lets others pass. */
export function objectWith(fields: Fields, { required = [], open = false }: ObjectOptions = {}): Check {
  return (value) => {
    if (!isObject(value)) return flaw("Must be an object.");
    for (const key of required) {
      if (!Object.hasOwn(value, key)) return within(key, flaw(`The field ${key} is required.`));
    }
    for (const [key, item] of Object.entries(value)) {
      const check = Object.hasOwn(fields, key) ? fields[key] : open ? anyValue : undefined;
      const found = check ? check(item) : flaw(`The field ${key} is unknown.`);
      if (found) return within(key, found);
    }
    return null;
  };
}

interface ObjectOptions {
  required?: readonly string[];
  open?: boolean;
}

/** Refuses null at any depth, and nesting that no sender needs. */
export function noNulls(value: unknown, depth = 0): Flaw | null {
  if (value === null) return flaw("Must not be null; leave the field out instead.");
  if (typeof value !== "object") return null;
  if (depth === DEEPEST) return flaw("Is nested too deeply.");
  for (const [key, item] of Object.entries(value)) {
    const found = noNulls(item, depth + 1);
    if (found) return within(key, found);
  }
  return null;
}
