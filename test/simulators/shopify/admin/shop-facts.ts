/** What a shop says of itself. */
export interface ShopFacts {
  name: string;
  /** The domain that customers see; a URL's origin. */
  url: string;
  countryCode: string;
  currencyCode: string;
  timezone: string;
}

/** `tandem-demo.myshopify.com` is Tandem Demo, in the US. */
export function factsOf(shop: string, told: Partial<ShopFacts> = {}): ShopFacts {
  const words = shop.replace(/\..*/, "").split(/[-_]+/);
  return {
    name: words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(" "),
    url: `https://${shop}`,
    countryCode: "US",
    currencyCode: "USD",
    timezone: "America/New_York",
    ...told,
  };
}

/** A number that is always the same for a shop. */
export function shopNumber(shop: string): number {
  return [...shop].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 90_000_000_000, 7) + 10_000_000_000;
}
