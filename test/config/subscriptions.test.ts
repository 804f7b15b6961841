import { readFileSync } from "node:fs";
import { parse } from "smol-toml";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { checkout } from "~/sources/checkout";
import { createdCustomer } from "~/sources/customer";
import { scopesUpdate } from "~/sources/notices";
import { order } from "~/sources/order";
import { product, productId } from "~/sources/product";
import { TOPICS } from "~/sources/topics";

const file = z
  .object({
    access_scopes: z.object({ scopes: z.string() }),
    webhooks: z.object({
      api_version: z.string(),
      subscriptions: z.array(
        z.object({
          topics: z.array(z.string()).default([]),
          compliance_topics: z.array(z.string()).default([]),
          uri: z.string(),
          include_fields: z.array(z.string()).optional(),
        }),
      ),
    }),
  })
  .parse(parse(readFileSync("shopify.app.toml", "utf8")));

const { subscriptions } = file.webhooks;

function fieldsOf(topic: string): string[] {
  return subscriptions.find(({ topics }) => topics.includes(topic))?.include_fields ?? [];
}

describe("shopify.app.toml", () => {
  it("subscribes to every topic of the table and to no other, at the one webhook route", () => {
    const subscribed = subscriptions.flatMap(({ topics, compliance_topics }) => [...topics, ...compliance_topics]);
    expect(subscribed.sort()).toEqual(Object.keys(TOPICS).sort());
    expect(new Set(subscriptions.map(({ uri }) => uri))).toEqual(new Set(["/webhooks"]));
  });

  it.each([
    ["orders/create", Object.keys(order.shape)],
    ["orders/paid", Object.keys(order.shape)],
    ["checkouts/create", Object.keys(checkout.shape)],
    ["checkouts/update", Object.keys(checkout.shape)],
    ["customers/create", Object.keys(createdCustomer.shape)],
    ["products/create", Object.keys(product.shape)],
    ["products/update", Object.keys(product.shape)],
    ["products/delete", Object.keys(productId.shape)],
    ["app/scopes_update", Object.keys(scopesUpdate.shape)],
  ])("asks for exactly the fields that the schema of %s reads", (topic, fields) => {
    expect(fieldsOf(topic).sort()).toEqual([...fields].sort());
  });

  it("asks for no field of an updated order that its schema does not read", () => {
    const read = Object.keys(order.shape);
    expect(fieldsOf("orders/updated").filter((field) => !read.includes(field))).toEqual([]);
  });

  it("reads an updated order that carries only the fields asked for", () => {
    const all: Record<string, unknown> = { id: 1, currency: "USD", total_price: "1.00", checkout_token: "abc" };
    const sent = Object.fromEntries(fieldsOf("orders/updated").map((field) => [field, all[field] ?? null]));
    expect(TOPICS["orders/updated"].read(sent, { country: null, renewalApps: [] })).toMatchObject({ ok: true });
  });
});
