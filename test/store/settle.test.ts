import { describe, expect, it } from "vitest";
import type { NewAttempt, RollupChange } from "~/store/rows";
import { LeaseLost } from "~/store/store.server";
import { DAY } from "../support/clock";
import { accepted, numbered, type Outbox, openOutbox } from "./support/outbox";

const ATTEMPT: NewAttempt = {
  at: DAY,
  ms: 120,
  events: 2,
  status: 200,
  verdict: "accepted",
  code: null,
  subcode: null,
  fbtraceId: "AbC",
  answer: '{"events_received":2}',
  bytesHash: "00",
  eventRowIds: [1, 2],
};

function change(datasetId: number): RollupChange {
  const place = { datasetId, event: "Purchase", leg: "server", bucket: DAY };
  return { ...place, dimension: "outcome", value: "accepted", count: 2, sum: 129 };
}

async function openClaimed(): Promise<Outbox> {
  const outbox = await openOutbox();
  await outbox.ingest(outbox.purchase(numbered(1)), outbox.purchase(numbered(2)));
  await outbox.claim("mine");
  return outbox;
}

function everythingIn({ reader }: Outbox): unknown[] {
  return ["Event", "Attempt", "AttemptEvent", "Rollup"].map((table) => reader.all(`SELECT * FROM "${table}"`));
}

describe("settling", () => {
  it("writes endings, the attempt and the counts as one", async () => {
    const { store, shopId, datasetId, reader, rows } = await openClaimed();
    await store.settle({
      shopId,
      datasetId,
      lease: "mine",
      now: DAY + 200,
      attempts: [ATTEMPT],
      settlements: [accepted(1, { attempt: 0, bytes: "sealed", bytesHash: "11" }), accepted(2, { attempt: 0 })],
      rollups: [change(datasetId)],
    });
    expect(rows()).toMatchObject([
      { outcome: "accepted", runAt: null, lease: null, settledAt: DAY + 200, countedAs: "accepted", attemptId: 1 },
      { outcome: "accepted", runAt: null, lease: null, settledAt: DAY + 200, countedAs: "accepted", attemptId: 1 },
    ]);
    expect(reader.all(`SELECT "verdict", "fbtraceId", "events" FROM "Attempt"`)).toMatchObject([
      { verdict: "accepted", fbtraceId: "AbC", events: 2 },
    ]);
    expect(reader.all(`SELECT * FROM "AttemptEvent" ORDER BY "eventRowId"`)).toMatchObject([
      { attemptId: 1, eventRowId: 1 },
      { attemptId: 1, eventRowId: 2 },
    ]);
    expect(reader.all(`SELECT "count", "sum" FROM "Rollup"`)).toMatchObject([{ count: 2, sum: 129 }]);
  });

  it("with a lost lease writes nothing at all, though only one of the rows was lost", async () => {
    const outbox = await openClaimed();
    const { store, shopId, datasetId, reader } = outbox;
    await store.renewLease("mine", [1], DAY + 100_000);
    // The lease on row 2 ran out and another claim took it.
    expect(await outbox.claim("theirs", DAY + 45_000)).toMatchObject([{ id: 2 }]);
    const before = everythingIn(outbox);

    const settling = store.settle({
      shopId,
      datasetId,
      lease: "mine",
      now: DAY + 46_000,
      attempts: [ATTEMPT],
      settlements: [accepted(1, { attempt: 0 }), accepted(2, { attempt: 0 })],
      rollups: [change(datasetId)],
    });
    await expect(settling).rejects.toThrow(LeaseLost);
    expect(everythingIn(outbox)).toEqual(before);
    expect(reader.all(`SELECT * FROM "Attempt"`)).toEqual([]);
  });

  it("a row a second time is a lost lease, not a second count", async () => {
    const { settle, rows } = await openClaimed();
    await settle("mine", [accepted(1)]);
    await expect(settle("mine", [accepted(1)])).rejects.toThrow(LeaseLost);
    expect(rows().map(({ outcome }) => outcome)).toEqual(["accepted", "waiting"]);
  });

  it("drops match keys and browser context where it is told to forget, and keeps them elsewhere", async () => {
    const { settle, rows } = await openClaimed();
    await settle("mine", [accepted(1), accepted(2, { outcome: "dead", reason: "unknown_answer", forget: false })]);
    expect(rows().map(({ matchKeys }) => matchKeys)).toEqual([null, '{"em":["aa"]}']);
  });

  it("back into waiting counts nothing and lets the row fall due again", async () => {
    const { settle, rows, claim } = await openClaimed();
    await settle("mine", [accepted(1, { outcome: "waiting", reason: "http_502", runAt: DAY + 5_000, forget: false })]);
    expect(rows()[0]).toMatchObject({ outcome: "waiting", countedAs: null, settledAt: null, lease: null });
    expect(await claim("later", DAY + 5_000)).toMatchObject([{ id: 1, attempts: 2 }]);
  });

  it("adds up counts of the same place", async () => {
    const outbox = await openClaimed();
    const { store, shopId, datasetId, reader } = outbox;
    const base = { shopId, datasetId, lease: "mine", now: DAY, attempts: [] };
    await store.settle({ ...base, settlements: [accepted(1)], rollups: [change(datasetId)] });
    await store.settle({
      ...base,
      settlements: [accepted(2)],
      rollups: [{ ...change(datasetId), count: -1, sum: -64.5 }],
    });
    expect(reader.all(`SELECT "count", "sum" FROM "Rollup"`)).toMatchObject([{ count: 1, sum: 64.5 }]);
  });
});
