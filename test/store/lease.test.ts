import { describe, expect, it } from "vitest";
import type { ActionSource } from "~/events/action-source";
import { type DuePlace, FRONT, type Store } from "~/store/store.server";
import { DAY } from "../support/clock";
import { dueAtAll } from "./support/due";
import { accepted, numbered, openOutbox } from "./support/outbox";

const LEASE = 45_000;
const DAY_MS = 24 * 3_600_000;

describe("a claim", () => {
  it("makes rows invisible to every other claim until its lease ends", async () => {
    const { ingest, purchase, claim, store } = await openOutbox();
    await ingest(purchase(numbered(1)), purchase(numbered(2)));
    expect(await claim("a", DAY)).toHaveLength(2);
    expect(await claim("b", DAY)).toEqual([]);
    expect(await claim("b", DAY + LEASE - 1)).toEqual([]);
    expect(await dueAtAll(store, DAY + LEASE - 1)).toEqual([]);
  });

  it("leaves what is under a lease that has run out, until that is taken back; its dataset is due all the same", async () => {
    const { ingest, purchase, claim, store, datasetId, rows } = await openOutbox();
    await ingest(purchase());
    await claim("a", DAY);
    expect(await dueAtAll(store, DAY + LEASE)).toEqual([datasetId]);
    expect(await claim("b", DAY + LEASE)).toEqual([]);
    expect(rows()).toMatchObject([{ outcome: "waiting", lease: "a" }]);
  });

  it("counts one attempt more, so that a crash counts", async () => {
    const { ingest, purchase, claim, rows } = await openOutbox();
    await ingest(purchase());
    expect(await claim("a")).toMatchObject([{ attempts: 1 }]);
    expect(rows()).toMatchObject([{ attempts: 1, lease: "a", runAt: DAY + LEASE }]);
  });

  it("of two at once, each row goes to one", async () => {
    const { ingest, purchase, store, datasetId } = await openOutbox();
    await ingest(...Array.from({ length: 50 }, (_, n) => purchase(numbered(n + 1))));
    const claims = await Promise.all(
      ["a", "b", "c"].map((lease) =>
        store.claimDue({ datasetId, now: DAY, limit: 20, lease, leaseUntil: DAY + LEASE }),
      ),
    );
    // Which of them is served last is not promised.
    expect(claims.map(({ length }) => length).sort((a, b) => b - a)).toEqual([20, 20, 10]);
    expect(new Set(claims.flat().map(({ id }) => id)).size).toBe(50);
  });

  it("takes no row before it is due, none that ended, and none of another dataset", async () => {
    const { ingest, purchase, claim } = await openOutbox();
    await ingest(
      purchase({ ...numbered(1), runAt: DAY + 1 }),
      purchase({ ...numbered(2), outcome: "skipped", reason: "test_order" }),
      purchase({ ...numbered(3), datasetId: 2 }),
      purchase(numbered(4)),
    );
    expect((await claim("a")).map(({ orderId }) => orderId)).toEqual(["4"]);
  });

  it("answers the oldest event first", async () => {
    const { ingest, purchase, claim } = await openOutbox();
    await ingest(
      purchase({ ...numbered(1), eventTime: DAY - 10 }),
      purchase({ ...numbered(2), eventTime: DAY - 30 }),
      purchase({ ...numbered(3), eventTime: DAY - 20 }),
    );
    expect((await claim("a")).map(({ orderId }) => orderId)).toEqual(["2", "3", "1"]);
  });

  it("takes what has been due longest when it takes only some", async () => {
    const { ingest, purchase, store, datasetId } = await openOutbox();
    await ingest(purchase({ ...numbered(1), runAt: DAY - 1 }), purchase({ ...numbered(2), runAt: DAY - 2 }));
    const one = { datasetId, now: DAY, limit: 1, lease: "a", leaseUntil: DAY + LEASE };
    expect(await store.claimDue(one)).toMatchObject([{ orderId: "2" }]);
  });
});

describe("a lease", () => {
  it("can be renewed by its holder", async () => {
    const { ingest, purchase, claim, store } = await openOutbox();
    await ingest(purchase());
    await claim("a", DAY);
    expect(await store.renewLease("a", [1], DAY + 2 * LEASE)).toEqual([1]);
    expect(await claim("b", DAY + LEASE)).toEqual([]);
  });

  it("cannot be renewed once another claim has the row", async () => {
    const { ingest, purchase, claim, store, datasetId, rows } = await openOutbox();
    await ingest(purchase());
    await claim("a", DAY);
    await store.reclaim(datasetId, DAY + LEASE, DAY + LEASE);
    await claim("b", DAY + LEASE);
    expect(await store.renewLease("a", [1], DAY + 10 * LEASE)).toEqual([]);
    expect(rows()).toMatchObject([{ lease: "b", runAt: DAY + 2 * LEASE }]);
  });

  it("is gone once the row is settled", async () => {
    const { ingest, purchase, claim, settle, store, rows } = await openOutbox();
    await ingest(purchase());
    await claim("a");
    await settle("a", [accepted(1)]);
    expect(rows()).toMatchObject([{ lease: null, runAt: null }]);
    expect(await store.renewLease("a", [1], DAY + LEASE)).toEqual([]);
  });
});

describe("what is too old for Meta", () => {
  it.each<{ actionSource: ActionSource; days: number }>([
    { actionSource: "website", days: 7 },
    { actionSource: "system_generated", days: 7 },
    { actionSource: "physical_store", days: 62 },
  ])("of $actionSource is $days days old; only that is taken from a dataset on hold", async ({
    actionSource,
    days,
  }) => {
    const { ingest, purchase, store, datasetId } = await openOutbox();
    await ingest(
      purchase({ ...numbered(1), actionSource, eventTime: DAY - days * DAY_MS }),
      purchase({ ...numbered(2), actionSource, eventTime: DAY - days * DAY_MS - 1 }),
    );
    const { rows, next } = await store.claimTooOld(
      { datasetId, now: DAY, limit: 10, lease: "a", leaseUntil: DAY + LEASE },
      FRONT,
    );
    expect(rows.map(({ orderId, attempts }) => ({ orderId, attempts }))).toEqual([{ orderId: "2", attempts: 0 }]);
    expect(next).toBeNull();
  });

  it.each([
    ["a till's", { actionSource: "physical_store", eventTime: DAY - 30 * DAY_MS }, DAY - 8 * DAY_MS],
    ["younger ones that are due for longer", { eventTime: DAY - DAY_MS }, DAY],
  ] as const)("is found behind thousands of %s, and no more of it is taken than was asked for", async (_what, front, due) => {
    const { ingest, purchase, store, datasetId } = await openOutbox();
    const web = { eventTime: DAY - 8 * DAY_MS, runAt: due };
    await ingest(
      ...Array.from({ length: 5_001 }, (_, n) => purchase({ ...numbered(n + 1), ...front, runAt: front.eventTime })),
      ...[6_001, 6_002, 6_003].map((n) => purchase({ ...numbered(n), ...web })),
    );
    const taken: (string | null)[][] = [];
    let place: DuePlace | null = FRONT;
    for (const lease of ["a", "b", "c"]) {
      if (place === null) break;
      const found: Awaited<ReturnType<Store["claimTooOld"]>> = await store.claimTooOld(
        { datasetId, now: DAY, limit: 2, lease, leaseUntil: DAY + LEASE },
        place,
      );
      taken.push(found.rows.map(({ orderId }) => orderId));
      place = found.next;
    }
    expect(taken).toEqual([[], ["6001", "6002"], ["6003"]]);
    expect(place).toBeNull();
  });
});

describe("what waits for a dataset that nothing is sent to any more", () => {
  it("is taken due or not, with no attempt counted, but not what is on its way to Meta right now", async () => {
    const { ingest, purchase, claim, store, datasetId } = await openOutbox();
    const all = { datasetId, now: DAY, limit: 10, lease: "b", leaseUntil: DAY + LEASE };
    await ingest(purchase(numbered(1)));
    await claim("a");
    await ingest(
      purchase({ ...numbered(2), hold: "browser_context", runAt: DAY + 2 * LEASE }),
      purchase(numbered(3)),
      purchase({ ...numbered(4), outcome: "skipped", reason: "test_order" }),
      purchase({ ...numbered(5), datasetId: 2 }),
    );
    const taken = await store.claimWaiting(all);
    expect(taken.map(({ orderId, attempts }) => ({ orderId, attempts }))).toEqual([
      { orderId: "2", attempts: 0 },
      { orderId: "3", attempts: 0 },
    ]);
    expect(await store.claimWaiting({ ...all, lease: "c" })).toEqual([]);
    // A killed process's lease runs out: once its row is taken back it is there for the taking as well.
    expect(await store.reclaim(datasetId, DAY + LEASE, DAY + LEASE)).toBe(3);
    const later = await store.claimWaiting({ ...all, now: DAY + LEASE, lease: "d", leaseUntil: DAY + 2 * LEASE });
    expect(later.map(({ orderId }) => orderId).sort()).toEqual(["1", "2", "3"]);
  });
});

describe("what has ended", () => {
  it("goes to one claim as long as its lease lasts", async () => {
    const { ingest, purchase, store, datasetId } = await openOutbox();
    const ended = (lease: string, now: number) =>
      store.claimEnded({ datasetId, now, limit: 10, lease, leaseUntil: now + LEASE });
    await ingest(purchase({ outcome: "skipped", reason: "test_order" }));
    expect(await ended("a", DAY)).toHaveLength(1);
    expect(await ended("b", DAY + LEASE - 1)).toEqual([]);
    expect(await dueAtAll(store, DAY + LEASE - 1)).toEqual([]);
    expect(await ended("b", DAY + LEASE)).toEqual([]);
    expect(await store.reclaim(datasetId, DAY + LEASE, DAY + LEASE)).toBe(1);
    expect(await ended("b", DAY + LEASE)).toMatchObject([{ id: 1, lease: "b" }]);
  });

  it("on arrival is due for counting until it was counted", async () => {
    const { ingest, purchase, store, datasetId, settle, rows } = await openOutbox();
    await ingest(purchase({ outcome: "skipped", reason: "test_order" }));
    expect(await dueAtAll(store, DAY)).toEqual([datasetId]);
    const taken = await store.claimEnded({ datasetId, now: DAY, limit: 10, lease: "a", leaseUntil: DAY + LEASE });
    expect(taken).toMatchObject([{ outcome: "skipped", countedAs: null }]);
    await settle("a", [accepted(1, { outcome: "skipped", reason: "test_order" })]);
    expect(rows()).toMatchObject([{ outcome: "skipped", countedAs: "skipped", runAt: null }]);
    expect(await dueAtAll(store, DAY)).toEqual([]);
  });

  it("but may still be brought back is due when its keys are to be forgotten, and keeps the time of its ending", async () => {
    const { ingest, purchase, store, datasetId, claim, settle, rows } = await openOutbox();
    const close = DAY + 7 * DAY_MS;
    const end = (over: object) => accepted(1, { outcome: "withheld", reason: "no_consent_signal", ...over });
    await ingest(purchase());
    await claim("a");
    await settle("a", [end({ forget: false, runAt: close })]);
    expect(await dueAtAll(store, close - 1)).toEqual([]);
    expect(await dueAtAll(store, close)).toEqual([datasetId]);
    await store.claimEnded({ datasetId, now: close, limit: 10, lease: "b", leaseUntil: close + LEASE });
    await settle("b", [end({ forget: true })], close);
    expect(rows()).toMatchObject([{ outcome: "withheld", matchKeys: null, settledAt: DAY, runAt: null }]);
  });
});

it("the database says what time it is", async () => {
  const { store } = await openOutbox();
  const before = Date.now();
  const there = await store.databaseNow();
  expect(there).toBeGreaterThanOrEqual(before - 1_000);
  expect(there).toBeLessThanOrEqual(Date.now() + 1_000);
});
