import { type Article, ONLY_VARIANT } from "../tables/goods";

/** Null where a product comes in one kind only. */
export function variantTitle({ variant }: Article): string | null {
  return variant.title === ONLY_VARIANT ? null : variant.title;
}

/** "Tidewater mug - Sea" */
export function lineName(article: Article): string {
  const kind = variantTitle(article);
  return kind === null ? article.product.title : `${article.product.title} - ${kind}`;
}
