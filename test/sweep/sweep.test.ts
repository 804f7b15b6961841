import { describe, expect, it } from "vitest";
import { lastOrderSweep } from "~/diagnostics/last-sweep.server";
import { receiveWebhook } from "~/pipeline.server";
import { sweepOrders } from "~/sweep/sweep.server";
import { CONSENT_REFUSED } from "../examples/example";
import { REFUSED } from "../fixtures/beacon";
import { shopRedact, uninstalled } from "../fixtures/notices";
import { order } from "../fixtures/order";
import { DAY_MS, later, MINUTE, standing, taken } from "../pipeline/seen";
import { Allowance } from "../simulators/shopify/admin/allowance";
import { SHOP } from "../support/pipeline";
import { policy } from "../support/settings";
import { HOUR_MS, openSweeping, type Sweeping } from "./support";

const TOKEN = "0123456789abcdef0123456789abcdef";
const SECOND_DATASET = "2234567890";
const placed = (over = {}, options = {}) => order({ country: "AU", ...options }, over);
/** The pipeline's dataset is connected at 09:00. */
const EARLIER = { created_at: "2026-11-20T08:59:59Z", processed_at: "2026-11-20T08:59:59Z" };

/** So many orders of different people, a second apart, none of which a webhook told of. */
function sellMany({ sell }: Sweeping, count: number, from = "2026-11-20T09:30:00Z"): void {
  for (let n = 1; n <= count; n += 1) {
    const at = new Date(Date.parse(from) + n * 1_000).toISOString();
    sell(placed({}, { id: 7_000_000 + n, checkoutToken: `token-${n}`, at }));
  }
}

describe("an order whose webhook never came", () => {
  it("reaches Meta as its webhook would have made it, byte for byte but for the browser", async () => {
    const { webhook, drain, meta } = await openSweeping();
    await webhook(
      "orders/create",
      placed({ taxes_included: false, shipping_lines: [], client_details: null, landing_site: null }),
    );
    await drain();
    const sweeping = await openSweeping();
    sweeping.sell(placed());
    expect(await sweeping.sweep()).toMatchObject({ seen: 1, missing: 1, became: { waiting: 1 }, fault: null });
    await sweeping.drain();
    const [byWebhook, bySweep] = [meta, sweeping.meta].map(({ received }) => JSON.stringify(received[0]?.body));
    expect(bySweep).toBe(byWebhook);
    expect((await sweeping.events())[0]).toMatchObject({ topic: "sweep", outcome: "accepted" });
  });

  it("is marked where nothing is known of its browser, and a till's, which has none, is not", async () => {
    const sweeping = await openSweeping();
    sweeping.sell(placed());
    sweeping.sell(placed({ source_name: "pos" }, { id: 7_000_002, checkoutToken: null }));
    await sweeping.sweep();
    await sweeping.drain();
    const marks = (await sweeping.events()).map(({ actionSource, outcome, reason }) => ({
      actionSource,
      outcome,
      reason,
    }));
    expect(marks).toEqual([
      { actionSource: "website", outcome: "accepted", reason: "degraded" },
      { actionSource: "physical_store", outcome: "accepted", reason: null },
    ]);
  });

  it("gets user agent and click id from what the browser told of its checkout", async () => {
    const sweeping = await openSweeping();
    await sweeping.beacon({ name: "checkout_started", checkout_token: TOKEN, fbc: "fb.1.1795168000000.IwAR0Example" });
    sweeping.sell(placed());
    await sweeping.sweep();
    await sweeping.drain();
    const purchase = sweeping.meta.received.find(({ event_name }) => event_name === "Purchase");
    expect(purchase?.body).toMatchObject({
      user_data: { client_user_agent: expect.stringContaining("Macintosh"), fbc: "fb.1.1795168000000.IwAR0Example" },
    });
    expect((await sweeping.events()).find(({ name }) => name === "Purchase")).toMatchObject({ reason: null });
  });

  it("is not sent where its browser refused", async () => {
    const sweeping = await openSweeping();
    await sweeping.beacon({ name: "checkout_started", checkout_token: TOKEN, consent: CONSENT_REFUSED });
    sweeping.sell(placed());
    await sweeping.sweep();
    await sweeping.drain();
    expect(taken(sweeping)).toEqual([]);
  });

  it("is found once, however often it is looked for", async () => {
    const sweeping = await openSweeping();
    sweeping.sell(placed());
    await sweeping.sweep();
    expect(await sweeping.sweep()).toMatchObject({ seen: 1, missing: 0 });
    await sweeping.drain();
    expect(await sweeping.sweep()).toMatchObject({ seen: 1, missing: 0 });
    await sweeping.drain();
    expect(taken(sweeping)).toHaveLength(1);
  });

  it("is left alone for ten minutes: its webhook may be on its way", async () => {
    const sweeping = await openSweeping();
    const at = new Date(sweeping.clock.now() - 9 * MINUTE).toISOString();
    sweeping.sell(placed({}, { at }));
    expect(await sweeping.sweep()).toMatchObject({ seen: 0, missing: 0 });
    sweeping.clock.pass(2 * MINUTE);
    expect(await sweeping.sweep()).toMatchObject({ seen: 1, missing: 1 });
  });

  it("is told as too late where Meta takes it no more, and what it was worth is kept", async () => {
    const sweeping = await openSweeping();
    sweeping.sell(placed());
    sweeping.clock.pass(8 * DAY_MS);
    expect(await sweeping.sweep({ since: 0 })).toMatchObject({ became: { "expired too_late": 1 } });
    await sweeping.drain();
    const [row] = await sweeping.events();
    expect(row).toMatchObject({ outcome: "expired", reason: "too_late", matchKeys: null });
    expect(JSON.parse(row?.facts ?? "").shop.total).toBe("64.5");
    expect(taken(sweeping)).toEqual([]);
  });

  it.each([
    ["a test order", { test: true }, "skipped test_order"],
    ["a cancelled one", { cancelled_at: "2026-11-20T10:05:00Z" }, "skipped cancelled"],
    ["one of an app that nobody knows", { source_name: "1234", checkout_token: null }, "skipped unknown_source"],
    ["one of a till", { source_name: "pos", checkout_token: null }, "accepted"],
    ["a renewal", { source_name: "subscription_contract", checkout_token: null }, "accepted"],
  ])("goes by the sources matrix: %s", async (_what, over, stands) => {
    const sweeping = await openSweeping();
    sweeping.sell(placed(over));
    await sweeping.sweep();
    await sweeping.drain();
    expect(await standing(sweeping)).toEqual([stands]);
  });
});

describe("an order that is there", () => {
  it("is left alone, whatever became of it", async () => {
    const sweeping = await openSweeping();
    const orders = [placed(), placed({ test: true }, { id: 2, checkoutToken: "two" })];
    for (const body of orders) {
      await sweeping.webhook("orders/create", body);
      sweeping.sell({ ...body, test: false });
    }
    await sweeping.drain();
    const before = await sweeping.events();
    expect(await sweeping.sweep()).toMatchObject({ seen: 2, missing: 0, became: {} });
    await sweeping.drain();
    expect(await sweeping.events()).toEqual(before);
  });

  it("is asked for where only its refund is there", async () => {
    const sweeping = await openSweeping();
    await sweeping.webhook("refunds/create", {
      id: 1,
      order_id: 5550001,
      created_at: "2026-11-20T10:05:00Z",
      transactions: [],
    });
    expect(await sweeping.events()).toHaveLength(1);
    sweeping.sell(placed());
    expect(await sweeping.sweep()).toMatchObject({ missing: 1 });
  });

  it("is asked for again where its webhook could not be read", async () => {
    const sweeping = await openSweeping();
    await sweeping.webhook("orders/create", placed({ currency: "gold" }));
    sweeping.sell(placed());
    await sweeping.sweep();
    await sweeping.drain();
    expect(await standing(sweeping)).toEqual(["rejected currency", "accepted degraded"]);
  });

  it.each([
    "the webhook",
    "the sweep",
  ])("has one id where Shopify tells its token by webhook only, and %s comes first", async (first) => {
    const sweeping = await openSweeping();
    sweeping.shopify.api.books.concealed.checkoutTokens = true;
    sweeping.sell(placed());
    const byWebhook = () => sweeping.webhook("orders/create", placed());
    for (const arrive of first === "the webhook" ? [byWebhook, sweeping.sweep] : [sweeping.sweep, byWebhook]) {
      await arrive();
      await sweeping.drain();
    }
    await sweeping.webhook("orders/paid", placed());
    await sweeping.drain();
    expect(taken(sweeping)).toEqual([`Purchase purchase.${TOKEN}`]);
    expect(await sweeping.events()).toHaveLength(1);
  });

  it("is not sent where its token is not told, for its shopper may have refused", async () => {
    const sweeping = await openSweeping();
    sweeping.shopify.api.books.concealed.checkoutTokens = true;
    await sweeping.beacon({ name: "checkout_started", checkout_token: TOKEN, consent: REFUSED });
    sweeping.sell(placed());
    await sweeping.sweep();
    await sweeping.drain();
    expect(taken(sweeping)).toEqual([]);
    expect(await standing(sweeping)).toContain("withheld no_checkout_token");
  });

  it("is absorbed where its webhook comes while it is being asked for", async () => {
    const sweeping = await openSweeping();
    sweeping.sell(placed());
    sweeping.shopify.answerWith((query) => {
      if (query.includes("MissingOrders")) void sweeping.webhook("orders/create", placed());
      return undefined;
    });
    await sweeping.sweep();
    await sweeping.drain();
    expect(taken(sweeping)).toHaveLength(1);
    expect(await sweeping.events()).toHaveLength(1);
  });
});

describe("of two datasets", () => {
  it("only the one that lacks an order hears of it, under the id that the other knows it by", async () => {
    const sweeping = await openSweeping();
    await sweeping.webhook("orders/create", placed());
    await sweeping.drain();
    await sweeping.connect({ dataset: SECOND_DATASET, token: "EAAsecond", at: sweeping.clock.now() - 2 * HOUR_MS });
    sweeping.shopify.api.books.concealed.checkoutTokens = true;
    sweeping.sell(placed());
    expect(await sweeping.sweep()).toMatchObject({ missing: 1, became: { waiting: 1 } });
    await sweeping.drain();
    expect((await sweeping.events()).map(({ datasetId, eventId, topic }) => [datasetId, eventId, topic])).toEqual([
      [1, `purchase.${TOKEN}`, "orders/create"],
      [2, `purchase.${TOKEN}`, "sweep"],
    ]);
    expect(taken(sweeping)).toHaveLength(2);
  });

  it("each goes by its own connection", async () => {
    const sweeping = await openSweeping();
    await sweeping.connect({ dataset: SECOND_DATASET, token: "EAAsecond" });
    sweeping.sell(placed());
    await sweeping.sweep();
    await sweeping.drain();
    expect(await standing(sweeping)).toEqual(["accepted degraded", "skipped before_connection"]);
  });
});

describe("an order whose payment no webhook told of", () => {
  const PENDING = { financial_status: "pending" };
  const PAID_AT = "2026-11-20T10:05:00Z";
  const PAID = { financial_status: "paid", updated_at: PAID_AT };

  async function unpaid(): Promise<Sweeping> {
    const sweeping = await openSweeping();
    await policy(sweeping, { trigger: "payment" });
    await sweeping.webhook("orders/create", placed(PENDING));
    sweeping.sell(placed(PENDING));
    return sweeping;
  }

  it("waits as long as it is not paid, and is not found again and again", async () => {
    const sweeping = await unpaid();
    expect(await sweeping.sweep()).toMatchObject({ seen: 1, missing: 0 });
    await sweeping.drain();
    expect(await standing(sweeping)).toEqual(["waiting"]);
  });

  it.each([
    0, 5,
  ])("leaves once, under its own id and dated by the payment, %i days after it was placed", async (days) => {
    const sweeping = await unpaid();
    const [waiting] = await sweeping.events();
    sweeping.clock.pass(days * DAY_MS);
    const paidAt = new Date(Date.parse(PAID_AT) + days * DAY_MS);
    sweeping.sell(placed({ ...PAID, updated_at: paidAt.toISOString() }));
    expect(await sweeping.sweep()).toMatchObject({ missing: 1, fault: null });
    await sweeping.drain();
    expect(await standing(sweeping)).toEqual(["accepted"]);
    expect(taken(sweeping)).toEqual([`Purchase ${waiting?.eventId}`]);
    expect((await sweeping.events())[0]).toMatchObject({ eventTime: BigInt(paidAt.getTime()), topic: "orders/create" });
    expect(await sweeping.sweep()).toMatchObject({ missing: 0 });
    await sweeping.webhook("orders/paid", placed(PAID));
    await sweeping.drain();
    expect(taken(sweeping)).toHaveLength(1);
  });

  it("is asked about without its goods and its customer, many at once", async () => {
    const sweeping = await unpaid();
    sweeping.clock.pass(5 * DAY_MS);
    await sweeping.sweep();
    const asked = sweeping.shopify.api.records.map(({ operation, answer }) => {
      const { data } = answer as { data: Record<string, unknown> };
      return [operation, operation === "nodes" ? data.nodes : null];
    });
    const order = { id: expect.any(String), displayFinancialStatus: "PENDING" };
    expect(asked).toEqual([
      ["orders", null],
      ["nodes", [order]],
    ]);
  });
});

describe("an order from before the connection", () => {
  it.each([
    ["paid", {}],
    ["not paid yet", { financial_status: "pending" }],
  ])("is never sent, and nothing of the person is kept: %s", async (_what, over) => {
    const sweeping = await openSweeping();
    await policy(sweeping, { trigger: "payment" });
    sweeping.sell(placed({ ...EARLIER, ...over }));
    await sweeping.sweep();
    await sweeping.drain();
    expect(await standing(sweeping)).toEqual(["skipped before_connection"]);
    expect((await sweeping.events())[0]).toMatchObject({ matchKeys: null, browser: null });
    expect(taken(sweeping)).toEqual([]);
  });

  it("is no second Purchase after uninstalling, erasing the shop and installing anew", async () => {
    const sweeping = await openSweeping();
    const { store, registry, clock } = sweeping;
    const notice = async (topic: string, body: unknown) => {
      clock.pass(MINUTE);
      const webhook = { topic, shop: SHOP, body, webhookId: topic, triggeredAt: clock.now() };
      await receiveWebhook(webhook, { store, registry, now: clock.now });
      await sweeping.notices();
    };
    sweeping.sell(placed());
    await sweeping.webhook("orders/create", placed());
    await sweeping.drain();
    expect(taken(sweeping)).toHaveLength(1);

    await notice("app/uninstalled", uninstalled);
    clock.pass(2 * DAY_MS);
    await notice("shop/redact", shopRedact);
    expect(await sweeping.events()).toEqual([]);
    await sweeping.connect();
    clock.pass(HOUR_MS);
    expect(await sweeping.sweep()).toMatchObject({ missing: 1, became: { "skipped before_connection": 1 } });
    await later(sweeping, HOUR_MS);
    expect(taken(sweeping)).toHaveLength(1);
    expect(await sweeping.sweep()).toMatchObject({ missing: 0 });
  });
});

describe("a sweep", () => {
  it("goes through all pages, and asks for whole orders only where some are missing", async () => {
    const sweeping = await openSweeping();
    sellMany(sweeping, 601);
    expect(await sweeping.sweep()).toMatchObject({ seen: 601, missing: 601, fault: null });
    expect(await sweeping.sweep()).toMatchObject({ seen: 601, missing: 0 });
    const asked = sweeping.shopify.api.records.map(({ operation }) => operation);
    expect(asked.slice(-3)).toEqual(["orders", "orders", "orders"]);
    expect(asked.filter((operation) => operation === "nodes")).toHaveLength(77);
    await sweeping.drain();
    expect(new Set(taken(sweeping)).size).toBe(601);
  });

  it("asks for nothing that costs more than Shopify allows", async () => {
    const sweeping = await openSweeping();
    const [line] = order().line_items as object[];
    sweeping.sell(placed({ line_items: Array(11).fill(line) }));
    await sweeping.sweep();
    const costs = sweeping.shopify.api.records.map(({ operation, answer }) => {
      const { extensions } = answer as { extensions: { cost: { requestedQueryCost: number } } };
      return [operation, extensions.cost.requestedQueryCost];
    });
    expect(costs).toEqual([
      ["orders", 253],
      ["nodes", 116],
      ["order", 704],
    ]);
  });

  it("goes as slowly as Shopify's allowance wants it, and leaves some of it to others", async () => {
    const sweeping = await openSweeping();
    const allowance = new Allowance(2_000, 100, sweeping.clock.now);
    sweeping.shopify.api.allowance = allowance;
    sellMany(sweeping, 40);
    expect(await sweeping.sweep()).toMatchObject({ seen: 40, missing: 40, fault: null });
    expect(sweeping.waited.length).toBeGreaterThan(2);
    const throttled = sweeping.shopify.api.records.filter(({ answer }) => JSON.stringify(answer).includes("THROTTLED"));
    expect(throttled).toEqual([]);
    expect(allowance.left).toBeGreaterThan(500);
  });

  it("waits and asks again where others have used the allowance up", async () => {
    const sweeping = await openSweeping();
    sweeping.sell(placed());
    sweeping.shopify.api.weather.fail(3, "throttled");
    expect(await sweeping.sweep()).toMatchObject({ missing: 1, fault: null });
    expect(sweeping.waited).toEqual([15_000, 15_000, 15_000]);
  });

  it("gives up in words where Shopify wants it slower for ever", async () => {
    const sweeping = await openSweeping();
    sweeping.sell(placed());
    sweeping.shopify.api.weather.fail(100, "throttled");
    expect(await sweeping.sweep()).toMatchObject({ seen: 0, fault: "Shopify refused: Throttled" });
    expect(sweeping.waited).toHaveLength(7);
  });

  it("asks again where it had no answer", async () => {
    const sweeping = await openSweeping();
    sellMany(sweeping, 3);
    sweeping.shopify.api.weather.fail(2, "status 500");
    expect(await sweeping.sweep()).toMatchObject({ missing: 3, fault: null });
    expect(sweeping.waited).toEqual([1_000, 2_000]);
  });

  it("gives up in words where it has no answer five times", async () => {
    const sweeping = await openSweeping();
    sweeping.shopify.api.weather.fail(5, "status 500");
    expect(await sweeping.sweep()).toMatchObject({ seen: 0, fault: "Shopify answered 500." });
    expect(sweeping.waited).toEqual([1_000, 2_000, 4_000, 8_000]);
  });

  it("does not take a list for whole that goes on without saying where", async () => {
    const sweeping = await openSweeping();
    sellMany(sweeping, 2);
    sweeping.shopify.answerWith((query) => {
      if (!query.includes("OrdersOfSpan")) return undefined;
      const [body] = sweeping.shopify.api.records.slice(-1).map(({ answer }) => answer);
      const told = JSON.parse(JSON.stringify(body));
      told.data.orders.pageInfo = { hasNextPage: true, endCursor: null };
      return told;
    });
    expect(await sweeping.sweep()).toMatchObject({
      seen: 0,
      fault: "Shopify's list of orders goes on, and does not say where.",
    });
  });

  it("does not ask for ever for the lines of an order that go on without saying where", async () => {
    const sweeping = await openSweeping();
    sweeping.sell(placed());
    sweeping.shopify.answerWith((query) => {
      if (!query.includes("MissingOrders")) return undefined;
      const [body] = sweeping.shopify.api.records.slice(-1).map(({ answer }) => answer);
      const told = JSON.parse(JSON.stringify(body));
      told.data.nodes[0].lineItems.pageInfo = { hasNextPage: true, endCursor: null };
      return told;
    });
    expect(await sweeping.sweep()).toMatchObject({ unreadable: 1, became: { "rejected lineItems": 1 } });
  });

  it("keeps what it found until Shopify failed, and finds the rest the next time", async () => {
    const sweeping = await openSweeping();
    sellMany(sweeping, 20);
    let answers = 0;
    sweeping.shopify.answerWith(() => {
      answers += 1;
      if (answers >= 3 && answers < 8) throw new Response(null, { status: 502 });
      return undefined;
    });
    expect(await sweeping.sweep()).toMatchObject({
      missing: 20,
      became: { waiting: 8 },
      fault: "Shopify answered 502.",
    });
    expect(await sweeping.sweep()).toMatchObject({ missing: 12, became: { waiting: 12 }, fault: null });
    await sweeping.drain();
    expect(new Set(taken(sweeping)).size).toBe(20);
  });

  it("says which orders it cannot read, and is not kept from the others by them", async () => {
    const sweeping = await openSweeping();
    sellMany(sweeping, 3);
    const spoiled = (text: string) => text.replace('"currencyCode":"USD","taxes', '"currencyCode":"gold","taxes');
    sweeping.shopify.answerWith((query) => {
      if (!query.includes("MissingOrders")) return undefined;
      const [body] = sweeping.shopify.api.records.slice(-1).map(({ answer }) => answer);
      const told = JSON.parse(spoiled(JSON.stringify(body)));
      told.data.nodes[1].lineItems = null;
      return told;
    });
    expect(await sweeping.sweep()).toMatchObject({
      missing: 3,
      unreadable: 2,
      became: { waiting: 1, "rejected currency": 1, "rejected lineItems": 1 },
    });
    expect(await sweeping.sweep()).toMatchObject({ missing: 2, unreadable: 2 });
    await sweeping.drain();
    expect((await standing(sweeping)).sort()).toEqual(["accepted degraded", "rejected currency", "rejected lineItems"]);
    sweeping.shopify.answerWith(() => undefined);
    expect(await sweeping.sweep()).toMatchObject({ missing: 2, unreadable: 0 });
    await sweeping.drain();
    expect(new Set(taken(sweeping)).size).toBe(3);
  });

  it("does not run twice at once, unless the one before it was killed", async () => {
    const sweeping = await openSweeping();
    const { store, deps, clock } = sweeping;
    const shopId = sweeping.shop().id;
    const span = { since: 0, until: clock.now() };
    expect(
      await store.holdOrderSweep({ shopId, lease: "another", leaseNow: clock.now(), until: clock.now() + 5 }),
    ).toBe(true);
    expect(await sweepOrders(sweeping.shop(), span, "mine", deps)).toBeNull();
    expect(sweeping.shopify.api.records).toEqual([]);
    clock.pass(5);
    expect(await sweepOrders(sweeping.shop(), span, "mine", deps)).toMatchObject({ fault: null });
    expect(await sweepOrders(sweeping.shop(), span, "the next", deps)).toMatchObject({ fault: null });
  });

  it("ends when the app is uninstalled", async () => {
    const sweeping = await openSweeping();
    const { store, clock } = sweeping;
    sellMany(sweeping, 9);
    const { id } = sweeping.shop();
    sweeping.shopify.answerWith((query) => {
      if (query.includes("MissingOrders")) void store.uninstallShop(id, SHOP, clock.now(), clock.now());
      return undefined;
    });
    expect(await sweeping.sweep()).toMatchObject({ fault: "The app was uninstalled, or another sweep began." });
    expect(sweeping.shopify.api.records).toHaveLength(2);
  });

  it("is written down for the screen: what it saw, what was missing, why it failed, when one last got through", async () => {
    const sweeping = await openSweeping();
    const { id } = sweeping.shop();
    expect(await lastOrderSweep(sweeping.db, id)).toBeNull();
    sweeping.sell(placed());
    const whole = await sweeping.sweep();
    const { became: _became, ...record } = whole;
    expect(await lastOrderSweep(sweeping.db, id)).toEqual({ ...record, wholeAt: whole.endedAt });
    sweeping.clock.pass(HOUR_MS);
    sweeping.shopify.api.weather.fail(5, "status 500");
    await sweeping.sweep();
    expect(await lastOrderSweep(sweeping.db, id)).toMatchObject({
      seen: 0,
      fault: "Shopify answered 500.",
      endedAt: sweeping.clock.now(),
      wholeAt: whole.endedAt,
    });
  });
});
