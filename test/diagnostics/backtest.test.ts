import { describe, expect, it } from "vitest";
import type { Backtest } from "~/diagnostics/backtest";
import { perWeek } from "~/diagnostics/backtest";
import { type BacktestDeps, backtest, backtestDataset, daysKept } from "~/diagnostics/backtest.server";
import { type Facts, noFacts } from "~/events/event";
import type { Question, RuleBase } from "~/events/rules";
import { worth } from "~/pipeline/outgoing.server";
import { connect } from "~/settings/connect.server";
import { policyOf, withPolicy } from "~/settings/settings";
import { openConnection } from "~/store/sqlite/connection.server";
import { order } from "../fixtures/order";
import { DATASET, type TestPipeline, testPipeline } from "../support/pipeline";
import { ordersAnswered } from "../support/settings";

const DAY = 24 * 3_600_000;
const SECOND_DATASET = "2234567890";
const EVERYTHING: Question = { field: "source", is: "none_of", words: ["unknown"] };
const atLeast = (amount: string, currency = "USD"): Question => ({ field: "value", is: "at_least", amount, currency });

function placed(n: number, over: Record<string, unknown> = {}) {
  return order({ id: 7_000_000 + n, checkoutToken: `token${n}`, country: "AU" }, over);
}

function money(total: string, currency = "USD") {
  const both = { amount: total, currency_code: currency };
  return { currency, total_price: total, total_price_set: { shop_money: both, presentment_money: both } };
}

function depsOf({ db, store, shop, clock }: TestPipeline, dataset = DATASET): BacktestDeps {
  return {
    db,
    worth: (facts) => worth({ name: "Purchase", facts }, shop(), policyOf(shop().settings, dataset)),
    productsOf: async (ids) => new Map((await store.productsOf(shop().id, ids)).map((found) => [found.product, found])),
    now: clock.now,
  };
}

/** What the rule would have made of what is there. */
async function tryOut(
  pipeline: TestPipeline,
  when: Question,
  {
    base = "Purchase",
    dataset = null,
    ...deps
  }: { base?: RuleBase; dataset?: string | null } & Partial<BacktestDeps> = {},
): Promise<Backtest> {
  const chosen = backtestDataset(pipeline.shop(), dataset);
  if (chosen === null) throw new Error("no dataset is connected");
  return backtest({ base, when }, chosen, pipeline.shop(), { ...depsOf(pipeline, chosen.dataset), ...deps });
}

/** Puts rows into the table as if they had arrived: `n`th of `count`, the oldest first. */
function fill(
  { path, shop }: TestPipeline,
  count: number,
  rowOf: (n: number) => { name?: string; at: number; facts?: Partial<Facts>; rule?: string; reason?: string },
): void {
  const writer = openConnection(path);
  const { id: shopId, datasets } = shop();
  const rows = Array.from({ length: count }, (_, n) => {
    const { name = "Purchase", at, facts = {}, rule = null, reason = null } = rowOf(n);
    return [name, `filled.${n}`, at, JSON.stringify({ ...noFacts("web"), ...facts }), rule, reason];
  });
  writer.run(
    `INSERT INTO "Event" ("shopId", "datasetId", "name", "eventId", "topic", "actionSource", "eventTime", "receivedAt",
      "outcome", "facts", "rule", "reason")
     SELECT ?2, ?3, value->>0, value->>1, 'orders/create', 'website', value->>2, value->>2, 'accepted', value->>3,
      value->>4, value->>5 FROM json_each(?1)`,
    JSON.stringify(rows),
    shopId,
    datasets[0]?.id ?? 0,
  );
  writer.close();
}

const sum = (total: string, currency = "USD"): Partial<Facts> => ({
  presentment: { currency, subtotal: null, shipping: null, tax: null, shippingTax: null, total },
});

describe("a rule tried on what is known", () => {
  it("finds nothing where nothing is", async () => {
    const pipeline = await testPipeline();
    expect(await tryOut(pipeline, EVERYTHING)).toEqual({
      base: "Purchase",
      dataset: DATASET,
      days: 0,
      rows: 0,
      cut: false,
      yes: 0,
      no: 0,
      cannotTell: 0,
      withheld: 0,
      values: [],
      worthless: 0,
      weeks: [],
    });
    expect(await daysKept(pipeline.db, pipeline.shop(), pipeline.clock.now())).toBe(0);
  });

  it("tells how often and for what value, currency by currency, exactly", async () => {
    const pipeline = await testPipeline();
    await pipeline.webhook("orders/create", placed(1, money("100.10")));
    await pipeline.webhook("orders/create", placed(2, money("200.20")));
    await pipeline.webhook("orders/create", placed(3, money("99.99")));
    await pipeline.webhook("orders/create", placed(4, money("500.00", "EUR")));
    expect(await tryOut(pipeline, atLeast("100"))).toMatchObject({
      rows: 4,
      yes: 2,
      no: 1,
      cannotTell: 1,
      values: [{ currency: "USD", amount: "300.3", count: 2 }],
      worthless: 0,
      weeks: [2],
    });
    expect((await tryOut(pipeline, EVERYTHING)).values).toEqual([
      { currency: "USD", amount: "400.29", count: 3 },
      { currency: "EUR", amount: "500", count: 1 },
    ]);
  });

  it("values events as the dataset does", async () => {
    const pipeline = await testPipeline();
    await pipeline.store.changeSettings(pipeline.shop().id, () =>
      JSON.stringify(withPolicy(pipeline.shop().settings, DATASET, { value: { basis: "subtotal", money: "shop" } })),
    );
    await pipeline.registry.refresh();
    await pipeline.webhook("orders/create", placed(1));
    expect(await tryOut(pipeline, atLeast("60"))).toMatchObject({ yes: 0, no: 1 });
    expect((await tryOut(pipeline, atLeast("50"))).values).toEqual([{ currency: "USD", amount: "58", count: 1 }]);
  });

  it("looks at one dataset's copies only: the one that was connected first, or the one that is named", async () => {
    const pipeline = await testPipeline();
    await pipeline.webhook("orders/create", placed(1));
    pipeline.clock.pass(DAY);
    await pipeline.connect({ dataset: SECOND_DATASET });
    await pipeline.webhook("orders/create", placed(2));
    await pipeline.webhook("orders/create", placed(3));
    expect(await tryOut(pipeline, EVERYTHING)).toMatchObject({ dataset: DATASET, rows: 3, yes: 3 });
    expect(await tryOut(pipeline, EVERYTHING, { dataset: SECOND_DATASET })).toMatchObject({
      dataset: SECOND_DATASET,
      yes: 2,
    });
    expect(await tryOut(pipeline, EVERYTHING, { dataset: "404" })).toMatchObject({ dataset: DATASET });
    await pipeline.store.disconnectDatasets(pipeline.shop().id, DATASET, pipeline.clock.now());
    await pipeline.registry.refresh();
    expect(await tryOut(pipeline, EVERYTHING)).toMatchObject({ dataset: SECOND_DATASET, yes: 2 });
  });

  it("leaves out other shops, test orders, cancelled ones, what could not be read and what rules have made", async () => {
    const pipeline = await testPipeline();
    const { store, keyring, clock, registry, shop } = pipeline;
    const none = { testCode: null, country: null, holdSeconds: 0 };
    await connect(store, keyring, { shop: "other.myshopify.com", dataset: DATASET, token: "t", ...none }, clock.now());
    const rule = { key: "abc", name: "Any order", base: "Purchase" as const, on: true, when: EVERYTHING };
    await store.changeSettings(shop().id, () => JSON.stringify({ ...shop().settings, rules: [rule] }));
    await registry.refresh();
    await pipeline.webhook("orders/create", placed(1));
    await pipeline.webhook("orders/create", placed(2, { test: true }));
    await pipeline.webhook("orders/create", placed(3, { cancelled_at: "2026-11-20T09:59:00Z" }));
    await pipeline.webhook("orders/create", placed(4, { total_price: "free", total_price_set: null }));
    await pipeline.webhook("orders/create", { nothing: "of an order" });
    expect((await pipeline.events()).filter(({ rule: key }) => key === "abc")).toHaveLength(1);
    expect(await tryOut(pipeline, EVERYTHING)).toMatchObject({ rows: 1, yes: 1 });
  });

  it("counts events whose own leg is off: a rule makes its own of them all the same", async () => {
    const pipeline = await testPipeline();
    fill(pipeline, 1, () => ({ at: pipeline.clock.now(), reason: "event_off" }));
    expect(await tryOut(pipeline, EVERYTHING)).toMatchObject({ yes: 1 });
  });

  it("says how many of them consent has kept back", async () => {
    const pipeline = await testPipeline();
    await pipeline.webhook("orders/create", placed(1));
    await pipeline.webhook("orders/create", order({ id: 7_000_002, checkoutToken: "t2", country: "DE" }));
    await pipeline.drain();
    expect(await tryOut(pipeline, EVERYTHING)).toMatchObject({ yes: 2, withheld: 1 });
  });

  it.each(["ViewContent", "AddToCart"] as const)("looks at %s too, and at nothing else then", async (base) => {
    const pipeline = await testPipeline();
    await pipeline.webhook("orders/create", placed(1));
    const lines = [{ product: "101", vendor: "Saltmarsh Pottery", type: "Tableware", quantity: 1, price: 24 }];
    const name = base === "ViewContent" ? "product_viewed" : "product_added_to_cart";
    await pipeline.beacon({ name, data: { currency: "USD", total: 24, lines } });
    const tableware: Question = { field: "type", is: "any_of", words: ["tableware"] };
    expect(await tryOut(pipeline, tableware, { base })).toMatchObject({
      rows: 1,
      yes: 1,
      values: [{ currency: "USD", amount: "24", count: 1 }],
    });
  });

  it("counts what is worth nobody knows what", async () => {
    const pipeline = await testPipeline();
    await pipeline.beacon({ name: "page_viewed" });
    expect(await tryOut(pipeline, EVERYTHING, { base: "PageView" })).toMatchObject({
      yes: 1,
      values: [],
      worthless: 1,
    });
  });
});

describe("what is not known", () => {
  it("is answered by the product table, which is asked once for each product", async () => {
    const pipeline = await testPipeline();
    const ceramic: Question = { field: "tag", is: "any_of", words: ["Ceramic"] };
    await pipeline.webhook("orders/create", placed(1));
    await pipeline.webhook("orders/create", placed(2));
    expect(await tryOut(pipeline, ceramic)).toMatchObject({ yes: 0, no: 0, cannotTell: 2 });
    const { id: shopId } = pipeline.shop();
    const mug = { product: "9001", type: "Tableware", vendor: null, tags: ["ceramic"] };
    await pipeline.store.upsertProducts([{ ...mug, shopId, toldAt: pipeline.clock.now() }]);
    const asked: string[][] = [];
    const productsOf = async (ids: string[]) => {
      asked.push(ids);
      return depsOf(pipeline).productsOf(ids);
    };
    expect(await tryOut(pipeline, ceramic, { productsOf })).toMatchObject({ yes: 2, cannotTell: 0 });
    expect(asked).toEqual([["9001"]]);
    expect(await tryOut(pipeline, EVERYTHING, { productsOf })).toMatchObject({ yes: 2 });
    expect(asked).toHaveLength(1);
  });

  it("is, of first and returning, what Shopify answered when the order left", async () => {
    const pipeline = await testPipeline();
    for (const n of [1, 2, 3]) await pipeline.webhook("orders/create", placed(n));
    const lookups = ordersAnswered({ "7000001": { firstOrder: true }, "7000002": { firstOrder: false } });
    await pipeline.drain({ lookups });
    const first = await tryOut(pipeline, { field: "customer", is: "first" });
    expect(first).toMatchObject({ yes: 1, no: 1, cannotTell: 1 });
    const returning = await tryOut(pipeline, { field: "customer", is: "returning" });
    expect(returning).toMatchObject({ yes: 1, no: 1, cannotTell: 1 });
  });

  it("is not guessed from rows that are damaged", async () => {
    const pipeline = await testPipeline();
    await pipeline.webhook("orders/create", placed(1));
    await pipeline.webhook("orders/create", placed(2));
    await pipeline.db.event.updateMany({ where: { orderId: "7000001" }, data: { facts: "{" } });
    await pipeline.db.event.updateMany({ data: { bytes: "v1.x.y.z" } });
    expect(await tryOut(pipeline, { field: "customer", is: "first" })).toMatchObject({ rows: 1, cannotTell: 1 });
  });
});

describe("how far back it reaches", () => {
  it("is as far as events are known, whatever they are", async () => {
    const pipeline = await testPipeline();
    await pipeline.beacon({ name: "page_viewed" });
    pipeline.clock.pass(10 * DAY);
    await pipeline.webhook("orders/create", placed(1, { created_at: "2026-11-30T10:00:00Z", processed_at: null }));
    expect(await tryOut(pipeline, EVERYTHING)).toMatchObject({ days: 10, yes: 1 });
    expect(await daysKept(pipeline.db, pipeline.shop(), pipeline.clock.now())).toBe(10);
  });

  it("is not before the dataset was connected, and 90 days at the most", async () => {
    const pipeline = await testPipeline();
    const now = pipeline.clock.now();
    fill(pipeline, 4, (n) => ({ at: now - ([200, 91, 89.5, 1][n] ?? 0) * DAY }));
    expect(await tryOut(pipeline, EVERYTHING)).toMatchObject({ days: 89.5, rows: 2 });
    await pipeline.db.dataset.updateMany({ data: { connectedAt: BigInt(now - 300 * DAY) } });
    await pipeline.store.configureDataset(1, { testCode: null, testCodeAt: null, holdSeconds: 0 });
    await pipeline.registry.refresh();
    expect(await tryOut(pipeline, EVERYTHING)).toMatchObject({ days: 90, rows: 2 });
  });

  it("is told week by week, the oldest first, with the weeks without any", async () => {
    const pipeline = await testPipeline();
    const now = pipeline.clock.now();
    const days = [20.9, 8, 7, 6.9, 0, 0];
    fill(pipeline, days.length, (n) => ({ at: now - (days[n] ?? 0) * DAY }));
    expect((await tryOut(pipeline, EVERYTHING)).weeks).toEqual([1, 2, 3]);
    expect((await tryOut(pipeline, atLeast("1"))).weeks).toEqual([]);
  });

  it.each([
    [0, 0, null],
    [5, 6.9, null],
    [7, 7, 7],
    [30, 90, 2],
    [1, 90, 0],
    [0, 30, 0],
  ])("lets a forecast be made of %i in %f days: %j a week", (yes, days, about) => {
    expect(perWeek({ yes, days })).toBe(about);
  });
});

describe("of very many events", () => {
  it("looks at the newest, and says that there are more", async () => {
    const pipeline = await testPipeline();
    const now = pipeline.clock.now();
    fill(pipeline, 3_500, (n) => ({ at: now - (3_500 - n) * 60_000, facts: sum(String(n)) }));
    const found = await tryOut(pipeline, atLeast("2500"), { mostRows: 1_200 });
    expect(found).toMatchObject({ cut: true, rows: 1_200, yes: 1_000, no: 200 });
    expect(found.days).toBeCloseTo(1_200 / 1_440, 5);
    expect(await tryOut(pipeline, EVERYTHING, { mostRows: 3_500 })).toMatchObject({ cut: false, rows: 3_500 });
  });

  it("answers with what it has when a page has waited long enough", async () => {
    const pipeline = await testPipeline();
    const at = pipeline.clock.now();
    fill(pipeline, 3_500, (n) => ({ at: at - n }));
    let calls = 0;
    const now = () => at + 10_000 * calls++;
    expect(await tryOut(pipeline, EVERYTHING, { now })).toMatchObject({ cut: true, rows: 2_000 });
  });

  it("finds the few among the many, and lets others have their turn all the while", async () => {
    const pipeline = await testPipeline();
    const now = pipeline.clock.now();
    // 20,000 page views, an order after every 200th.
    fill(pipeline, 20_000, (n) => ({
      at: now - (20_000 - n) * 60_000,
      name: n % 200 === 0 ? "Purchase" : "PageView",
      facts: n % 200 === 0 ? sum("10.01") : {},
    }));
    let longest = 0;
    let turns = 0;
    let last = performance.now();
    const timer = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
      turns += 1;
    }, 1);
    const rare = await tryOut(pipeline, atLeast("10"));
    const often = await tryOut(pipeline, EVERYTHING, { base: "PageView" });
    clearInterval(timer);
    expect(rare).toMatchObject({ rows: 100, yes: 100, values: [{ currency: "USD", amount: "1001", count: 100 }] });
    expect(often).toMatchObject({ rows: 19_900, yes: 19_900, cut: false });
    // A portion is some 10 ms here; a tenth of a second would be felt by a webhook.
    expect(turns).toBeGreaterThan(20);
    expect(longest).toBeLessThan(500);
  });
});
