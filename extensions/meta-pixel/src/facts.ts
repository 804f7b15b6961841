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
import { ask, type Hearsay, list, text, textLike } from "./asking";
import { MONEY_DECIMALS, MOST_FOUND, MOST_ID_DIGITS, MOST_NAMED, MOST_PIECES, TOO_MUCH_MONEY } from "./limits";

/** What the events carry: a checkout, or one of its forerunners. */
export type EventData = Hearsay<{
  checkout: Checkout;
  cartLine: CartLine;
  productVariant: ProductVariant;
  searchResult: SearchResult;
}>;

/** A line of a cart or a checkout, or as good as one. */
type Item = Hearsay<CheckoutLineItem & Pick<CartLine, "merchandise">>;

/** One line, as the server's beacon schema names it. Ids are digits. */
interface PixelLine {
  product: string | undefined;
  variant: string | undefined;
  sku: string | undefined;
  /** Of the product, and its type. */
  title: string | undefined;
  type: string | undefined;
  /** Bought as a subscription; undefined: no. */
  subscription: true | undefined;
  quantity: number;
  /** Of one unit before discounts, as orders have it; in the currency of the event's sum. */
  price: number | undefined;
}

/** What an event says about no person; the `data` of a beacon. Sums are what the buyer sees and pays in. */
export interface PixelFacts {
  /** ISO alpha-2 in capitals: where the buyer is, as far as the checkout knows; undefined before the checkout. */
  country: string | null | undefined;
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
  // Names of many lines would make a beacon longer than a page may leave behind.
  let room = (mostLines || Infinity) * MOST_NAMED;
  const name = (question: () => unknown) => {
    const found = text(question);
    room -= (found || "").length;
    return room > 0 ? found : undefined;
  };
  const shown = [ask(() => data.productVariant), ...list(() => data.searchResult.productVariants).slice(0, MOST_FOUND)];
  const items = [
    ...list(() => data.checkout.lineItems),
    ask(() => data.cartLine),
    ...shown.map((variant) => ({ variant, quantity: variant && 1 })),
  ] as Item[];
  const lines = items.map((item): PixelLine => {
    const variant = () => item.variant || item.merchandise;
    return {
      product: digits(() => variant().product.id),
      variant: digits(() => variant().id),
      sku: name(() => variant().sku),
      title: name(() => variant().product.title),
      type: name(() => variant().product.type),
      subscription: ask(() => item.sellingPlanAllocation) ? true : undefined,
      quantity: ask(() => item.quantity) as number,
      price: amountIn(currency, () => variant().price),
    };
  });
  return {
    country: ask(() => data.checkout && countryOf(data.checkout)),
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

/** Where the buyer is: by the address that speaks for them, and where it says no country, by the checkout's own. */
function countryOf(checkout: Hearsay<Checkout>): string | null {
  const code = text(() => addressOf(checkout)().countryCode);
  return textLike(/^[A-Z]{2}$/, () => code || checkout.localization.country.isoCode) || null;
}

/** The address that speaks for the buyer. Until the last step a billing address is often no more than a country. */
export function addressOf(checkout: Hearsay<Checkout>): () => Hearsay<Checkout>["billingAddress"] {
  const addresses = [() => checkout.billingAddress, () => checkout.shippingAddress] as const;
  return (
    addresses.find((place) => text(() => place().zip || place().city)) ||
    addresses.find((place) => text(() => place().countryCode)) ||
    addresses[0]
  );
}

/** The digits of a Shopify id, as the server reads it. */
export function digits(question: () => unknown): string | undefined {
  return text(() => idDigits(text(question)), MOST_ID_DIGITS);
}

/**
 * The amount, unless it is in another currency. Rounded where a sum of binary fractions left a tail (59.980000000000004):
 * Shopify's webhooks write decimals.
 */
function amountIn(currency: string | undefined, money: () => Hearsay<MoneyV2>): number | undefined {
  const said = text(() => money().currencyCode) || currency || "";
  return ask(() => {
    const amount = money().amount as number;
    return said.toUpperCase() === currency && amount >= 0 && amount < TOO_MUCH_MONEY
      ? // What is no number has no such method.
        +amount.toFixed(MONEY_DECIMALS)
      : undefined;
  });
}

/** The server refuses a beacon with a currency it does not know, and Shopify has some that are in no standard. */
function currencyOf(said = ""): string | undefined {
  const code = said.toUpperCase();
  // Safari has the list since 15.4.
  return /^[A-Z]{3}$/.test(code) && !ask(() => !Intl.supportedValuesOf("currency").includes(code)) ? code : undefined;
}
