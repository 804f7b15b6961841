import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { requestBody } from "~/delivery/graph.server";
import type { DeliveryFilter, DeliveryLine } from "~/diagnostics/deliveries";
import { DELIVERIES_PER_PAGE, deliveriesOf, deliveryOf } from "~/diagnostics/deliveries.server";
import { receiveWebhook } from "~/pipeline.server";
import { connect } from "~/settings/connect.server";
import type { Shop } from "~/settings/registry.server";
import { CHECKOUT_TOKEN, checkoutCompleted } from "../fixtures/beacon";
import { order } from "../fixtures/order";
import { later, MINUTE } from "../pipeline/seen";
import { DATASET, type TestPipeline, testPipeline } from "../support/pipeline";

const OTHER = "other-shop.myshopify.com";
const SECOND_DATASET = "2234567890";
const ALL: DeliveryFilter = { event: null, outcome: null, dataset: null, search: null, before: null };
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

function placed(n: number, over: Record<string, unknown> = {}) {
  return order({ id: 6_000_000 + n, checkoutToken: `token${n}`, country: "AU" }, over);
}

/** Another shop that has a dataset of the same number. */
async function openOther({ store, keyring, clock, registry }: TestPipeline): Promise<Shop> {
  const none = { testCode: null, country: null, holdSeconds: 0 };
  await connect(store, keyring, { shop: OTHER, dataset: DATASET, token: "EAAother", ...none }, clock.now());
  await registry.refresh();
  const shop = registry.shop(OTHER);
  if (shop === undefined) throw new Error("the other shop is not there");
  return shop;
}

async function placeAtOther({ store, registry, clock }: TestPipeline, n: number): Promise<void> {
  const message = { topic: "orders/create", shop: OTHER, body: placed(n), webhookId: `other-${n}`, triggeredAt: null };
  await receiveWebhook(message, { store, registry, now: clock.now });
}

/** Page by page to the last; `between` happens after each. */
async function walk(
  { db, shop }: TestPipeline,
  filter: DeliveryFilter = ALL,
  between: () => Promise<unknown> = async () => undefined,
): Promise<DeliveryLine[]> {
  const lines: DeliveryLine[] = [];
  for (let before = filter.before; ; ) {
    const page = await deliveriesOf(db, shop(), { ...filter, before });
    expect(page.lines.length).toBeLessThanOrEqual(DELIVERIES_PER_PAGE);
    lines.push(...page.lines);
    await between();
    if (page.next === null) return lines;
    before = page.next;
  }
}

/** The one delivery there is, or the one of this event. */
async function detail(pipeline: TestPipeline, eventId?: string) {
  const { db, shop } = pipeline;
  const row = await db.event.findFirstOrThrow({ where: eventId === undefined ? {} : { eventId } });
  const delivery = await deliveryOf(db, shop(), row.id);
  if (delivery === null) throw new Error(`there is no delivery ${row.id}`);
  return delivery;
}

describe("the list of deliveries", () => {
  it("is empty for a shop of which nothing is known", async () => {
    const { db, shop } = await testPipeline();
    expect(await deliveriesOf(db, shop(), ALL)).toEqual({ lines: [], next: null });
  });

  it("has one line per event and dataset, newest first, with where it stands and why", async () => {
    const pipeline = await testPipeline();
    await pipeline.connect({ dataset: SECOND_DATASET });
    await pipeline.webhook("orders/create", placed(1));
    await pipeline.webhook("orders/create", placed(2, { test: true }));
    pipeline.meta.weather.script([{ kind: "error", code: 100, dataset: SECOND_DATASET }]);
    await pipeline.drain();
    const { lines, next } = await deliveriesOf(pipeline.db, pipeline.shop(), ALL);
    const skipped = { event: "Purchase", eventId: "purchase.token2", outcome: "skipped", reason: "test_order" };
    expect(lines).toMatchObject([
      { ...skipped, dataset: SECOND_DATASET },
      { ...skipped, dataset: DATASET },
      { eventId: "purchase.token1", dataset: SECOND_DATASET, outcome: "rejected", reason: "meta_100" },
      { eventId: "purchase.token1", dataset: DATASET, outcome: "accepted", reason: null, orderId: "6000001" },
    ]);
    expect(lines.map(({ eventTime }) => eventTime)).toEqual(Array(4).fill(Date.parse("2026-11-20T09:58:00Z")));
    expect(next).toBeNull();
  });

  it("says of each what the pixel told of the browser's copy, for that dataset and event alone", async () => {
    const pipeline = await testPipeline();
    await pipeline.webhook("orders/create", placed(1));
    await pipeline.webhook("orders/create", placed(2));
    await pipeline.beacon({ ...checkoutCompleted, checkout_token: "token1", tr: "threw" });
    await pipeline.beacon({ ...checkoutCompleted, checkout_token: "token3", tr: "unknown" });
    await pipeline.connect({ dataset: SECOND_DATASET });
    await pipeline.webhook("orders/create", placed(3));
    await pipeline.beacon({ name: "checkout_started", checkout_token: "token2", tr: "resolved" });
    const { lines } = await deliveriesOf(pipeline.db, pipeline.shop(), { ...ALL, event: "Purchase" });
    expect(lines.map(({ eventId, dataset, browserCopy }) => `${eventId} ${dataset} ${browserCopy}`)).toEqual([
      `purchase.token3 ${SECOND_DATASET} null`,
      `purchase.token3 ${DATASET} unknown`,
      `purchase.token2 ${DATASET} null`,
      `purchase.token1 ${DATASET} threw`,
    ]);
    const started = await deliveriesOf(pipeline.db, pipeline.shop(), { ...ALL, event: "InitiateCheckout" });
    expect(started.lines.map(({ browserCopy }) => browserCopy)).toEqual(["resolved", "resolved"]);
  });

  it("still names a dataset that was disconnected since", async () => {
    const pipeline = await testPipeline();
    await pipeline.webhook("orders/create", placed(1));
    await pipeline.store.disconnectDatasets(pipeline.shop().id, null, pipeline.clock.now());
    await pipeline.drain();
    const { lines } = await deliveriesOf(pipeline.db, pipeline.shop(), ALL);
    expect(lines).toMatchObject([{ dataset: DATASET, outcome: "withheld", reason: "disconnected" }]);
  });
});

describe("a rare event among very many", () => {
  it("is looked for so far and no further, and the page says where to look on", async () => {
    const pipeline = await testPipeline();
    const { db, shop } = pipeline;
    await pipeline.webhook("orders/create", placed(1));
    await pipeline.beacon({ name: "page_viewed" });
    await pipeline.beacon({ name: "page_viewed", id: "sh-page-2" });
    const rare = { ...ALL, event: "Purchase" };
    const first = await deliveriesOf(db, shop(), rare, 2);
    expect(first.lines).toEqual([]);
    const second = await deliveriesOf(db, shop(), { ...rare, before: first.next }, 2);
    expect(second.lines.map(({ event }) => event)).toEqual(["Purchase"]);
    expect(second.next).toBeNull();
  });
});

describe("the match keys of a delivery", () => {
  it("are told with where each came from, how it is written, and whether the browser's copy had it", async () => {
    const pipeline = await testPipeline();
    const em = sha256("shopper@example.com");
    const user_data = { em: [em] };
    await pipeline.beacon({ ...checkoutCompleted, data: { currency: "USD", total: 64.5 }, user_data });
    await pipeline.webhook("orders/create", order({ country: "AU" }));
    await pipeline.drain();
    const { keys } = await detail(pipeline, `purchase.${CHECKOUT_TOKEN}`);
    const told = Object.fromEntries((keys ?? []).map((one) => [one.key, `${one.origin} ${one.onBrowser}`]));
    expect(told).toMatchObject({ em: "o true", ph: "o false", fbp: "c true" });
    expect(keys?.find(({ key }) => key === "em")).toMatchObject({
      label: "Email",
      rule: expect.stringMatching(/Then SHA-256\.$/),
    });
    expect(keys?.map(({ key }) => key)).not.toContain("db");
  });

  it("are not known of what was never sent, and of the browser's copy where it said nothing", async () => {
    const pipeline = await testPipeline();
    await pipeline.webhook("orders/create", placed(1, { test: true }));
    await pipeline.webhook("orders/create", placed(2));
    await pipeline.drain();
    expect((await detail(pipeline, "purchase.token1")).keys).toBeNull();
    const { keys } = await detail(pipeline, "purchase.token2");
    expect(new Set(keys?.map(({ onBrowser }) => onBrowser))).toEqual(new Set([null]));
  });
});

describe("the pages of the list", () => {
  it.each([
    0,
    1,
    DELIVERIES_PER_PAGE - 1,
    DELIVERIES_PER_PAGE,
    DELIVERIES_PER_PAGE + 1,
    2 * DELIVERIES_PER_PAGE,
  ])("hold each of %i deliveries once, and the last page knows that it is the last", async (count) => {
    const pipeline = await testPipeline();
    for (let n = 0; n < count; n += 1) await pipeline.webhook("orders/create", placed(n));
    let pages = 0;
    const lines = await walk(pipeline, ALL, async () => {
      pages += 1;
    });
    expect(lines.map(({ id }) => id)).toEqual((await pipeline.events()).map(({ id }) => id).reverse());
    expect(pages).toBe(Math.max(1, Math.ceil(count / DELIVERIES_PER_PAGE)));
  });

  it("hold every one once although new ones come, and old ones end, while somebody reads", async () => {
    const pipeline = await testPipeline();
    for (let n = 0; n < 60; n += 1) await pipeline.webhook("orders/create", placed(n));
    const there = (await pipeline.events()).map(({ id }) => id);
    let n = 100;
    const lines = await walk(pipeline, ALL, async () => {
      for (let more = 0; more < 10; more += 1) {
        n += 1;
        await pipeline.webhook("orders/create", placed(n));
      }
      await pipeline.drain();
    });
    expect(lines.map(({ id }) => id)).toEqual(there.reverse());
  });

  it("hold every one of a filter once", async () => {
    const pipeline = await testPipeline();
    for (let n = 0; n < 70; n += 1)
      await pipeline.webhook("orders/create", placed(n, n % 2 === 0 ? { test: true } : {}));
    await pipeline.drain();
    const lines = await walk(pipeline, { ...ALL, outcome: "skipped" });
    expect(lines).toHaveLength(35);
    expect(new Set(lines.map(({ id }) => id)).size).toBe(35);
    expect(new Set(lines.map(({ outcome }) => outcome))).toEqual(new Set(["skipped"]));
  });
});

describe("the filters of the list", () => {
  /** Deliveries of two events, three outcomes and two datasets. */
  async function openVaried(): Promise<TestPipeline> {
    const pipeline = await testPipeline({ holdSeconds: 60 });
    await pipeline.connect({ dataset: SECOND_DATASET, holdSeconds: 0 });
    for (const n of [1, 2]) {
      await pipeline.webhook("orders/create", placed(n));
      await pipeline.webhook("orders/create", placed(n + 10, { test: true }));
      await pipeline.beacon({ name: "checkout_started", checkout_token: `token${n}` });
      await pipeline.beacon({ name: "product_viewed", id: `sh-${n}` });
    }
    await pipeline.webhook("orders/create", placed(3));
    await pipeline.drain();
    return pipeline;
  }

  it("combine: what is shown fits all of them, and all that fits is shown", async () => {
    const pipeline = await openVaried();
    const { db, shop } = pipeline;
    const numbers = new Map(shop().datasets.map(({ id, dataset }) => [id, dataset]));
    const rows = (await pipeline.events()).reverse();
    const outcomes = new Set(rows.map(({ outcome }) => outcome));
    expect([...outcomes].sort()).toEqual(["accepted", "skipped", "waiting"]);
    let shown = 0;
    for (const event of [null, "Purchase", "ViewContent", "Nothing"]) {
      for (const outcome of [null, "waiting", "accepted", "skipped", "dead"] as const) {
        for (const dataset of [null, DATASET, SECOND_DATASET]) {
          for (const search of [null, "6000001", "purchase.token2", "token1", "sh-1"]) {
            for (const before of [null, rows[4]?.id ?? 0]) {
              const { lines } = await deliveriesOf(db, shop(), { event, outcome, dataset, search, before });
              const fitting = rows.filter(
                (row) =>
                  (event === null || row.name === event) &&
                  (outcome === null || row.outcome === outcome) &&
                  (dataset === null || numbers.get(row.datasetId) === dataset) &&
                  (search === null || [row.orderId, row.eventId, row.checkoutToken].includes(search)) &&
                  (before === null || row.id < before),
              );
              expect(lines.map(({ id }) => id)).toEqual(fitting.map(({ id }) => id).slice(0, DELIVERIES_PER_PAGE));
              shown += lines.length;
            }
          }
        }
      }
    }
    expect(shown).toBeGreaterThan(100);
  });

  it("find nothing for a dataset that the shop does not have", async () => {
    const { db, shop } = await openVaried();
    expect(await deliveriesOf(db, shop(), { ...ALL, dataset: "555" })).toEqual({ lines: [], next: null });
  });

  it.each([
    "",
    "%",
    "600000",
    "PURCHASE.TOKEN1",
    "' OR 1=1 --",
    "\u0000",
  ])("search for the whole word as it is written: %j finds nothing", async (search) => {
    const { db, shop } = await openVaried();
    expect((await deliveriesOf(db, shop(), { ...ALL, search })).lines).toEqual([]);
  });

  it("find a test event by its id", async () => {
    const { db, shop, ...pipeline } = await openVaried();
    const [row] = await pipeline.events();
    await db.event.update({ where: { id: row?.id ?? 0 }, data: { eventId: "test.01JCZ0000000000000000000AB" } });
    const found = await deliveriesOf(db, shop(), { ...ALL, search: "test.01JCZ0000000000000000000AB" });
    expect(found.lines.map(({ id }) => id)).toEqual([row?.id]);
  });
});

describe("another shop's deliveries", () => {
  it("are never seen: not in the list, by no filter, and not by their number", async () => {
    const pipeline = await testPipeline();
    const other = await openOther(pipeline);
    const { db, shop } = pipeline;
    await pipeline.webhook("orders/create", placed(1));
    for (const n of [1, 2, 3]) await placeAtOther(pipeline, n);
    await pipeline.drain();
    const theirs = await db.event.findMany({ where: { shopId: other.id } });
    expect(theirs).toHaveLength(3);
    const filters: Partial<DeliveryFilter>[] = [
      {},
      { dataset: DATASET },
      { event: "Purchase" },
      { outcome: "accepted" },
      { search: "6000001" },
      { search: "token1" },
      { search: "purchase.token1" },
      { before: 1_000_000 },
      { dataset: DATASET, event: "Purchase", outcome: "accepted", search: "6000001", before: 1_000_000 },
    ];
    for (const filter of filters) {
      const { lines } = await deliveriesOf(db, shop(), { ...ALL, ...filter });
      expect(lines.map(({ eventId }) => eventId)).toEqual(["purchase.token1"]);
      expect(theirs.map(({ id }) => id)).not.toContain(lines[0]?.id);
    }
    for (const search of ["6000002", "token3", "purchase.token3"]) {
      expect((await deliveriesOf(db, shop(), { ...ALL, search })).lines).toEqual([]);
    }
    for (const { id } of theirs) {
      expect(await deliveryOf(db, shop(), id)).toBeNull();
      expect(await deliveryOf(db, other, id)).not.toBeNull();
    }
  });

  it("do not lend what the pixel said of them", async () => {
    const pipeline = await testPipeline();
    const other = await openOther(pipeline);
    await placeAtOther(pipeline, 1);
    await pipeline.beacon({ ...checkoutCompleted, checkout_token: "token1" });
    expect((await deliveriesOf(pipeline.db, other, ALL)).lines).toMatchObject([{ browserCopy: null }]);
  });
});

describe("one delivery", () => {
  it.each([0, -1, 999_999, 2 ** 31, Number.MAX_SAFE_INTEGER])("that is not there is null: %i", async (id) => {
    const { db, shop } = await testPipeline();
    expect(await deliveryOf(db, shop(), id)).toBeNull();
  });

  it("shows the bytes as they were sent, the digest of them, Meta's answer and the consent that was decided", async () => {
    const pipeline = await testPipeline();
    await pipeline.webhook("orders/create", order({ country: "AU" }));
    await pipeline.beacon({ ...checkoutCompleted, tr: "resolved" });
    await pipeline.drain();
    const delivery = await detail(pipeline, `purchase.${CHECKOUT_TOKEN}`);
    const [request] = pipeline.meta.requests;
    expect(request?.body).toBe(requestBody([String(delivery.sent)], null));
    expect(delivery.sentHash).toBe(sha256(delivery.sent ?? ""));
    expect(delivery).toMatchObject({
      event: "Purchase",
      dataset: DATASET,
      outcome: "accepted",
      reason: null,
      topic: "orders/create",
      browserCopy: "resolved",
      orderId: "5550001",
      receivedAt: pipeline.clock.now(),
      settledAt: pipeline.clock.now(),
      runAt: null,
    });
    expect(delivery.attempts).toMatchObject([
      { at: pipeline.clock.now(), events: 1, status: 200, verdict: "accepted" },
    ]);
    expect(JSON.parse(delivery.attempts[0]?.answer ?? "")).toMatchObject({ events_received: 1 });
    expect(JSON.parse(delivery.consent ?? "")).toMatchObject({
      ruling: expect.any(String),
      policy: "2.0",
      source: "web",
      at: expect.any(Number),
    });
  });

  it("shows the bytes of its own event where many travelled together", async () => {
    const pipeline = await testPipeline();
    for (const n of [1, 2, 3]) await pipeline.webhook("orders/create", placed(n));
    await pipeline.drain();
    const deliveries = [];
    for (const { id } of await pipeline.events()) deliveries.push(await deliveryOf(pipeline.db, pipeline.shop(), id));
    expect(pipeline.meta.requests.map(({ body }) => body)).toEqual([
      requestBody(
        deliveries.map((delivery) => String(delivery?.sent)),
        null,
      ),
    ]);
    for (const delivery of deliveries) {
      expect(JSON.parse(delivery?.sent ?? "").event_id).toBe(delivery?.eventId);
      expect(delivery?.attempts).toMatchObject([{ events: 3 }]);
    }
  });

  it("keeps what is beyond ASCII byte for byte", async () => {
    const pipeline = await testPipeline();
    await pipeline.beacon({ name: "search_submitted", id: "sh-9", data: { search: "Größe „M“ 👕 \u2028 日本" } });
    await pipeline.drain();
    const { sent } = await detail(pipeline, "sh-9");
    expect(pipeline.meta.requests[0]?.body).toBe(requestBody([String(sent)], null));
    expect(sent).toContain("👕");
  });

  it("tells every request it travelled in, oldest first, and when it is tried next", async () => {
    const pipeline = await testPipeline();
    pipeline.meta.weather.script([{ kind: "status", status: 502, body: "html" }, { kind: "cut" }]);
    await pipeline.webhook("orders/create", placed(1));
    await pipeline.drain();
    const waiting = await detail(pipeline);
    expect(waiting).toMatchObject({ outcome: "waiting", reason: "http_502", settledAt: null });
    expect(waiting.runAt).toBeGreaterThan(pipeline.clock.now());
    await later(pipeline, MINUTE);
    await later(pipeline, 10 * MINUTE);
    const ended = await detail(pipeline);
    expect(ended.attempts.map(({ status, verdict }) => `${status} ${verdict}`)).toEqual([
      "502 retry",
      "null retry",
      "200 accepted",
    ]);
    expect(ended).toMatchObject({ outcome: "accepted", runAt: null });
    expect(pipeline.meta.requests.map(({ body }) => body).at(-1)).toBe(requestBody([String(ended.sent)], null));
  });

  it("shows no request of another event", async () => {
    const pipeline = await testPipeline();
    await pipeline.webhook("orders/create", placed(1));
    await pipeline.drain();
    await pipeline.webhook("orders/create", placed(2));
    await pipeline.drain();
    const ids = [await detail(pipeline, "purchase.token1"), await detail(pipeline, "purchase.token2")].map(
      ({ attempts }) => attempts.map(({ id }) => id),
    );
    expect(ids).toEqual([[1], [2]]);
  });

  it("that was not sent has no bytes, no digest and no request", async () => {
    const pipeline = await testPipeline();
    await pipeline.webhook("orders/create", placed(1, { test: true }));
    await pipeline.drain();
    expect(await detail(pipeline)).toMatchObject({ outcome: "skipped", sent: null, sentHash: null, attempts: [] });
  });

  it("whose bytes are no longer kept still has the digest of them", async () => {
    const pipeline = await testPipeline();
    await pipeline.webhook("orders/create", placed(1));
    await pipeline.drain();
    const { sent } = await detail(pipeline);
    await pipeline.db.event.updateMany({ data: { bytes: null } });
    expect(await detail(pipeline)).toMatchObject({ sent: null, sentHash: sha256(sent ?? "") });
  });
});
