import { passes } from "../events/page-filter";
import type { Shop } from "../settings/registry.server";
import type { ToldCopy } from "../sources/beacon";
import { BEFORE_THE_CHECKOUT } from "./outgoing.server";

/**
 * Whether the browser's copy of an event may have left for a dataset. The pixel says one word for all of them, and sends only
 * to those whose leg is on and whose filter lets it through: by the settings that Shopify accepted, it is asked here again.
 * What is not known says nothing against it.
 */
export function mayLeaveFor(
  dataset: string,
  { name, country }: Pick<ToldCopy, "name" | "country">,
  url: string | null,
  { webPixel }: Pick<Shop, "webPixel">,
): boolean {
  const legs = webPixel.datasets?.get(dataset) ?? null;
  if (legs === null) return true;
  if (!legs.events.includes(name)) return false;
  if (BEFORE_THE_CHECKOUT.has(name)) return passes(legs, url);
  return country === undefined || passes(legs, null, country);
}
