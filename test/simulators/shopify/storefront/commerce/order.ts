import type { Gateway } from "../tables/gateways";
import { GATEWAYS } from "../tables/gateways";
import { type Checkout, type Customer, sumsOf } from "./checkout";
import { decimal } from "./money";

/** An order as the world outside the storefront sees it. */
export interface PlacedOrder {
  /** Digits. */
  id: string;
  /** What the merchant knows it by: "#1001". */
  name: string;
  checkoutToken: string;
  cartToken: string;
  visitorId: string;
  customerId: string;
  country: string;
  gateway: Gateway;
  test: boolean;
  /** Epoch milliseconds. */
  placedAt: number;
  /** What the buyer paid, in their currency. */
  total: { amount: string; currency: string };
}

/** The same with all that its webhooks tell. */
export interface Order {
  placed: PlacedOrder;
  checkout: Checkout;
  customer: Customer;
  id: number;
  number: number;
  token: string;
  /** The secret in its status page's address. */
  statusKey: string;
}

export interface OrderNumbers {
  id: number;
  number: number;
  token: string;
  statusKey: string;
}

export function placeOrder(
  checkout: Checkout & { customer: Customer },
  gateway: Gateway,
  numbers: OrderNumbers,
  now: number,
): Order {
  const { presentment } = sumsOf(checkout);
  const placed: PlacedOrder = {
    id: String(numbers.id),
    name: `#${numbers.number}`,
    checkoutToken: checkout.token,
    cartToken: checkout.cartToken,
    visitorId: checkout.origin.visitorId,
    customerId: String(checkout.customer.id),
    country: checkout.country,
    gateway,
    test: GATEWAYS[gateway].test,
    placedAt: now,
    total: { amount: decimal(presentment.total), currency: presentment.currency },
  };
  return {
    placed,
    checkout: { ...checkout, completedAt: now, updatedAt: now },
    customer: checkout.customer,
    ...numbers,
  };
}
