import { type CountryCode, type Currency, countryOf, type ShippingHandle } from "../tables/countries";
import { discountOf } from "../tables/discounts";
import { SHOP } from "../tables/shop";
import type { Attributes, Cart, CartLine } from "./cart";
import { type Priced, price, type Terms } from "./pricing";

export interface Address {
  firstName: string;
  lastName: string;
  address1: string;
  address2: string | null;
  city: string;
  provinceCode: string | null;
  zip: string;
  phone: string | null;
  country: CountryCode;
}

export interface Customer {
  id: number;
  email: string;
  createdAt: number;
  /** Before this checkout. */
  ordersCount: number;
}

/** Where a buyer came from, and with what. */
export interface Origin {
  visitorId: string;
  /** Path and query of the first page of the visit. */
  landing: string;
  /** Where that page was linked from; '' for nowhere. */
  referrer: string;
  ip: string;
  userAgent: string;
  acceptLanguage: string | null;
}

/** A basket on its way to become an order. Times are epoch milliseconds. */
export interface Checkout {
  /** 32 hex digits, the same however often the buyer comes back. */
  token: string;
  cartToken: string;
  lines: readonly CartLine[];
  /** The cart's, as of the last entrance. */
  attributes: Attributes;
  country: CountryCode;
  origin: Origin;
  startedAt: number;
  updatedAt: number;
  completedAt: number | null;
  email: string | null;
  customer: Customer | null;
  address: Address | null;
  shipping: ShippingHandle | null;
  discountCode: string | null;
}

export function startCheckout(cart: Cart, token: string, country: CountryCode, origin: Origin, now: number): Checkout {
  return {
    token,
    cartToken: cart.token,
    lines: cart.lines,
    attributes: cart.attributes,
    country,
    origin,
    startedAt: now,
    updatedAt: now,
    completedAt: null,
    email: null,
    customer: null,
    address: null,
    shipping: null,
    discountCode: null,
  };
}

/** The buyer comes back, perhaps with another basket or from another country: the same checkout goes on. */
export function reenterCheckout(
  checkout: Checkout,
  cart: Cart,
  country: CountryCode,
  origin: Origin,
  now: number,
): Checkout {
  const moved = country !== checkout.country;
  const brought = ({ lines, attributes }: Cart | Checkout) => JSON.stringify([lines, attributes]);
  const changed = moved || brought(cart) !== brought(checkout);
  return {
    ...checkout,
    lines: cart.lines,
    attributes: cart.attributes,
    country,
    // The visit that began the checkout keeps the credit for it.
    origin: { ...origin, landing: checkout.origin.landing, referrer: checkout.origin.referrer },
    ...(moved ? { address: null, shipping: null } : {}),
    updatedAt: changed ? now : checkout.updatedAt,
  };
}

/** The shop's column and the buyer's. */
export interface BothSums {
  shop: Priced;
  presentment: Priced;
}

export function sumsOf(checkout: Checkout): BothSums {
  const terms: Terms = {
    country: checkout.country,
    discount: checkout.discountCode === null ? null : discountOf(checkout.discountCode),
    destination: checkout.address,
    shipping: checkout.shipping,
  };
  const inCurrency = (currency: Currency) => price(checkout.lines, terms, currency);
  return { shop: inCurrency(SHOP.currency), presentment: inCurrency(countryOf(checkout.country).currency) };
}
