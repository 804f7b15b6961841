import { describe, expect, it } from "vitest";
import { decimal, millionths } from "~/events/decimal";
import { nobody } from "~/events/event";
import type { EventReading, Reading } from "~/sources/reading";
import { readAskedOrder, TOPICS } from "~/sources/topics";
import { openAsking } from "~/sweep/asking.server";
import { orderBody } from "~/sweep/order-body";
import { wholeOrders } from "~/sweep/orders.server";
import { EXAMPLES } from "../examples/all";
import { order } from "../fixtures/order";
import { PRICED, pricedOrder } from "../fixtures/priced";
import { heldClock } from "../support/clock";
import { type AskedShopify, askedShopify } from "./support";

type Json = Record<string, unknown>;

const FACTS = { country: "AU", renewalApps: ["9999"] };

/** What is made of the body of a webhook. */
function told(body: unknown): EventReading {
  return eventOf(TOPICS["orders/create"].read(body, FACTS));
}

/** What is made of the same order, once Shopify was asked for it. */
function asked(body: Json): Promise<EventReading> {
  const shopify = askedShopify(heldClock());
  shopify.api.books.enter("orders/create", body);
  return toldBy(shopify);
}

/** What is made of the first order that Shopify knows. */
async function toldBy(shopify: AskedShopify): Promise<EventReading> {
  const [id = ""] = shopify.api.books.orders.keys();
  const ask = openAsking({ graphql: async () => shopify.graphql, signal: new AbortController().signal });
  for await (const whole of wholeOrders([id], ask)) {
    if (!whole.ok) throw new Error(`${whole.field} cannot be read`);
    return eventOf(readAskedOrder(orderBody(whole.order), FACTS));
  }
  throw new Error("Shopify knows no such order");
}

function eventOf(result: { ok: true; reading: Reading } | { ok: false; field: string }): EventReading {
  if (!result.ok) throw new Error(`${result.field} cannot be read`);
  if (result.reading.kind !== "event") throw new Error("it is no event");
  return result.reading;
}

/** Less what GraphQL cannot know: the user agent and what is read out of it, the landing page, staff at a browser. */
function comparable({ browser, landing: _landing, event, ...reading }: EventReading): unknown {
  const { userAgent: _agent, ip: _ip, otherIp: _other, ...known } = browser;
  const facts = { ...event.facts, deviceFamily: null };
  return sameMoney({ ...reading, browser: known, event: { ...event, facts } });
}

/** 64.50 is 64.5: GraphQL writes as many places as it needs. */
function sameMoney(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_key, part) =>
      typeof part === "string" && /^\d+\.\d+$/.test(part) ? decimal(millionths(part)) : part,
    ),
  );
}

/** With what fixtures leave out and Shopify never does, and with the one e-mail that GraphQL knows of an order itself. */
function asShopifyHas(body: Json): Json {
  const email = body.contact_email || body.email || null;
  return {
    taxes_included: false,
    shipping_lines: [],
    updated_at: body.processed_at ?? body.created_at,
    ...body,
    order_status_url: body.order_status_url ?? "https://shop.example.com/1/orders/0/authenticate?key=none",
    email,
    contact_email: email,
  };
}

/** Bodies of webhooks that lack a sum, or have one in small letters: the Admin API always has them, as they should be. */
const ONLY_IN_WEBHOOKS = [
  "a currency in small letters is written as Meta wants it",
  "an order without *_set sums has the shop's own pair",
  "and parts that are all missing make the whole no part",
  "fields of another type cost their keys, not the event",
  "nor where the tax on shipping is not known",
  "where it does not, the shop does",
  "where nobody says it, the goods' worth is not known, and no other sum stands in",
];

const ORDERS = EXAMPLES.flatMap(({ topic, title, in: body }): [string, Json][] => {
  if (topic !== "orders/create" || typeof body !== "object" || ONLY_IN_WEBHOOKS.includes(title)) return [];
  return TOPICS["orders/create"].read(body, FACTS).ok ? [[title, asShopifyHas(body)]] : [];
});

describe("an order that Shopify was asked for", () => {
  it.each(ORDERS)("is the event that its webhook would have been: %s", async (_title, body) => {
    expect(comparable(await asked(body))).toEqual(comparable(told(body)));
  });

  it.each(Object.values(PRICED))("comes to the same sums: $says", async (priced) => {
    const body = asShopifyHas(pricedOrder(priced));
    expect(comparable(await asked(body))).toEqual(comparable(told(body)));
  });

  it("has all its lines, however many", async () => {
    const [line] = order().line_items as Json[];
    const lines = Array.from({ length: 245 }, (_, n) => ({ ...line, id: n, variant_id: 48_001 + n }));
    const body = asShopifyHas(order({}, { line_items: lines }));
    const { event } = await asked(body);
    expect(event.facts.lines).toHaveLength(245);
    expect(event.facts.lines).toEqual(sameLines(told(body)));
  });

  it("says nothing of the tax on shipping where not all of shipping was told", async () => {
    const body = asShopifyHas(order({}, { shipping_lines: Array(4).fill({ tax_lines: [] }) }));
    expect((await asked(body)).event.facts.shop?.shippingTax).toBeNull();
  });

  it("was paid, though it was paid back since, and when it was paid, whatever was changed since", async () => {
    const body = asShopifyHas(order({}, { financial_status: "partially_refunded" }));
    expect((await asked(body)).order).toMatchObject({ paid: true, cancelled: false });
    expect((await asked(asShopifyHas(order({}, { financial_status: "pending" })))).order?.paid).toBe(false);
    expect((await asked(asShopifyHas(order({}, { financial_status: "voided" })))).order?.cancelled).toBe(true);
  });

  it("is of nobody's browser where it is a draft: whether staff opened it is not told", async () => {
    const draft = { sourceName: "shopify_draft_order" };
    expect((await asked(asShopifyHas(order(draft)))).browser).toMatchObject({ ip: null, otherIp: null });
    expect((await asked(asShopifyHas(order()))).browser).toMatchObject({ ip: null, otherIp: "203.0.113.20" });
  });

  it("keeps its value where Shopify tells the app nothing of customers", async () => {
    const shopify = askedShopify(heldClock());
    shopify.api.books.concealed.customers = true;
    shopify.api.books.enter("orders/create", asShopifyHas(order()));
    const { person, event } = await toldBy(shopify);
    expect(person).toEqual({ ...nobody(), externalId: ["8880001"] });
    expect(event).toMatchObject({ id: "purchase.0123456789abcdef0123456789abcdef", facts: { country: null } });
    expect(event.facts.shop?.total).toBe("64.5");
  });
});

function sameLines({ event }: EventReading): unknown {
  return event.facts.lines.map((line) => ({ ...line, price: "29.0" }));
}
