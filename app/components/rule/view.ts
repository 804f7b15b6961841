import type { Backtest } from "../../diagnostics/backtest";
import type { Rule } from "../../events/rules";

/** A rule that is saved, and what it asks in words. */
export interface RuleView extends Rule {
  asks: string;
}

/** What an intent of a rule's page led to. */
export interface RuleAnswer {
  /** A message for each field that is not as it should be, by its path. */
  faults: Record<string, string>;
  /** The key under which it was saved; null: nothing was. */
  saved: string | null;
  /** What the rule would have made of the events that are known. */
  trial: Backtest | null;
}

/** Where a rule is made that has no key yet: a key has no hyphen. */
export const NEW_RULE = "new-rule";
