/** What names a line in the shop; null or absent where it has none of a kind. Ids are digits. */
interface Named {
  product?: string | null | undefined;
  variant?: string | null | undefined;
  sku?: string | null | undefined;
}

/**
 * The catalogue id of a line by a template: `$v`, `$p`, `$s`, `shopify_US_$p_$v`. Null where the line lacks what the
 * template asks for, as a custom line does.
 */
export function contentIdOf(template: string, { product, variant, sku }: Named): string | null {
  const names: { [place: string]: string | null | undefined } = { $p: product, $v: variant, $s: sku };
  // No name holds a NUL.
  const id = template.replace(/\$./g, (place) => names[place] || "\0");
  return id.includes("\0") ? null : id;
}

/** Meta's catalogue item is Shopify's variant; only Shopify's product is a group: https://developers.facebook.com/documentation/meta-pixel/reference */
export function contentTypeOf(template: string): "product" | "product_group" {
  return template === "$p" ? "product_group" : "product";
}
