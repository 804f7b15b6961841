import { createHash, randomBytes } from "node:crypto";
import type { Cart } from "../commerce/cart";
import type { Checkout, Customer } from "../commerce/checkout";
import type { Order, OrderNumbers } from "../commerce/order";
import { SHOP } from "../tables/shop";

/** One visit: what the first page of it was. */
export interface Session {
  landing: string;
  referrer: string;
  seenAt: number;
}

/** All that the storefront remembers; gone with the process. */
export interface Memory {
  sessions: Map<string, Session>;
  carts: Map<string, Cart>;
  /** By cart token. */
  checkouts: Map<string, Checkout>;
  /** By cart token. */
  orders: Map<string, Order>;
  /** Orders whose thank-you page was opened, by cart token. */
  thanked: Set<string>;
  customerOf(email: string, now: number): Customer;
  orderNumbers(): OrderNumbers;
}

/** Keeps the ids of one run apart from those of the next: they count on from the millisecond it began in. */
const ORDER_IDS_FROM = 4_000_000_000_000;
const CUSTOMER_IDS_FROM = 7_000_000_000_000;

export function openMemory(startedAt: number): Memory {
  const customers = new Map<string, Omit<Customer, "ordersCount">>();
  const orders = new Map<string, Order>();
  let numbered = 0;
  return {
    sessions: new Map(),
    carts: new Map(),
    checkouts: new Map(),
    orders,
    thanked: new Set(),
    customerOf(email, now) {
      const key = email.trim().toLowerCase();
      const customer = customers.get(key) ?? { id: customerId(key), email, createdAt: now };
      customers.set(key, customer);
      const ordersCount = [...orders.values()].filter((order) => order.customer.id === customer.id).length;
      return { ...customer, ordersCount };
    },
    orderNumbers() {
      const index = numbered++;
      return {
        id: ORDER_IDS_FROM + startedAt + index,
        number: SHOP.firstOrderNumber + index,
        token: hexToken(),
        statusKey: hexToken(),
      };
    },
  };
}

/** The same person keeps their id from run to run. */
function customerId(email: string): number {
  return CUSTOMER_IDS_FROM + Number.parseInt(createHash("sha256").update(email).digest("hex").slice(0, 9), 16);
}

/** 32 hex digits. */
export function hexToken(): string {
  return randomBytes(16).toString("hex");
}

/** 24 characters, the form of 2026. */
export function cartToken(): string {
  return randomBytes(18).toString("base64url").replaceAll(/[-_]/g, "x");
}
