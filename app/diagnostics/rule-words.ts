import { ORDER_SOURCES } from "../events/order-sources";
import type { Condition, Question } from "../events/rules";

/** What a rule asks, as a merchant would say it; begins in small letters. */
export function wordsOfQuestion(question: Question): string {
  if ("all" in question) return joined(question.all, " and ");
  if ("any" in question) return joined(question.any, " or ");
  return wordsOfCondition(question);
}

function joined(parts: readonly Question[], by: string): string {
  return parts
    .map((part) => {
      const several = ("all" in part && part.all.length > 1) || ("any" in part && part.any.length > 1);
      return several && parts.length > 1 ? `(${wordsOfQuestion(part)})` : wordsOfQuestion(part);
    })
    .join(by);
}

function wordsOfCondition(condition: Condition): string {
  switch (condition.field) {
    case "value":
      return `the value is ${condition.is === "at_least" ? "at least" : "less than"} ${condition.amount} ${condition.currency}`;
    case "customer":
      return condition.is === "first" ? "it is the customer's first order" : "the customer has ordered before";
    case "country":
      return `the country is ${membership(condition.is)}${either(condition.words)}`;
    case "source":
      return `the order's source is ${membership(condition.is)}${either(condition.words.map((word) => ORDER_SOURCES[word].label))}`;
    default:
      return `${condition.is === "any_of" ? "a" : "no"} ${GOODS[condition.field]} ${either(condition.words)}`;
  }
}

const GOODS = {
  product: "product is",
  vendor: "product's vendor is",
  type: "product's type is",
  tag: "product has the tag",
  collection: "product is in the collection",
} as const satisfies Partial<Record<Condition["field"], string>>;

function membership(is: "any_of" | "none_of"): string {
  return is === "any_of" ? "" : "not ";
}

const MOST_SHOWN = 5;

function either(words: readonly string[]): string {
  const rest = words.length - MOST_SHOWN;
  const shown = words.slice(0, MOST_SHOWN);
  return [...shown, ...(rest > 0 ? [`${rest} more`] : [])].join(" or ");
}
