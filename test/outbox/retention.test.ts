import { expect, it } from "vitest";
import { keptFor, RETENTION, retentionOf } from "~/outbox/retention";
import { PORTION, retain } from "~/outbox/retention.server";

const DAY_MS = 24 * 3_600_000;

it("an ended row loses its bytes before its facts, and its facts before itself: each step finds what the last one left", () => {
  const steps = Object.keys(RETENTION).filter((what) => ["bytes", "facts", "events"].includes(what));
  expect(steps).toEqual(["bytes", "facts", "events"]);
  expect(keptFor("bytes")).toBeLessThan(keptFor("facts"));
  expect(keptFor("facts")).toBeLessThan(keptFor("events"));
});

it("the facts of a Purchase outlive the 60 days in which Shopify tells of refunds, and Meta's longest window", () => {
  expect(keptFor("facts")).toBeGreaterThan(62 * DAY_MS);
});

it.each([
  ["events=61", "events must be a whole number of days from 62 to 3650"],
  ["bytes=0", "bytes must be a whole number of days from 1 to 3650"],
  ["facts=500", "must keep bytes no longer than facts, and facts no longer than events"],
  ["ledger=401", "must keep ledger no longer than events: a line would outlive what it tells of"],
])("%s is refused in words", (text, says) => {
  expect(retentionOf(text)).toEqual({ ok: false, says });
});

it("what is chosen replaces what is usual", () => {
  const chosen = retentionOf("events=62, facts=62, ledger=62");
  expect(chosen.ok && chosen.retention).toMatchObject({ events: 62, facts: 62, ledger: 62, bytes: 7 });
});

it("what is kept long enough is forgotten portion by portion, until a portion is not full", async () => {
  const portions = { bytes: [PORTION, PORTION, 3], facts: [PORTION, 0] } as Record<string, number[]>;
  const asked: [string, number][] = [];
  const forget = async (what: string, until: number) => {
    asked.push([what, until]);
    return portions[what]?.shift() ?? 0;
  };
  const now = 500 * DAY_MS;
  expect(await retain({ forget }, now, () => true)).toEqual({ bytes: 2 * PORTION + 3, facts: PORTION });
  expect(asked.slice(0, 6)).toEqual([
    ["bytes", 493 * DAY_MS],
    ["bytes", 493 * DAY_MS],
    ["bytes", 493 * DAY_MS],
    ["facts", 410 * DAY_MS],
    ["facts", 410 * DAY_MS],
    ["events", 100 * DAY_MS],
  ]);
});

it("forgetting ends when it is told to, and lets others have their turn before", async () => {
  let turns = 0;
  let portions = 0;
  const ticking = setInterval(() => {
    turns += 1;
  }, 0);
  const forget = async () => {
    portions += 1;
    return PORTION;
  };
  await retain({ forget }, 0, () => turns < 3 && portions < 10_000);
  clearInterval(ticking);
  expect(turns).toBe(3);
  expect(portions).toBeGreaterThan(0);
});
