interface FormatRow {
  label: string;
  help: string;
  /** See content-id.ts. `country`: of the shop, ISO alpha-2 upper case; null: unknown. */
  template: (country: string | null) => string;
}

/** How goods are named so that Meta finds them in the merchant's catalogue. */
export const CONTENT_ID_FORMATS = {
  variant: {
    label: "Variant ID",
    help: "What most Shopify catalogues use: each size and colour is an item.",
    template: () => "$v",
  },
  product: {
    label: "Product ID",
    help: "For catalogues that list products as a whole; sent as product_group.",
    template: () => "$p",
  },
  sku: {
    label: "SKU",
    help: "For catalogues that are keyed on your own article numbers. Goods without one are left out.",
    template: () => "$s",
  },
  shopify: {
    label: "shopify_{country}_{product}_{variant}",
    help: "The form of Google & YouTube feeds, for Meta catalogues that were copied from one.",
    // ZZ is how those feeds write "no country".
    template: (country) => `shopify_${country ?? "ZZ"}_$p_$v`,
  },
} as const satisfies Record<string, FormatRow>;

export type ContentIdFormat = keyof typeof CONTENT_ID_FORMATS;
export const CONTENT_ID_FORMAT_NAMES = Object.keys(CONTENT_ID_FORMATS) as ContentIdFormat[];
