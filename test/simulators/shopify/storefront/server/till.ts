import { randomUUID } from "node:crypto";
import type { Webhook, WebhookRecord } from "../../webhooks";
import type { Cart } from "../commerce/cart";
import { type Address, type Checkout, type Origin, reenterCheckout, startCheckout } from "../commerce/checkout";
import { type Order, type PlacedOrder, placeOrder } from "../commerce/order";
import { type CountryCode, countryOf, type ShippingHandle } from "../tables/countries";
import { discountOf } from "../tables/discounts";
import type { Gateway } from "../tables/gateways";
import { checkoutBody } from "../webhook-bodies/checkout";
import { orderBody } from "../webhook-bodies/order";
import { hexToken, type Memory } from "./memory";

/** A step that cannot be taken as it was asked for; `field` is to blame. */
export class Refused extends Error {
  override name = "Refused";
  constructor(
    readonly field: string,
    message: string,
  ) {
    super(message);
  }
}

interface Options {
  memory: Memory;
  now: () => number;
  url: () => string;
  deliver: (webhook: Webhook) => Promise<WebhookRecord>;
}

/** Where baskets become orders. Every step is told to the app by webhook, as Shopify tells it. */
export interface Till {
  /** Each opening of the checkout; the same one goes on. */
  enter(cart: Cart, country: CountryCode, origin: Origin): Checkout;
  contact(cartToken: string, email: string): Checkout;
  address(cartToken: string, address: Omit<Address, "country">): Checkout;
  shipping(cartToken: string, handle: ShippingHandle): Checkout;
  /** '' takes a code away. */
  discount(cartToken: string, code: string): Checkout;
  /** Payment details are there; nothing is paid yet. */
  payment(cartToken: string): Checkout;
  /** Paying twice places one order. */
  complete(cartToken: string, gateway: Gateway): Order;
  placed: PlacedOrder[];
  settled(): Promise<void>;
}

const REQUIRED = ["firstName", "lastName", "address1", "city", "zip"] as const;

export function openTill({ memory, now, url, deliver }: Options): Till {
  const { checkouts, orders } = memory;
  const placed: PlacedOrder[] = [];
  const underWay = new Set<Promise<void>>();
  const failures: unknown[] = [];

  function tell(topic: string, body: unknown, order: string | null = null): void {
    const sent: Promise<void> = deliver({ topic, id: randomUUID(), order, body })
      .then(
        () => undefined,
        (error: unknown) => void failures.push(error),
      )
      .finally(() => underWay.delete(sent));
    underWay.add(sent);
  }

  function keep(checkout: Checkout, topic: "checkouts/create" | "checkouts/update"): Checkout {
    checkouts.set(checkout.cartToken, checkout);
    tell(topic, checkoutBody(checkout, url()));
    return checkout;
  }

  function open(cartToken: string): Checkout {
    const checkout = checkouts.get(cartToken);
    if (checkout === undefined) throw new Refused("checkout", "there is no such checkout");
    if (checkout.completedAt !== null) throw new Refused("checkout", "it is completed");
    return checkout;
  }

  function change(checkout: Checkout, changes: Partial<Checkout>): Checkout {
    return keep({ ...checkout, ...changes, updatedAt: now() }, "checkouts/update");
  }

  return {
    enter(cart, country, origin) {
      const known = checkouts.get(cart.token);
      if (known === undefined) return keep(startCheckout(cart, hexToken(), country, origin, now()), "checkouts/create");
      const entered = reenterCheckout(known, cart, country, origin, now());
      if (entered.updatedAt !== known.updatedAt) return keep(entered, "checkouts/update");
      checkouts.set(cart.token, entered);
      return entered;
    },
    contact(cartToken, email) {
      const checkout = open(cartToken);
      if (!/^\S+@\S+\.\S+$/.test(email.trim())) throw new Refused("email", "Enter an e-mail address.");
      return change(checkout, { email: email.trim(), customer: memory.customerOf(email.trim(), now()) });
    },
    address(cartToken, address) {
      const checkout = open(cartToken);
      const missing = REQUIRED.find((field) => address[field].trim() === "");
      if (missing !== undefined) throw new Refused(missing, "Fill in this field.");
      const { provinces } = countryOf(checkout.country);
      const province = address.provinceCode;
      const known = province === null ? Object.keys(provinces).length === 0 : Object.hasOwn(provinces, province);
      if (!known) throw new Refused("provinceCode", "Choose one of the list.");
      return change(checkout, { address: { ...address, country: checkout.country } });
    },
    shipping(cartToken, handle) {
      const checkout = open(cartToken);
      if (checkout.address === null) throw new Refused("address", "The address comes first.");
      return change(checkout, { shipping: handle });
    },
    discount(cartToken, code) {
      const checkout = open(cartToken);
      const discount = discountOf(code);
      if (discount === null && code.trim() !== "") throw new Refused("code", "There is no such discount.");
      return change(checkout, { discountCode: discount?.code ?? null });
    },
    payment(cartToken) {
      return ready(open(cartToken));
    },
    complete(cartToken, gateway) {
      const done = orders.get(cartToken);
      if (done !== undefined) return done;
      const order = placeOrder(ready(open(cartToken)), gateway, memory.orderNumbers(), now());
      orders.set(cartToken, order);
      placed.push(order.placed);
      memory.carts.delete(cartToken);
      keep(order.checkout, "checkouts/update");
      const body = orderBody(order, url());
      tell("orders/create", body, order.placed.id);
      tell("orders/paid", body, order.placed.id);
      return order;
    },
    placed,
    async settled() {
      while (underWay.size > 0) await Promise.all(underWay);
      const [failure] = failures.splice(0);
      if (failure !== undefined) throw failure;
    },
  };
}

type Ready = Checkout & { customer: NonNullable<Checkout["customer"]> };

/** All that an order needs is there. */
function ready(checkout: Checkout): Ready {
  const { customer } = checkout;
  if (checkout.lines.length === 0) throw new Refused("cart", "Your cart is empty.");
  if (customer === null) throw new Refused("email", "Enter an e-mail address.");
  if (checkout.address === null) throw new Refused("address", "Enter an address.");
  if (checkout.shipping === null) throw new Refused("shipping", "Choose how it is shipped.");
  return { ...checkout, customer };
}
