import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TR_REPORTS, type TrReport } from "~/events/browser-copy";
import {
  CHECKOUT_TOKEN,
  checkoutCompleted,
  checkoutStarted,
  contactInfoSubmitted,
  GIVEN,
  paymentInfoSubmitted,
  REFUSED,
  SALE_OPT_OUT,
} from "../fixtures/beacon";
import { order } from "../fixtures/order";
import { DATASET, SHOP, type TestPipeline, testPipeline } from "../support/pipeline";
import { later, MINUTE, pixelRunsWith, taken } from "./seen";

const SECOND_DATASET = "2234567890";

/** What is kept of the browser's copies: dataset, event, id and report. */
async function copies({ db, shop }: TestPipeline): Promise<string[]> {
  const rows = await db.browserCopy.findMany({ orderBy: [{ eventId: "asc" }, { datasetId: "asc" }] });
  const numbers = new Map(shop().datasets.map(({ id, dataset }) => [id, dataset]));
  return rows.map(({ datasetId, name, eventId, tr }) => `${numbers.get(datasetId)} ${name} ${eventId} ${tr}`);
}

/** The counts of the pixel's reports that are not nought. */
async function counted({ db }: TestPipeline): Promise<string[]> {
  const rows = await db.rollup.findMany({ where: { dimension: "tr" }, orderBy: [{ event: "asc" }, { value: "asc" }] });
  return rows
    .filter(({ count }) => count !== 0)
    .map(({ event, leg, value, count }) => `${leg} ${event} ${value} ${count}`);
}

describe("the browser's copy of an event", () => {
  it.each([
    ["checkout_completed", checkoutCompleted, `Purchase purchase.${CHECKOUT_TOKEN}`],
    ["checkout_started", checkoutStarted, `InitiateCheckout ic.${CHECKOUT_TOKEN}`],
    ["payment_info_submitted", paymentInfoSubmitted, `AddPaymentInfo api.${CHECKOUT_TOKEN}`],
    ["page_viewed", { name: "page_viewed", id: "sh-1" }, "PageView sh-1"],
    ["product_viewed", { name: "product_viewed", id: "sh-1" }, "ViewContent sh-1"],
    ["search_submitted", { name: "search_submitted", id: "sh-1" }, "Search sh-1"],
    ["product_added_to_cart", { name: "product_added_to_cart", id: "sh-1" }, "AddToCart sh-1"],
    // A browse event keeps its own id although a checkout is under way.
    ["page_viewed in a checkout", { name: "page_viewed", id: "sh-1", checkout_token: CHECKOUT_TOKEN }, "PageView sh-1"],
  ])("told of by %s is kept under the event's name and id", async (_name, beacon, kept) => {
    const pipeline = await testPipeline();
    await pipeline.beacon(beacon);
    expect(await copies(pipeline)).toEqual([`${DATASET} ${kept} resolved`]);
  });

  it("has the name and id that the server's copy goes to Meta with", async () => {
    const pipeline = await testPipeline();
    await pipeline.beacon(checkoutStarted);
    await pipeline.beacon(paymentInfoSubmitted);
    await pipeline.beacon(checkoutCompleted);
    await pipeline.beacon({ name: "product_viewed", id: "sh-0000-0007" });
    await pipeline.webhook("orders/create", order());
    await pipeline.drain();
    const kept = (await copies(pipeline)).map((copy) => copy.split(" ").slice(1, 3).join(" "));
    expect(kept.sort()).toEqual(taken(pipeline).sort());
  });

  it.each(TR_REPORTS)("is kept as %s where the pixel says so", async (tr) => {
    const pipeline = await testPipeline();
    await pipeline.beacon({ ...checkoutCompleted, tr });
    expect(await copies(pipeline)).toEqual([`${DATASET} Purchase purchase.${CHECKOUT_TOKEN} ${tr}`]);
  });

  it("has a row for each connected dataset, and none for one that is not", async () => {
    const pipeline = await testPipeline();
    const { store, registry, shop, clock } = pipeline;
    await pipeline.connect({ dataset: SECOND_DATASET });
    await pipeline.connect({ dataset: "3234567890" });
    await store.disconnectDatasets(shop().id, "3234567890", clock.now());
    await registry.refresh();
    await pipeline.beacon(checkoutCompleted);
    expect(await copies(pipeline)).toEqual([
      `${DATASET} Purchase purchase.${CHECKOUT_TOKEN} resolved`,
      `${SECOND_DATASET} Purchase purchase.${CHECKOUT_TOKEN} resolved`,
    ]);
  });

  it("is no event: a completed checkout makes no Purchase, whatever the browser says became of it", async () => {
    const pipeline = await testPipeline();
    for (const tr of TR_REPORTS) await pipeline.beacon({ ...checkoutCompleted, tr });
    await later(pipeline, 10 * MINUTE);
    expect(await pipeline.events()).toEqual([]);
    expect(pipeline.meta.requests).toEqual([]);
  });

  it("does not keep the server's copy from leaving, nor the other way round", async () => {
    const pipeline = await testPipeline();
    await pipeline.beacon({ ...checkoutCompleted, tr: "threw" });
    await pipeline.webhook("orders/create", order());
    await pipeline.drain();
    expect(taken(pipeline)).toEqual([`Purchase purchase.${CHECKOUT_TOKEN}`]);
    expect(await copies(pipeline)).toEqual([`${DATASET} Purchase purchase.${CHECKOUT_TOKEN} threw`]);
  });
});

describe("one word of the pixel for several datasets", () => {
  const EVENTS = ["PageView", "Purchase"];
  const OPEN = { events: EVENTS, hosts: [], paths: [], countries: [] };
  const page = { name: "page_viewed", id: "sh-1", url: "https://shop.example.com/sale/tee" };
  const inCanada = { ...checkoutCompleted, data: { country: "CA" } };

  it.each([
    ["whose leg of the event is off", checkoutCompleted, { ...OPEN, events: ["PageView"] }, "not_attempted"],
    ["that asks for another host", page, { ...OPEN, hosts: ["eu.example.com"] }, "not_attempted"],
    ["that asks for another path", page, { ...OPEN, paths: ["/new"] }, "not_attempted"],
    ["that asks for this page", page, { ...OPEN, hosts: ["shop.example.com"], paths: ["/sale"] }, "resolved"],
    ["that asks for another country", inCanada, { ...OPEN, countries: ["US"] }, "not_attempted"],
    ["that asks for this country", inCanada, { ...OPEN, countries: ["CA"] }, "resolved"],
    ["that asks for hosts, of a checkout", checkoutCompleted, { ...OPEN, hosts: ["eu.example.com"] }, "resolved"],
    ["of whose filter an older record says nothing", checkoutCompleted, { events: [] }, "resolved"],
  ])("is, for one %s, as it was there", async (_which, beacon, other, tr) => {
    const pipeline = await testPipeline();
    await pipeline.connect({ dataset: SECOND_DATASET });
    await pixelRunsWith(pipeline, [
      { dataset: DATASET, ...OPEN },
      { dataset: SECOND_DATASET, ...other },
    ]);
    await pipeline.beacon({ ...beacon, tr: "resolved" });
    const kept = (await copies(pipeline)).map((copy) => copy.replace(/ .* /, " "));
    expect(kept).toEqual([`${DATASET} resolved`, `${SECOND_DATASET} ${tr}`]);
  });

  it("tells nothing of a copy that never left for a dataset", async () => {
    const pipeline = await testPipeline();
    await pixelRunsWith(pipeline, [{ dataset: DATASET, ...OPEN, countries: ["US"] }]);
    await pipeline.beacon({ ...inCanada, data: { country: "CA", currency: "USD", total: 1 } });
    expect(await pipeline.db.browserCopy.findMany()).toMatchObject([{ tr: "not_attempted", told: null }]);
  });
});

describe("no copy is kept", () => {
  it.each([
    ["of a shopper who refuses marketing", { ...checkoutCompleted, consent: REFUSED }],
    ["of one who refuses it and allows the rest", { ...checkoutStarted, consent: { ...GIVEN, marketing: false } }],
    ["of a beacon that speaks of no event of ours", contactInfoSubmitted],
    ["of a name nobody knows", { name: "alert_displayed" }],
    ["of a completed checkout without its token", { name: "checkout_completed", checkout_token: null }],
    ["of a checkout's step without its token", { name: "checkout_started", checkout_token: null }],
    ["of a payment step without its token", { name: "payment_info_submitted", checkout_token: null }],
    ["of an event that no browser makes", { name: "CompleteRegistration" }],
  ])("%s", async (_of, beacon) => {
    const pipeline = await testPipeline();
    await pipeline.beacon(beacon);
    await pipeline.drain();
    expect(await copies(pipeline)).toEqual([]);
    expect(await counted(pipeline)).toEqual([]);
  });

  it("of a refusal, also where a copy was told of before: that one stays as it was", async () => {
    const pipeline = await testPipeline();
    await pipeline.beacon({ ...checkoutStarted, tr: "not_attempted" });
    await pipeline.beacon({ ...checkoutStarted, tr: "resolved", consent: REFUSED });
    expect(await copies(pipeline)).toEqual([`${DATASET} InitiateCheckout ic.${CHECKOUT_TOKEN} not_attempted`]);
  });

  it("is not so of a shopper who opted out of the sale of their data only", async () => {
    const pipeline = await testPipeline();
    await pipeline.beacon({ ...checkoutCompleted, consent: SALE_OPT_OUT });
    expect(await copies(pipeline)).toHaveLength(1);
  });
});

describe("the first word of the browser", () => {
  const FINAL = TR_REPORTS.filter((tr) => tr !== "not_attempted");

  it.each(
    FINAL.flatMap((first) => TR_REPORTS.map((second) => [first, second] as const)),
  )("%s stands against a later %s", async (first, second) => {
    const pipeline = await testPipeline();
    await pipeline.beacon({ ...checkoutStarted, tr: first });
    await pipeline.drain();
    await pipeline.beacon({ ...checkoutStarted, tr: second });
    await pipeline.drain();
    expect(await copies(pipeline)).toEqual([`${DATASET} InitiateCheckout ic.${CHECKOUT_TOKEN} ${first}`]);
    expect(await counted(pipeline)).toEqual([`browser InitiateCheckout ${first} 1`]);
  });

  it.each(FINAL)("not_attempted gives way to %s, and leaves the count it stood in", async (tr) => {
    const pipeline = await testPipeline();
    await pipeline.beacon({ ...checkoutStarted, tr: "not_attempted" });
    await pipeline.drain();
    expect(await counted(pipeline)).toEqual(["browser InitiateCheckout not_attempted 1"]);
    await pipeline.beacon({ ...checkoutStarted, tr });
    await pipeline.drain();
    expect(await copies(pipeline)).toEqual([`${DATASET} InitiateCheckout ic.${CHECKOUT_TOKEN} ${tr}`]);
    expect(await counted(pipeline)).toEqual([`browser InitiateCheckout ${tr} 1`]);
  });

  it("not_attempted that nobody counted is never counted once it has given way", async () => {
    const pipeline = await testPipeline();
    await pipeline.beacon({ ...checkoutStarted, tr: "not_attempted" });
    await pipeline.beacon({ ...checkoutStarted, tr: "resolved" });
    await pipeline.drain();
    expect(await pipeline.db.rollup.findMany({ where: { dimension: "tr" } })).toMatchObject([
      { value: "resolved", count: 1 },
    ]);
  });
});

describe("what the browser reported", () => {
  it("is counted by the drain also where nothing may leave: the dataset is held, paused or disconnected", async () => {
    const stops: ((pipeline: TestPipeline) => Promise<unknown>)[] = [
      ({ store, clock }) => store.holdDataset({ id: 1, connection: 1 }, "meta_190", clock.now()),
      ({ store, clock }) => store.pauseDataset({ id: 1, connection: 1 }, clock.now() + MINUTE),
      ({ store, shop, clock }) => store.disconnectDatasets(shop().id, null, clock.now()),
      ({ store, shop, clock }) => store.uninstallShop(shop().id, SHOP, clock.now(), clock.now()),
    ];
    for (const stop of stops) {
      const pipeline = await testPipeline();
      await pipeline.beacon(checkoutCompleted);
      await stop(pipeline);
      await pipeline.drain();
      expect(await counted(pipeline)).toEqual(["browser Purchase resolved 1"]);
    }
  });

  it("is counted once, however often the drain runs, and by two drains at once", async () => {
    const pipeline = await testPipeline();
    await pipeline.beacon(checkoutCompleted);
    await Promise.all([pipeline.drain(), pipeline.drain(), pipeline.drain()]);
    await pipeline.drain();
    expect(await counted(pipeline)).toEqual(["browser Purchase resolved 1"]);
  });

  it("waits for the next drain when the process is told to end", async () => {
    const pipeline = await testPipeline();
    await pipeline.beacon(checkoutCompleted);
    await pipeline.drain({ stopping: () => true });
    expect(await counted(pipeline)).toEqual([]);
    expect(await pipeline.store.uncountedDatasets(pipeline.clock.now())).toEqual([1]);
    await pipeline.drain();
    expect(await counted(pipeline)).toEqual(["browser Purchase resolved 1"]);
    expect(await pipeline.store.uncountedDatasets(pipeline.clock.now())).toEqual([]);
  });
});

/** One word of a browser, or a drain; its label is what a counterexample shows. */
type Step = { beacon: string; token: string; tr: TrReport } | "drain";

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        beacon: fc.constantFrom("checkout_started", "payment_info_submitted", "checkout_completed"),
        token: fc.constantFrom("token-1", "token-2"),
        tr: fc.constantFrom<TrReport>("not_attempted", "not_attempted", ...TR_REPORTS),
      }),
    },
    { weight: 2, arbitrary: fc.constant("drain" as const) },
  ),
  { minLength: 1, maxLength: 20 },
);

describe("the counts of what browsers report", () => {
  it("equal a recount of the rows, in whatever order words and drains come", { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (sequence) => {
        const pipeline = await testPipeline();
        await pipeline.connect({ dataset: SECOND_DATASET });
        for (const step of sequence) {
          if (step === "drain") await pipeline.drain();
          else await pipeline.beacon({ name: step.beacon, checkout_token: step.token, tr: step.tr });
        }
        await pipeline.drain();
        const rows = await pipeline.db.browserCopy.findMany();
        expect(await pipeline.db.$queryRaw`SELECT * FROM "CopiesToCount"`).toEqual([]);
        expect(await rolledUp(pipeline)).toEqual(recount(rows));
        expect((await pipeline.events()).filter(({ name }) => name === "Purchase")).toEqual([]);
      }),
      { numRuns: 20 },
    );
  });
});

const BUCKET_MS = 15 * MINUTE;

function recount(rows: { datasetId: number; name: string; tr: string; receivedAt: bigint }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { datasetId, name, tr, receivedAt } of rows) {
    const at = Number(receivedAt);
    const place = [datasetId, name, at - (at % BUCKET_MS), tr].join(" ");
    counts[place] = (counts[place] ?? 0) + 1;
  }
  return counts;
}

async function rolledUp({ db }: TestPipeline): Promise<Record<string, number>> {
  const rows = await db.rollup.findMany({ where: { leg: "browser", dimension: "tr", count: { not: 0 } } });
  return Object.fromEntries(
    rows.map(({ datasetId, event, bucket, value, count }) => [[datasetId, event, bucket, value].join(" "), count]),
  );
}
