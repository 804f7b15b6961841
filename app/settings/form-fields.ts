import { z } from "zod";

/** What the forms of the settings have in common. */

/** JSON in a form's field. */
export const json = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: "custom", message: "must be JSON" });
    return z.NEVER;
  }
});

/** A list as it was typed; see entriesOf. */
export const typedList = z.string().max(20_000, "is too long");

/** One per line, or between commas. */
export function entriesOf(text: string): string[] {
  const entries = text.split(/[\n,]/).map((entry) => entry.trim());
  return [...new Set(entries.filter((entry) => entry !== ""))];
}

/** A message for each field that is not as it should be. */
export type Faults = Record<string, string>;

/**
 * One message a field. The last name on an issue's path is the field; of a list it is said which entry is meant.
 * `of`: what was parsed.
 */
export function faultsByField({ issues }: z.ZodError, of: unknown): Faults {
  const faults: Faults = {};
  for (const { path, code, message } of issues) {
    const field = path.findLast((part) => typeof part === "string") ?? "form";
    const [value, inList] = [at(of, path), typeof path.at(-1) === "number"];
    const entry = inList && value !== undefined && typeof value !== "object" ? `"${shortened(value)}" ` : "";
    const unworded = code === "too_big" && message.startsWith("Too big");
    const says = unworded ? (inList ? "is too long" : "has too many entries") : message;
    faults[String(field)] ??= `${entry}${says}`;
  }
  return faults;
}

function at(whole: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (part, key) => (typeof part === "object" && part !== null ? Reflect.get(part, key) : undefined),
    whole,
  );
}

function shortened(entry: unknown): string {
  const text = String(entry);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
