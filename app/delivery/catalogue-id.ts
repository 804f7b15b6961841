import { contentIdOf } from "../events/content-id";
import type { Line } from "../events/event";

type Goods = Pick<Line, "product" | "variant" | "sku">;

/**
 * What contentIdOf says, without its pattern where the template is one name and nothing else, which it is unless a catalogue
 * was copied from Google's feeds. Not there, because every shopper downloads that; test/delivery/catalogue-id.test.ts holds
 * the two together.
 */
export function idInCatalogue(template: string, line: Goods): string | null {
  if (template === "$v") return plainName(line.variant);
  if (template === "$p") return plainName(line.product);
  if (template === "$s") return plainName(line.sku);
  return contentIdOf(template, line);
}

function plainName(name: string | null): string | null {
  return name === null || name === "" || name.includes("\0") ? null : name;
}
