import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ORDER_DIMENSION, orderCountValue } from "~/store/order-count";
import { order } from "../fixtures/order";
import { MINUTE } from "../pipeline/seen";
import { type TestPipeline, testPipeline } from "../support/pipeline";
import { currentLinesOf, sold, verified } from "./support";

/** What may happen to a shop. */
const ACTS: Record<string, (pipeline: TestPipeline, n: number) => Promise<unknown>> = {
  order: (pipeline, n) => pipeline.webhook("orders/create", placed(n)),
  test: (pipeline, n) => pipeline.webhook("orders/create", { ...placed(n), test: true }),
  till: (pipeline, n) => pipeline.webhook("orders/create", order({ id: n, checkoutToken: null, sourceName: "pos" })),
  stranger: (pipeline, n) =>
    pipeline.webhook("orders/create", order({ id: n, checkoutToken: null, sourceName: "999" })),
  paid: (pipeline, n) => pipeline.webhook("orders/paid", placed(n)),
  cancel: (pipeline, n) =>
    pipeline.webhook("orders/cancelled", {
      ...placed(n),
      cancelled_at: "2026-11-21T10:00:00Z",
      financial_status: "voided",
    }),
  browser: (pipeline, n) => pipeline.beacon({ name: "checkout_completed", checkout_token: tokenOf(n), tr: "resolved" }),
  blocked: (pipeline, n) => pipeline.beacon({ name: "checkout_completed", checkout_token: tokenOf(n), tr: "threw" }),
  refusal: async ({ meta }) => meta.weather.script([{ kind: "error", code: 100, transient: false, count: 1 }]),
  outage: async ({ meta }) => meta.weather.script([{ kind: "error", code: 2, transient: true, count: 1 }]),
  redact: (pipeline, n) => redact(pipeline, n),
  drain: (pipeline) => pipeline.drain(),
  wait: async ({ clock }) => clock.pass(2 * MINUTE),
  seal: (pipeline) => pipeline.seal(),
};

/** What the counts keep of lines that were erased after their order had ended. */
const keptSums = new WeakMap<TestPipeline, number>();

async function redact(pipeline: TestPipeline, n: number): Promise<void> {
  const rows = await pipeline.db.event.findMany({ where: { orderId: String(n) }, select: { id: true } });
  const ids = rows.map(({ id }) => id);
  const ended = (await currentLinesOf(pipeline)).filter(
    ({ eventRowId, outcome }) => ids.includes(eventRowId) && outcome !== "waiting",
  );
  if (!(await pipeline.store.redactEvents(ids, pipeline.clock.now()))) return;
  const sum = ended.reduce((total, line) => total + Number(line.sum), 0);
  keptSums.set(pipeline, (keptSums.get(pipeline) ?? 0) + sum);
}

const act = fc.tuple(fc.constantFrom(...Object.keys(ACTS)), fc.integer({ min: 1, max: 6 }));

function tokenOf(n: number): string {
  return `token${5550000 + n}`;
}

function placed(n: number) {
  return order({ id: n, checkoutToken: tokenOf(n) });
}

/** The orders that the outbox knows, each with its outcome. */
async function ordersOf({ events }: TestPipeline): Promise<string[]> {
  return (await events())
    .filter(({ ledgered }) => ledgered !== null)
    .map(({ orderId, outcome }) => `${orderId} ${outcome}`)
    .sort();
}

describe("the sum of outcomes", () => {
  it("is the number of orders, whatever happens and in whatever order, and each has one last word", async () => {
    const run = fc.asyncProperty(fc.array(act, { minLength: 5, maxLength: 40 }), async (acts) => {
      const pipeline = await testPipeline({ holdSeconds: 60 });
      for (const [name, n] of acts) await ACTS[name]?.(pipeline, n);
      pipeline.meta.weather.script([]);
      await pipeline.drain();
      await pipeline.seal();

      const current = await currentLinesOf(pipeline);
      expect(current.map(({ order, outcome }) => `${order} ${outcome}`).sort()).toEqual(await ordersOf(pipeline));
      const counts = await pipeline.db.rollup.findMany({ where: { dimension: ORDER_DIMENSION } });
      expect(counts.every(({ count }) => count >= 0)).toBe(true);
      expect(counts.reduce((sum, { count }) => sum + count, 0)).toBe(current.length);
      const told = new Map<string, number>();
      for (const { value, count } of counts) told.set(value, (told.get(value) ?? 0) + count);
      for (const line of current) told.set(orderCountValue(line), (told.get(orderCountValue(line)) ?? 0) - 1);
      expect([...told.values()].filter((rest) => rest !== 0)).toEqual([]);
      const money = (rows: readonly { sum: number | bigint }[]) => rows.reduce((sum, row) => sum + Number(row.sum), 0);
      expect(money(counts)).toBe(money(current) + (keptSums.get(pipeline) ?? 0));
      if (current.length > 0) expect((await verified(pipeline)).broken).toBeNull();
    });
    await fc.assert(run, { numRuns: 12 });
  });
});

describe("two sealers at once", () => {
  it("leave no gap and no line twice", async () => {
    const pipeline = await testPipeline();
    for (let n = 1; n <= 40; n += 1) await pipeline.webhook("orders/create", placed(n));
    const told = await Promise.all([pipeline.seal(), pipeline.seal(), pipeline.seal()]);
    expect(told.reduce((sum, rows) => sum + rows, 0)).toBe(40);
    await pipeline.drain();
    await Promise.all([pipeline.seal(), pipeline.seal()]);
    expect(await verified(pipeline)).toMatchObject({ lines: 80, broken: null });
    expect(await currentLinesOf(pipeline)).toHaveLength(40);
  });

  it("tell of an order that changed while it was being told of once more", async () => {
    const pipeline = await testPipeline();
    await sold(pipeline, 1);
    await Promise.all([
      pipeline.seal(),
      pipeline.beacon({ name: "checkout_completed", checkout_token: "token5550001" }),
      pipeline.drain(),
    ]);
    await pipeline.drain();
    await pipeline.seal();
    expect(await currentLinesOf(pipeline)).toMatchObject([{ order: "5550001", outcome: "accepted", browser: "left" }]);
  });
});
