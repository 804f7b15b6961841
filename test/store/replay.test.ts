import { describe, expect, it } from "vitest";
import { replay } from "~/outbox/replay.server";
import type { ReplayFilter } from "~/store/rows";
import { order } from "../fixtures/order";
import { DAY } from "../support/clock";
import { type TestPipeline, testPipeline } from "../support/pipeline";
import { accepted, numbered, type Outbox, openOutbox, TOKEN, writeOf } from "./support/outbox";

const DAY_MS = 24 * 3_600_000;

const DEAD = { outcome: "dead", reason: "unknown_answer", forget: false } as const;

async function openDead(rows = 1): Promise<Outbox> {
  const outbox = await openOutbox();
  await outbox.ingest(...Array.from({ length: rows }, (_, n) => outbox.purchase(numbered(n + 1))));
  const ids = (await outbox.claim("first")).map(({ id }) => id);
  await outbox.settle(
    "first",
    ids.map((id) => accepted(id, { ...DEAD, tries: 5, runAt: DAY + 1_000 })),
  );
  return outbox;
}

describe("what is brought back", () => {
  it.each([
    DEAD,
    { outcome: "rejected", reason: "meta_100_2804003", forget: false } as const,
  ])("as it ended $outcome waits and is due, as if it had just come, and keeps what it is counted as", async (ending) => {
    const { ingest, purchase, claim, settle, store, rows } = await openOutbox();
    await ingest(purchase());
    await claim("first");
    await settle("first", [accepted(1, { ...ending, tries: 5, runAt: DAY + 1_000 })]);
    expect(await store.replay([1], DAY + 500, DAY + 500)).toEqual([1]);
    expect(rows()).toMatchObject([
      {
        outcome: "waiting",
        reason: null,
        runAt: DAY + 500,
        attempts: 0,
        tries: 0,
        lease: null,
        settledAt: null,
        countedAs: ending.outcome,
      },
    ]);
    expect(await claim("again", DAY + 500)).toMatchObject([{ id: 1, attempts: 1 }]);
  });

  it("is brought back once", async () => {
    const { store, claim } = await openDead();
    expect((await Promise.all([1, 2].map(() => store.replay([1], DAY, DAY)))).flat()).toEqual([1]);
    await claim("again");
    expect(await store.replay([1], DAY, DAY)).toEqual([]);
  });

  it("still waits for its date where that is ahead: Meta takes nothing from the future", async () => {
    const { ingest, purchase, claim, settle, store, rows } = await openOutbox();
    const ahead = DAY + 600_000;
    await ingest(purchase({ eventTime: ahead }));
    await claim("first");
    await settle("first", [accepted(1, DEAD)]);
    await store.replay([1], DAY, DAY);
    expect(rows()).toMatchObject([{ runAt: ahead }]);
  });

  it("is lost to whoever was about to count it or to forget its keys", async () => {
    const { store, datasetId, settle, rows } = await openDead();
    const ended = { datasetId, now: DAY + 1_000, limit: 10, lease: "counting", leaseUntil: DAY + 46_000 };
    expect(await store.claimEnded(ended)).toHaveLength(1);
    await store.replay([1], DAY + 1_000, DAY + 1_000);
    expect(await settle("counting", [accepted(1, { ...DEAD, forget: true })])).toEqual({ lost: [1] });
    expect(rows()).toMatchObject([{ outcome: "waiting", matchKeys: '{"em":["aa"]}' }]);
  });
});

describe("what is not brought back", () => {
  it.each(["accepted", "skipped", "withheld", "expired"] as const)("ended as %s", async (outcome) => {
    const { ingest, purchase, claim, settle, store, rows } = await openOutbox();
    await ingest(purchase());
    await claim("first");
    await settle("first", [accepted(1, { outcome, forget: false })]);
    const before = rows();
    expect(await store.replay([1], DAY, DAY)).toEqual([]);
    expect(rows()).toEqual(before);
  });

  it("is on its way to Meta", async () => {
    const { ingest, purchase, claim, store, rows } = await openOutbox();
    await ingest(purchase());
    await claim("first");
    expect(await store.replay([1], DAY, DAY)).toEqual([]);
    expect(rows()).toMatchObject([{ lease: "first", attempts: 1 }]);
  });

  it.each(["facts", "matchKeys"])("has lost its %s", async (column) => {
    const { store, reader, rows } = await openDead();
    reader.exec(`UPDATE "Event" SET "${column}" = NULL`);
    expect(await store.replay([1], DAY, DAY)).toEqual([]);
    expect(rows()).toMatchObject([{ outcome: "dead" }]);
  });
});

describe("what waits for its next try", () => {
  it("is due at once, unless it is on its way or waits on purpose", async () => {
    const { ingest, purchase, claim, store, rows } = await openOutbox();
    await ingest(purchase({ runAt: DAY + 7_200_000 }));
    expect(await store.replay([1], DAY, DAY)).toEqual([1]);
    expect(rows()).toMatchObject([{ outcome: "waiting", runAt: DAY, eventId: `purchase.${TOKEN}` }]);
    await claim("first");
    expect(await store.replay([1], DAY, DAY)).toEqual([]);
    await ingest(purchase({ ...numbered(2), runAt: DAY + 9_000_000, hold: "payment" }));
    expect(await store.replay([2], DAY, DAY)).toEqual([]);
  });
});

describe("causes", () => {
  it("group what ended badly by dataset, event, outcome and reason, the most frequent first", async () => {
    const { ingest, purchase, claim, settle, store, shopId, datasetId } = await openOutbox();
    await ingest(...[1, 2, 3, 4].map((n) => purchase(numbered(n))));
    await ingest(purchase({ ...numbered(5), actionSource: "physical_store" }));
    await claim("first");
    const refused = { outcome: "rejected", reason: "meta_100_2804003", forget: false } as const;
    await settle("first", [1, 2, 5].map((id) => accepted(id, refused)).concat([accepted(3, DEAD), accepted(4)]));
    const common = { datasetId, name: "Purchase", first: DAY, last: DAY };
    expect(await store.causesOf(shopId, DAY)).toEqual([
      { ...common, outcome: "rejected", reason: refused.reason, events: 3, inTime: 3 },
      { ...common, outcome: "dead", reason: "unknown_answer", events: 1, inTime: 1 },
    ]);
    const later = await store.causesOf(shopId, DAY + 8 * 24 * 3_600_000);
    expect(later.map(({ events, inTime }) => [events, inTime])).toEqual([
      [3, 1],
      [1, 0],
    ]);
    expect(await store.causesOf(shopId + 1, DAY)).toEqual([]);
  });
});

const ALL: ReplayFilter = {
  rowId: null,
  reason: null,
  datasetId: null,
  name: null,
  eventId: null,
  since: null,
  until: null,
  upTo: null,
  openAt: null,
};

const page = (shopId: number) => ({ shopId, outcome: "dead" as const, after: 0, limit: 2, now: DAY });

describe("what is meant of it", () => {
  const found = async (over: Partial<ReplayFilter>, now = DAY) => {
    const { store, shopId, reader } = await openDead(1);
    reader.exec(`UPDATE "Event" SET "reason" = 'unknown_answer'`);
    const [candidate] = await store.replayCandidates({ ...page(shopId), now }, { ...ALL, ...over });
    return candidate !== undefined;
  };

  it.each<Partial<ReplayFilter>>([
    {},
    { rowId: 1, datasetId: 1 },
    { name: "Purchase" },
    { eventId: "purchase.o1" },
    { reason: "unknown_answer" },
    { since: DAY },
    { until: DAY },
    { upTo: 1 },
    { openAt: DAY + 7 * DAY_MS },
    { since: DAY - 1, until: DAY + 1, name: "Purchase", datasetId: 1 },
  ])("is it by %j", async (over) => {
    expect(await found(over)).toBe(true);
  });

  it.each<Partial<ReplayFilter>>([
    { rowId: 2 },
    { datasetId: 2 },
    { name: "PageView" },
    { eventId: "purchase.o" },
    { reason: "meta_100" },
    { since: DAY + 1 },
    { until: DAY - 1 },
    { upTo: 0 },
    { openAt: DAY + 7 * DAY_MS + 1 },
    { name: "Purchase", datasetId: 2 },
  ])("is it not by %j", async (over) => {
    expect(await found(over)).toBe(false);
  });

  it("is counted where Meta's window is closed for it, by where it happened", async () => {
    const { store, shopId, reader } = await openDead(3);
    reader.exec(`UPDATE "Event" SET "actionSource" = 'physical_store' WHERE "id" = 3`);
    const tooOld = (days: number, over: Partial<ReplayFilter> = {}) =>
      store.replaysTooOld(shopId, "dead", { ...ALL, ...over }, DAY + days * DAY_MS + 1);
    expect([await tooOld(6), await tooOld(7), await tooOld(62)]).toEqual([0, 2, 3]);
    expect(await tooOld(62, { upTo: 1 })).toBe(1);
  });
});

describe("what may be brought back", () => {
  it("is listed by outcome in the order of rows, a portion at a time, with what stands in its way", async () => {
    const { store, shopId, datasetId, reader } = await openDead(3);
    const copy = { shopId, datasetId, name: "Purchase", eventId: "purchase.o2" };
    await store.ingest(
      writeOf({
        browserCopies: [{ ...copy, tr: "resolved", receivedAt: DAY + 5, told: null, keyAccount: "", device: "" }],
      }),
    );
    await store.ingest(
      writeOf({
        browserCopies: [
          { ...copy, eventId: "purchase.o1", tr: "threw", receivedAt: DAY + 5, told: null, keyAccount: "", device: "" },
        ],
      }),
    );
    reader.exec(`UPDATE "Event" SET "facts" = NULL, "matchKeys" = NULL WHERE "id" = 3`);
    const first = await store.replayCandidates(page(shopId), ALL);
    const free = { readable: true, keyed: true, disconnected: false, uninstalled: false, browserLeft: null };
    expect(first).toMatchObject([
      { id: 1, ...free, name: "Purchase", eventId: "purchase.o1", eventTime: DAY, datasetId },
      { id: 2, ...free, browserLeft: DAY + 5 },
    ]);
    expect(await store.replayCandidates({ ...page(shopId), after: 2 }, ALL)).toMatchObject([
      { id: 3, ...free, readable: false, keyed: false },
    ]);
    expect(await store.replayCandidates({ ...page(shopId), outcome: "rejected" }, ALL)).toEqual([]);
    expect(await store.replayCandidates(page(shopId + 1), ALL)).toEqual([]);
    await store.disconnectDatasets(shopId, null, DAY);
    await store.uninstallShop(shopId, "example-shop.myshopify.com", DAY, DAY);
    expect(await store.replayCandidates({ ...page(shopId), limit: 1 }, ALL)).toMatchObject([
      { disconnected: true, uninstalled: true },
    ]);
  });
});

describe("an event that is tried again", () => {
  const all = {
    shopId: 1,
    outcomes: ["rejected", "dead"] as const,
    rowId: null,
    datasetId: null,
    name: null,
    reason: null,
    eventId: null,
    since: null,
    until: null,
  };

  async function refused(): Promise<TestPipeline> {
    const pipeline = await testPipeline();
    pipeline.meta.weather.script([{ kind: "error", code: 100, transient: false, count: 1 }]);
    await pipeline.webhook("orders/create", order());
    await pipeline.drain();
    expect(await pipeline.events()).toMatchObject([{ outcome: "rejected" }]);
    return pipeline;
  }

  async function counts({ db }: TestPipeline): Promise<Record<string, number[]>> {
    const rows = await db.rollup.findMany({ where: { dimension: "outcome" } });
    return Object.fromEntries(rows.map(({ value, count, sum }) => [value, [count, Number(sum)]]));
  }

  it("leaves the count it stood in for the one it belongs to, when it ends anew", async () => {
    const pipeline = await refused();
    const { store, clock } = pipeline;
    const before = await counts(pipeline);
    const [count, sum] = before.rejected ?? [];
    expect(count).toBe(1);
    expect(await replay(all, { store, now: clock.now(), dryRun: false })).toMatchObject({ matched: 1, replayed: 1 });
    expect(await counts(pipeline)).toEqual(before);
    await pipeline.drain();
    expect(await pipeline.events()).toMatchObject([{ outcome: "accepted", reason: null, attempts: 1 }]);
    expect(await counts(pipeline)).toEqual({ rejected: [0, 0], accepted: [1, sum] });
  });

  it("and refused again is counted once", async () => {
    const pipeline = await refused();
    const before = await counts(pipeline);
    pipeline.meta.weather.script([{ kind: "error", code: 100, transient: false, count: 1 }]);
    await replay(all, { store: pipeline.store, now: pipeline.clock.now(), dryRun: false });
    await pipeline.drain();
    expect(await pipeline.events()).toMatchObject([{ outcome: "rejected" }]);
    expect(await counts(pipeline)).toEqual(before);
  });

  it("and accepted is never sent once more", async () => {
    const pipeline = await refused();
    const again = () => replay(all, { store: pipeline.store, now: pipeline.clock.now(), dryRun: false });
    await again();
    await pipeline.drain();
    expect(await again()).toMatchObject({ matched: 0, replayed: 0, obstacles: {} });
    await pipeline.drain();
    expect(pipeline.meta.received).toHaveLength(1);
  });

  it("is only looked at in a dry run", async () => {
    const pipeline = await refused();
    const { store, clock } = pipeline;
    expect(await replay(all, { store, now: clock.now(), dryRun: true })).toMatchObject({ replayed: 1 });
    expect(await pipeline.events()).toMatchObject([{ outcome: "rejected" }]);
  });

  it("leaves a portion a minute, and after what somebody brought back before it", async () => {
    const { store, rows, shopId } = await openDead(5);
    const turns = () => rows().map(({ runAt }) => ((runAt ?? 0) - DAY) / 60_000);
    const dead = { ...all, shopId };
    const first = { store, now: DAY, dryRun: false, perMinute: 2, most: 3 };
    expect(await replay(dead, first)).toMatchObject({ replayed: 3, lastAt: DAY + 60_000, more: true });
    expect(turns().slice(0, 3)).toEqual([0, 0, 1]);
    expect(await replay(dead, first)).toMatchObject({ replayed: 2, lastAt: DAY + 120_000, more: false });
    expect(turns()).toEqual([0, 0, 1, 2, 2]);
  });

  it("leaves those out that may be counted twice, where a person wants it so", async () => {
    const { store, reader, rows, shopId, datasetId } = await openDead(2);
    reader.exec(
      `INSERT INTO "Attempt" ("shopId", "datasetId", "at", "ms", "events", "status", "verdict", "answer", "bytesHash")
       VALUES (${shopId}, ${datasetId}, ${DAY}, 1, 1, NULL, 'retry', '', '')`,
    );
    reader.exec(`INSERT INTO "AttemptEvent" ("attemptId", "eventRowId") VALUES (1, 2)`);
    const dead = { ...all, shopId };
    const look = (over: object) => replay(dead, { store, now: DAY, dryRun: true, ...over });
    expect(await look({})).toMatchObject({ replayed: 2, leaving: { alone: 1, may_double: 1 } });
    expect(await look({ doubling: false, dryRun: false })).toMatchObject({ replayed: 1, leaving: { may_double: 1 } });
    expect(rows().map(({ outcome }) => outcome)).toEqual(["waiting", "dead"]);
  });

  it("bears the mark that a person brought it back", async () => {
    const pipeline = await refused();
    await replay(all, { store: pipeline.store, now: pipeline.clock.now(), dryRun: false });
    await pipeline.drain();
    expect(await pipeline.events()).toMatchObject([
      { outcome: "accepted", replayedAt: BigInt(pipeline.clock.now()), eventId: `purchase.${TOKEN}` },
    ]);
  });

  it("stays where the browser's copy stands, and where Meta's window has closed", async () => {
    const pipeline = await refused();
    const { store, clock } = pipeline;
    await pipeline.beacon({ name: "checkout_completed", checkout_token: TOKEN });
    clock.pass(49 * 3_600_000);
    const look = () => replay(all, { store, now: clock.now(), dryRun: false });
    expect(await look()).toMatchObject({ matched: 1, replayed: 0, obstacles: { browser_copy_stands: 1 } });
    clock.pass(6 * 24 * 3_600_000);
    expect(await look()).toMatchObject({ matched: 1, replayed: 0, obstacles: { past_window: 1 } });
  });

  it("is found among more than one portion of them", async () => {
    const outbox = await openDead(1_000);
    const { ingest, purchase, claim, settle, store, shopId } = outbox;
    await ingest(purchase({ ...numbered(1_001), name: "Renewal", purchaseOrderId: null }));
    await claim("second");
    await settle("second", [accepted(1_001, DEAD)]);
    const renewals = { ...all, shopId, name: "Renewal" };
    expect(await replay(renewals, { store, now: DAY, dryRun: false })).toMatchObject({ matched: 1, replayed: 1 });
    expect(await replay(all, { store, now: DAY, dryRun: true })).toMatchObject({ matched: 1_000, replayed: 1_000 });
  });
});
