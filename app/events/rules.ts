import { millionths } from "./decimal";
import type { Facts, Line } from "./event";
import type { EventName } from "./names";
import type { OrderSource } from "./order-sources";
import type { Value } from "./value";

/** Which base events a merchant's rule may look at. */
export const RULE_BASES = [
  "PageView",
  "ViewContent",
  "Search",
  "AddToCart",
  "InitiateCheckout",
  "AddPaymentInfo",
  "Purchase",
  "CompleteRegistration",
] as const satisfies readonly EventName[];
export type RuleBase = (typeof RULE_BASES)[number];

/** What a product is filed under; null: nobody has told us. */
export interface ProductFiling {
  type: string | null;
  vendor: string | null;
  tags: readonly string[] | null;
  /** Handles. */
  collections: readonly string[] | null;
}

/** All that a rule may look at. */
export interface RuleSubject {
  facts: Facts;
  /** In the dataset's own value policy; null: not known. */
  value: Value | null;
  /** Null: nobody could be asked. */
  firstOrder: boolean | null;
  /** By product id; a product that is missing is not known. */
  products: ReadonlyMap<string, ProductFiling>;
}

/** One thing asked of an event. Texts are compared without regard to case and to space at their ends. */
export type Condition =
  | { field: "value"; is: "at_least" | "less_than"; amount: string; currency: string }
  | { field: "product" | "vendor" | "type" | "tag" | "collection"; is: "any_of" | "none_of"; words: string[] }
  | { field: "country"; is: "any_of" | "none_of"; words: string[] }
  | { field: "source"; is: "any_of" | "none_of"; words: OrderSource[] }
  | { field: "customer"; is: "first" | "returning" };

/** Conditions joined by and (`all`) or or (`any`), nested as deep as the form allows. */
export type Question = Condition | { all: Question[] } | { any: Question[] };

/** A merchant's own event, made of another. */
export interface Rule {
  /** Ours, never changed: it stands in the event id. */
  key: string;
  /** The custom event's name at Meta. */
  name: string;
  base: RuleBase;
  on: boolean;
  when: Question;
}

/** Yes, no, or null: what would be needed to tell is not known. An unknown is never taken for a no. */
export type Answer = boolean | null;

/** Puts a question to an event. */
export function answerOf(question: Question, subject: RuleSubject): Answer {
  if ("all" in question) return every(question.all.map((part) => answerOf(part, subject)));
  if ("any" in question) return not(every(question.any.map((part) => not(answerOf(part, subject)))));
  switch (question.field) {
    case "value":
      return valueAnswer(question, subject.value);
    case "country":
      return oneOf(subject.facts.country, question);
    case "source":
      return oneOf(subject.facts.source, question);
    case "customer":
      return subject.firstOrder === null ? null : subject.firstOrder === (question.is === "first");
    default:
      return goodsAnswer(question, subject);
  }
}

/** No as soon as one is no, whatever is not known besides. */
function every(answers: Answer[]): Answer {
  if (answers.includes(false)) return false;
  return answers.includes(null) ? null : true;
}

function not(answer: Answer): Answer {
  return answer === null ? null : !answer;
}

/** Sums in two currencies cannot be compared. */
function valueAnswer({ is, amount, currency }: Extract<Condition, { field: "value" }>, value: Value | null): Answer {
  if (value === null || value.currency !== currency) return null;
  const reaches = millionths(value.amount) >= millionths(amount);
  return is === "at_least" ? reaches : !reaches;
}

function oneOf(word: string | null, { is, words }: { is: "any_of" | "none_of"; words: readonly string[] }): Answer {
  if (word === null) return null;
  const found = words.some((wanted) => plain(wanted) === plain(word));
  return is === "any_of" ? found : !found;
}

type GoodsCondition = Extract<Condition, { field: "product" | "vendor" | "type" | "tag" | "collection" }>;

/** Whether any line's product is filed so; a line that is known to be settles it, one of which nothing is known leaves it open. */
function goodsAnswer(condition: GoodsCondition, { facts, products }: RuleSubject): Answer {
  const wanted = new Set(condition.words.map(plain));
  const answers = facts.lines.map((line): Answer => {
    const filed = filedUnder(condition.field, line, products);
    return filed === null ? null : filed.some((word) => wanted.has(plain(word)));
  });
  const found = not(every(answers.map(not)));
  return condition.is === "any_of" ? found : not(found);
}

/** Null: not known. A line that has no product is filed under nothing. */
function filedUnder(
  field: GoodsCondition["field"],
  { product, vendor, type }: Line,
  products: ReadonlyMap<string, ProductFiling>,
): readonly string[] | null {
  if (product === null) return ownWords(field, { vendor, type });
  const filing = products.get(product);
  switch (field) {
    case "product":
      return [product];
    case "vendor":
      return asList(vendor ?? filing?.vendor ?? null);
    case "type":
      return asList(type ?? filing?.type ?? null);
    case "tag":
      return filing?.tags ?? null;
    case "collection":
      return filing?.collections ?? null;
  }
}

/** Of a line without a product, such as one that staff wrote into a draft, only its own words can be true. */
function ownWords(field: GoodsCondition["field"], { vendor, type }: Pick<Line, "vendor" | "type">): readonly string[] {
  if (field === "vendor") return asList(vendor) ?? [];
  return field === "type" ? (asList(type) ?? []) : [];
}

function asList(word: string | null): readonly string[] | null {
  return word === null ? null : [word];
}

/** Upper case, because lower case keeps two forms of a sigma and ß apart from SS; composed, because é is written in two ways. */
function plain(word: string): string {
  return word.trim().toUpperCase().normalize("NFC");
}

const FILED_FIELDS: ReadonlySet<string> = new Set(["vendor", "type", "tag", "collection"]);

/** Whether a question can only be answered by what products are filed under. */
export function asksForFiling(question: Question): boolean {
  if ("all" in question) return question.all.some(asksForFiling);
  if ("any" in question) return question.any.some(asksForFiling);
  return FILED_FIELDS.has(question.field);
}
