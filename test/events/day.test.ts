import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { startOfDay } from "~/events/day";

/** What a clock on the wall says there. */
function wall(at: number, timezone: string): string {
  return new Intl.DateTimeFormat("sv-SE", { timeZone: timezone, dateStyle: "short", timeStyle: "medium" }).format(at);
}

describe("the shop's day", () => {
  it.each([
    ["2026-11-20T10:00:00Z", "Europe/Berlin", "2026-11-19T23:00:00Z"],
    ["2026-11-20T22:59:59.999Z", "Europe/Berlin", "2026-11-19T23:00:00Z"],
    ["2026-11-20T23:00:00Z", "Europe/Berlin", "2026-11-20T23:00:00Z"],
    ["2026-07-20T10:00:00Z", "Europe/Berlin", "2026-07-19T22:00:00Z"],
    ["2026-11-20T04:59:59.999Z", "America/New_York", "2026-11-19T05:00:00Z"],
    ["2026-11-20T05:00:00Z", "America/New_York", "2026-11-20T05:00:00Z"],
    ["2026-11-20T10:00:00Z", "Pacific/Kiritimati", "2026-11-20T10:00:00Z"],
    ["2026-11-20T09:59:59Z", "Pacific/Kiritimati", "2026-11-19T10:00:00Z"],
    ["2026-11-20T10:00:00Z", "Pacific/Pago_Pago", "2026-11-19T11:00:00Z"],
  ])("at %s in %s began at %s", (now, timezone, began) => {
    expect(new Date(startOfDay(Date.parse(now), timezone)).toISOString()).toBe(new Date(began).toISOString());
  });

  it.each([
    ["Asia/Kolkata", "2026-11-19T18:30:00Z"],
    ["America/St_Johns", "2026-11-20T03:30:00Z"],
    ["Australia/Adelaide", "2026-11-19T13:30:00Z"],
    ["Asia/Kathmandu", "2026-11-19T18:15:00Z"],
    ["Pacific/Chatham", "2026-11-19T10:15:00Z"],
  ])("in %s, which stands apart by part of an hour, began at %s", (timezone, began) => {
    expect(startOfDay(Date.parse("2026-11-20T10:00:00Z"), timezone)).toBe(Date.parse(began));
  });

  it("is that of UTC until Shopify said where the shop stands", () => {
    expect(startOfDay(Date.parse("2026-11-20T10:07:31.123Z"), null)).toBe(Date.parse("2026-11-20T00:00:00Z"));
  });

  it.each([
    ["before the clock goes forward", "2026-03-29T00:59:59Z", "Europe/Berlin", "2026-03-28T23:00:00Z"],
    ["after the clock went forward", "2026-03-29T08:00:00Z", "Europe/Berlin", "2026-03-28T23:00:00Z"],
    ["before the clock goes back", "2026-10-25T00:59:59Z", "Europe/Berlin", "2026-10-24T22:00:00Z"],
    ["after the clock went back", "2026-10-25T20:00:00Z", "Europe/Berlin", "2026-10-24T22:00:00Z"],
    ["where the change is half an hour", "2026-10-04T10:00:00Z", "Australia/Lord_Howe", "2026-10-03T13:30:00Z"],
    ["that had no midnight", "2026-04-24T12:00:00Z", "Africa/Cairo", "2026-04-23T22:00:00Z"],
  ])("on a day of the clock's change, %s, began with its first instant", (_case, now, timezone, began) => {
    expect(new Date(startOfDay(Date.parse(now), timezone)).toISOString()).toBe(new Date(began).toISOString());
  });

  const ZONES = [
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kolkata",
    "Asia/Tokyo",
    "America/Phoenix",
    "Asia/Kathmandu",
    "Africa/Lagos",
    "Pacific/Apia",
  ];

  it("begins when the wall says midnight and is never in the future, to the millisecond", () => {
    const instants = fc.integer({ min: Date.parse("2024-01-01"), max: Date.parse("2030-01-01") });
    fc.assert(
      fc.property(instants, fc.constantFrom(...ZONES), (now, timezone) => {
        const began = startOfDay(now, timezone);
        expect(wall(began, timezone)).toMatch(/ 00:00:00$/);
        expect(began % 1_000).toBe(0);
        expect(began).toBeLessThanOrEqual(now);
        expect(wall(began, timezone).slice(0, 10)).toBe(wall(now, timezone).slice(0, 10));
      }),
    );
  });

  it("is the same for every instant of it", () => {
    const began = Date.parse("2026-11-19T23:00:00Z");
    for (let minute = 0; minute < 24 * 60; minute += 7) {
      expect(startOfDay(began + minute * 60_000, "Europe/Berlin")).toBe(began);
    }
  });
});
