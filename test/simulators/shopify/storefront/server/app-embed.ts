import { readFileSync } from "node:fs";
import { z } from "zod";

const EXTENSION = new URL("../../../../../extensions/cart-signals/", import.meta.url);

/** The embed's script, as it was last built. */
export const EMBED_SCRIPT = new URL("assets/cart-signals.js", EXTENSION);

const SCHEMA = /\{% schema %\}(.*)\{% endschema %\}/s;
const schema = z.object({ target: z.literal("body") });

/** What Shopify puts before </body> where the merchant has switched Tandem's app embed on. */
export function appEmbed(): string {
  const liquid = readFileSync(new URL("blocks/cart-signals.liquid", EXTENSION), "utf8");
  schema.parse(JSON.parse(SCHEMA.exec(liquid)?.[1] ?? "null"));
  const markup = liquid
    .replace(SCHEMA, "")
    .replace(/\{\{ '([\w.-]+)' \| asset_url \}\}/g, (_, name: string) => `/storefront-assets/${name}`);
  if (/\{[{%]/.test(markup)) throw new Error("the stand-in reads no other Liquid than asset_url and schema");
  return `<div id="shopify-block-cart-signals" class="shopify-block shopify-app-block">${markup.trim()}</div>`;
}
