import type { ConsentSignal } from "../events/event";

/**
 * What a shopper said, with the opt-out that their browser asked for at another time: a word that comes by a way without that
 * header (a cart, a webhook) does not take it back.
 */
export function keepingOptOut(
  signal: ConsentSignal | null,
  ...others: readonly (ConsentSignal | null | undefined)[]
): ConsentSignal | null {
  if (signal === null || !others.some((other) => other?.globalPrivacyControl)) return signal;
  return { ...signal, saleOfData: false, globalPrivacyControl: true };
}
