import fc from "fast-check";

/** What no well-meaning sender would put into a field. `undefined` leaves the field out. */
const HOSTILE: readonly unknown[] = [
  undefined,
  null,
  "",
  " ",
  "undefined",
  "null",
  "NaN",
  "🙂",
  "\u202Ejordan@example.com",
  "Jor\u0000dan",
  "\ud83d",
  "x".repeat(501),
  "x".repeat(10_000),
  "<script>alert(1)</script>",
  "' OR 1=1 --",
  "0.0.0.0",
  "::1",
  "999.1.1.1",
  "-1.00",
  "1e400",
  "00000000000000000000000",
  "9".repeat(40),
  "1970-01-01T00:00:00Z",
  "9999-12-31T23:59:59Z",
  "2026-11-20T09:59:00Z",
  "2026-02-31T00:00:00Z",
  "gid://shopify/OrderIdentity/12",
  "javascript:alert(1)",
  "https://[",
  "https://user:secret@shop.example.com/?email=a@example.com",
  "/?fbclid=%E0%A4%A",
  `/?fbclid=${"A".repeat(600)}`,
  "/?fbclid=IwAR0ü",
  "XXX",
  "XTS",
  "eur",
  "DE",
  "UK",
  "US",
  "QQ",
  "pos",
  "web",
  "shopify_draft_order",
  0,
  -0,
  -1,
  1.5,
  1e-7,
  1e21,
  Number.MAX_SAFE_INTEGER,
  Number.MAX_VALUE,
  true,
  false,
  [],
  [null],
  [[[[]]]],
  {},
  { toString: 1, length: -1 },
  { shop_money: { amount: "1" } },
];

type Path = (string | number)[];

/** The paths of everything inside a document, itself excluded. */
function pathsIn(value: unknown, at: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return at.length === 0 ? [] : [at];
  const inside = Object.entries(value).flatMap(([key, item]) =>
    pathsIn(item, [...at, Array.isArray(value) ? Number(key) : key]),
  );
  return at.length === 0 ? inside : [at, ...inside];
}

function replaced(value: unknown, [key, ...rest]: Path, by: unknown): unknown {
  if (key === undefined || typeof value !== "object" || value === null) return by;
  if (Array.isArray(value)) return value.map((item, index) => (index === key ? replaced(item, rest, by) : item));
  const fields: Record<string, unknown> = { ...value };
  const item = replaced(fields[key], rest, by);
  if (item === undefined) delete fields[key];
  else fields[key] = item;
  return fields;
}

/** The body with one to four of its fields made hostile, as the text that would arrive. */
export function mutationsOf(body: Record<string, unknown>): fc.Arbitrary<string> {
  const paths = pathsIn(body);
  const harm = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...HOSTILE) },
    { weight: 1, arbitrary: fc.anything({ maxDepth: 2, maxKeys: 3 }).map(jsonable) },
    { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 40 }) },
  );
  const change = fc.tuple(fc.constantFrom(...paths), harm);
  return fc
    .array(change, { minLength: 1, maxLength: 4 })
    .map((changes) => changes.reduce<unknown>((mutant, [path, by]) => replaced(mutant, path, by), body))
    .map((mutant) => JSON.stringify(mutant));
}

function jsonable(value: unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(value) ?? "null");
  } catch {
    return null;
  }
}
