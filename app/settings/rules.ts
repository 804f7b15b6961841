import { z } from "zod";
import { idDigits } from "../events/event-id";
import { EVENT_NAMES } from "../events/names";
import { ORDER_SOURCE_NAMES, ORDER_SOURCES, ORDER_TRAITS, type OrderSource } from "../events/order-sources";
import { type Question, RULE_BASES, type Rule } from "../events/rules";

const MOST_RULES = 50;
const MOST_CONDITIONS = 50;
const MOST_PARTS = 20;
const MOST_WORDS = 100;
const DEEPEST = 3;

/** Meta's standard events and ours: a custom event under one of these names would be counted as it. */
const RESERVED: ReadonlySet<string> = new Set(
  [
    ...EVENT_NAMES,
    "AddToWishlist",
    "Contact",
    "CustomizeProduct",
    "Donate",
    "FindLocation",
    "Lead",
    "Schedule",
    "StartTrial",
    "SubmitApplication",
    "SubscribedButtonClick",
    "TandemTest",
    ...[...Object.values(ORDER_SOURCES), ...Object.values(ORDER_TRAITS)].map(({ custom }) => custom),
  ].map((name) => name.toLowerCase()),
);

/** https://developers.facebook.com/docs/meta-pixel/implementation/conversion-tracking#custom-events */
const name = z
  .string("must be given")
  .trim()
  .min(1, "must be given")
  .max(50, "must be 50 characters or fewer")
  .regex(/^[A-Za-z0-9_ -]*$/, "must be letters from A to Z, digits, spaces, _ or -")
  .refine((text) => !RESERVED.has(text.toLowerCase()), "is the name of another event; choose one of your own");

function wordsOf<Word extends string>(word: z.ZodType<Word>) {
  return z
    .array(word, "must be a list")
    .min(1, "must name at least one")
    .max(MOST_WORDS, `must name ${MOST_WORDS} at the most`);
}

const word = z
  .string("must be a text")
  .trim()
  .min(1, "must not be empty")
  .max(255, "must be 255 characters or fewer each");

/** As the admin's address bar has it too: …/products/8400100000101 */
const PRODUCT_PAGE = /\/products\/(\d{1,24})(?:[/?#]|$)/;
const product = word
  .transform((text) => PRODUCT_PAGE.exec(text)?.[1] ?? idDigits(text) ?? "")
  .refine(
    (digits) => /^\d{1,24}$/.test(digits),
    "must be products' numbers: the digits at the end of a product's address in the admin",
  );

/** A country code that nobody has would never be met, and nobody would know why. */
const REGIONS = new Intl.DisplayNames("en", { type: "region", fallback: "none" });
const country = word
  .toUpperCase()
  .transform((code) => (code === "UK" ? "GB" : code))
  .refine(
    (code) => /^[A-Z]{2}$/.test(code) && REGIONS.of(code) !== undefined,
    "must be two-letter country codes such as DE or US",
  );

const source = z.enum(
  ORDER_SOURCE_NAMES as [OrderSource, ...OrderSource[]],
  `must be among ${ORDER_SOURCE_NAMES.join(", ")}`,
);

const membership = z.enum(["any_of", "none_of"], "must be any_of or none_of");

const condition = z.discriminatedUnion(
  "field",
  [
    z.strictObject({
      field: z.literal("value"),
      is: z.enum(["at_least", "less_than"], "must be at_least or less_than"),
      amount: z
        .string("must be an amount such as 100 or 99.50")
        .trim()
        .regex(/^\d{1,12}(\.\d{1,6})?$/, "must be an amount such as 100 or 99.50"),
      currency: z
        .string("must be a currency such as USD")
        .trim()
        .toUpperCase()
        .regex(/^[A-Z]{3}$/, "must be a currency such as USD"),
    }),
    z.strictObject({ field: z.literal("product"), is: membership, words: wordsOf(product) }),
    z.strictObject({ field: z.enum(["vendor", "type", "tag", "collection"]), is: membership, words: wordsOf(word) }),
    z.strictObject({ field: z.literal("country"), is: membership, words: wordsOf(country) }),
    z.strictObject({ field: z.literal("source"), is: membership, words: wordsOf(source) }),
    z.strictObject({
      field: z.literal("customer"),
      is: z.enum(["first", "returning"], "must be first or returning"),
    }),
  ],
  "must be value, product, vendor, type, tag, collection, country, source or customer",
);

/**
 * Conditions, joined by and/or, as deep as anybody can still read. By hand and not as a union: that says of a wrong amount
 * only that nothing fits.
 */
function questionSchema(depth: number): z.ZodType<Question> {
  const parts = z
    .array(
      z.lazy(() => questionSchema(depth - 1)),
      "must be a list of conditions",
    )
    .min(1, "must hold at least one condition")
    .max(MOST_PARTS, `must hold ${MOST_PARTS} conditions at the most`);
  const all = z.strictObject({ all: parts });
  const any = z.strictObject({ any: parts });
  return z.unknown().transform((given, context): Question => {
    const joined = typeof given === "object" && given !== null && ("all" in given || "any" in given);
    if (joined && depth === 0) {
      context.addIssue({ code: "custom", message: `must not be nested more than ${DEEPEST} deep` });
      return z.NEVER;
    }
    const parsed = (joined ? ("all" in given ? all : any) : condition).safeParse(given);
    if (parsed.success) return parsed.data;
    for (const { path, message } of parsed.error.issues) context.addIssue({ code: "custom", path: [...path], message });
    return z.NEVER;
  });
}

function conditionsIn(question: Question): number {
  const parts = "all" in question ? question.all : "any" in question ? question.any : null;
  return parts === null ? 1 : parts.reduce((sum, part) => sum + conditionsIn(part), 0);
}

const asked = {
  base: z.enum(RULE_BASES, `must be one of ${RULE_BASES.join(", ")}`),
  when: questionSchema(DEEPEST).refine(
    (question) => conditionsIn(question) <= MOST_CONDITIONS,
    `must hold ${MOST_CONDITIONS} conditions at the most, all groups together`,
  ),
};

/** As much of a rule as it takes to try it: it may have no name yet. */
export const triedSchema: z.ZodType<Pick<Rule, "base" | "when">> = z.object(asked);

/** A merchant's own event. */
export const ruleSchema: z.ZodType<Rule> = z.strictObject({
  key: z.string().regex(/^[a-z0-9]{1,16}$/, "must be up to 16 small letters and digits"),
  name,
  base: asked.base,
  on: z.boolean("must be true or false"),
  when: asked.when,
});

export const rulesSchema = z
  .array(ruleSchema, "must be a list")
  .max(MOST_RULES, `there may be ${MOST_RULES} at the most`)
  .superRefine((rules, context) => {
    const keys = new Set<string>();
    const names = new Set<string>();
    for (const [index, { key, name: given }] of rules.entries()) {
      if (keys.has(key))
        context.addIssue({ code: "custom", path: [index, "key"], message: "is the key of another rule" });
      if (names.has(given.toLowerCase())) {
        context.addIssue({ code: "custom", path: [index, "name"], message: "is the name of another rule of yours" });
      }
      keys.add(key);
      names.add(given.toLowerCase());
    }
  });
