import { z } from "zod";
import type { Rule } from "../events/rules";
import { type Faults, json } from "./form-fields";
import { ruleSchema, rulesSchema, triedSchema } from "./rules";
import type { Settings } from "./settings";

/** A rule as its form has it: unchecked. Without conditions the saved ones stay: the form cannot show every nesting. */
const drafted = json.pipe(z.strictObject({ name: z.unknown(), base: z.unknown(), when: z.unknown().optional() }));

/** What the page of one rule may ask for. */
export const ruleForm = z.discriminatedUnion("intent", [
  z.object({ intent: z.literal("save"), rule: drafted }),
  z.object({ intent: z.literal("try"), rule: drafted, dataset: z.string().optional() }),
]);

/** What the list of rules may ask for. */
export const ruleListForm = z.discriminatedUnion("intent", [
  z.object({
    intent: z.literal("switch"),
    key: z.string(),
    on: z.enum(["true", "false"]).transform((on) => on === "true"),
  }),
  z.object({ intent: z.literal("delete"), key: z.string() }),
]);

export type DraftedRule = z.output<typeof drafted>;

/** A key that no rule has. `random`: a whole number below its argument. */
export function freshRuleKey({ rules }: Pick<Settings, "rules">, random: (below: number) => number): string {
  for (;;) {
    const key = Array.from({ length: 8 }, () => random(36).toString(36)).join("");
    if (!rules.some((rule) => rule.key === key)) return key;
  }
}

type Changed = { settings: Settings } | { faults: Faults };

/** The settings with one rule more; it is off until somebody switches it on. */
export function withNewRule(settings: Settings, key: string, draft: DraftedRule): Changed {
  return withRuleAt(settings, settings.rules.length, { ...draft, key, on: false });
}

/** The settings with a rule as it was drafted; whether it is on stays as it is. */
export function withChangedRule(settings: Settings, key: string, draft: DraftedRule): Changed {
  const index = settings.rules.findIndex((rule) => rule.key === key);
  const before = settings.rules[index];
  if (before === undefined) return { faults: { form: GONE } };
  return withRuleAt(settings, index, { ...draft, when: draft.when ?? before.when, key, on: before.on });
}

const GONE = "has been deleted meanwhile; add a custom event to have it again";

function withRuleAt(settings: Settings, index: number, candidate: object): Changed {
  const parsed = ruleSchema.safeParse(candidate);
  if (!parsed.success) return { faults: faultsByPath(parsed.error, candidate) };
  const rules = [...settings.rules.slice(0, index), parsed.data, ...settings.rules.slice(index + 1)];
  const all = rulesSchema.safeParse(rules);
  if (all.success) return { settings: { ...settings, rules: all.data } };
  const [issue] = all.error.issues;
  return { faults: { [String(issue?.path[1] ?? "form")]: issue?.message ?? "cannot be saved" } };
}

/** What is needed to try a rule that may not have been saved. `saved`: undefined where it never was. */
export function triedRule(
  { base, when }: DraftedRule,
  saved: Rule | undefined,
): { rule: Pick<Rule, "base" | "when"> } | { faults: Faults } {
  const candidate = { base, when: when ?? saved?.when };
  const parsed = triedSchema.safeParse(candidate);
  return parsed.success ? { rule: parsed.data } : { faults: faultsByPath(parsed.error, candidate) };
}

export function withRuleSwitched(settings: Settings, key: string, on: boolean): Settings {
  return { ...settings, rules: settings.rules.map((rule) => (rule.key === key ? { ...rule, on } : rule)) };
}

export function withoutRule(settings: Settings, key: string): Settings {
  return { ...settings, rules: settings.rules.filter((rule) => rule.key !== key) };
}

/** One message a field, by its path: `when.all.0.amount`. Of a list it is said which entry is meant. */
export function faultsByPath({ issues }: z.ZodError, of: unknown): Faults {
  const faults: Faults = {};
  for (const { path, message } of issues) {
    const word = typeof path.at(-1) === "number" && path.at(-2) === "words" ? at(of, path) : undefined;
    // A list of lists may be too deep to be put into words.
    const entry = typeof word === "object" ? undefined : word;
    const field = (entry === undefined ? path : path.slice(0, -1)).join(".") || "form";
    faults[field] ??= entry === undefined ? message : `"${String(entry).slice(0, 60)}" ${message}`;
  }
  return faults;
}

function at(whole: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (part, key) => (typeof part === "object" && part !== null ? Reflect.get(part, key) : undefined),
    whole,
  );
}
