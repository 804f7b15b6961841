/** Meta's limits of one request: https://developers.facebook.com/documentation/ads-commerce/conversions-api/using-the-api */
export const MOST_EVENTS = 1_000;
/** Ours: Meta names none for the body, a megabyte is well under what it takes. */
export const MOST_BYTES = 1_000_000;

interface Sized {
  /** JSON text of one event. */
  json: string;
}

/** Whether an event is too large to travel at all. */
export function isTooLarge({ json }: Sized): boolean {
  // No character takes more than three bytes.
  return json.length * 3 > MOST_BYTES - 100 && Buffer.byteLength(json) > MOST_BYTES - 100;
}

/** Cuts events into requests, in order. */
export function intoBatches<Item extends Sized>(items: readonly Item[]): Item[][] {
  const batches: Item[][] = [];
  let batch: Item[] = [];
  let bytes = 0;
  for (const item of items) {
    const size = Buffer.byteLength(item.json) + 1;
    if (batch.length === MOST_EVENTS || (batch.length > 0 && bytes + size > MOST_BYTES - 100)) {
      batches.push(batch);
      batch = [];
      bytes = 0;
    }
    batch.push(item);
    bytes += size;
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}
