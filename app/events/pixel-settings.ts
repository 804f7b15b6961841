import { EVENT_NAMES, type EventName } from "./names";

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
  /** Meta's numbers of the connected datasets. */
  datasets: string[];
  /** The events whose browser leg is on. */
  browserLeg: EventName[];
}

/** The same as Shopify keeps it. */
export type PixelRecord = { readonly [field in keyof PixelSettings]: string };

export function toPixelRecord({ collectUrl, trUrl, beaconKey, datasets, browserLeg }: PixelSettings): PixelRecord {
  const toggles = Object.fromEntries(EVENT_NAMES.map((name) => [name, browserLeg.includes(name)]));
  return { collectUrl, trUrl, beaconKey, datasets: JSON.stringify(datasets), browserLeg: JSON.stringify(toggles) };
}

/** Null when it is no record of ours: then the pixel stays silent. */
export function fromPixelRecord(record: { readonly [field: string]: unknown }): PixelSettings | null {
  const { collectUrl, trUrl, beaconKey } = record;
  const datasets = jsonOf(record.datasets);
  const toggles = jsonOf(record.browserLeg);
  if (typeof collectUrl !== "string" || typeof trUrl !== "string" || typeof beaconKey !== "string") return null;
  if (!Array.isArray(datasets) || typeof toggles !== "object" || toggles === null) return null;
  return {
    collectUrl,
    trUrl,
    beaconKey,
    datasets: datasets.filter((dataset) => typeof dataset === "string"),
    browserLeg: EVENT_NAMES.filter((name) => (toggles as Partial<Record<EventName, unknown>>)[name] === true),
  };
}

function jsonOf(text: unknown): unknown {
  try {
    return typeof text === "string" ? JSON.parse(text) : null;
  } catch {
    return null;
  }
}
