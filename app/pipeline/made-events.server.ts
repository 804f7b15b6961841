import type { Facts } from "../events/event";
import { type Ending, endingFor } from "../events/outcome";
import { answerOf, type ProductFiling, type Rule } from "../events/rules";
import type { OrderAnswer } from "../lookup/lookups";
import type { DatasetPolicy } from "../settings/dataset-policy";
import { type SendingShop, worth } from "./outgoing.server";

/** What was found out about an event since it arrived. */
export interface Findings {
  /** Undefined: Shopify could not be asked, or the event is about no order. */
  order: OrderAnswer | undefined;
  /** By product id. */
  products: ReadonlyMap<string, ProductFiling>;
}

/** Whether it is the customer's first order, by whoever knows. */
export function isFirstOrder({ firstOrder }: Facts, { order }: Pick<Findings, "order">): boolean | null {
  return order?.firstOrder ?? firstOrder;
}

/** Why an event that was made of another does not leave; null: it does. What nobody knows is not taken for a yes. */
export function endOfMade(
  { name, facts, rule }: { name: string; facts: Facts; rule: Rule | undefined },
  findings: Findings,
  shop: Pick<SendingShop, "currency" | "taxesIncluded">,
  policy: DatasetPolicy,
): Ending | null {
  if (rule !== undefined) {
    const value = worth({ name: rule.base, facts }, shop, policy);
    const firstOrder = isFirstOrder(facts, findings);
    const answer = answerOf(rule.when, { facts, value, firstOrder, products: findings.products });
    return answer === true ? null : endingFor(answer === false ? "rule_not_met" : "cannot_tell");
  }
  if (name !== "Subscribe") return null;
  const said = facts.lines.some(({ subscription }) => subscription === true);
  if (said || findings.order?.subscription === true) return null;
  return endingFor(findings.order?.subscription === false ? "no_subscription" : "cannot_tell");
}
