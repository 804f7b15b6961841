import { describe, expect, it } from "vitest";
import { rollupChanges } from "~/outbox/rollup";

const AT = Date.parse("2026-11-20T10:07:31Z");
const BUCKET = Date.parse("2026-11-20T10:00:00Z");
const ROW = {
  datasetId: 3,
  name: "Purchase",
  eventTime: AT,
  receivedAt: AT + 1_000,
  countedAs: null,
  countedSum: null,
};
const PLACE = { datasetId: 3, event: "Purchase", leg: "server", bucket: BUCKET };

describe("an ending", () => {
  it("is counted in its 15-minute bucket, with its worth in the shop's currency", () => {
    expect(rollupChanges(ROW, 64_500_000, "skipped", AT)).toEqual([
      { ...PLACE, dimension: "outcome", value: "skipped", count: 1, sum: 64_500_000 },
    ]);
  });

  it("anew leaves the count it stood in, with the worth it went in with", () => {
    const stood = { ...ROW, countedAs: "withheld" as const, countedSum: 50 };
    expect(rollupChanges(stood, 64_500_000, "rejected", AT)).toEqual([
      { ...PLACE, dimension: "outcome", value: "withheld", count: -1, sum: -50 },
      { ...PLACE, dimension: "outcome", value: "rejected", count: 1, sum: 64_500_000 },
    ]);
  });

  it("anew as the same changes nothing", () => {
    expect(rollupChanges({ ...ROW, countedAs: "withheld", countedSum: 50 }, 64_500_000, "withheld", AT)).toEqual([]);
  });
});

describe("the way to Meta's yes", () => {
  it.each([
    [0, "250"],
    [250, "250"],
    [251, "500"],
    [1_000, "1000"],
    [60_001, "120000"],
    [86_400_000, "86400000"],
    [86_400_001, "inf"],
  ])("of %i ms counts in the latency bucket up to %s", (ms, value) => {
    const changes = rollupChanges(ROW, 64_500_000, "accepted", ROW.receivedAt + ms);
    expect(changes.filter(({ dimension }) => dimension === "latency")).toEqual([
      { ...PLACE, dimension: "latency", value, count: 1, sum: 0 },
    ]);
  });

  it.each(["skipped", "withheld", "rejected", "expired", "dead"] as const)("is not measured for %s", (outcome) => {
    expect(rollupChanges(ROW, 64_500_000, outcome, AT).map(({ dimension }) => dimension)).toEqual(["outcome"]);
  });
});
