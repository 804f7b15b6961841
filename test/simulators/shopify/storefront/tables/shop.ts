/** What the invented shop is like, apart from its name and domain. */
export const SHOP = {
  country: "US",
  currency: "USD",
  timeZone: "America/New_York",
  /** Shopify's number of it, as in order_status_url. */
  id: 60_500_100_001,
  firstOrderNumber: 1001,
} as const;
