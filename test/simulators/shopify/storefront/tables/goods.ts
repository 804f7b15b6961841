import type { PictureName } from "../pages/pictures";

export interface Variant {
  id: number;
  sku: string;
  /** What tells it from its siblings; Shopify's "Default Title" where there are none. */
  title: string;
  /** Cents, in the shop's currency. */
  price: number;
}

/** The shelves of the shop: handle to title. */
export const COLLECTIONS = {
  "for-the-table": "For the table",
  "for-the-evening": "For the evening",
  "small-gifts": "Small gifts",
} as const;

export type CollectionHandle = keyof typeof COLLECTIONS;

export interface Product {
  id: number;
  handle: string;
  title: string;
  vendor: string;
  type: string;
  tags: readonly string[];
  /** Handles of the shop's collections. */
  collections: readonly CollectionHandle[];
  description: string;
  picture: PictureName;
  variants: readonly [Variant, ...Variant[]];
}

/** Shopify's name for the one variant of a product that comes in one kind only. */
export const ONLY_VARIANT = "Default Title";

/** Everything the shop sells. All of it is invented. */
export const GOODS: readonly [Product, ...Product[]] = [
  {
    id: 8_400_100_000_101,
    handle: "tidewater-mug",
    title: "Tidewater mug",
    vendor: "Saltmarsh Pottery",
    type: "Tableware",
    tags: ["handmade", "ceramic"],
    collections: ["for-the-table", "small-gifts"],
    description: "Thrown by hand, glazed like a harbour at low tide. Holds a generous 350 ml and keeps it warm.",
    picture: "mug",
    variants: [
      { id: 45_200_100_000_111, sku: "MUG-TIDE-SEA", title: "Sea", price: 24_00 },
      { id: 45_200_100_000_112, sku: "MUG-TIDE-SAND", title: "Sand", price: 24_00 },
      { id: 45_200_100_000_113, sku: "MUG-TIDE-INK", title: "Ink", price: 26_50 },
    ],
  },
  {
    id: 8_400_100_000_102,
    handle: "heather-throw",
    title: "Heather throw",
    vendor: "Ninefold Mill",
    type: "Textiles",
    tags: ["wool", "winter"],
    collections: ["for-the-evening"],
    description: "A soft lambswool throw for the corner of the sofa that everybody fights over. 140 × 180 cm.",
    picture: "throw",
    variants: [
      { id: 45_200_100_000_121, sku: "THR-HEA-MOOR", title: "Moor", price: 118_00 },
      { id: 45_200_100_000_122, sku: "THR-HEA-ROSE", title: "Rose", price: 118_00 },
    ],
  },
  {
    id: 8_400_100_000_103,
    handle: "evening-candle",
    title: "Evening candle",
    vendor: "Bee & Wick",
    type: "Home scent",
    tags: ["handmade", "beeswax"],
    collections: ["for-the-evening", "small-gifts"],
    description: "Beeswax and a little rosemary, poured in small batches. Burns for about 45 quiet hours.",
    picture: "candle",
    variants: [
      { id: 45_200_100_000_131, sku: "CAN-EVE-S", title: "Small", price: 17_95 },
      { id: 45_200_100_000_132, sku: "CAN-EVE-L", title: "Large", price: 32_95 },
    ],
  },
  {
    id: 8_400_100_000_104,
    handle: "walnut-tray",
    title: "Walnut tray",
    vendor: "Grainworks",
    type: "Tableware",
    tags: ["handmade", "wood"],
    collections: ["for-the-table"],
    description: "Turned from a single piece, oiled three times. Breakfast in bed will look deliberate.",
    picture: "tray",
    variants: [{ id: 45_200_100_000_141, sku: "TRA-WAL", title: ONLY_VARIANT, price: 64_00 }],
  },
  {
    id: 8_400_100_000_105,
    handle: "enamel-kettle",
    title: "Enamel kettle",
    vendor: "Kettle Row",
    type: "Kitchen",
    tags: ["outdoor"],
    collections: ["for-the-table"],
    description: "Whistles in a friendly minor third. For gas, induction and camp fires; 1.6 litres.",
    picture: "kettle",
    variants: [
      { id: 45_200_100_000_151, sku: "KET-ENA-MOSS", title: "Moss", price: 79_50 },
      { id: 45_200_100_000_152, sku: "KET-ENA-CREAM", title: "Cream", price: 79_50 },
    ],
  },
  {
    id: 8_400_100_000_106,
    handle: "field-notebook",
    title: "Field notebook",
    vendor: "Paper Hollow",
    type: "Stationery",
    tags: ["recycled", "outdoor"],
    collections: ["small-gifts"],
    description: "96 dotted pages on recycled stock, sewn so that it lies flat. Fits a coat pocket.",
    picture: "notebook",
    variants: [
      { id: 45_200_100_000_161, sku: "NOT-FIE-1", title: "Single", price: 9_99 },
      { id: 45_200_100_000_163, sku: "NOT-FIE-3", title: "Set of three", price: 26_99 },
    ],
  },
  {
    id: 8_400_100_000_107,
    handle: "meadow-vase",
    title: "Meadow vase",
    vendor: "Saltmarsh Pottery",
    type: "Decoration",
    tags: ["handmade", "ceramic"],
    collections: ["for-the-table"],
    description: "A narrow neck that flatters a single stem, and forgives a whole bunch.",
    picture: "vase",
    variants: [{ id: 45_200_100_000_171, sku: "VAS-MEA", title: ONLY_VARIANT, price: 46_00 }],
  },
  {
    id: 8_400_100_000_108,
    handle: "linen-towel",
    title: "Linen tea towel",
    vendor: "Ninefold Mill",
    type: "Textiles",
    tags: ["linen"],
    collections: ["for-the-table", "small-gifts"],
    description: "Stonewashed linen with a herringbone edge. Dries glasses without a trace of itself.",
    picture: "towel",
    variants: [
      { id: 45_200_100_000_181, sku: "TOW-LIN-OAT", title: "Oat", price: 14_00 },
      { id: 45_200_100_000_182, sku: "TOW-LIN-FERN", title: "Fern", price: 14_00 },
    ],
  },
];

/** What each product is filed under, as the Admin API tells it. */
export function filings() {
  return GOODS.map(({ id, type, vendor, tags, collections }) => ({
    id: String(id),
    type,
    vendor,
    tags,
    collections: collections.map((handle) => ({ handle, title: COLLECTIONS[handle] })),
  }));
}

export interface Article {
  product: Product;
  variant: Variant;
}

const ARTICLES = new Map<number, Article>(
  GOODS.flatMap((product) => product.variants.map((variant): [number, Article] => [variant.id, { product, variant }])),
);

export function articleOf(variantId: number): Article | null {
  return ARTICLES.get(variantId) ?? null;
}

export function productByHandle(handle: string): Product | null {
  return GOODS.find((product) => product.handle === handle) ?? null;
}

/** Every product in which all of the words occur. */
export function searchGoods(query: string): Product[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  return GOODS.filter((product) => {
    const text = `${product.title} ${product.vendor} ${product.type} ${product.description}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
