import { describe, expect, it } from "vitest";
import { sha256Hex } from "~/match-keys/hash.server";
import { order } from "../fixtures/order";
import { SHOP } from "../support/pipeline";
import { openFront } from "./open-front";

describe("POST /webhooks", () => {
  it("answers 200 when the order is in the store, and wakes the drain", async () => {
    const front = await openFront();
    const { status, text } = await front.webhook("orders/create", order());
    expect({ status, text }).toEqual({ status: 200, text: "" });
    expect(await front.pipeline.events()).toMatchObject([
      { name: "Purchase", topic: "orders/create", webhookId: "b54557e4-0000-4000-8000-000000000001" },
    ]);
    expect(front.woken()).toBe(1);
    expect(await front.counted("webhooks")).toEqual(["orders/create stored → 1"]);
  });

  it("keeps an order id above 2^53 exact", async () => {
    const front = await openFront();
    const body = JSON.stringify(order({ id: 1 })).replace('"id":1,', '"id":820982911946154508,');
    expect((await front.webhook("orders/create", body)).status).toBe(200);
    expect((await front.pipeline.events()).map(({ orderId }) => orderId)).toEqual(["820982911946154508"]);
  });

  it("answers a repeat with 200 and stores nothing more", async () => {
    const front = await openFront();
    await front.webhook("orders/create", order());
    expect((await front.webhook("orders/create", order())).status).toBe(200);
    expect(await front.pipeline.events()).toHaveLength(1);
  });

  it("keeps a body that fails its schema as rejected with the field's path, and answers 200", async () => {
    const front = await openFront();
    const { status } = await front.webhook("orders/create", order({}, { total_price_set: "a lot" }));
    expect(status).toBe(200);
    expect(await front.pipeline.events()).toMatchObject([{ outcome: "rejected", reason: "total_price_set" }]);
  });

  it("knows a webhook by the hash of what is no plain id: the header is not signed, and anything may stand in it", async () => {
    const front = await openFront();
    const headers = { "x-shopify-webhook-id": "jordan.example@example.com" };
    expect((await front.webhook("orders/create", order(), headers)).status).toBe(200);
    expect(await front.pipeline.events()).toMatchObject([{ webhookId: sha256Hex("jordan.example@example.com") }]);
  });

  it.each([
    "GET",
    "HEAD",
    "PUT",
    "PATCH",
    "DELETE",
    "OPTIONS",
  ])("refuses %s with 405 and says what is allowed", async (method) => {
    const front = await openFront();
    const { status, headers } = await front.send({ method, path: "/webhooks" });
    expect({ status, allow: headers.allow }).toEqual({ status: 405, allow: "POST" });
  });

  it.each([
    ["no topic", { "x-shopify-topic": undefined }, "x-shopify-topic is missing"],
    ["an empty topic", { "x-shopify-topic": "" }, "x-shopify-topic is missing"],
    ["no shop", { "x-shopify-shop-domain": undefined }, "x-shopify-shop-domain is missing or no shop's domain"],
    [
      "a foreign domain",
      { "x-shopify-shop-domain": "shop.example.com" },
      "x-shopify-shop-domain is missing or no shop's domain",
    ],
    [
      "a domain that only ends well",
      { "x-shopify-shop-domain": "evil.example/x.myshopify.com" },
      "x-shopify-shop-domain is missing or no shop's domain",
    ],
    ["no webhook id", { "x-shopify-webhook-id": undefined }, "x-shopify-webhook-id is missing or too long"],
    [
      "an endless webhook id",
      { "x-shopify-webhook-id": "x".repeat(101) },
      "x-shopify-webhook-id is missing or too long",
    ],
  ])("answers %s with 400 and logs why", async (_case, headers, reason) => {
    const front = await openFront();
    expect((await front.webhook("orders/create", order(), headers)).status).toBe(400);
    expect(front.log.map((line) => JSON.parse(line))).toMatchObject([{ msg: "webhook.refused", reason }]);
    expect(await front.counted("webhooks")).toEqual(["refused bad_request → 1"]);
    expect(await front.pipeline.events()).toEqual([]);
  });

  it.each([
    "{",
    "not json at all: jordan.example@example.com",
    '{"id":1}{"id":2}',
    "\u0000",
  ])("answers malformed JSON (%j) with 400", async (body) => {
    const front = await openFront();
    expect((await front.webhook("orders/create", body)).status).toBe(400);
    expect(front.log.map((line) => JSON.parse(line))).toMatchObject([
      { msg: "webhook.refused", reason: "the body is not JSON" },
    ]);
  });

  it.each(["null", "[]", "7", '"order"', "{}"])("keeps a JSON body that is no order (%s) as rejected", async (body) => {
    const front = await openFront();
    expect((await front.webhook("orders/create", body)).status).toBe(200);
    expect(await front.pipeline.events()).toMatchObject([{ outcome: "rejected" }]);
  });

  it("never logs a body, whatever is wrong with it", async () => {
    const front = await openFront();
    const body = JSON.stringify(order());
    await front.webhook("orders/create", body.slice(0, -1));
    await front.webhook("orders/create", body, { "x-shopify-topic": undefined });
    await front.webhook("orders/create", body, { "x-shopify-hmac-sha256": "AAAA" });
    await front.webhook("orders/create", order({}, { total_price_set: null }));
    expect(front.log.join("")).not.toMatch(/jordan|portland|226.?1234|203\.0\.113/i);
    expect(front.log.length).toBeGreaterThan(0);
  });

  it("answers an unknown topic with 200, counted under one word", async () => {
    const front = await openFront();
    expect((await front.webhook("themes/update", { id: 1 })).status).toBe(200);
    expect((await front.webhook("constructor", { id: 1 })).status).toBe(200);
    expect(await front.counted("webhooks")).toEqual(["unknown unknown_topic → 2"]);
    expect(front.woken()).toBe(0);
  });

  it("answers for an unknown shop with 200, counted and not stored", async () => {
    const front = await openFront();
    const headers = { "x-shopify-shop-domain": "nobody-knows.myshopify.com" };
    expect((await front.webhook("orders/create", order(), headers)).status).toBe(200);
    expect(await front.counted("webhooks")).toEqual(["orders/create unknown_shop → 1"]);
    expect(await front.pipeline.events()).toEqual([]);
  });

  it("answers for a shop without a dataset with 200, counted and not stored", async () => {
    const front = await openFront();
    const { pipeline } = front;
    await pipeline.store.disconnectDatasets(pipeline.shop().id, null, pipeline.clock.now());
    await pipeline.registry.refresh();
    expect((await front.webhook("orders/create", order())).status).toBe(200);
    expect(await front.counted("webhooks")).toEqual(["orders/create no_dataset → 1"]);
    expect(await pipeline.events()).toEqual([]);
  });

  it("keeps an uninstall even of a shop without a dataset", async () => {
    const front = await openFront();
    const { pipeline } = front;
    await pipeline.store.disconnectDatasets(pipeline.shop().id, null, pipeline.clock.now());
    await pipeline.registry.refresh();
    expect((await front.webhook("app/uninstalled", { domain: SHOP })).status).toBe(200);
    expect(await pipeline.db.notice.count()).toBe(1);
  });

  it("knows a shop in whatever case its domain is written", async () => {
    const front = await openFront();
    expect(
      (await front.webhook("orders/create", order(), { "x-shopify-shop-domain": SHOP.toUpperCase() })).status,
    ).toBe(200);
    expect(await front.pipeline.events()).toHaveLength(1);
  });

  it.each([
    ["two topics", { "x-shopify-topic": ["orders/create", "orders/paid"] }],
    ["two shops", { "x-shopify-shop-domain": [SHOP, "other.myshopify.com"] }],
    ["two signatures", { "x-shopify-hmac-sha256": ["AAAA", "BBBB"] }],
    ["no instant", { "x-shopify-triggered-at": "yesterday, or so" }],
    ["a topic named like a method", { "x-shopify-topic": "__proto__" }],
  ])("lives through %s", async (_case, headers) => {
    const front = await openFront();
    const { status } = await front.webhook("orders/create", order(), headers);
    expect([200, 400, 401]).toContain(status);
    expect((await front.webhook("orders/create", order())).status).toBe(200);
    expect(await front.pipeline.events()).toHaveLength(1);
  });

  it("ignores a query, and leaves every other path to Remix", async () => {
    const front = await openFront();
    expect((await front.send({ path: "/webhooks?x=1" })).status).toBe(405);
    for (const path of ["/", "/app", "/webhook", "/webhooksx", "/webhooks/orders"]) {
      expect((await front.send({ path })).text).toBe("Remix");
    }
  });
});
