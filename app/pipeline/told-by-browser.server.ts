import { contentIdsOf } from "../delivery/payload";
import type { Told } from "../events/browser-copy";
import { CONTENT_ID_FORMATS } from "../events/content-id-formats";
import { browserValue } from "../settings/dataset-policy";
import type { Shop } from "../settings/registry.server";
import { policyOf } from "../settings/settings";
import type { BeaconReading } from "../sources/beacon";
import { worth } from "./outgoing.server";

/**
 * What the browser's own copy of an event told one dataset, as JSON: the pixel said it from the same facts as its beacon, in
 * the dataset's own policy. Null: it is not known, or not compared.
 */
export function toldByBrowser(
  { copy, matchKeys, browser }: Pick<BeaconReading, "copy" | "matchKeys" | "browser">,
  shop: Shop,
  dataset: string,
): string | null {
  if (copy === null || copy.facts === null) return null;
  const { name, facts, whole } = copy;
  const policy = policyOf(shop.settings, dataset);
  const value = browserValue(policy, shop) === null ? null : worth({ name, facts }, shop, policy);
  const ids = contentIdsOf(facts.lines, CONTENT_ID_FORMATS[policy.contentId].template(shop.country));
  const told: Told = {
    value: value?.amount ?? null,
    currency: value?.currency ?? null,
    ids: whole && ids.join().length <= MOST_IDS_CHARACTERS ? ids : null,
    keys: keysOnCopy({ matchKeys, browser }),
  };
  return JSON.stringify(told);
}

/** As much as 250 variants have; what is longer is somebody's fancy, and is not kept for a year. */
const MOST_IDS_CHARACTERS = 4_000;

/** What the pixel put on its request, by Meta's names: what it hashed, the visitor's id, and Meta's cookies. */
export function keysOnCopy({ matchKeys, browser }: Pick<BeaconReading, "matchKeys" | "browser">): string[] {
  const { clientId, fbp, fbc } = browser;
  const named = Object.entries(matchKeys).flatMap(([name, hashes]) => (hashes.length > 0 ? [name] : []));
  const visitor = clientId === null ? [] : ["external_id"];
  return [...new Set([...named, ...visitor, ...(fbp ? ["fbp"] : []), ...(fbc ? ["fbc"] : [])])].sort();
}
