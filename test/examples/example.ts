import { createHash } from "node:crypto";
import type { z } from "zod";
import type { settingsSchema } from "~/settings/settings";
import type { Topic } from "~/sources/topics";

/**
 * One worked example: a webhook in, what Meta gets out. Read them as documentation: `in` is what Shopify posts (built from
 * test/fixtures, the interesting fields spelled out), `out` is everything Tandem makes of it.
 */
export interface Example {
  /** A sentence. */
  title: string;
  topic: Topic;
  /** The body as an object, or as the very text where its digits matter. */
  in: Record<string, unknown> | string;
  /** What the web pixel told of the browser (`payload --browser`); absent: nothing, and consent counts as given. */
  browser?: BrowserFile;
  /** What is known of the shop itself; absent: nothing, and the documented defaults apply. */
  shop?: ExampleShop;
  /** When it is read (`payload --now`); absent: ages do not matter. */
  now?: string;
  out: { events: Record<string, unknown>[]; skipped: Skipped[] };
}

export interface ExampleShop {
  /** ISO alpha-2. */
  country?: string;
  primaryDomain?: string;
  /** ISO 4217. */
  currency?: string;
  /** Whether its prices have their tax in them. */
  taxesIncluded?: boolean;
  /** What its merchant set; the rest has its default. */
  settings?: Omit<z.input<typeof settingsSchema>, "version">;
  /** Meta's number of a dataset besides DATASET. */
  secondDataset?: string;
}

/** Meta's number of the dataset that every shop of an example has; it was connected on 20 November 2026, 09:00 UTC. */
export const DATASET = "1234567890";

export interface BrowserFile {
  fbp?: string;
  fbc?: string;
  clientIp?: string;
  userAgent?: string;
  url?: string;
  clientId?: string;
  consent?: { analytics: boolean; marketing: boolean; preferences: boolean; saleOfData: boolean };
}

export interface Skipped {
  event: string;
  outcome: string;
  reason: string;
}

/** Match keys travel as arrays of SHA-256 in lower-case hex; the normalised values are what an example should show. */
export function hashed(...normalised: string[]): string[] {
  return normalised.map((value) => createHash("sha256").update(value).digest("hex"));
}

/** Unix seconds, as Meta counts. */
export function seconds(iso: string): number {
  return Date.parse(iso) / 1000;
}

export const CONSENT_GIVEN = { analytics: true, marketing: true, preferences: true, saleOfData: true };
export const CONSENT_REFUSED = { analytics: false, marketing: false, preferences: false, saleOfData: false };
/** Marketing allowed, the sale of data not. */
export const SALE_OPT_OUT = { ...CONSENT_GIVEN, saleOfData: false };

/** The text of a body, as Shopify would post it. */
export function bodyText(example: Example): string {
  return typeof example.in === "string" ? example.in : JSON.stringify(example.in);
}
