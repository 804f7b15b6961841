import { describe, expect, it } from "vitest";
import type { RollupChange } from "~/store/rows";
import { DAY } from "../support/clock";
import { accepted, numbered, openOutbox } from "./support/outbox";

const LEASE = 45_000;

function counted(datasetId: number): RollupChange {
  const place = { datasetId, event: "Purchase", leg: "server", bucket: DAY };
  return { ...place, dimension: "outcome", value: "accepted", count: 1, sum: 64_500_000 };
}

describe("a lease that has run out", () => {
  it("is taken back, and what it held is due at once: a killed process loses a lease, not an event", async () => {
    const { ingest, purchase, claim, store, datasetId, rows } = await openOutbox();
    await ingest(purchase(numbered(1)), purchase(numbered(2)));
    await claim("killed", DAY);
    expect(await store.reclaim(datasetId, DAY + LEASE, DAY + LEASE)).toBe(2);
    expect(rows()).toMatchObject([
      { outcome: "waiting", lease: null, attempts: 1 },
      { outcome: "waiting", lease: null, attempts: 1 },
    ]);
    expect(await claim("next", DAY + LEASE)).toMatchObject([
      { id: 1, attempts: 2, lease: "next" },
      { id: 2, attempts: 2, lease: "next" },
    ]);
  });

  it("is taken back once", async () => {
    const { ingest, purchase, claim, store, datasetId } = await openOutbox();
    await ingest(purchase());
    await claim("killed", DAY);
    const taken = await Promise.all([1, 2, 3].map(() => store.reclaim(datasetId, DAY + LEASE, DAY + LEASE)));
    expect(taken.reduce((sum, rows) => sum + rows)).toBe(1);
  });

  it("is no other's: what is held still, what nobody holds and what is another dataset's stays as it is", async () => {
    const { ingest, purchase, claim, store, datasetId, rows } = await openOutbox();
    await ingest(purchase(numbered(1)));
    await claim("alive", DAY);
    await ingest(purchase({ ...numbered(2), datasetId: 2 }));
    await store.claimDue({ datasetId: 2, now: DAY, limit: 10, lease: "there", leaseUntil: DAY + 1 });
    await ingest(purchase(numbered(3)));
    const before = rows();
    expect(await store.reclaim(datasetId, DAY + LEASE - 1, DAY + LEASE - 1)).toBe(0);
    expect(rows()).toEqual(before);
  });

  it("is due at once for a process that is behind the clock that leases are counted in", async () => {
    const { ingest, purchase, claim, store, datasetId } = await openOutbox();
    const there = DAY + 300_000;
    await ingest(purchase());
    await claim("killed", DAY, there + LEASE);
    expect(await store.reclaim(datasetId, there + LEASE, DAY + LEASE)).toBe(1);
    expect(await claim("next", DAY + LEASE)).toHaveLength(1);
  });

  it("is taken back from what has ended, too, and was to be counted", async () => {
    const { ingest, purchase, store, datasetId, rows } = await openOutbox();
    await ingest(purchase({ outcome: "skipped", reason: "test_order" }));
    await store.claimEnded({ datasetId, now: DAY, limit: 10, lease: "killed", leaseUntil: DAY + LEASE });
    expect(await store.reclaim(datasetId, DAY + LEASE, DAY + LEASE)).toBe(1);
    expect(rows()).toMatchObject([{ outcome: "skipped", reason: "test_order", lease: null, runAt: DAY + LEASE }]);
  });
});

describe("a holder that is slow", () => {
  it("finds its settling lost once its rows were taken back; they are settled, and counted, by the next one only", async () => {
    const { ingest, purchase, claim, settle, store, datasetId, reader, rows } = await openOutbox();
    await ingest(purchase());
    await claim("slow", DAY);
    await store.reclaim(datasetId, DAY + LEASE, DAY + LEASE);
    const changes = [counted(datasetId)];
    expect(await store.renewLease("slow", [1], DAY + 10 * LEASE)).toEqual([]);
    expect(await settle("slow", [accepted(1, { changes })])).toEqual({ lost: [1] });
    expect(rows()).toMatchObject([{ outcome: "waiting", lease: null, countedAs: null }]);

    await claim("next", DAY + LEASE);
    expect(await settle("slow", [accepted(1, { changes })])).toEqual({ lost: [1] });
    expect(await settle("next", [accepted(1, { changes })])).toEqual({ lost: [] });
    expect(await settle("slow", [accepted(1, { changes })])).toEqual({ lost: [1] });
    expect(rows()).toMatchObject([{ outcome: "accepted", countedAs: "accepted" }]);
    expect(reader.all(`SELECT "count", "sum" FROM "Rollup"`)).toMatchObject([{ count: 1, sum: 64_500_000 }]);
  });

  it("may still settle what nobody has taken back", async () => {
    const { ingest, purchase, claim, settle, store, datasetId } = await openOutbox();
    await ingest(purchase());
    await claim("slow", DAY);
    expect(await settle("slow", [accepted(1)], DAY + 2 * LEASE)).toEqual({ lost: [] });
    expect(await store.reclaim(datasetId, DAY + 2 * LEASE, DAY + 2 * LEASE)).toBe(0);
  });

  it("settles or loses what is taken back at the same moment, never both", async () => {
    const { ingest, purchase, claim, settle, store, datasetId, rows } = await openOutbox();
    await ingest(...Array.from({ length: 40 }, (_, n) => purchase(numbered(n + 1))));
    await claim("slow", DAY);
    const ids = rows().map(({ id }) => id);
    const late = DAY + LEASE;
    const [settled, taken] = await Promise.all([
      settle(
        "slow",
        ids.map((id) => accepted(id)),
        late,
      ),
      store.reclaim(datasetId, late, late),
    ]);
    expect(settled.lost).toHaveLength(taken);
    expect(rows().filter(({ outcome }) => outcome === "waiting")).toHaveLength(taken);
  });
});
