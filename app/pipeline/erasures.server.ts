import type { MatchKeys } from "../match-keys/user-data";
import type { Shop } from "../settings/registry.server";
import type { Erasure, KnownContext } from "../store/rows";
import { checkoutKey, clientKey, customerContextKey, openOrNull } from "./browser-context.server";

/** All that was remembered of a shopper who refuses: under the visitor, and under the customer the visitor was. */
export function erasuresOf(
  { clientId, checkoutToken }: { clientId: string | null; checkoutToken: string | null },
  shop: Shop,
): Erasure[] {
  const leadsTo = linked(shop);
  return [
    // The checkout's own context stays, for it holds the refusal.
    ...(checkoutToken === null ? [] : [{ shopId: shop.id, key: checkoutKey(checkoutToken), whole: false, leadsTo }]),
    ...(clientId === null ? [] : [{ shopId: shop.id, key: clientKey(clientId), whole: true, leadsTo }]),
  ];
}

/** All that was remembered of a customer; `keys`: as everything else knows them, hashed. */
export function customersErased({ external_id: ids = [] }: MatchKeys, shop: Shop): Erasure[] {
  const leadsTo = linked(shop);
  return ids.map((id) => ({ shopId: shop.id, key: customerContextKey(id), whole: true, leadsTo }));
}

/** A context leads to its visitor and to its customers. */
function linked(shop: Shop): Erasure["leadsTo"] {
  return ({ browser, matchKeys }: KnownContext) => {
    const visitor = openOrNull(shop, "BrowserContext.browser", browser)?.clientId ?? null;
    const { external_id: customers = [] }: MatchKeys = matchKeys === null ? {} : JSON.parse(matchKeys);
    return [...(visitor === null ? [] : [clientKey(visitor)]), ...customers.map(customerContextKey)];
  };
}
