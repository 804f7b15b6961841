/** What a shop says of itself. */
export interface ShopFacts {
  name: string;
  /** The domain that customers see; a URL's origin. */
  url: string;
  countryCode: string;
  currencyCode: string;
  /** Every currency it sells in; its own among them. */
  currencies: readonly string[];
  taxesIncluded: boolean;
  timezone: string;
  markets: readonly Market[];
  /** Webhook subscriptions made for this one shop: those of shopify.app.toml are never told of. */
  subscriptions: readonly Subscription[];
}

/** One that was made with webhookSubscriptionCreate. */
export interface Subscription {
  /** ORDERS_CREATE */
  topic: string;
  uri: string;
}

/** A market of some countries. */
export interface Market {
  handle: string;
  name: string;
  countries: readonly string[];
}

const MARKETS: readonly Market[] = [
  { handle: "us", name: "United States", countries: ["US"] },
  { handle: "europe", name: "Europe", countries: ["DE", "FR", "IT", "NL"] },
];

/** `tandem-demo.myshopify.com` is Tandem Demo, in the US. */
export function factsOf(shop: string, told: Partial<ShopFacts> = {}): ShopFacts {
  const words = shop.replace(/\..*/, "").split(/[-_]+/);
  return {
    name: words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(" "),
    url: `https://${shop}`,
    countryCode: "US",
    currencyCode: "USD",
    currencies: [...new Set([told.currencyCode ?? "USD", "EUR"])],
    taxesIncluded: false,
    timezone: "America/New_York",
    markets: MARKETS,
    subscriptions: [],
    ...told,
  };
}

/** A number that is always the same for a shop. */
export function shopNumber(shop: string): number {
  return [...shop].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 90_000_000_000, 7) + 10_000_000_000;
}
