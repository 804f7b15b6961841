import type { ProductFiling } from "../events/rules";

/** What no webhook says of an order; null: cannot tell. */
export interface OrderAnswer {
  /** Whether it is its customer's first; null for a guest's too. */
  firstOrder: boolean | null;
  /** Whether something in it is bought by a selling plan. */
  subscription: boolean | null;
}

/** Whom the question is about. */
export interface AskedShop {
  id: number;
  domain: string;
}

/**
 * What webhooks do not say, asked of Shopify when events are drained, never when they arrive. Neither question throws, nor
 * takes longer than three seconds: what could not be asked is missing from the answer, which means "cannot tell".
 */
export interface Lookups {
  /** By order id, digits. */
  orders(shop: AskedShop, orderIds: readonly string[]): Promise<ReadonlyMap<string, OrderAnswer>>;
  /** By product id, digits; out of the table as far as that knows, else of Shopify. */
  products(shop: AskedShop, productIds: readonly string[]): Promise<ReadonlyMap<string, ProductFiling>>;
}
