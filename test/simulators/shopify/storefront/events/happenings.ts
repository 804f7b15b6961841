import type {
  DiscountApplication,
  MailingAddress,
  MoneyV2,
  Cart as PixelCart,
  CartLine as PixelCartLine,
  Checkout as PixelCheckout,
  ProductVariant,
} from "@shopify/web-pixels-extension";
import type { Attributes, Cart } from "../commerce/cart";
import { type Address, type Checkout, sumsOf } from "../commerce/checkout";
import type { PlacedOrder } from "../commerce/order";
import { type Priced, type PricedLine, price, unitPrice } from "../commerce/pricing";
import { type CountryCode, type Currency, countryOf, SHIPPING } from "../tables/countries";
import { discountOf } from "../tables/discounts";
import { GATEWAYS } from "../tables/gateways";
import type { Article, Product } from "../tables/goods";
import type { Happening } from "./standard";

/**
 * What a pixel is told, in the shapes of Shopify's types: money as numbers in the buyer's currency, ids as strings of
 * digits, '' for an e-mail or phone that nobody has given yet.
 */
export interface Market {
  country: CountryCode;
  /** Origin of the storefront. */
  url: string;
}

type CheckoutEvent = Extract<Happening, { data: { checkout: unknown } }>["name"];

export function pageViewed(): Happening {
  return { name: "page_viewed", data: {} };
}

export function productViewed(article: Article, market: Market): Happening {
  return { name: "product_viewed", data: { productVariant: variantOf(article, market) } };
}

export function searchSubmitted(query: string, found: readonly Product[], market: Market): Happening {
  const productVariants = found.map((product) => variantOf({ product, variant: product.variants[0] }, market));
  return { name: "search_submitted", data: { searchResult: { query, productVariants } } };
}

/** `quantity`: the pieces that were added or taken away, not those that are there. */
export function cartChanged(
  name: "product_added_to_cart" | "product_removed_from_cart",
  variantId: number,
  quantity: number,
  market: Market,
): Happening {
  const [line] = pricedCart([{ variantId, quantity }], market).lines;
  return { name, data: { cartLine: line === undefined ? null : cartLineOf(line, market) } };
}

export function cartViewed(cart: Cart | null, market: Market): Happening {
  return { name: "cart_viewed", data: { cart: cart === null ? null : cartOf(cart, market) } };
}

export function checkoutHappened(
  name: CheckoutEvent,
  checkout: Checkout,
  order: PlacedOrder | null,
  market: Market,
): Happening {
  return { name, data: { checkout: checkoutOf(checkout, order, market) } };
}

export function cartOf(cart: Cart, market: Market): PixelCart {
  const priced = pricedCart(cart.lines, market);
  return {
    id: cart.token,
    attributes: attributesOf(cart),
    cost: { totalAmount: money(priced.gross, priced.currency) },
    lines: priced.lines.map((line) => cartLineOf(line, market)),
    totalQuantity: cart.lines.reduce((sum, line) => sum + line.quantity, 0),
  };
}

function attributesOf({ attributes }: { attributes: Attributes }): PixelCart["attributes"] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value }));
}

function pricedCart(lines: Cart["lines"], { country }: Market): Priced {
  const terms = { country, discount: null, destination: null, shipping: null };
  return price(lines, terms, countryOf(country).currency);
}

function cartLineOf(line: PricedLine, market: Market): PixelCartLine {
  return {
    cost: { totalAmount: money(line.gross, countryOf(market.country).currency) },
    merchandise: variantOf(line, market),
    quantity: line.quantity,
  };
}

function variantOf(article: Article, { country, url }: Market): ProductVariant {
  const { product, variant } = article;
  return {
    id: String(variant.id),
    image: { src: `${url}/storefront-assets/pictures/${product.picture}.svg` },
    price: money(unitPrice(variant, country), countryOf(country).currency),
    product: {
      id: String(product.id),
      title: product.title,
      type: product.type,
      untranslatedTitle: product.title,
      url: `/products/${product.handle}`,
      vendor: product.vendor,
    },
    sku: variant.sku,
    title: variant.title,
    untranslatedTitle: variant.title,
  };
}

function checkoutOf(checkout: Checkout, order: PlacedOrder | null, market: Market): PixelCheckout {
  const { presentment } = sumsOf(checkout);
  const { currency } = presentment;
  const { locale, market: shopMarket } = countryOf(checkout.country);
  const applications = discountApplications(checkout.discountCode, presentment);
  const shipping = money(presentment.shipping, currency);
  return {
    attributes: attributesOf(checkout),
    billingAddress: mailingAddress(checkout.address, checkout.country),
    buyerAcceptsEmailMarketing: false,
    buyerAcceptsSmsMarketing: false,
    currencyCode: currency,
    delivery: {
      selectedDeliveryOptions:
        checkout.shipping === null
          ? []
          : [
              {
                cost: shipping,
                costAfterDiscounts: shipping,
                description: SHIPPING[checkout.shipping].days,
                handle: checkout.shipping,
                title: SHIPPING[checkout.shipping].title,
                type: "shipping",
              },
            ],
    },
    discountApplications: applications,
    discountsAmount: money(presentment.discount, currency),
    email: checkout.email ?? "",
    lineItems: presentment.lines.map((line) => ({
      discountAllocations:
        line.discount === 0
          ? []
          : applications.map((discountApplication) => ({
              amount: money(line.discount, currency),
              discountApplication,
            })),
      finalLinePrice: money(line.gross - line.discount, currency),
      id: String(line.variant.id),
      properties: [],
      quantity: line.quantity,
      sellingPlanAllocation: null,
      title: line.product.title,
      variant: variantOf(line, { ...market, country: checkout.country }),
    })),
    localization: {
      country: { isoCode: checkout.country },
      language: { isoCode: locale },
      market: shopMarket,
    },
    // Until it is placed, the order is there, with nothing in it.
    order:
      order === null
        ? { id: null, customer: { id: null, isFirstOrder: null } }
        : { id: order.id, customer: { id: order.customerId, isFirstOrder: checkout.customer?.ordersCount === 0 } },
    phone: "",
    shippingAddress: mailingAddress(checkout.address, checkout.country),
    shippingLine: checkout.shipping === null ? null : { price: shipping },
    smsMarketingPhone: null,
    subtotalPrice: money(presentment.gross - presentment.discount, currency),
    token: checkout.token,
    totalPrice: money(presentment.total, currency),
    totalTax: money(presentment.tax, currency),
    transactions:
      order === null
        ? []
        : [
            {
              amount: money(presentment.total, currency),
              gateway: order.gateway,
              paymentMethod: GATEWAYS[order.gateway].method,
            },
          ],
  };
}

/** Before there is an address, Shopify fills in the country only. */
function mailingAddress(address: Address | null, country: CountryCode): MailingAddress {
  return {
    address1: address?.address1 ?? null,
    address2: address?.address2 ?? null,
    city: address?.city ?? null,
    country,
    countryCode: country,
    firstName: address?.firstName ?? null,
    lastName: address?.lastName ?? null,
    phone: address?.phone ?? null,
    province: address?.provinceCode ? (countryOf(country).provinces[address.provinceCode] ?? null) : null,
    provinceCode: address?.provinceCode ?? null,
    zip: address?.zip ?? null,
  };
}

function discountApplications(code: string | null, { discount: off, currency }: Priced): DiscountApplication[] {
  const discount = code === null ? null : discountOf(code);
  if (discount === null) return [];
  return [
    {
      allocationMethod: "ACROSS",
      targetSelection: "ALL",
      targetType: "LINE_ITEM",
      title: discount.code,
      type: "DISCOUNT_CODE",
      value: discount.kind === "percentage" ? { percentage: discount.hundredths / 100 } : money(off, currency),
    },
  ];
}

function money(cents: number, currencyCode: Currency): MoneyV2 {
  return { amount: cents / 100, currencyCode };
}
