import { describe, expect, it } from "vitest";
import { firstTurn, forecastOf, obstacleOf, turnOf } from "~/outbox/replay";
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
    orderId: "5550001",
    reason: "unknown_answer",
    waiting: false,
    hold: null,
    runAt: null,
    unanswered: false,
    sentHash: null,
    held: false,
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

describe("an event that waits", () => {
  const waiting = (over: Partial<ReplayCandidate> = {}) =>
    candidate({ waiting: true, runAt: DAY + 6.5 * DAY_MS, reason: "retry", ...over });
  const LATE = DAY + 6 * DAY_MS + 1;

  it("can be tried at once in the last day that Meta takes it", () => {
    expect(obstacleOf(waiting(), LATE)).toBeNull();
    expect(obstacleOf(waiting(), DAY + 6 * DAY_MS)).toBe("not_soon");
  });

  it("also in the last day before its browser's copy stands", () => {
    expect(obstacleOf(waiting({ browserLeft: DAY }), DAY + 25 * HOUR_MS)).toBeNull();
    expect(obstacleOf(waiting({ browserLeft: DAY }), DAY + 23 * HOUR_MS)).toBe("not_soon");
  });

  it("is left alone where it waits on purpose, or is due, or is on its way", () => {
    expect(obstacleOf(waiting({ hold: "payment" }), LATE)).toBe("not_soon");
    expect(obstacleOf(waiting({ runAt: LATE }), LATE)).toBe("not_soon");
    expect(obstacleOf(waiting({ runAt: null }), LATE)).toBe("not_soon");
  });

  it("for a dataset on hold leaves by itself: there is nothing to bring back", () => {
    expect(obstacleOf(waiting({ held: true }), LATE)).toBe("on_hold");
  });
});

describe("what will happen", () => {
  it.each<[Partial<ReplayCandidate>, string]>([
    [{}, "alone"],
    [{ browserLeft: DAY }, "merged"],
    [{ unanswered: true, browserLeft: DAY }, "may_double"],
    [{ held: true }, "waits"],
    [{ keyed: false }, "no_keys"],
  ])("to one that is %j: %s", (over, fate) => {
    expect(forecastOf(candidate(over), DAY + 1)).toMatchObject({ fate });
  });

  it("is a first time for what was never sent", () => {
    expect(forecastOf(candidate(), DAY).bytes).toBe("first");
    expect(forecastOf(candidate({ sentHash: "ab" }), DAY).bytes).toBe("not_told");
  });
});

describe("the rate", () => {
  it("is a thousand a minute, after what was brought back before", () => {
    expect([0, 999, 1_000, 2_500].map((n) => turnOf(n, DAY) - DAY)).toEqual([0, 0, 60_000, 120_000]);
    expect(firstTurn(null, DAY)).toBe(DAY);
    expect(firstTurn(DAY + 120_000, DAY)).toBe(DAY + 180_000);
  });
});
