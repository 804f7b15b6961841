import { isPixelEventName } from "../events/names";
import { browserPurchaseObstacle } from "./dataset-policy";
import type { Shop } from "./registry.server";
import { isOn, policyOf } from "./settings";

/**
 * Whether events of a name leave from the browser for a dataset: the pixel makes them, and the leg is on. A Purchase that a
 * browser cannot compute as the server does is not its business.
 */
export function hasBrowserLeg(name: string, dataset: string, shop: Shop): boolean {
  if (!isPixelEventName(name) || !isOn(shop.settings, name, "browser", dataset)) return false;
  return name !== "Purchase" || browserPurchaseObstacle(policyOf(shop.settings, dataset), shop) === null;
}
