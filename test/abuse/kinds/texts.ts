/** What people type who want more than to be quoted: each with a mark that is found again. */
export const TEXTS: readonly ((mark: string) => string)[] = [
  (mark) => `<script>alert("${mark}")</script>`,
  (mark) => `"><img src=x onerror=alert('${mark}')>`,
  (mark) => `</script><svg/onload=${mark}>`,
  (mark) => `javascript:alert('${mark}')`,
  (mark) => `'; DROP TABLE "Event"; -- ${mark}`,
  (mark) => `' UNION SELECT "token" FROM "Dataset" -- ${mark}`,
  (mark) => `\${process.exit(1)} {{constructor.constructor('return process')().exit()}} ${mark}`,
  (mark) => `${mark}\r\nX-Injected: 1`,
  (mark) => `${mark}\u0000\ud800\u202e`,
  (mark) => `${mark}${"A".repeat(5_000)}`,
];

/** Paths to every text in a JSON value. */
export function textPaths(value: unknown, path: readonly string[] = []): string[][] {
  if (typeof value === "string") return [[...path]];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => textPaths(inner, [...path, name]));
}

/** The same value with another text at one place. */
export function withTextAt(value: unknown, [name, ...rest]: readonly string[], text: string): unknown {
  if (name === undefined) return text;
  if (Array.isArray(value)) {
    return value.map((entry, n) => (String(n) === name ? withTextAt(entry, rest, text) : entry));
  }
  const object = value as Record<string, unknown>;
  return { ...object, [name]: withTextAt(object[name], rest, text) };
}
