import type { Cart } from "../commerce/cart";
import type { Checkout } from "../commerce/checkout";
import type { Order } from "../commerce/order";
import {
  cartOf,
  cartViewed,
  checkoutHappened,
  type Market,
  pageViewed,
  productViewed,
  searchSubmitted,
} from "../events/happenings";
import type { Happening } from "../events/standard";
import { articleOf, GOODS, type Product, productByHandle, searchGoods, type Variant } from "../tables/goods";
import type { Memory } from "./memory";
import type { Till } from "./till";
import type { Visitor } from "./visitor";

/** What a page shows. */
export type Page =
  | { kind: "home"; products: readonly Product[] }
  | { kind: "product"; product: Product; variant: Variant }
  | { kind: "search"; query: string; found: readonly Product[] }
  | { kind: "cart"; cart: Cart | null }
  | { kind: "checkout"; checkout: Checkout }
  | { kind: "thank-you"; order: Order }
  | { kind: "missing" };

export interface OpenedPage {
  redirect: null;
  status: number;
  page: Page;
  title: string;
  happenings: Happening[];
}

export type Visit = { redirect: string } | OpenedPage;

interface Request {
  /** Path segments behind the section's own. */
  rest: string[];
  query: URLSearchParams;
  visitor: Visitor;
  market: Market;
  memory: Memory;
  till: Till;
}

type Shop = Pick<Request, "visitor" | "market" | "memory" | "till">;

/** Opens a page: what is on it, and what happens by opening it. `path`: path and query. */
export function visit(path: string, shop: Shop): Visit {
  const { pathname, searchParams: query } = new URL(path, "http://storefront");
  const [section = "", ...rest] = pathname.split("/").filter(Boolean);
  return Object.hasOwn(SECTIONS, section) ? SECTIONS[section as Section]({ ...shop, rest, query }) : missing();
}

/** The cart as a page tells it to pixels; an empty one is none. */
export function pixelCart({ cart }: Visitor, market: Market): ReturnType<typeof cartOf> | null {
  const filled = filledCart(cart);
  return filled === null ? null : cartOf(filled, market);
}

/** The first segment of the path decides. */
const SECTIONS = {
  "": () => opened({ kind: "home", products: GOODS }, "Home"),
  products: openProduct,
  search: openSearch,
  cart: openCart,
  checkouts: openCheckout,
};

type Section = keyof typeof SECTIONS;

function opened(page: Page, title: string, ...happenings: Happening[]): OpenedPage {
  return { redirect: null, status: 200, page, title, happenings: [pageViewed(), ...happenings] };
}

function missing(): Visit {
  return { ...opened({ kind: "missing" }, "Not found"), status: 404 };
}

function openProduct({ rest, query, market }: Request): Visit {
  const product = productByHandle(rest.join("/"));
  if (product === null) return missing();
  const chosen = articleOf(Number(query.get("variant")));
  const variant = chosen?.product === product ? chosen.variant : product.variants[0];
  return opened({ kind: "product", product, variant }, product.title, productViewed({ product, variant }, market));
}

function openSearch({ query: parameters, market }: Request): Visit {
  const query = parameters.get("q")?.trim() ?? "";
  const found = searchGoods(query);
  const page: Page = { kind: "search", query, found };
  return query === "" ? opened(page, "Search") : opened(page, "Search results", searchSubmitted(query, found, market));
}

function openCart({ rest, visitor, market }: Request): Visit {
  if (rest.length > 0) return missing();
  const cart = filledCart(visitor.cart);
  return opened({ kind: "cart", cart }, "Your cart", cartViewed(cart, market));
}

/** Shopify's address of a checkout: /checkouts/cn/<cart token>, and /thank-you behind it. */
function openCheckout({ rest: [kind, token = "", step], visitor, market, memory, till }: Request): Visit {
  if (kind !== "cn" || (step !== undefined && step !== "thank-you")) return missing();
  const entrance = `/checkouts/cn/${token}`;
  const order = memory.orders.get(token);
  if (order !== undefined) return step === undefined ? { redirect: `${entrance}/thank-you` } : thankYou(order);
  const cart = filledCart(memory.carts.get(token) ?? null);
  if (cart === null) return { redirect: "/cart" };
  if (step !== undefined) return { redirect: entrance };
  const checkout = till.enter(cart, visitor.country, visitor.origin);
  const started = checkoutHappened("checkout_started", checkout, null, market);
  return opened({ kind: "checkout", checkout }, "Checkout", started);

  /** The first opening completes the checkout for pixels, a reload does not. */
  function thankYou(order: Order): Visit {
    const first = !memory.thanked.has(token);
    memory.thanked.add(token);
    const completed = checkoutHappened("checkout_completed", order.checkout, order.placed, market);
    return opened({ kind: "thank-you", order }, "Thank you", ...(first ? [completed] : []));
  }
}

function filledCart(cart: Cart | null): Cart | null {
  return cart === null || cart.lines.length === 0 ? null : cart;
}
