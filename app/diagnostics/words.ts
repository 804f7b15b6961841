import { saysOfAnswer } from "../delivery/verdicts";
import { REASONS, type Reason } from "../events/outcome";

/** Why an event, or a dataset, is where it is, in a merchant's words. `reason`: as it is stored. */
export function wordsOf(reason: string): string {
  if (Object.hasOwn(REASONS, reason)) return REASONS[reason as Reason].says;
  return saysOfAnswer(reason) ?? `Shopify's message could not be read: the field ${reason} is not as it should be.`;
}
