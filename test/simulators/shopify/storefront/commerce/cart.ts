/** So many pieces of one variant. */
export interface CartLine {
  variantId: number;
  quantity: number;
}

export interface Cart {
  token: string;
  lines: readonly CartLine[];
}

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
