import { describe, expect, it } from "vitest";
import { DAY } from "../support/clock";
import { accepted, numbered, openOutbox } from "./support/outbox";

const LEASE = 45_000;
const DAY_MS = 24 * 3_600_000;

describe("a claim", () => {
  it("makes rows invisible to every other claim until its lease ends", async () => {
    const { ingest, purchase, claim, store, datasetId } = await openOutbox();
    await ingest(purchase(numbered(1)), purchase(numbered(2)));
    expect(await claim("a", DAY)).toHaveLength(2);
    expect(await claim("b", DAY)).toEqual([]);
    expect(await claim("b", DAY + LEASE - 1)).toEqual([]);
    expect(store.hasDue(datasetId, DAY + LEASE - 1)).toBe(false);
  });

  it("whose lease has ended leaves its rows to the next one: a killed process loses a lease, not an event", async () => {
    const { ingest, purchase, claim, store, datasetId, rows } = await openOutbox();
    await ingest(purchase());
    await claim("a", DAY);
    expect(store.hasDue(datasetId, DAY + LEASE)).toBe(true);
    expect(await claim("b", DAY + LEASE)).toMatchObject([{ id: 1, attempts: 2, lease: "b" }]);
    expect(rows()).toMatchObject([{ outcome: "waiting", lease: "b" }]);
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
    expect(claims.map(({ length }) => length)).toEqual([20, 20, 10]);
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
    expect(await store.renewLease("a", [1], DAY + 2 * LEASE)).toBe(1);
    expect(await claim("b", DAY + LEASE)).toEqual([]);
  });

  it("cannot be renewed once another claim has the row", async () => {
    const { ingest, purchase, claim, store, rows } = await openOutbox();
    await ingest(purchase());
    await claim("a", DAY);
    await claim("b", DAY + LEASE);
    expect(await store.renewLease("a", [1], DAY + 10 * LEASE)).toBe(0);
    expect(rows()).toMatchObject([{ lease: "b", runAt: DAY + 2 * LEASE }]);
  });

  it("is gone once the row is settled", async () => {
    const { ingest, purchase, claim, settle, store, rows } = await openOutbox();
    await ingest(purchase());
    await claim("a");
    await settle("a", [accepted(1)]);
    expect(rows()).toMatchObject([{ lease: null, runAt: null }]);
    expect(await store.renewLease("a", [1], DAY + LEASE)).toBe(0);
  });
});

describe("what is too old for Meta", () => {
  it.each([
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
    const taken = await store.claimTooOld({ datasetId, now: DAY, limit: 10, lease: "a", leaseUntil: DAY + LEASE });
    expect(taken.map(({ orderId, attempts }) => ({ orderId, attempts }))).toEqual([{ orderId: "2", attempts: 0 }]);
  });
});

describe("what has ended", () => {
  it("on arrival is due for counting until it was counted", async () => {
    const { ingest, purchase, store, datasetId, settle, rows } = await openOutbox();
    await ingest(purchase({ outcome: "skipped", reason: "test_order" }));
    expect(store.hasDue(datasetId, DAY)).toBe(true);
    const taken = await store.claimEnded({ datasetId, now: DAY, limit: 10, lease: "a", leaseUntil: DAY });
    expect(taken).toMatchObject([{ outcome: "skipped", countedAs: null }]);
    await settle("a", [accepted(1, { outcome: "skipped", reason: "test_order" })]);
    expect(rows()).toMatchObject([{ outcome: "skipped", countedAs: "skipped", runAt: null }]);
    expect(store.hasDue(datasetId, DAY)).toBe(false);
  });

  it("but may still be brought back is due when its keys are to be forgotten, and keeps the time of its ending", async () => {
    const { ingest, purchase, store, datasetId, claim, settle, rows } = await openOutbox();
    const close = DAY + 7 * DAY_MS;
    const end = (over: object) => accepted(1, { outcome: "withheld", reason: "no_consent_signal", ...over });
    await ingest(purchase());
    await claim("a");
    await settle("a", [end({ forget: false, runAt: close })]);
    expect(store.hasDue(datasetId, close - 1)).toBe(false);
    expect(store.hasDue(datasetId, close)).toBe(true);
    await store.claimEnded({ datasetId, now: close, limit: 10, lease: "b", leaseUntil: close });
    await settle("b", [end({ forget: true })], close);
    expect(rows()).toMatchObject([{ outcome: "withheld", matchKeys: null, settledAt: DAY, runAt: null }]);
  });
});
