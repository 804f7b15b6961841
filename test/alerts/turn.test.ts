import { describe, expect, it } from "vitest";
import { type Finding, isAlertKind } from "~/alerts/kinds";
import { type StoredAlert, turn } from "~/alerts/turn";
import { DAY } from "../support/clock";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

const finding = (over: Partial<Finding> = {}): Finding => ({
  kind: "dead_events",
  subject: "",
  measure: 3,
  says: "3 events ended as dead in the last day.",
  ...over,
});

/** A shop's alerts as the minutes go by. */
function shop() {
  let stored: StoredAlert[] = [];
  return {
    at(now: number, ...findings: Finding[]): string[] {
      const { alerts, tellings } = turn(stored, findings, isAlertKind, now);
      const key = ({ kind, subject }: StoredAlert) => `${kind} ${subject}`;
      stored = [...new Map([...stored, ...alerts].map((alert) => [key(alert), alert])).values()];
      return tellings.map(({ kind, occasion, subject }) => [occasion, kind, subject].filter(Boolean).join(" "));
    },
    stored: () => stored,
  };
}

describe("an alert", () => {
  it("is told once when it opens, and not again while it is as it was", () => {
    const { at, stored } = shop();
    expect(at(DAY, finding())).toEqual(["opened dead_events"]);
    for (let minute = 1; minute < 60; minute += 1) expect(at(DAY + minute * MINUTE_MS, finding())).toEqual([]);
    expect(stored()).toMatchObject([{ openedAt: DAY, toldAt: DAY, seenAt: DAY + 59 * MINUTE_MS, closedAt: null }]);
  });

  it("is told again when it has lasted a day, and each day it goes on", () => {
    const { at } = shop();
    at(DAY, finding());
    expect(at(DAY + 24 * HOUR_MS - 1, finding())).toEqual([]);
    expect(at(DAY + 24 * HOUR_MS, finding())).toEqual(["lasts dead_events"]);
    expect(at(DAY + 47 * HOUR_MS, finding())).toEqual([]);
    expect(at(DAY + 48 * HOUR_MS, finding())).toEqual(["lasts dead_events"]);
  });

  it("is told again at once when it is ten times as bad as when it was told last", () => {
    const { at } = shop();
    at(DAY, finding({ measure: 3 }));
    expect(at(DAY + MINUTE_MS, finding({ measure: 29 }))).toEqual([]);
    expect(at(DAY + 2 * MINUTE_MS, finding({ measure: 30 }))).toEqual(["worse dead_events"]);
    expect(at(DAY + 3 * MINUTE_MS, finding({ measure: 299 }))).toEqual([]);
    expect(at(DAY + 4 * MINUTE_MS, finding({ measure: 300 }))).toEqual(["worse dead_events"]);
  });

  it("is told as over once, ten minutes after its cause was last seen", () => {
    const { at, stored } = shop();
    at(DAY, finding());
    expect(at(DAY + 10 * MINUTE_MS - 1)).toEqual([]);
    expect(at(DAY + 10 * MINUTE_MS)).toEqual(["closed dead_events"]);
    expect(at(DAY + 20 * MINUTE_MS)).toEqual([]);
    expect(stored()).toMatchObject([{ closedAt: DAY + 10 * MINUTE_MS }]);
  });

  it("that comes and goes is one alert, not many", () => {
    const { at } = shop();
    at(DAY, finding());
    for (let minute = 5; minute < 120; minute += 5) {
      expect(at(DAY + minute * MINUTE_MS, ...(minute % 10 === 0 ? [finding()] : []))).toEqual([]);
    }
  });

  it("opens anew when its cause comes back after it was over", () => {
    const { at, stored } = shop();
    at(DAY, finding());
    at(DAY + HOUR_MS);
    expect(at(DAY + 2 * HOUR_MS, finding())).toEqual(["opened dead_events"]);
    expect(stored()).toMatchObject([{ openedAt: DAY + 2 * HOUR_MS, closedAt: null }]);
  });

  it("of one dataset says nothing of another's", () => {
    const { at } = shop();
    const held = (subject: string) => finding({ kind: "dataset_held", subject });
    expect(at(DAY, held("1"))).toEqual(["opened dataset_held 1"]);
    expect(at(DAY + MINUTE_MS, held("1"), held("2"))).toEqual(["opened dataset_held 2"]);
    expect(at(DAY + HOUR_MS, held("2"))).toEqual(["closed dataset_held 1"]);
  });

  it("of a kind that a newer version knew is closed without a word", () => {
    const known = { kind: "of_tomorrow", subject: "", openedAt: DAY, seenAt: DAY, closedAt: null };
    const stored = { ...known, measure: 1, says: "", toldAt: DAY, toldMeasure: 1 };
    const { alerts, tellings } = turn([stored], [], isAlertKind, DAY + HOUR_MS);
    expect(alerts).toMatchObject([{ closedAt: DAY + HOUR_MS }]);
    expect(tellings).toEqual([]);
  });
});
