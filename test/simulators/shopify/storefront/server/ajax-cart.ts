import { z } from "zod";
import { withAttributes } from "../commerce/cart";
import { newCart, read } from "./api";
import type { Memory } from "./memory";
import { cartCookie, type Visitor } from "./visitor";

const update = z.object({ attributes: z.record(z.string(), z.string().nullable()).default({}) });

/**
 * What a theme's scripts write into the cart with POST /cart/update.js; without a cart, Shopify makes an empty one that keeps
 * it. Only attributes: https://shopify.dev/docs/api/ajax/reference/cart
 */
export function updateCart(body: unknown, visitor: Visitor, { carts }: Memory): object {
  const cart = withAttributes(visitor.cart ?? newCart(), read(update, body).attributes);
  carts.set(cart.token, cart);
  visitor.cookies.push(cartCookie(cart.token));
  const { token, attributes, lines } = cart;
  return {
    token,
    note: "",
    attributes,
    item_count: lines.reduce((sum, { quantity }) => sum + quantity, 0),
    items: lines.map(({ variantId, quantity }) => ({ id: variantId, variant_id: variantId, quantity })),
  };
}
