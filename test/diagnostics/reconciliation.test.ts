import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dayRange } from "~/diagnostics/day-range";
import { gapWords, standstillOf } from "~/diagnostics/gap-words";
import { linesCsv } from "~/diagnostics/lines-csv.server";
import { type Amount, adsDifference, type OrderGroup, reconcile } from "~/diagnostics/reconciliation";
import { ordersOf, placeOf, reconciliationOf } from "~/diagnostics/reconciliation.server";
import { ordersUrl, reconciliationQuery, spanOf } from "~/diagnostics/reconciliation-query";
import { ORDER_SOURCE_NAMES } from "~/events/order-sources";
import { OUTCOMES, REASONS, type Reason } from "~/events/outcome";
import { replayChoice } from "~/outbox/replay-choice";
import { order } from "../fixtures/order";
import { sold } from "../ledger/support";
import { DATASET, type TestPipeline, testPipeline } from "../support/pipeline";

const group = fc.record({
  day: fc.nat(2),
  event: fc.constantFrom("Purchase", "Renewal"),
  source: fc.constantFrom(...ORDER_SOURCE_NAMES),
  outcome: fc.constantFrom(...OUTCOMES),
  reason: fc.constantFrom(null, "consent_refused", "test_order"),
  count: fc.integer({ min: 1, max: 500 }),
  sum: fc.integer({ min: 0, max: 1e12 }),
});

function total(amounts: readonly Amount[]): Amount {
  return amounts.reduce((sum, one) => ({ count: sum.count + one.count, sum: sum.sum + one.sum }), { count: 0, sum: 0 });
}

describe("what became of orders", () => {
  it("adds up to all of them along every line", () => {
    fc.assert(
      fc.property(fc.array(group), (groups: OrderGroup[]) => {
        const told = reconcile(groups, 3);
        const all = total(groups);
        expect(told.all).toEqual(all);
        for (const parts of [told.outcomes, told.sources.map((source) => source.all), told.events]) {
          expect(total(parts)).toEqual(all);
        }
        expect(total(told.days.flatMap((day) => Object.values(day)))).toEqual(all);
        expect(total([told.accepted, ...told.gaps])).toEqual(all);
        expect(total(told.sources.map((source) => source.accepted))).toEqual(told.accepted);
      }),
    );
  });

  it("names the largest gap first", () => {
    const gap = (reason: Reason, count: number): OrderGroup => {
      return { day: 0, event: "Purchase", source: "web", outcome: REASONS[reason].outcome, reason, count, sum: 0 };
    };
    const { gaps } = reconcile([gap("test_order", 2), gap("consent_refused", 30), gap("too_late", 3)], 1);
    expect(gaps.map(({ reason }) => reason)).toEqual(["consent_refused", "too_late", "test_order"]);
  });
});

describe("the difference to Ads Manager", () => {
  const orders = (source: string, outcome: OrderGroup["outcome"], count: number): OrderGroup => {
    return { day: 0, event: "Purchase", source, outcome, reason: null, count, sum: 0 };
  };
  const told = reconcile(
    [orders("web", "accepted", 300), orders("pos", "accepted", 60), orders("web", "withheld", 52)],
    1,
  );
  const parts = (shown: number) => adsDifference(told, shown).map(({ label, count }) => `${count} ${label}`);

  it("is told part by part, and adds up to it", () => {
    expect(parts(120)).toEqual([
      "52 Not with Meta",
      "60 With Meta, but not bought on the website",
      "180 With Meta, but after no ad",
    ]);
    const [missing, elsewhere, rest] = adsDifference(told, 120).map(({ count }) => count);
    expect(told.all.count - (missing ?? 0) - (elsewhere ?? 0) - (rest ?? 0)).toBe(120);
  });

  it("leaves out what Meta was told as another event: Ads Manager shows that elsewhere", () => {
    const custom = { ...orders("web", "accepted", 40), event: "WholesaleOrder" };
    const both = reconcile([orders("web", "accepted", 300), custom], 1);
    expect(adsDifference(both, 250).map(({ label, count }) => `${count} ${label}`)).toEqual([
      "40 With Meta, as another event than Purchase",
      "50 With Meta, but after no ad",
    ]);
  });

  it("may lie on the other side", () => {
    expect(parts(310)).toContain("10 In Ads Manager beyond what Meta took from here");
    expect(parts(310).some((part) => part.includes("after no ad"))).toBe(false);
  });

  it("never calls what Meta has lost", () => {
    for (const { says } of adsDifference(told, 120)) expect(says).not.toMatch(/\blost\b(?!: Meta)(?<!not lost)/);
  });
});

describe("a gap's words", () => {
  it.each(Object.keys(REASONS) as Reason[])("are there for %s, and lead to a page of the app", (reason) => {
    const { says, mend } = gapWords(REASONS[reason].outcome, reason, null);
    expect(says).toBe(REASONS[reason].says);
    if (mend !== null) expect(mend.url).toMatch(/^\/app\/[a-z]+(\?|$)/);
  });

  it("lead to what a replay of just these would do, where Meta or Tandem refused them", () => {
    const { mend } = gapWords("rejected", "meta_100_2804003", null);
    const address = new URL(mend?.url ?? "", "https://app.example");
    expect(address.pathname).toBe("/app/replay");
    expect(replayChoice.parse(Object.fromEntries(address.searchParams))).toEqual({
      outcome: "rejected",
      reason: "meta_100_2804003",
    });
  });

  it.each(["browser_context", "checkout", "registration", "payment", null])("tell what %s waits for", (reason) => {
    expect(gapWords("waiting", reason, null).says).toMatch(/^(Waits|Counts|On its way)/);
  });
});

describe("the words of what waits", () => {
  const HELD = { heldReason: "meta_190_463", pausedUntil: null };

  it("name what stops its dataset, and lead to the settings", () => {
    const { says, mend } = gapWords("waiting", "browser_context", standstillOf(HELD, 0));
    expect(says).toMatch(/^Its dataset is on hold\. ./);
    expect(mend?.url).toBe("/app/settings");
  });

  it("stay those of an unpaid order: it would not leave anyway", () => {
    expect(gapWords("waiting", "payment", standstillOf(HELD, 0)).says).toMatch(/^Counts when it is paid/);
  });

  it("say that Meta asked for a pause as long as that lasts", () => {
    const paused = { heldReason: null, pausedUntil: 2_000 };
    expect(gapWords("waiting", null, standstillOf(paused, 1_999)).says).toMatch(/^Meta asked Tandem to slow down/);
    expect(gapWords("waiting", null, standstillOf(paused, 2_000)).says).toBe("On its way to Meta.");
  });

  it("are not those of what has ended", () => {
    expect(gapWords("rejected", "currency", standstillOf(HELD, 0))).toEqual({
      says: "Shopify's message could not be read: the field currency is not as it should be. The hourly sweep asks Shopify for the order again.",
      mend: null,
    });
  });
});

/** Ten orders of a day: six sent, two tests, one from a till, one refused by Meta. */
async function tenOrders(): Promise<TestPipeline> {
  const pipeline = await testPipeline();
  for (let n = 1; n <= 9; n += 1) {
    const source = n === 9 ? { sourceName: "pos", checkoutToken: null } : { checkoutToken: `token${n}` };
    await pipeline.webhook("orders/create", { ...order({ id: n, ...source }), test: n > 6 && n < 9 });
  }
  await pipeline.drain();
  pipeline.meta.weather.script([{ kind: "error", code: 100, transient: false, count: 1 }]);
  await pipeline.webhook("orders/create", order({ id: 10, checkoutToken: "token10" }));
  await pipeline.drain();
  await pipeline.seal();
  return pipeline;
}

function today({ clock }: TestPipeline) {
  return dayRange(null, null, null, clock.now()).days;
}

const ANY = { datasetId: null, outcome: null, reason: null, source: null, event: null };

describe("a shop's reconciliation", () => {
  it("counts each order once, by day, outcome, source and reason", async () => {
    const pipeline = await tenOrders();
    const { store, shop } = pipeline;
    const told = await reconciliationOf(store, shop().id, today(pipeline), null);
    expect(told.all.count).toBe(10);
    expect(told.outcomes.map(({ key, count }) => `${key} ${count}`)).toEqual([
      "accepted 6",
      "skipped 2",
      "withheld 1",
      "rejected 1",
    ]);
    expect(told.sources.map(({ key, all, accepted }) => `${key} ${accepted.count}/${all.count}`)).toEqual([
      "web 6/9",
      "pos 0/1",
    ]);
    expect(told.all.sum).toBe(10 * 64_500_000);
    expect(told.days.map((day) => total(Object.values(day)).count)).toEqual([0, 0, 0, 0, 0, 0, 10]);
  });

  it("is of one dataset where that is asked for", async () => {
    const pipeline = await tenOrders();
    const { store, shop } = pipeline;
    const [dataset] = shop().datasets;
    expect((await reconciliationOf(store, shop().id, today(pipeline), dataset?.id ?? 0)).all.count).toBe(10);
    expect((await reconciliationOf(store, shop().id, today(pipeline), 4711)).all.count).toBe(0);
    expect((await reconciliationOf(store, 4711, today(pipeline), null)).all.count).toBe(0);
  });

  it("lists its orders page by page, newest first, none twice and none left out", async () => {
    const pipeline = await testPipeline();
    for (let n = 1; n <= 60; n += 1)
      await pipeline.webhook("orders/create", order({ id: n, checkoutToken: `token${n}` }));
    await pipeline.drain();
    await pipeline.seal();
    const { store, shop } = pipeline;
    const filter = { span: spanOf(today(pipeline)), ...ANY };
    const seen: (string | null)[] = [];
    for (let after: string | null = null, pages = 0; pages < 10; pages += 1) {
      const page = await ordersOf(store, shop().id, filter, placeOf(after));
      seen.push(...page.lines.map((line) => line.order));
      after = page.next;
      if (after === null) break;
    }
    expect(seen).toHaveLength(60);
    expect(new Set(seen).size).toBe(60);
  });

  it("leads from a number to just the orders behind it", async () => {
    const pipeline = await tenOrders();
    const { store, shop, clock } = pipeline;
    const query = reconciliationQuery(new URLSearchParams(), shop(), clock.now());
    const told = await reconciliationOf(store, shop().id, query.days, null);
    for (const gap of told.gaps) {
      const address = new URL(ordersUrl(query, { outcome: gap.outcome, reason: gap.reason }), "https://app.example");
      const asked = reconciliationQuery(address.searchParams, shop(), clock.now());
      const { lines } = await ordersOf(store, shop().id, { span: spanOf(asked.days), ...asked }, null);
      expect(lines).toHaveLength(gap.count);
      expect(new Set(lines.map(({ outcome, reason }) => `${outcome} ${reason}`))).toEqual(
        new Set([`${gap.outcome} ${gap.reason}`]),
      );
    }
    const pos = reconciliationQuery(new URLSearchParams({ source: "pos" }), shop(), clock.now());
    expect((await ordersOf(store, shop().id, { span: spanOf(pos.days), ...pos }, null)).lines).toHaveLength(1);
    const narrowed = new URL(ordersUrl(query, { event: told.events[0]?.key ?? "" }), "https://app.example")
      .searchParams;
    const ofEvent = reconciliationQuery(narrowed, shop(), clock.now());
    const { lines } = await ordersOf(store, shop().id, { span: spanOf(ofEvent.days), ...ofEvent }, null);
    expect(lines).toHaveLength(told.events[0]?.count ?? 0);
    expect(new Set(lines.map(({ event }) => event))).toEqual(new Set([told.events[0]?.key]));
  });

  it("is of one dataset at a time: an order that two are told of is one order", async () => {
    const pipeline = await testPipeline();
    await pipeline.connect({ dataset: "2234567890" });
    await sold(pipeline, 3);
    const { store, shop, clock } = pipeline;
    for (const asked of ["", "dataset=2234567890", "dataset=9999"]) {
      const query = reconciliationQuery(new URLSearchParams(asked), shop(), clock.now());
      expect(query.dataset).toBe(asked === "dataset=2234567890" ? "2234567890" : DATASET);
      expect((await reconciliationOf(store, shop().id, query.days, query.datasetId)).all.count).toBe(3);
    }
  });

  it("is a file for a spreadsheet, with the head of the ledger", async () => {
    const pipeline = await tenOrders();
    const query = reconciliationQuery(new URLSearchParams(), pipeline.shop(), pipeline.clock.now());
    const text = await new Response(await linesCsv(pipeline.store, pipeline.shop(), query)).text();
    const head = await pipeline.store.ledgerHead(pipeline.shop().id);
    const lines = text.trimEnd().split("\r\n");
    expect(lines[0]).toContain(`head=${head?.n}.${head?.hash}`);
    expect(lines).toHaveLength(2 + 10);
  });
});
