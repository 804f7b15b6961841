import type {
  CartLine,
  Checkout,
  CheckoutLineItem,
  MoneyV2,
  ProductVariant,
  SearchResult,
} from "@shopify/web-pixels-extension";
import { idDigits } from "../../../app/events/event-id";
import { publicSearchWords } from "../../../app/events/search-words";
import { ask, type Hearsay, list, text } from "./asking";
import { MONEY_DECIMALS, MOST_FOUND, MOST_ID_DIGITS, MOST_PIECES, TOO_MUCH_MONEY } from "./limits";

/** What the events carry: a checkout, or one of its forerunners. */
export type EventData = Hearsay<{
  checkout: Checkout;
  cartLine: CartLine;
  productVariant: ProductVariant;
  searchResult: SearchResult;
}>;

/** One line, as the server's beacon schema names it. Ids are digits. */
interface PixelLine {
  product: string | undefined;
  variant: string | undefined;
  quantity: number;
  /** Of one unit before discounts, as orders have it; in the currency of the event's sum. */
  price: number | undefined;
}

/** What an event says about no person; the `data` of a beacon. Sums are what the buyer sees and pays in. */
export interface PixelFacts {
  /** ISO 4217. Without it there is no sum. */
  currency: string | undefined;
  total: number | undefined;
  subtotal: number | undefined;
  shipping: number | undefined;
  tax: number | undefined;
  lines: PixelLine[];
  search: string | undefined;
}

export function factsOf(data: EventData, mostLines?: number): PixelFacts {
  const sum = () =>
    ask(() => data.checkout.totalPrice) || ask(() => data.cartLine.cost.totalAmount) || data.productVariant.price;
  const currency = currencyOf(text(() => sum().currencyCode) || text(() => data.checkout.currencyCode));
  const total = amountIn(currency, sum);
  const line = (variant: () => Hearsay<ProductVariant>, quantity: unknown): PixelLine => ({
    product: digits(() => variant().product.id),
    variant: digits(() => variant().id),
    quantity: quantity as number,
    price: amountIn(currency, () => variant().price),
  });
  const lines = [
    ...list<CheckoutLineItem>(() => data.checkout.lineItems).map((item) =>
      line(
        () => item.variant,
        ask(() => item.quantity),
      ),
    ),
    line(
      () => data.cartLine.merchandise,
      ask(() => data.cartLine.quantity),
    ),
    line(() => data.productVariant, ask(() => data.productVariant) && 1),
    ...list<ProductVariant>(() => data.searchResult.productVariants)
      .slice(0, MOST_FOUND)
      .map((variant) => line(() => variant, 1)),
  ];
  return {
    currency: total === undefined ? undefined : currency,
    total,
    subtotal: amountIn(currency, () => data.checkout.subtotalPrice),
    shipping: amountIn(currency, () => data.checkout.shippingLine.price),
    tax: amountIn(currency, () => data.checkout.totalTax),
    lines: lines
      .filter(({ quantity }) => Number.isInteger(quantity) && quantity > 0 && quantity <= MOST_PIECES)
      .slice(0, mostLines),
    search: text(() => publicSearchWords(text(() => data.searchResult.query) || null)),
  };
}

/** The digits of a Shopify id, as the server reads it. */
export function digits(question: () => unknown): string | undefined {
  const found = idDigits(text(question));
  return found && found.length <= MOST_ID_DIGITS ? found : undefined;
}

/**
 * The amount, unless it is in another currency. Rounded where a sum of binary fractions left a tail (59.980000000000004):
 * Shopify's webhooks write decimals.
 */
function amountIn(currency: string | undefined, money: () => Hearsay<MoneyV2>): number | undefined {
  const value = ask(() => money().amount);
  const said = text(() => money().currencyCode) || currency || "";
  return said.toUpperCase() === currency && typeof value === "number" && value >= 0 && value < TOO_MUCH_MONEY
    ? Number(value.toFixed(MONEY_DECIMALS))
    : undefined;
}

/** The server refuses a beacon with a currency it does not know, and Shopify has some that are in no standard. */
function currencyOf(said = ""): string | undefined {
  const code = said.toUpperCase();
  // Safari has the list since 15.4.
  return /^[A-Z]{3}$/.test(code) && !ask(() => !Intl.supportedValuesOf("currency").includes(code)) ? code : undefined;
}
