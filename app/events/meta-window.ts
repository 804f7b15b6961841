const DAY_MS = 24 * 3_600_000;

/**
 * How long Meta merges the two copies of an event, counted from when it got the first:
 * https://developers.facebook.com/documentation/ads-commerce/conversions-api/deduplicate-pixel-and-server-events
 */
export const MERGED_FOR_MS = 2 * DAY_MS;

/** How old an event may be when it reaches Meta: https://developers.facebook.com/documentation/ads-commerce/conversions-api/using-the-api */
export function metaWindow(actionSource: string): number {
  return actionSource === "physical_store" ? 62 * DAY_MS : 7 * DAY_MS;
}
