import { describe, expect, it } from "vitest";
import { copyCounts } from "~/outbox/coverage";
import type { BrowserCopy, RollupChange } from "~/store/rows";
import type { CopyCounts, UncountedCopy } from "~/store/verbs/browser-copies";
import { DAY } from "../support/clock";
import { numbered, type Outbox, openOutbox, writeOf } from "./support/outbox";

const MINUTE = 60_000;

function copy(over: Partial<BrowserCopy> = {}): BrowserCopy {
  return {
    shopId: 1,
    datasetId: 1,
    name: "Purchase",
    eventId: "purchase.a",
    tr: "resolved",
    receivedAt: DAY,
    told: null,
    keyAccount: "",
    device: "",
    ...over,
  };
}

function rows({ reader }: Outbox): (BrowserCopy & { corrected: number })[] {
  return reader.all(`SELECT * FROM "BrowserCopy" ORDER BY "datasetId", "name", "eventId"`);
}

/** What waits to be counted: of which dataset, in how many rows. */
function toCount({ reader }: Outbox): { datasetId: number; rows: number }[] {
  return reader.all(`SELECT "datasetId", count(*) AS "rows" FROM "CopiesToCount" GROUP BY "datasetId" ORDER BY 1`);
}

function rollups({ reader }: Outbox): { value: string; count: number }[] {
  return reader.all(`SELECT "value", "count" FROM "Rollup" ORDER BY "value"`);
}

function counting(changesOf: CopyCounts["changesOf"]): CopyCounts {
  return { ...copyCounts(null), changesOf };
}

/** A count under the copy's word, and what it was counted as before taken back. */
function changesOf({ datasetId, name, tr, countedAs }: UncountedCopy): RollupChange[] {
  const place = { datasetId, event: name, leg: "browser", bucket: DAY, dimension: "tr", sum: 0 };
  const before = countedAs === null ? [] : [{ ...place, value: countedAs, count: -1 }];
  return [...before, { ...place, value: tr, count: 1 }];
}

async function tell({ store }: Outbox, ...browserCopies: BrowserCopy[]): Promise<void> {
  await store.ingest(writeOf({ browserCopies }));
}

describe("a browser's copy", () => {
  it("has one row per dataset, name and id, and those of a beacon wait together to be counted", async () => {
    const outbox = await openOutbox();
    await tell(outbox, copy(), copy({ eventId: "purchase.b" }), copy({ name: "AddToCart" }), copy({ datasetId: 2 }));
    expect(rows(outbox).map(({ datasetId, name, eventId }) => `${datasetId} ${name} ${eventId}`)).toEqual([
      "1 AddToCart purchase.a",
      "1 Purchase purchase.a",
      "1 Purchase purchase.b",
      "2 Purchase purchase.a",
    ]);
    expect(toCount(outbox)).toEqual([
      { datasetId: 1, rows: 1 },
      { datasetId: 2, rows: 1 },
    ]);
  });

  it("keeps its first word and the time of it, also when both come in one write, or in one group", async () => {
    const outbox = await openOutbox();
    const second = copy({ tr: "threw", receivedAt: DAY + 1 });
    await tell(outbox, copy(), second);
    await Promise.all([
      tell(outbox, copy({ eventId: "purchase.b" })),
      tell(outbox, { ...second, eventId: "purchase.b" }),
    ]);
    await tell(outbox, second);
    expect(rows(outbox)).toMatchObject([
      { eventId: "purchase.a", tr: "resolved", receivedAt: DAY },
      { eventId: "purchase.b", tr: "resolved", receivedAt: DAY },
    ]);
  });

  it("that was not attempted becomes what it became later, also within one write and one group", async () => {
    const outbox = await openOutbox();
    const first = copy({ tr: "not_attempted" });
    await tell(outbox, first, copy({ tr: "threw" }), copy({ tr: "unknown" }));
    await Promise.all([
      tell(outbox, { ...first, eventId: "purchase.b" }),
      tell(outbox, copy({ eventId: "purchase.b", tr: "unknown" })),
    ]);
    expect(rows(outbox).map(({ tr }) => tr)).toEqual(["threw", "unknown"]);
  });

  it("that was not attempted, told again, changes nothing: it was counted, and is not counted anew", async () => {
    const outbox = await openOutbox();
    await tell(outbox, copy({ tr: "not_attempted" }));
    await outbox.store.countBrowserCopies(1, 10, counting(changesOf));
    const before = rows(outbox);
    await tell(outbox, copy({ tr: "not_attempted", receivedAt: DAY + MINUTE }));
    expect(rows(outbox)).toEqual(before);
    expect(await outbox.store.countBrowserCopies(1, 10, counting(changesOf))).toBe(0);
  });

  it("is stored together with what else its beacon wrote, or not at all", async () => {
    const outbox = await openOutbox();
    const broken = { ...outbox.purchase(), name: null as unknown as string };
    const write = writeOf({ events: [broken], browserCopies: [copy()] });
    await expect(outbox.store.ingest(write)).rejects.toThrow();
    expect(rows(outbox)).toEqual([]);
  });
});

describe("counting what browsers reported", () => {
  it("counts each copy once and answers how many it were", async () => {
    const outbox = await openOutbox();
    await tell(outbox, copy(), copy({ eventId: "purchase.b" }), copy({ eventId: "purchase.c", tr: "threw" }));
    expect(await outbox.store.countBrowserCopies(1, 10, counting(changesOf))).toBe(3);
    expect(await outbox.store.countBrowserCopies(1, 10, counting(changesOf))).toBe(0);
    expect(rollups(outbox)).toEqual([
      { value: "resolved", count: 2 },
      { value: "threw", count: 1 },
    ]);
    expect(toCount(outbox)).toEqual([]);
  });

  it("takes no more groups at a time than it is told, and leaves the rest for the next time", async () => {
    const outbox = await openOutbox();
    for (let n = 0; n < 25; n += 1) await tell(outbox, copy({ eventId: `purchase.${n}` }));
    const taken: number[] = [];
    do taken.push(await outbox.store.countBrowserCopies(1, 10, counting(changesOf)));
    while (taken.at(-1) !== 0);
    expect(taken).toEqual([10, 10, 5, 0]);
    expect(rollups(outbox)).toEqual([{ value: "resolved", count: 25 }]);
  });

  it("hands over what a copy was counted as, so that it leaves that count", async () => {
    const outbox = await openOutbox();
    await tell(outbox, copy({ tr: "not_attempted" }));
    await outbox.store.countBrowserCopies(1, 10, counting(changesOf));
    await tell(outbox, copy({ tr: "threw" }));
    const seen: (string | null)[] = [];
    await outbox.store.countBrowserCopies(
      1,
      10,
      counting((one) => {
        seen.push(one.countedAs);
        return changesOf(one);
      }),
    );
    expect(seen).toEqual(["not_attempted"]);
    expect(rollups(outbox)).toEqual([
      { value: "not_attempted", count: 0 },
      { value: "threw", count: 1 },
    ]);
  });

  it("touches no other dataset", async () => {
    const outbox = await openOutbox();
    await tell(outbox, copy(), copy({ datasetId: 2 }));
    expect(await outbox.store.countBrowserCopies(2, 10, counting(changesOf))).toBe(1);
    expect(toCount(outbox)).toEqual([{ datasetId: 1, rows: 1 }]);
  });

  it("that fails half-way has counted nothing: the copies wait for the next time", async () => {
    const outbox = await openOutbox();
    await tell(outbox, copy());
    const failed = outbox.store.countBrowserCopies(
      1,
      10,
      counting(() => {
        throw new Error("no idea where this counts");
      }),
    );
    await expect(failed).rejects.toThrow("no idea");
    expect(toCount(outbox)).toEqual([{ datasetId: 1, rows: 1 }]);
    expect(await outbox.store.countBrowserCopies(1, 10, counting(changesOf))).toBe(1);
    expect(rollups(outbox)).toEqual([{ value: "resolved", count: 1 }]);
  });
});

describe("a dataset with copies that nobody counted", () => {
  it("is due, and is not any more when they are", async () => {
    const { store, ...outbox } = await openOutbox();
    expect(await store.uncountedDatasets(DAY)).toEqual([]);
    await tell({ store, ...outbox }, copy());
    expect(await store.uncountedDatasets(DAY)).toEqual([1]);
    await store.countBrowserCopies(1, 10, counting(changesOf));
    expect(await store.uncountedDatasets(DAY)).toEqual([]);
  });

  it("is due again when a copy that was not attempted became something", async () => {
    const outbox = await openOutbox();
    const { store } = outbox;
    await tell(outbox, copy({ tr: "not_attempted" }));
    await store.countBrowserCopies(1, 10, counting(changesOf));
    await tell(outbox, copy({ tr: "not_attempted" }));
    expect(await store.uncountedDatasets(DAY)).toEqual([]);
    await tell(outbox, copy({ tr: "resolved" }));
    expect(await store.uncountedDatasets(DAY)).toEqual([1]);
  });

  it("is due although it is on hold, paused or disconnected, and is answered once whatever else is due there", async () => {
    const outbox = await openOutbox();
    const { store, shopId, ingest, purchase } = outbox;
    await ingest(purchase({ ...numbered(1), outcome: "skipped", reason: "test_order" }));
    await tell(outbox, copy());
    await store.holdDataset({ id: 1, connection: 1 }, "meta_190", DAY);
    await store.pauseDataset({ id: 1, connection: 1 }, DAY + MINUTE);
    expect(await store.uncountedDatasets(DAY)).toEqual([1]);
    await store.disconnectDatasets(shopId, null, DAY);
    expect(await store.uncountedDatasets(DAY)).toEqual([1]);
  });

  it("leaves the quarter of an hour it stood in when its word changes in a later one", async () => {
    const outbox = await openOutbox();
    const { store, reader } = outbox;
    await tell(outbox, copy({ tr: "not_attempted", receivedAt: DAY }));
    await store.countBrowserCopies(1, 10, copyCounts(null));
    await tell(outbox, copy({ tr: "resolved", receivedAt: DAY + 40 * MINUTE }));
    await store.countBrowserCopies(1, 10, copyCounts(null));
    const counts = reader.all(`SELECT "bucket", "value", "count" FROM "Rollup" WHERE "count" <> 0`);
    expect(counts).toEqual([{ bucket: DAY, value: "resolved", count: 1 }]);
  });
});
