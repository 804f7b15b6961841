import { type AskingDeps, openAsking } from "./asking.server";
import type { Lookups } from "./lookups";
import { openOrderLookup } from "./order-lookup.server";
import { openProductLookup, type ProductLookupDeps } from "./product-lookup.server";

export type LookupDeps = AskingDeps & ProductLookupDeps;

/** One of these a process: it remembers which shops are not to be asked for now. */
export function openLookups(deps: LookupDeps): Lookups {
  const ask = openAsking(deps);
  return { orders: openOrderLookup(ask), products: openProductLookup(ask, deps) };
}
