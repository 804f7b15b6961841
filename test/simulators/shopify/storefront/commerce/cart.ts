/** So many pieces of one variant. */
export interface CartLine {
  variantId: number;
  quantity: number;
}

export interface Cart {
  token: string;
  lines: readonly CartLine[];
  /** What theme and apps noted beside the goods; it travels with the order. */
  attributes: Attributes;
}

export type Attributes = Readonly<Record<string, string>>;

/** More of one variant; what is already there grows. */
export function withMore(cart: Cart, variantId: number, quantity: number): Cart {
  const there = cart.lines.find((line) => line.variantId === variantId);
  if (there === undefined) return { ...cart, lines: [...cart.lines, { variantId, quantity }] };
  return withQuantity(cart, variantId, there.quantity + quantity);
}

/** None of it takes the line away. */
export function withQuantity(cart: Cart, variantId: number, quantity: number): Cart {
  const lines = cart.lines.map((line) => (line.variantId === variantId ? { variantId, quantity } : line));
  return { ...cart, lines: lines.filter((line) => line.quantity > 0) };
}

/** '' or null takes an attribute away; what is not named stays. */
export function withAttributes(cart: Cart, changes: Readonly<Record<string, string | null>>): Cart {
  const entries = Object.entries({ ...cart.attributes, ...changes });
  const kept = entries.filter((entry): entry is [string, string] => Boolean(entry[1]));
  return { ...cart, attributes: Object.fromEntries(kept) };
}
