import { describe, expect, it } from "vitest";
import { freshness } from "~/outbox/freshness";
import { DAY } from "../support/clock";
import { numbered, openOutbox } from "./support/outbox";

const FULL = 3;
const URGENT_MS = 1_750;
const PATIENT_MS = 9_750;

describe("a dataset with events that may leave", () => {
  it("should send them when the first of them is stale, whichever came first", async () => {
    const { ingest, purchase, store, datasetId } = await openOutbox();
    const due = () => store.dueDatasets(DAY + 5_000, DAY + 5_000, freshness(FULL));
    await ingest(purchase({ ...numbered(1), name: "PageView" }));
    expect(await due()).toEqual([{ id: datasetId, since: DAY, leavesAt: DAY + PATIENT_MS }]);
    await ingest(purchase({ ...numbered(2), runAt: DAY + 1_000 }));
    expect(await due()).toEqual([{ id: datasetId, since: DAY, leavesAt: DAY + 1_000 + URGENT_MS }]);
  });

  it("should send them now when they fill a request, and does not count beyond it", async () => {
    const { ingest, purchase, store } = await openOutbox();
    const due = () => store.dueDatasets(DAY, DAY, freshness(FULL));
    await ingest(...[1, 2].map((n) => purchase({ ...numbered(n), name: "PageView" })));
    expect(await due()).toMatchObject([{ leavesAt: DAY + PATIENT_MS }]);
    await ingest(...[3, 4].map((n) => purchase({ ...numbered(n), name: "PageView" })));
    expect(await due()).toMatchObject([{ leavesAt: DAY }]);
  });

  it("should send them now when somebody watches for them with a test code", async () => {
    const { ingest, purchase, store, shopId } = await openOutbox();
    await store.connectDataset({
      shopId,
      dataset: "1234567890",
      token: "sealed",
      testCode: "TEST1",
      holdSeconds: 0,
      connectedAt: DAY,
    });
    await ingest(purchase());
    expect(await store.dueDatasets(DAY, DAY, freshness(FULL))).toMatchObject([{ leavesAt: DAY }]);
  });

  it("is none while they wait for something else, or are in somebody's hands", async () => {
    const { ingest, purchase, store, claim } = await openOutbox();
    await ingest(purchase({ ...numbered(1), runAt: DAY + 60_000 }), purchase(numbered(2)));
    await claim("a", DAY);
    expect(await store.dueDatasets(DAY, DAY, freshness(FULL))).toEqual([]);
  });

  it("is none for a process that is ahead of the others while they are in somebody's hands, and one once those let go", async () => {
    const { ingest, purchase, store, claim, datasetId } = await openOutbox();
    const ahead = DAY + 300_000;
    await ingest(purchase());
    await claim("a", DAY);
    expect(await store.dueDatasets(ahead, DAY, freshness(FULL))).toEqual([]);
    expect(await store.dueDatasets(ahead, DAY + 45_000, freshness(FULL))).toEqual([
      { id: datasetId, since: DAY + 45_000, leavesAt: ahead },
    ]);
  });
});
