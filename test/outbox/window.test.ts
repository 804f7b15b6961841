import { describe, expect, it } from "vitest";
import { isPastWindow, timeOnArrival } from "~/outbox/window";

const NOW = 1_800_000_000_000;
const DAY = 24 * 3_600_000;

describe("Meta's window", () => {
  it.each([
    { actionSource: "website", age: 7 * DAY, past: false },
    { actionSource: "website", age: 7 * DAY + 1, past: true },
    { actionSource: "system_generated", age: 7 * DAY, past: false },
    { actionSource: "system_generated", age: 7 * DAY + 1, past: true },
    { actionSource: "physical_store", age: 7 * DAY + 1, past: false },
    { actionSource: "physical_store", age: 62 * DAY, past: false },
    { actionSource: "physical_store", age: 62 * DAY + 1, past: true },
    { actionSource: "website", age: 0, past: false },
    { actionSource: "website", age: -60_000, past: false },
  ])("an event of $actionSource that is $age ms old is past it: $past", ({ actionSource, age, past }) => {
    expect(isPastWindow({ actionSource, eventTime: NOW - age }, NOW)).toBe(past);
  });
});

describe("an event's time on arrival", () => {
  it.each([
    { what: "long ago is as it was", time: NOW - DAY, is: { time: NOW - DAY, dueAt: NOW } },
    { what: "now is as it was", time: NOW, is: { time: NOW, dueAt: NOW } },
    { what: "a second ahead is clamped to now", time: NOW + 1_000, is: { time: NOW, dueAt: NOW } },
    { what: "60 s ahead is clamped to now", time: NOW + 60_000, is: { time: NOW, dueAt: NOW } },
    { what: "just over 60 s ahead waits", time: NOW + 60_001, is: { time: NOW + 60_001, dueAt: NOW + 60_001 } },
    { what: "15 min ahead waits", time: NOW + 900_000, is: { time: NOW + 900_000, dueAt: NOW + 900_000 } },
  ])("$what", ({ time, is }) => {
    expect(timeOnArrival(time, NOW)).toEqual(is);
  });

  it("further ahead than 15 min is refused", () => {
    expect(timeOnArrival(NOW + 900_001, NOW)).toBe("event_time_in_future");
  });
});
