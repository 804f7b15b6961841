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

/** What is missing from both is not known to Shopify either. */
export interface Answers<Answer> {
  /** By id, digits. */
  told: ReadonlyMap<string, Answer>;
  /** Ids that Shopify could not be asked about for now. */
  unasked: ReadonlySet<string>;
}

/**
 * What webhooks do not say, asked of Shopify when events are drained, never when they arrive. Neither question throws, nor
 * takes longer than three seconds.
 */
export interface Lookups {
  orders(shop: AskedShop, orderIds: readonly string[]): Promise<Answers<OrderAnswer>>;
  /** Out of the table as far as that knows, else of Shopify; the table's word stands beside a question that could not be asked. */
  products(shop: AskedShop, productIds: readonly string[]): Promise<Answers<ProductFiling>>;
}
