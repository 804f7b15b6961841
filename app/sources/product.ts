import { z } from "zod";
import { id } from "./fields";
import type { ProductReading } from "./reading";

/** Shopify's own limits: https://shopify.dev/docs/api/admin-graphql/2026-07/objects/Product */
const LONGEST_WORD = 255;
const MOST_TAGS = 250;

/** What a merchant files a product under. '' is a word too: filed under nothing, which is not the same as not told. */
const filedWord = z
  .string()
  .transform((word) => word.trim())
  .refine((word) => word.length <= LONGEST_WORD)
  .nullish()
  .transform((word) => word ?? null)
  .catch(null);

/** One text in webhooks, "a, b"; a list is taken too. A tag that is too long is dropped, as are those beyond the limit. */
const tags = z
  .union([z.string().transform((text) => text.split(",")), z.array(z.unknown())])
  .nullish()
  .transform((list) => (list ? tagsOf(list) : null))
  .catch(null);

function tagsOf(list: readonly unknown[]): string[] {
  const read = list.flatMap((tag) => (typeof tag === "string" ? [tag.trim()] : []));
  const fitting = read.filter((tag) => tag !== "" && tag.length <= LONGEST_WORD);
  return [...new Set(fitting)].slice(0, MOST_TAGS);
}

/** The fields of products/create and products/update that Tandem reads. */
export const product = z.object({ id, product_type: filedWord, vendor: filedWord, tags });

/** The field of products/delete. */
export const productId = z.object({ id });

/** A product was made or changed. Which collections it lies in no webhook says. */
export function changedProduct({ id, product_type, vendor, tags }: z.output<typeof product>): ProductReading {
  return { kind: "product", product: { id, deleted: false, type: product_type, vendor, tags } };
}

export function deletedProduct({ id }: z.output<typeof productId>): ProductReading {
  return { kind: "product", product: { id, deleted: true, type: null, vendor: null, tags: null } };
}
