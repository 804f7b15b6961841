const DAY_MS = 24 * 3_600_000;

/** How old an event may be when it reaches Meta: https://developers.facebook.com/documentation/ads-commerce/conversions-api/using-the-api */
export function metaWindow(actionSource: string): number {
  return actionSource === "physical_store" ? 62 * DAY_MS : 7 * DAY_MS;
}
