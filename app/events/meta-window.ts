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

/** An event, as far as its limit goes by it. */
export interface Limited {
  actionSource: string;
  eventTime: number;
  /** When the browser's own copy left; null: it is not known to have. */
  left: number | null;
}

/** The last instant at which an event may be sent, epoch milliseconds. */
export function passesAt({ actionSource, eventTime, left }: Limited): number {
  const tooOld = eventTime + metaWindow(actionSource);
  return left === null ? tooOld : Math.min(tooOld, left + MERGED_FOR_MS);
}
