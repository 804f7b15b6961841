import fc from "fast-check";
import { describe, expect, inject, it } from "vitest";
import { order } from "../fixtures/order";
import { SHOP, type TestPipeline, testPipeline } from "../support/pipeline";

const BUCKET_MS = 15 * 60_000;
const SECOND = 1_000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Something that moves events from one outcome to another; its label is what a counterexample shows. */
class Step {
  constructor(
    readonly label: string,
    readonly take: (pipeline: TestPipeline) => unknown,
  ) {}
  [fc.toStringMethod](): string {
    return this.label;
  }
}

const MONEY = fc.integer({ min: 1, max: 400 }).map((quarters) => (quarters / 4).toFixed(2));
const TOKENS = [0, 1, 2].map((n) => `token${n}${"0".repeat(26)}`);

const orders = fc
  .record({
    which: fc.nat({ max: 2 }),
    topic: fc.constantFrom("orders/create", "orders/paid"),
    token: fc.boolean(),
    sourceName: fc.constantFrom("web", "7654321"),
    test: fc.boolean(),
    country: fc.constantFrom("US" as const, "DE" as const),
    total: MONEY,
    at: fc.constantFrom("2026-11-20T09:10:00Z", "2026-11-20T09:40:00Z", "2026-11-12T09:00:00Z"),
  })
  .map(({ which, topic, token, sourceName, test, country, total, at }) => {
    const money = { amount: total, currency_code: "USD" };
    const body = order(
      { id: 5550001 + which, checkoutToken: token ? (TOKENS[which] ?? null) : null, sourceName, country, at },
      { test, total_price: total, total_price_set: { shop_money: money, presentment_money: money } },
    );
    const label = `${topic} ${which} ${token} ${sourceName} ${test} ${country} ${total} ${at}`;
    return new Step(label, (pipeline) => pipeline.webhook(topic, body));
  });

const beacons = fc
  .record({
    which: fc.nat({ max: 2 }),
    name: fc.constantFrom("checkout_started", "checkout_completed"),
    marketing: fc.boolean(),
  })
  .map(({ which, name, marketing }) => {
    const consent = { analytics: true, marketing, preferences: true, saleOfData: true };
    const label = `${name} ${which} ${marketing}`;
    return new Step(label, (pipeline) => pipeline.beacon({ name, checkout_token: TOKENS[which], consent }));
  });

const weathers = fc.constantFrom(190, 100, 2, 999, null).map(
  (code) =>
    new Step(`drain in ${code}`, (pipeline) => {
      pipeline.meta.weather.script(code === null ? [] : [{ kind: "error", code, transient: false, count: 3 }]);
      return pipeline.drain();
    }),
);

const clocks = fc
  .constantFrom(10 * SECOND, HOUR, 8 * DAY)
  .map((ms) => new Step(`${ms} ms pass`, (pipeline) => pipeline.clock.pass(ms)));

const merchants = fc.constantFrom(
  new Step("disconnect", ({ store, shop, clock }) => store.disconnectDatasets(shop().id, null, clock.now())),
  new Step("uninstall", ({ store, shop, clock }) => store.uninstallShop(shop().id, SHOP, clock.now(), clock.now())),
  new Step("connect", (pipeline) => pipeline.connect()),
);

const life = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: orders },
    { weight: 3, arbitrary: beacons },
    { weight: 4, arbitrary: weathers },
    { weight: 2, arbitrary: clocks },
    { weight: 2, arbitrary: merchants },
  ),
  { minLength: 4, maxLength: 25 },
);

interface Count {
  place: string;
  count: number;
  sum: number;
}

/** In millionths of the shop's currency. */
function worthOf(facts: string | null): number {
  return Math.round(Number(JSON.parse(facts ?? "{}").shop?.total ?? 0) * 1_000_000);
}

/** What the rows themselves say: how many stand in each outcome, and what they are worth. */
async function recount({ db }: TestPipeline): Promise<Count[]> {
  const counts = new Map<string, Count>();
  for (const row of await db.event.findMany({ where: { countedAs: { not: null } } })) {
    const time = Number(row.eventTime);
    const place = [row.datasetId, row.name, time - (time % BUCKET_MS), row.countedAs].join(" ");
    const { count, sum } = counts.get(place) ?? { count: 0, sum: 0 };
    counts.set(place, { place, count: count + 1, sum: sum + Number(row.countedSum ?? 0) });
  }
  return sorted([...counts.values()]);
}

async function rolledUp({ db }: TestPipeline): Promise<Count[]> {
  const rows = await db.rollup.findMany({ where: { dimension: "outcome" } });
  return sorted(
    rows
      .map(({ datasetId, event, bucket, value, count, sum }) => ({
        place: [datasetId, event, bucket, value].join(" "),
        count,
        sum: Number(sum),
      }))
      .filter(({ count, sum }) => count !== 0 || sum !== 0),
  );
}

function sorted(counts: Count[]): Count[] {
  return counts.sort((a, b) => (a.place < b.place ? -1 : 1));
}

/** Lets whatever still waits leave, or grow too old for Meta. */
async function end(pipeline: TestPipeline): Promise<void> {
  pipeline.meta.weather.script([]);
  await pipeline.drain();
  pipeline.clock.pass(63 * DAY);
  await pipeline.drain();
}

describe("the dashboards' counts", () => {
  it("take out of a count what went in, although the copy that takes its place is worth something else", async () => {
    const pipeline = await testPipeline();
    const worth = (total: string) => {
      const money = { amount: total, currency_code: "USD" };
      return { total_price_set: { shop_money: money, presentment_money: money } };
    };
    await pipeline.webhook("orders/create", order({ checkoutToken: null, sourceName: "7654321" }, worth("10.00")));
    await pipeline.drain();
    await pipeline.webhook("orders/paid", order({ sourceName: "7654321" }, worth("12.50")));
    await pipeline.drain();
    expect((await rolledUp(pipeline)).map(({ count, sum }) => ({ count, sum }))).toEqual([
      { count: 1, sum: 12_500_000 },
    ]);
  });

  it("equal a recount of the rows, whatever happened to them", { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(life, async (steps) => {
        const pipeline = await testPipeline({ holdSeconds: 30 });
        for (const step of steps) await step.take(pipeline);
        await end(pipeline);

        const rows = await pipeline.events();
        expect(rows.filter(({ outcome }) => outcome === "waiting")).toEqual([]);
        expect(rows.map(({ countedAs }) => countedAs)).toEqual(rows.map(({ outcome }) => outcome));
        expect(await rolledUp(pipeline)).toEqual(await recount(pipeline));
        const taken = rows.filter(({ outcome }) => outcome === "accepted");
        expect(taken.map(({ countedSum }) => Number(countedSum ?? 0))).toEqual(
          taken.map(({ facts }) => worthOf(facts)),
        );
      }),
      // Each of them has a database of its own, which takes PostgreSQL a second.
      { numRuns: inject("store") === "postgres" ? 5 : 25 },
    );
  });
});
