import { z } from "zod";
import { type Cart, withMore, withQuantity } from "../commerce/cart";
import type { Checkout } from "../commerce/checkout";
import type { PlacedOrder } from "../commerce/order";
import { cartChanged, checkoutHappened, type Market } from "../events/happenings";
import type { Happening } from "../events/standard";
import { type SumRow, sumRows } from "../pages/sums";
import { isShippingHandle } from "../tables/countries";
import { GATEWAY_NAMES, isGateway } from "../tables/gateways";
import { articleOf } from "../tables/goods";
import { cartToken, type Memory } from "./memory";
import { Refused, type Till } from "./till";
import { cartCookie, type Visitor } from "./visitor";

/** What every step of a shopper answers: what happened, for the page to publish, and what to show. */
export interface StepAnswer {
  happenings: Happening[];
  /** Pieces in the cart. */
  count?: number;
  sums?: SumRow[];
  /** Once placed. */
  order?: PlacedOrder;
  /** The page that comes next. */
  next?: string;
}

interface Shop {
  memory: Memory;
  till: Till;
}

interface Asked {
  visitor: Visitor;
  market: Market;
  body: unknown;
  /** Cookies to set beside the visitor's own. */
  cookies: string[];
}

const someOf = z.object({ variant: z.coerce.number().int(), quantity: z.coerce.number().int().min(0).max(99) });
const contact = z.object({ email: z.string() });
const discount = z.object({ code: z.string() });
const shipping = z.object({ handle: z.string().refine(isShippingHandle) });
const paying = z.object({
  gateway: z
    .string()
    .refine(isGateway, `must be one of ${GATEWAY_NAMES.join(", ")}`)
    .default("shopify_payments"),
});
const optional = z
  .string()
  .nullish()
  .transform((text) => (text?.trim() ? text : null));
const address = z.object({
  firstName: z.string(),
  lastName: z.string(),
  address1: z.string(),
  address2: optional,
  city: z.string(),
  provinceCode: optional,
  zip: z.string(),
  phone: optional,
});

/** A step under /storefront-api/ that is a POST; null: there is none of that name. */
export function takeStep(path: string, asked: Asked, shop: Shop): StepAnswer | null {
  const [section, token = "", step = ""] = path.split("/");
  if (section === "cart") return changeCart(token, asked, shop);
  return section === "checkouts" ? checkoutStep(token, step, asked, shop) : null;
}

function changeCart(act: string, { visitor, market, body, cookies }: Asked, { memory }: Shop): StepAnswer | null {
  if (act !== "add" && act !== "change") return null;
  const { variant, quantity } = read(someOf, body);
  if (articleOf(variant) === null) throw new Refused("variant", "there is no such variant");
  const before = visitor.cart ?? newCart();
  const had = before.lines.find((line) => line.variantId === variant)?.quantity ?? 0;
  const cart = act === "add" ? withMore(before, variant, quantity) : withQuantity(before, variant, quantity);
  memory.carts.set(cart.token, cart);
  cookies.push(cartCookie(cart.token));
  const more = act === "add" ? quantity : quantity - had;
  const name = more > 0 ? "product_added_to_cart" : "product_removed_from_cart";
  return {
    happenings: more === 0 ? [] : [cartChanged(name, variant, Math.abs(more), market)],
    count: cart.lines.reduce((sum, line) => sum + line.quantity, 0),
  };
}

export function newCart(): Cart {
  return { token: cartToken(), lines: [], attributes: {} };
}

function checkoutStep(
  token: string,
  step: string,
  { market, body, cookies }: Asked,
  { till }: Shop,
): StepAnswer | null {
  const answer = (checkout: Checkout, ...happenings: Happening[]): StepAnswer => ({
    happenings,
    sums: sumRows(checkout),
  });
  switch (step) {
    case "contact": {
      const checkout = till.contact(token, read(contact, body).email);
      return answer(checkout, checkoutHappened("checkout_contact_info_submitted", checkout, null, market));
    }
    case "address": {
      const checkout = till.address(token, read(address, body));
      return answer(checkout, checkoutHappened("checkout_address_info_submitted", checkout, null, market));
    }
    case "shipping": {
      const checkout = till.shipping(token, read(shipping, body).handle);
      return answer(checkout, checkoutHappened("checkout_shipping_info_submitted", checkout, null, market));
    }
    case "discount":
      return answer(till.discount(token, read(discount, body).code));
    case "payment": {
      const checkout = till.payment(token);
      return answer(checkout, checkoutHappened("payment_info_submitted", checkout, null, market));
    }
    case "complete": {
      const { placed } = till.complete(token, read(paying, body).gateway);
      cookies.push(cartCookie(null));
      return { happenings: [], order: placed, next: `/checkouts/cn/${token}/thank-you` };
    }
    default:
      return null;
  }
}

export function read<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Refused(issue?.path.join(".") || "body", issue?.message ?? "cannot be read");
}
