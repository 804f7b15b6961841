import { describe, expect, it } from "vitest";
import { DAY } from "../support/clock";
import { type Outbox, openOutbox } from "./support/outbox";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MIDNIGHT = Math.floor(DAY / DAY_MS) * DAY_MS;
const REFUSED = { reason: "no_permission", code: 10, subcode: null };

function told({ store }: Outbox, reading: string, at: number, datasetId = 1) {
  return store.qualityTold({ datasetId, reading, senders: { overall: `o${reading}`, ours: "[]" } }, at);
}

function readings({ reader }: Outbox) {
  return reader.all<{ at: number; reading: string }>(`SELECT "at", "reading" FROM "QualityReading" ORDER BY "id"`);
}

function row({ reader }: Outbox) {
  return reader.all(`SELECT * FROM "DatasetQuality"`);
}

describe("what Meta said", () => {
  it("is written when it differs from what was said last, of that dataset", async () => {
    const outbox = await openOutbox();
    for (const [n, reading] of ["a", "a", "b", "b", "a"].entries()) await told(outbox, reading, DAY + n);
    await told(outbox, "a", DAY + 9, 2);
    expect(readings(outbox).map(({ at, reading }) => [at - DAY, reading])).toEqual([
      [0, "a"],
      [2, "b"],
      [4, "a"],
      [9, "a"],
    ]);
    expect(row(outbox)[0]).toMatchObject({
      datasetId: 1,
      overall: "oa",
      firstAt: DAY,
      answeredAt: DAY + 4,
      askedAt: DAY + 4,
    });
  });

  it("keeps what tells senders apart when only that was not said", async () => {
    const outbox = await openOutbox();
    await outbox.store.qualityTold({ datasetId: 1, reading: "a", senders: null }, DAY);
    expect(row(outbox)).toMatchObject([{ overall: "[]", ours: "[]" }]);
    await told(outbox, "b", DAY + 1);
    await outbox.store.qualityTold({ datasetId: 1, reading: "c", senders: null }, DAY + 2);
    expect(row(outbox)).toMatchObject([{ overall: "ob", ours: "[]", answeredAt: DAY + 2 }]);
    expect(readings(outbox)).toHaveLength(3);
  });

  it("stays when Meta refuses; since when is that of the same reason", async () => {
    const outbox = await openOutbox();
    const { store } = outbox;
    await store.qualityRefused(1, REFUSED, DAY);
    expect(row(outbox)).toEqual([
      {
        datasetId: 1,
        overall: "[]",
        ours: "[]",
        firstAt: DAY,
        answeredAt: null,
        askedAt: DAY,
        fault: "no_permission",
        faultCode: 10,
        faultSubcode: null,
        faultAt: DAY,
      },
    ]);
    await told(outbox, "a", DAY + 1);
    expect(row(outbox)).toMatchObject([{ fault: null, faultCode: null, faultAt: null, firstAt: DAY }]);
    await store.qualityRefused(1, REFUSED, DAY + 2);
    await store.qualityRefused(1, { ...REFUSED, code: 200 }, DAY + 3);
    expect(row(outbox)).toMatchObject([
      { overall: "oa", answeredAt: DAY + 1, askedAt: DAY + 3, faultCode: 200, faultAt: DAY + 2 },
    ]);
    await store.qualityRefused(1, { reason: "expired_token", code: 190, subcode: 463 }, DAY + 4);
    expect(row(outbox)).toMatchObject([{ fault: "expired_token", faultSubcode: 463, faultAt: DAY + 4 }]);
    expect(await store.qualityAskedAt()).toEqual(new Map([[1, DAY + 4]]));
  });
});

describe("the history of what Meta said", () => {
  it("is thinned to the last of each UTC day once it is that old, each dataset's by itself", async () => {
    const outbox = await openOutbox();
    for (const hour of [1, 9, 23, 24, 30]) await told(outbox, `one-${hour}`, MIDNIGHT + hour * HOUR_MS);
    await told(outbox, "two", MIDNIGHT + 8 * HOUR_MS, 2);
    expect(await outbox.store.forget("quality_hours", MIDNIGHT - 1, 10)).toBe(0);
    expect(await outbox.store.forget("quality_hours", MIDNIGHT + 24 * HOUR_MS - 1, 1)).toBe(1);
    expect(await outbox.store.forget("quality_hours", MIDNIGHT + 24 * HOUR_MS - 1, 10)).toBe(1);
    expect(readings(outbox).map(({ reading }) => reading)).toEqual(["one-23", "one-24", "one-30", "two"]);
    expect(await outbox.store.forget("quality_hours", MIDNIGHT + 2 * DAY_MS, 10)).toBe(1);
    expect(readings(outbox).map(({ reading }) => reading)).toEqual(["one-23", "one-30", "two"]);
  });

  it("is gone once it is too old, and begins again with the next answer", async () => {
    const outbox = await openOutbox();
    await told(outbox, "a", DAY);
    expect(await outbox.store.forget("quality_readings", DAY - 1, 10)).toBe(0);
    expect(await outbox.store.forget("quality_readings", DAY, 10)).toBe(1);
    await told(outbox, "a", DAY + 1);
    expect(readings(outbox)).toEqual([{ at: DAY + 1, reading: "a" }]);
  });
});
