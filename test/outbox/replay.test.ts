import { describe, expect, it } from "vitest";
import { isMeant, obstacleOf, type ReplaySelection } from "~/outbox/replay";
import type { ReplayCandidate } from "~/store/rows";
import { DAY } from "../support/clock";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

function candidate(over: Partial<ReplayCandidate> = {}): ReplayCandidate {
  return {
    id: 1,
    datasetId: 1,
    name: "Purchase",
    eventId: "purchase.abc",
    actionSource: "website",
    eventTime: DAY,
    readable: true,
    keyed: true,
    browserLeft: null,
    disconnected: false,
    uninstalled: false,
    ...over,
  };
}

describe("an event that ended", () => {
  it("can be tried again where nothing stands in its way", () => {
    expect(obstacleOf(candidate(), DAY)).toBeNull();
  });

  it.each<{ over: Partial<ReplayCandidate>; obstacle: string }>([
    { over: { readable: false, keyed: false }, obstacle: "unreadable" },
    { over: { keyed: false }, obstacle: "no_keys" },
    { over: { uninstalled: true, disconnected: true }, obstacle: "uninstalled" },
    { over: { disconnected: true }, obstacle: "disconnected" },
  ])("cannot where it is $obstacle", ({ over, obstacle }) => {
    expect(obstacleOf(candidate(over), DAY)).toBe(obstacle);
  });

  it.each([
    { actionSource: "website", days: 7 },
    { actionSource: "physical_store", days: 62 },
  ])("of $actionSource can for $days days, and then is past Meta's window, whatever else is missing", ({
    actionSource,
    days,
  }) => {
    const old = candidate({ actionSource, keyed: days < 7, disconnected: true });
    expect(obstacleOf({ ...old, keyed: true, disconnected: false }, DAY + days * DAY_MS)).toBeNull();
    expect(obstacleOf(old, DAY + days * DAY_MS + 1)).toBe("past_window");
  });

  it("cannot once its browser's copy left 48 hours ago, for then that one stands", () => {
    const told = candidate({ browserLeft: DAY + HOUR_MS });
    expect(obstacleOf(told, DAY + 49 * HOUR_MS)).toBeNull();
    expect(obstacleOf(told, DAY + 49 * HOUR_MS + 1)).toBe("browser_copy_stands");
  });
});

describe("a selection", () => {
  const all: ReplaySelection = {
    shopId: 1,
    outcomes: ["dead"],
    datasetId: null,
    name: null,
    eventId: null,
    since: null,
    until: null,
  };

  it("of nothing in particular means everything", () => {
    expect(isMeant(candidate(), all)).toBe(true);
  });

  it.each<Partial<ReplaySelection>>([
    { datasetId: 1 },
    { name: "Purchase" },
    { eventId: "purchase.abc" },
    { since: DAY },
    { until: DAY },
    { since: DAY - 1, until: DAY + 1, name: "Purchase", datasetId: 1 },
  ])("%j means it", (over) => {
    expect(isMeant(candidate(), { ...all, ...over })).toBe(true);
  });

  it.each<Partial<ReplaySelection>>([
    { datasetId: 2 },
    { name: "PageView" },
    { eventId: "purchase.ab" },
    { since: DAY + 1 },
    { until: DAY - 1 },
    { name: "Purchase", datasetId: 2 },
  ])("%j does not", (over) => {
    expect(isMeant(candidate(), { ...all, ...over })).toBe(false);
  });
});
