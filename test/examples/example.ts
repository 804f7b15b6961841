import { createHash } from "node:crypto";
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
  shop?: { country?: string; primaryDomain?: string };
  /** When it is read (`payload --now`); absent: ages do not matter. */
  now?: string;
  out: { events: Record<string, unknown>[]; skipped: Skipped[] };
}

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
