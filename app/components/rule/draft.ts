import type { OrderSource } from "../../events/order-sources";
import type { Condition, Question, Rule, RuleBase } from "../../events/rules";

/** A rule as its form has it: what is typed stays as it was typed until it is saved. */
export interface RuleDraft {
  name: string;
  base: RuleBase;
  /** Null: nested deeper than the form can show; what is saved stays. */
  when: DraftGroup<DraftPart> | null;
}

/** Every field of every kind, so that nothing typed is lost when the kind is changed and changed back. */
export interface DraftCondition {
  id: number;
  field: Condition["field"];
  amountIs: "at_least" | "less_than";
  amount: string;
  currency: string;
  wordsAre: "any_of" | "none_of";
  /** One a line. */
  words: string;
  sources: OrderSource[];
  customer: "first" | "returning";
}

export interface DraftGroup<Part> {
  id: number;
  join: "all" | "any";
  parts: Part[];
}

export type DraftPart = DraftCondition | DraftGroup<DraftCondition>;

export function isGroup(part: DraftPart): part is DraftGroup<DraftCondition> {
  return "parts" in part;
}

/** `currency`: the one that is offered first. */
export function emptyDraft(currency: string): RuleDraft {
  const when: DraftGroup<DraftPart> = { id: 0, join: "all", parts: [emptyCondition(1, currency)] };
  return { name: "", base: "Purchase", when };
}

export function emptyCondition(id: number, currency: string): DraftCondition {
  return {
    id,
    field: "value",
    amountIs: "at_least",
    amount: "",
    currency,
    wordsAre: "any_of",
    words: "",
    sources: [],
    customer: "first",
  };
}

/** An id that nothing in the draft has. */
export function freshId(group: DraftGroup<DraftPart>): number {
  const ids = group.parts.flatMap((part) => [part.id, ...(isGroup(part) ? part.parts.map(({ id }) => id) : [])]);
  return Math.max(group.id, ...ids) + 1;
}

export function draftOf({ name, base, when }: Pick<Rule, "name" | "base" | "when">, currency: string): RuleDraft {
  let last = 0;
  const nextId = () => {
    last += 1;
    return last;
  };
  const conditionOf = (condition: Condition) => draftedCondition(condition, nextId(), currency);
  const root = groupOf(when) ?? { join: "all" as const, parts: [when] };
  const parts = root.parts.map((part): DraftPart | null => {
    const group = groupOf(part);
    if (group === null) return isCondition(part) ? conditionOf(part) : null;
    const inner = group.parts.map((one) => (isCondition(one) ? conditionOf(one) : null));
    return inner.every((one) => one !== null) ? { id: nextId(), join: group.join, parts: inner } : null;
  });
  const shown = parts.every((part) => part !== null);
  return { name, base, when: shown ? { id: 0, join: root.join, parts } : null };
}

function groupOf(question: Question): { join: "all" | "any"; parts: Question[] } | null {
  if ("all" in question) return { join: "all", parts: question.all };
  return "any" in question ? { join: "any", parts: question.any } : null;
}

function isCondition(question: Question): question is Condition {
  return "field" in question;
}

function draftedCondition(condition: Condition, id: number, currency: string): DraftCondition {
  const empty = { ...emptyCondition(id, currency), field: condition.field };
  switch (condition.field) {
    case "value":
      return { ...empty, amountIs: condition.is, amount: condition.amount, currency: condition.currency };
    case "customer":
      return { ...empty, customer: condition.is };
    case "source":
      return { ...empty, wordsAre: condition.is, sources: condition.words };
    default:
      return { ...empty, wordsAre: condition.is, words: condition.words.join("\n") };
  }
}

/** The draft as it is saved; its paths are those of the faults. */
export function documentOf({ name, base, when }: RuleDraft): { name: string; base: RuleBase; when?: object } {
  return { name, base, ...(when !== null && { when: questionOf(when) }) };
}

function questionOf(part: DraftPart | DraftGroup<DraftPart>): object {
  if ("parts" in part) return { [part.join]: part.parts.map(questionOf) };
  const { field, amountIs, amount, currency, wordsAre, words, sources, customer } = part;
  switch (field) {
    case "value":
      return { field, is: amountIs, amount, currency };
    case "customer":
      return { field, is: customer };
    case "source":
      return { field, is: wordsAre, words: sources };
    case "country":
      return { field, is: wordsAre, words: listOf(words, /[\s,;]+/) };
    default:
      return { field, is: wordsAre, words: listOf(words, /\n/) };
  }
}

/** Tags and vendors may have commas in them: one a line. */
function listOf(text: string, between: RegExp): string[] {
  const entries = text.split(between).map((entry) => entry.trim());
  return [...new Set(entries.filter((entry) => entry !== ""))];
}

/** Which field a fault is about, in words. `path`: `when.all.1.any.0.amount` */
export function fieldOfFault(path: string): string {
  if (path === "name") return "Name";
  if (path === "base") return "Made of";
  const places = [...path.matchAll(/\.(\d+)/g)].map(([, index]) => Number(index) + 1);
  if (path.startsWith("when")) return places.length === 0 ? "Conditions" : `Condition ${places.join(".")}`;
  return "This custom event";
}
