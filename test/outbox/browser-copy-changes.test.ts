import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TR_REPORTS } from "~/events/browser-copy";
import { browserCopyChanges } from "~/outbox/rollup";
import type { BrowserCopy } from "~/store/rows";

const BUCKET_MS = 15 * 60_000;
const COPY: BrowserCopy & { countedAs: string | null } = {
  shopId: 1,
  datasetId: 3,
  name: "Purchase",
  eventId: "purchase.0123456789abcdef0123456789abcdef",
  tr: "resolved",
  told: null,
  keyAccount: "",
  device: "",
  receivedAt: Date.parse("2026-11-20T10:07:31Z"),
  countedAs: null,
};
const PLACE = {
  datasetId: 3,
  event: "Purchase",
  leg: "browser",
  bucket: Date.parse("2026-11-20T10:00:00Z"),
  dimension: "tr",
  sum: 0,
};

describe("a browser's copy", () => {
  it.each(TR_REPORTS)("reported as %s is counted once under that word, worth nothing", (tr) => {
    expect(browserCopyChanges({ ...COPY, tr })).toEqual([{ ...PLACE, value: tr, count: 1 }]);
  });

  it("counted before leaves the count it stood in and joins the other", () => {
    expect(browserCopyChanges({ ...COPY, tr: "threw", countedAs: "not_attempted" })).toEqual([
      { ...PLACE, value: "not_attempted", count: -1 },
      { ...PLACE, value: "threw", count: 1 },
    ]);
  });

  it.each([
    ["the first millisecond of a quarter", "2026-11-20T10:15:00.000Z", "2026-11-20T10:15:00Z"],
    ["the last one", "2026-11-20T10:29:59.999Z", "2026-11-20T10:15:00Z"],
  ])("of %s of an hour counts in that quarter", (_when, at, bucket) => {
    const [change] = browserCopyChanges({ ...COPY, receivedAt: Date.parse(at) });
    expect(change?.bucket).toBe(Date.parse(bucket));
  });

  it("never counts for more or less than one, whatever it was counted as", () => {
    const copies = fc.record({
      tr: fc.constantFrom(...TR_REPORTS),
      countedAs: fc.option(fc.constantFrom(...TR_REPORTS)),
      receivedAt: fc.nat({ max: 2_000_000_000 }).map((seconds) => seconds * 1_000 + 7),
    });
    fc.assert(
      fc.property(copies, (over) => {
        const changes = browserCopyChanges({ ...COPY, ...over });
        const total = changes.reduce((sum, { count }) => sum + count, 0);
        expect(total).toBe(over.countedAs === null ? 1 : 0);
        for (const { bucket } of changes) expect(bucket % BUCKET_MS).toBe(0);
      }),
    );
  });
});
