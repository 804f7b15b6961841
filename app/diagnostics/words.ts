import { saysOfAnswer } from "../delivery/verdicts";
import { REASONS, type Reason } from "../events/outcome";

/** Why an event that has not ended was put off, where it was not for Meta's answer. */
const PUT_OFF: ReadonlyMap<string, string> = new Map(
  Object.entries({
    cut_short: "Tandem was stopped before it could be sent; it leaves when Tandem runs.",
    fault: "A fault of Tandem's own kept it from being prepared; it is tried again.",
    hold: "Its dataset is on hold.",
    purchase_waits: "The Purchase it belongs to has not been sent yet.",
    shopify_waits: "Shopify could not be asked what the rule needs to know; it is asked again, for an hour at most.",
    retry: "It is tried again.",
  }),
);

/** Why an event, or a dataset, is where it is, in a merchant's words. `reason`: as it is stored. */
export function wordsOf(reason: string): string {
  return knownWordsOf(reason) ?? `Shopify's message could not be read: the field ${reason} is not as it should be.`;
}

/** Whether a reason is the path of a field of Shopify's. */
export function isField(reason: string): boolean {
  return knownWordsOf(reason) === null;
}

function knownWordsOf(reason: string): string | null {
  if (Object.hasOwn(REASONS, reason)) return REASONS[reason as Reason].says;
  return PUT_OFF.get(reason) ?? saysOfAnswer(reason);
}
