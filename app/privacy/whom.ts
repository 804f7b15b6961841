import { z } from "zod";
import type { MatchKeys } from "../match-keys/user-data";

/** Whom a request of Shopify's is about, as Tandem knows people: by hashes, and by the orders that Shopify names. */
export interface Whom {
  keys: MatchKeys;
  /** Digits. */
  orders: readonly string[];
}

/** What a compliance notice was stored with. */
export const whomSchema = z
  .object({
    fields: z.object({ orders: z.array(z.string()) }),
    keys: z.record(z.string(), z.array(z.string())),
  })
  .transform(({ fields, keys }): Whom => ({ keys, orders: fields.orders }));

/** What names one person and nobody else. */
const NAMING = ["external_id", "em", "ph"] as const satisfies readonly (keyof MatchKeys)[];

/** The hashes by which somebody is found. */
export function hashesOf({ keys }: Whom): string[] {
  return NAMING.flatMap((key) => keys[key] ?? []);
}
