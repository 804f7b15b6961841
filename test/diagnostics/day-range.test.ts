import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dayRange, MOST_DAYS } from "~/diagnostics/day-range";

const NOW = Date.parse("2026-11-23T08:00:00Z");
const HOUR_MS = 3_600_000;

function days(from: string | null, to: string | null, timezone: string | null = "Europe/Berlin") {
  const range = dayRange(from, to, timezone, NOW);
  return { says: range.ok ? null : range.says, dates: range.days.map(({ date }) => date), days: range.days };
}

describe("the days a page is about", () => {
  it("are the last seven, today included", () => {
    expect(days(null, null)).toMatchObject({ says: null, dates: expect.arrayContaining(["2026-11-17", "2026-11-23"]) });
    expect(days(null, null).dates).toHaveLength(7);
  });

  it("end where the next begins, also where the clock changes", () => {
    const { days: found } = days("2026-10-24", "2026-10-26");
    expect(found.map(({ start, end }) => (end - start) / HOUR_MS)).toEqual([24, 25, 24]);
    expect(found[1]?.start).toBe(found[0]?.end);
    expect(new Date(found[0]?.start ?? 0).toISOString()).toBe("2026-10-23T22:00:00.000Z");
  });

  it.each([
    ["Pacific/Kiritimati", "2026-11-22T10:00:00.000Z"],
    ["Pacific/Pago_Pago", "2026-11-23T11:00:00.000Z"],
    ["Asia/Kathmandu", "2026-11-22T18:15:00.000Z"],
    [null, "2026-11-23T00:00:00.000Z"],
  ])("begin by the clock of %s", (timezone, start) => {
    expect(days("2026-11-23", "2026-11-23", timezone).days.map((day) => new Date(day.start).toISOString())).toEqual([
      start,
    ]);
  });

  it("are seven up to a date, where only that is asked for", () => {
    expect(days(null, "2026-11-10").dates).toEqual(
      ["04", "05", "06", "07", "08", "09", "10"].map((day) => `2026-11-${day}`),
    );
  });

  it.each([
    ["2026-02-30", null, "From must be a date such as 2026-11-21."],
    ["yesterday", null, "From must be a date such as 2026-11-21."],
    [null, "2026-13-01", "To must be a date such as 2026-11-21."],
    ["2026-11-20", "2026-11-19", "From must not be after To."],
    ["9999-12-31", "9999-12-31", "To must not be in the future."],
    [null, "9999-12-31", "To must not be in the future."],
    [null, "2026-11-25", "To must not be in the future."],
    [null, "1999-12-31", "To must be a date such as 2026-11-21."],
    ["2026-01-01", "2026-11-19", "From and To may be 92 days apart at the most."],
  ])("are the last seven where from %s to %s makes no sense, and it is said", (from, to, says) => {
    const asked = days(from, to);
    expect(asked.says).toBe(says);
    expect(asked.dates).toHaveLength(7);
  });

  it("are found at once, and are few, whatever is asked for", () => {
    const year = fc.integer({ min: 0, max: 9_999 }).map((n) => String(n).padStart(4, "0"));
    const part = fc.integer({ min: 0, max: 32 }).map((n) => String(n).padStart(2, "0"));
    const date = fc.oneof(
      fc.string(),
      fc.tuple(year, part, part).map((parts) => parts.join("-")),
      fc.date().map((at) => at.toJSON()?.slice(0, 10)),
    );
    const zone = fc.constantFrom("Europe/Berlin", "Pacific/Apia", "America/Havana", null);
    fc.assert(
      fc.property(fc.option(date), fc.option(date), zone, (from, to, timezone) => {
        const { days: found } = dayRange(from ?? null, to ?? null, timezone, NOW);
        expect(found.length).toBeGreaterThan(0);
        expect(found.length).toBeLessThanOrEqual(MOST_DAYS);
        for (const { start, end } of found) expect(end).toBeGreaterThanOrEqual(start);
      }),
      { numRuns: 300 },
    );
  });

  it("may be a quarter of a year", () => {
    expect(days("2026-08-24", "2026-11-23").dates).toHaveLength(MOST_DAYS);
    expect(days("2026-08-23", "2026-11-23").says).not.toBeNull();
  });
});
