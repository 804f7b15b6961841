import type { Checkout } from "../commerce/checkout";
import type { Json } from "./sums";

/** Under this name the cart's attributes come with checkout and order, hidden ones (`_…`) too. */
export function noteAttributes({ attributes }: Checkout): Json[] {
  return Object.entries(attributes).map(([name, value]) => ({ name, value }));
}
