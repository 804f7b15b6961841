import type { MatchKeys } from "./user-data";

/** By these a person is told from another. */
const PERSONAL = ["em", "ph", "external_id"] as const;

/**
 * What an earlier checkout in the same browser told of who shops there, for an event that says less. Nothing where it may be
 * somebody else: several customers bought at this device, or the event names one whom the checkout does not.
 * `own`: what the event says itself. `remembered`: what is remembered of its browser.
 */
export function recognised(own: MatchKeys, remembered: MatchKeys): MatchKeys {
  if (PERSONAL.some((key) => (remembered[key]?.length ?? 0) > 1)) return {};
  const contradicted = PERSONAL.some((key) => {
    const known = remembered[key];
    return known !== undefined && own[key]?.some((value) => !known.includes(value));
  });
  return contradicted ? {} : remembered;
}
