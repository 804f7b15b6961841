import type { PixelEventName } from "./names";

/** How one dataset wants what leaves from the browser. */
export interface PixelDataset {
  /** Meta's number of it. */
  dataset: string;
  /** The events whose browser leg is on. */
  events: PixelEventName[];
  /** How goods are named: a template of content-id.ts. */
  ids: string;
  /** Which sum is the value; null: none that a browser knows. */
  value: "total" | "subtotal" | null;
  /** No paths, names, search words or parameters of our own. */
  restricted: boolean;
  /** What reaches it: see page-filter.ts. */
  hosts: string[];
  paths: string[];
  countries: string[];
}

/**
 * What the app tells the web pixel through Shopify's pixel record, and the form it travels in. Shopify knows only text
 * fields there, so whatever is more than a text is JSON in one. The fields are declared a second time where Shopify reads
 * them: extensions/meta-pixel/shopify.extension.toml
 */
export interface PixelSettings {
  /** Where beacons go: POST /collect of the app. */
  collectUrl: string;
  /** Meta's address of the browser leg. */
  trUrl: string;
  /** Public: tells a shop's own beacons from strays. */
  beaconKey: string;
  /** The connected datasets. */
  datasets: PixelDataset[];
}

/** The same as Shopify keeps it. */
export type PixelRecord = { readonly [field in keyof PixelSettings]: string };

export function toPixelRecord({ datasets, ...texts }: PixelSettings): PixelRecord {
  return { ...texts, datasets: JSON.stringify(datasets) };
}

/**
 * Null when it is no record of ours: then the pixel stays silent. A dataset without a number is left out. No more is looked
 * at, because every shopper would download it: nobody but the app writes there, and one dataset's harm is its own.
 */
export function fromPixelRecord(record: object): PixelSettings | null {
  try {
    const datasets: PixelDataset[] = JSON.parse((record as PixelRecord).datasets);
    return Object.assign({}, record as PixelRecord, {
      datasets: datasets.filter((each) => each && /^\d+$/.test(each.dataset)),
    });
  } catch {
    return null;
  }
}
