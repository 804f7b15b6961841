import { describe, expect, it } from "vitest";
import type { Reading } from "~/sources/reading";
import { TOPICS, type Topic } from "~/sources/topics";
import type { Webhook } from "../webhooks";
import type { Shopper } from "./shopper";
import { serve } from "./support/serve";
import { shopTime } from "./webhook-bodies/instant";

const FROM_FACEBOOK = { referrer: "https://l.facebook.com/" };

async function buy(shopper: Shopper, code?: string) {
  await shopper.visit("/products/evening-candle?fbclid=IwAR-click", FROM_FACEBOOK);
  await shopper.addToCart("evening-candle", "Small", 3);
  await shopper.enterCheckout();
  await shopper.submitContact();
  await shopper.submitAddress();
  if (code !== undefined) await shopper.applyDiscount(code);
  return shopper.pay();
}

function reading({ topic, body }: Webhook): Reading {
  // As it travels.
  const read = TOPICS[topic as Topic].read(JSON.parse(JSON.stringify(body)), { country: "US", renewalApps: [] });
  if (!read.ok) throw new Error(`${topic} cannot be read: ${read.field}`);
  return read.reading;
}

describe("the webhooks of one purchase", () => {
  it("come as Shopify sends them, each with an id of its own", async () => {
    const { shopper, webhooks } = await serve();
    const order = await buy(shopper());
    expect(webhooks.map(({ topic, order: about }) => [topic, about])).toEqual([
      ["checkouts/create", null],
      ["checkouts/update", null],
      ["checkouts/update", null],
      ["checkouts/update", null],
      ["checkouts/update", null],
      ["orders/create", order.id],
      ["orders/paid", order.id],
    ]);
    expect(new Set(webhooks.map(({ id }) => id)).size).toBe(webhooks.length);
  });

  it("are read by the app: a Purchase with everything that is known of buyer, browser and sums", async () => {
    const { shopper, webhooks, clock } = await serve();
    const order = await buy(shopper({ country: "DE", consent: "given" }), "WELCOME10");
    const [purchase, paid] = webhooks.filter(({ topic }) => topic.startsWith("orders/")).map(reading);
    expect(paid).toEqual(purchase);
    expect(purchase).toMatchObject({
      kind: "event",
      skip: null,
      landing: "/products/evening-candle?fbclid=IwAR-click",
      browser: { ip: "203.0.113.7", userAgent: expect.stringContaining("iPhone") },
      person: {
        email: ["jule.beispiel@example.com"],
        phone: ["0221 5550142"],
        firstName: ["Jule"],
        city: ["Köln"],
        country: ["DE"],
        externalId: [order.customerId],
      },
      event: {
        id: `purchase.${order.checkoutToken}`,
        time: clock.now(),
        actionSource: "website",
        facts: {
          country: "DE",
          orderId: order.id,
          presentment: {
            currency: "EUR",
            total: order.total.amount,
            subtotal: "44.58",
            shipping: "11.87",
            tax: "10.73",
          },
          shop: { currency: "USD", total: "73.02", subtotal: "48.46" },
          lines: [{ variant: "45200100000131", quantity: 3, price: "16.51" }],
        },
      },
    });
    expect(order.total).toEqual({ amount: "67.18", currency: "EUR" });
  });

  it("are read by the app: an InitiateCheckout once the buyer is known, before only an enrichment", async () => {
    const { shopper, webhooks } = await serve();
    const order = await buy(shopper());
    const readings = webhooks.filter(({ topic }) => topic.startsWith("checkouts/")).map(reading);
    expect(readings.map(({ kind }) => kind)).toEqual(["enrichment", "event", "event", "event", "event"]);
    expect(readings.at(-1)).toMatchObject({
      event: { id: `ic.${order.checkoutToken}`, facts: { usState: "CA", presentment: { total: order.total.amount } } },
    });
  });

  it("say of an order through the bogus gateway that it is a test", async () => {
    const { shopper, webhooks, storefront } = await serve();
    const buyer = shopper();
    await buyer.addToCart("walnut-tray");
    await buyer.enterCheckout();
    await buyer.submitContact();
    await buyer.submitAddress("express");
    const order = await buyer.pay({ gateway: "bogus" });
    expect(order.test).toBe(true);
    expect(reading(webhooks.at(-1) as Webhook)).toMatchObject({ skip: "test_order" });
    expect(storefront.orders).toEqual([order]);
  });

  it("keep the first page of the visit, and where it was linked from", async () => {
    const { shopper, webhooks } = await serve();
    await buy(shopper());
    for (const { body } of webhooks) {
      expect(body).toMatchObject({
        landing_site: "/products/evening-candle?fbclid=IwAR-click",
        referring_site: "https://l.facebook.com/",
      });
    }
  });

  it("know a buyer who comes back: the same customer, no first order any more", async () => {
    const { shopper, webhooks } = await serve();
    const [first, second] = [shopper(), shopper()];
    const orders = [await buy(first), await buy(second)];
    expect(new Set(orders.map(({ customerId }) => customerId)).size).toBe(1);
    expect(new Set(webhooks.map(({ body }) => (body as { token: string }).token)).size).toBe(4);
    const firstOrder = (buyer: Shopper) => buyer.events.at(-1)?.data;
    expect(firstOrder(first)).toMatchObject({ checkout: { order: { customer: { isFirstOrder: true } } } });
    expect(firstOrder(second)).toMatchObject({ checkout: { order: { customer: { isFirstOrder: false } } } });
  });
});

it("a request from this very machine seems to come from an address for documentation", async () => {
  const { origin, webhooks, shopper } = await serve();
  await buy(shopper({ fetch: (url, init) => fetch(url, withoutAddress(init)) }));
  expect(webhooks.at(-1)?.body).toMatchObject({ browser_ip: "203.0.113.80" });
  expect(origin).toContain("127.0.0.1");
});

function withoutAddress(init: RequestInit = {}): RequestInit {
  const headers = new Headers(init.headers);
  headers.delete("x-stand-in-ip");
  return { ...init, headers };
}

it("times are written in the shop's own zone, summer and winter", () => {
  expect(shopTime(Date.parse("2026-11-20T10:00:00.900Z"))).toBe("2026-11-20T05:00:00-05:00");
  expect(shopTime(Date.parse("2026-07-01T02:30:00Z"))).toBe("2026-06-30T22:30:00-04:00");
});
