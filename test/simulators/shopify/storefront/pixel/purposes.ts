import { readFileSync } from "node:fs";
import { parse } from "smol-toml";
import { z } from "zod";
import type { Purposes } from "./privacy";

const TOML = new URL("../../../../../extensions/meta-pixel/shopify.extension.toml", import.meta.url);

const extension = z.object({
  customer_privacy: z.object({
    analytics: z.boolean(),
    marketing: z.boolean(),
    preferences: z.boolean(),
    sale_of_data: z.enum(["enabled", "disabled", "ldu"]),
  }),
});

/** The purposes that Tandem's pixel declares. */
export function readPurposes(): Purposes {
  return extension.parse(parse(readFileSync(TOML, "utf8"))).customer_privacy;
}
