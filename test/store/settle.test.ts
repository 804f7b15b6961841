import { describe, expect, it } from "vitest";
import type { NewAttempt, RollupChange } from "~/store/rows";
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

function change(datasetId: number, over: Partial<RollupChange> = {}): RollupChange {
  const place = { datasetId, event: "Purchase", leg: "server", bucket: DAY };
  return { ...place, dimension: "outcome", value: "accepted", count: 1, sum: 64_500_000, ...over };
}

async function openClaimed(rows = 2): Promise<Outbox> {
  const outbox = await openOutbox();
  await outbox.ingest(...Array.from({ length: rows }, (_, n) => outbox.purchase(numbered(n + 1))));
  await outbox.claim("mine");
  return outbox;
}

function countsIn({ reader }: Outbox): unknown[] {
  return reader.all(`SELECT "value", "count", "sum" FROM "Rollup" ORDER BY "value"`);
}

describe("settling", () => {
  it("writes endings, the attempt and the counts as one", async () => {
    const { store, shopId, datasetId, reader, rows } = await openClaimed();
    const changes = [change(datasetId)];
    const settled = await store.settle({
      shopId,
      datasetId,
      lease: "mine",
      now: DAY + 200,
      attempts: [ATTEMPT],
      contexts: [],
      settlements: [
        accepted(1, { attempt: 0, bytes: "sealed", bytesHash: "11", changes }),
        accepted(2, { attempt: 0, changes }),
      ],
    });
    expect(settled).toEqual({ lost: [] });
    expect(rows()).toMatchObject([
      { outcome: "accepted", runAt: null, lease: null, settledAt: DAY + 200, countedAs: "accepted", attemptId: 1 },
      { outcome: "accepted", runAt: null, lease: null, settledAt: DAY + 200, countedAs: "accepted", attemptId: 1 },
    ]);
    expect(reader.all(`SELECT "verdict", "fbtraceId", "events" FROM "Attempt"`)).toMatchObject([
      { verdict: "accepted", fbtraceId: "AbC", events: 2 },
    ]);
    expect(reader.all(`SELECT * FROM "AttemptEvent"`)).toEqual([]);
    expect(reader.all(`SELECT "count", "sum" FROM "Rollup"`)).toMatchObject([{ count: 2, sum: 129_000_000 }]);
  });

  it("with one of three rows lost settles and counts the other two, and keeps the attempt: Meta was asked", async () => {
    const outbox = await openClaimed(3);
    const { store, shopId, datasetId, reader, rows } = outbox;
    expect(await store.renewLease("mine", [1, 3], DAY + 100_000)).toEqual([1, 3]);
    // The lease on row 2 ran out and another claim took it.
    expect(await store.reclaim(datasetId, DAY + 45_000, DAY + 45_000)).toBe(1);
    expect(await outbox.claim("theirs", DAY + 45_000)).toMatchObject([{ id: 2 }]);
    const theirs = rows()[1];

    const settled = await store.settle({
      shopId,
      datasetId,
      lease: "mine",
      now: DAY + 46_000,
      attempts: [{ ...ATTEMPT, events: 3, eventRowIds: [1, 2, 3] }],
      settlements: [1, 2, 3].map((id) => accepted(id, { attempt: 0, changes: [change(datasetId)] })),
      contexts: [],
    });
    expect(settled).toEqual({ lost: [2] });
    const ours = { outcome: "accepted", lease: null, runAt: null, attemptId: 1, settledAt: DAY + 46_000 };
    expect(rows()).toEqual([expect.objectContaining(ours), theirs, expect.objectContaining(ours)]);
    expect(reader.all(`SELECT * FROM "Attempt"`)).toMatchObject([{ id: 1, verdict: "accepted", events: 3 }]);
    expect(reader.all(`SELECT * FROM "AttemptEvent"`)).toEqual([{ attemptId: 1, eventRowId: 2 }]);
    expect(countsIn(outbox)).toMatchObject([{ value: "accepted", count: 2, sum: 129_000_000 }]);
  });

  it("keeps every attempt that an event travelled in: the last one in its row, those before it beside", async () => {
    const outbox = await openClaimed();
    const { store, shopId, datasetId, reader, rows } = outbox;
    const settling = { shopId, datasetId, contexts: [] };
    const bisected = [
      ATTEMPT,
      { ...ATTEMPT, events: 1, eventRowIds: [1] },
      { ...ATTEMPT, events: 1, eventRowIds: [2] },
    ];
    const waits = { outcome: "waiting", reason: "meta_2", runAt: DAY + 1_000, forget: false } as const;
    await store.settle({
      ...settling,
      lease: "mine",
      now: DAY + 200,
      attempts: bisected,
      settlements: [accepted(1, { attempt: 1 }), accepted(2, { attempt: 2, ...waits })],
    });
    const [again] = await outbox.claim("again", DAY + 1_000);
    expect(again).toMatchObject({ id: 2, attemptId: 3 });
    await store.settle({
      ...settling,
      lease: "again",
      now: DAY + 1_200,
      attempts: [{ ...ATTEMPT, events: 1, eventRowIds: [2] }],
      settlements: [accepted(2, { attempt: 0, attemptBefore: 3 })],
    });
    expect(rows()).toMatchObject([{ attemptId: 2 }, { attemptId: 4 }]);
    expect(reader.all(`SELECT * FROM "AttemptEvent" ORDER BY "eventRowId", "attemptId"`)).toEqual([
      { attemptId: 1, eventRowId: 1 },
      { attemptId: 1, eventRowId: 2 },
      { attemptId: 3, eventRowId: 2 },
    ]);
  });

  it("with every row lost writes the attempt alone", async () => {
    const outbox = await openClaimed();
    const { store, shopId, datasetId, reader, rows } = outbox;
    await store.reclaim(datasetId, DAY + 45_000, DAY + 45_000);
    await outbox.claim("theirs", DAY + 45_000);
    const before = rows();
    const settlements = [1, 2].map((id) => accepted(id, { attempt: 0, changes: [change(datasetId)] }));
    const late = {
      shopId,
      datasetId,
      lease: "mine",
      now: DAY + 46_000,
      attempts: [ATTEMPT],
      settlements,
      contexts: [],
    };
    expect(await store.settle(late)).toEqual({ lost: [1, 2] });
    expect(rows()).toEqual(before);
    expect(countsIn(outbox)).toEqual([]);
    expect(reader.all(`SELECT * FROM "Attempt"`)).toHaveLength(1);
  });

  it("a row a second time is a lost lease, not a second count", async () => {
    const outbox = await openClaimed();
    const { settle, rows, datasetId } = outbox;
    const once = [accepted(1, { changes: [change(datasetId)] })];
    expect(await settle("mine", once)).toEqual({ lost: [] });
    expect(await settle("mine", once)).toEqual({ lost: [1] });
    expect(rows().map(({ outcome }) => outcome)).toEqual(["accepted", "waiting"]);
    expect(countsIn(outbox)).toMatchObject([{ count: 1, sum: 64_500_000 }]);
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

  it("adds up counts of the same place, from one settling to the next", async () => {
    const outbox = await openClaimed();
    const { settle, datasetId } = outbox;
    await settle("mine", [accepted(1, { changes: [change(datasetId, { count: 2, sum: 129_000_000 })] })]);
    await settle("mine", [accepted(2, { changes: [change(datasetId, { count: -1, sum: -64_500_000 })] })]);
    expect(countsIn(outbox)).toMatchObject([{ count: 1, sum: 64_500_000 }]);
  });

  it("adds up counts of the same place within one settling, place by place", async () => {
    const outbox = await openClaimed();
    const { settle, datasetId } = outbox;
    const one = change(datasetId, { sum: 10 });
    const twice = [
      accepted(1, { changes: [one, { ...one, value: "dead" }] }),
      accepted(2, { changes: [{ ...one, sum: 5 }] }),
    ];
    const added = [
      { value: "accepted", count: 2, sum: 15 },
      { value: "dead", count: 1, sum: 10 },
    ];
    await settle("mine", twice);
    expect(countsIn(outbox)).toMatchObject(added);

    await outbox.ingest(outbox.purchase(numbered(3)), outbox.purchase(numbered(4)));
    await outbox.claim("again");
    await settle("again", [accepted(3, { changes: [one] }), accepted(4, { changes: [{ ...one, sum: 5 }] })]);
    expect(countsIn(outbox)).toMatchObject([{ value: "accepted", count: 4, sum: 30 }, { value: "dead" }]);
  });

  it("counts nothing where changes cancel out, but their worth where that differs", async () => {
    const outbox = await openClaimed();
    const { settle, datasetId } = outbox;
    const one = change(datasetId, { sum: 10 });
    const differs = { ...one, value: "dead" };
    await settle("mine", [
      accepted(1, { changes: [one, differs] }),
      accepted(2, {
        changes: [
          { ...one, count: -1, sum: -10 },
          { ...differs, count: -1, sum: -4 },
        ],
      }),
    ]);
    expect(countsIn(outbox)).toMatchObject([{ value: "dead", count: 0, sum: 6 }]);
  });
});
