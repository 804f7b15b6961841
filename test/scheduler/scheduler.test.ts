import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { FULL, openCluster } from "./support";

/** What one scheduler promises, the other does: this runs on both. */

/** Drains that are noted with the moment they began, in milliseconds from now. */
function noted() {
  const began = performance.now();
  const drained: { datasetId: number; ms: number }[] = [];
  return {
    drained,
    drain: async (datasetId: number) => void drained.push({ datasetId, ms: performance.now() - began }),
    ids: () => drained.map(({ datasetId }) => datasetId),
  };
}

const MOMENT_MS = 150;

describe("events that may leave", () => {
  it("leave when the first of them should, all together", async () => {
    const { drained, drain, ids } = noted();
    const scheduler = await openCluster().start({ drain });
    scheduler.wake([{ datasetId: 1, events: 1, withinMs: 600 }]);
    scheduler.wake([{ datasetId: 1, events: 1, withinMs: 400 }]);
    scheduler.wake([{ datasetId: 1, events: 1, withinMs: 900 }]);
    await sleep(200);
    expect(ids()).toEqual([]);
    await vi.waitFor(() => expect(ids()).toEqual([1]));
    await sleep(800);
    expect(drained).toHaveLength(1);
  });

  it("leave at once when they fill a request", async () => {
    const { drain, ids } = noted();
    const scheduler = await openCluster().start({ drain });
    for (let n = 1; n < FULL; n += 1) scheduler.wake([{ datasetId: 1, events: 1, withinMs: 60_000 }]);
    await sleep(MOMENT_MS);
    expect(ids()).toEqual([]);
    scheduler.wake([{ datasetId: 1, events: 1, withinMs: 60_000 }]);
    await vi.waitFor(() => expect(ids()).toEqual([1]));
  });

  it("leave at once when something has changed for their dataset", async () => {
    const { drain, ids } = noted();
    const scheduler = await openCluster().start({ drain });
    scheduler.wake([{ datasetId: 1, events: 1, withinMs: 60_000 }]);
    scheduler.hurry([1, 2]);
    await vi.waitFor(() => expect(ids()).toEqual([1, 2]));
  });

  it("of one dataset are drained by one drain at a time, and once more for what came meanwhile", async () => {
    let atOnce = 0;
    let most = 0;
    let drains = 0;
    const drain = async () => {
      atOnce += 1;
      drains += 1;
      most = Math.max(most, atOnce);
      await sleep(200);
      atOnce -= 1;
    };
    const scheduler = await openCluster().start({ drain });
    for (let n = 0; n < 5; n += 1) scheduler.hurry([1]);
    await vi.waitFor(() => expect(drains).toBe(2));
    await sleep(500);
    expect({ drains, most }).toEqual({ drains: 2, most: 1 });
  });

  it("of one dataset do not wait for another's drain", async () => {
    const drained: number[] = [];
    let end = () => {};
    const long = new Promise<void>((resolve) => {
      end = resolve;
    });
    const drain = async (datasetId: number) => {
      if (datasetId === 1) await long;
      drained.push(datasetId);
    };
    const scheduler = await openCluster().start({ drain });
    scheduler.hurry([1, 2]);
    await vi.waitFor(() => expect(drained).toEqual([2]));
    end();
    await vi.waitFor(() => expect(drained).toEqual([2, 1]));
  });

  it("are drained again although a drain has failed, and the failure is logged", async () => {
    let drains = 0;
    const drain = async () => {
      drains += 1;
      if (drains === 1) throw new Error("away");
    };
    const cluster = openCluster();
    const scheduler = await cluster.start({ drain });
    scheduler.hurry([1]);
    await vi.waitFor(() => expect(cluster.log.join()).toContain("drain.failed"));
    scheduler.hurry([1]);
    await vi.waitFor(() => expect(drains).toBe(2));
  });
});

describe("the look of each second", () => {
  it("finds what nobody told of: it leaves when it should", async () => {
    const { drained, drain } = noted();
    const leavesAt = Date.now() + 1_500;
    await openCluster().start({
      drain,
      due: async () => ({ leaving: drained.length === 0 ? [{ id: 7, leavesAt }] : [], uncounted: [] }),
    });
    await vi.waitFor(() => expect(drained).toHaveLength(1), { timeout: 3_000 });
    expect(Date.now()).toBeGreaterThanOrEqual(leavesAt - 10);
    expect(Date.now()).toBeLessThan(leavesAt + 1_000);
    expect(drained).toMatchObject([{ datasetId: 7 }]);
  });

  it("has what has ended counted, beside what leaves", async () => {
    const tallied: number[] = [];
    await openCluster().start({
      tally: async (datasetId) => void tallied.push(datasetId),
      due: async () => ({ leaving: [], uncounted: tallied.length === 0 ? [3] : [] }),
    });
    await vi.waitFor(() => expect(tallied).toEqual([3]));
  });

  it("does each duty, one after the other; one that fails keeps no other from being done", async () => {
    const done: string[] = [];
    const cluster = openCluster();
    await cluster.start({
      duties: {
        first: async () => void done.push("first"),
        broken: () => Promise.reject(new Error("away")),
        last: async () => void done.push("last"),
      },
    });
    await vi.waitFor(() => expect(done).toEqual(["first", "last", "first", "last"]), { timeout: 4_000 });
    expect(cluster.log.join()).toContain('"duty":"broken"');
  });

  it("goes on although it could not look", async () => {
    let looks = 0;
    await openCluster().start({
      due: async () => {
        looks += 1;
        throw new Error("away");
      },
    });
    await vi.waitFor(() => expect(looks).toBeGreaterThan(1), { timeout: 4_000 });
  });
});

describe("a chore", () => {
  it("is done soon after the start, and not again before its time", async () => {
    let runs = 0;
    const run = async () => {
      runs += 1;
    };
    const chores = { sweep: { every: "minute", run } } as const;
    await openCluster().start({ chores });
    const minute = Math.floor(Date.now() / 60_000);
    await vi.waitFor(() => expect(runs).toBe(1), { timeout: 20_000 });
    await sleep(1_500);
    // On PostgreSQL a chore belongs to a minute of the clock.
    expect(runs).toBeLessThanOrEqual(1 + Math.floor(Date.now() / 60_000) - minute);
  }, 30_000);

  it("that fails is logged", async () => {
    const cluster = openCluster();
    await cluster.start({ chores: { sweep: { every: "minute", run: () => Promise.reject(new Error("away")) } } });
    await vi.waitFor(() => expect(cluster.log.join()).toContain('"chore":"sweep"'), { timeout: 20_000 });
  }, 30_000);
});

describe("a scheduler that is stopped", () => {
  it("waits for the drain under way, and begins no other", async () => {
    const drained: number[] = [];
    const drain = async (datasetId: number) => {
      await sleep(300);
      drained.push(datasetId);
    };
    const scheduler = await openCluster().start({ drain });
    scheduler.hurry([1]);
    scheduler.hurry([1]);
    scheduler.wake([{ datasetId: 2, events: 1, withinMs: 100 }]);
    await scheduler.stop();
    expect(drained).toEqual([1]);
    scheduler.hurry([3]);
    await sleep(500);
    expect(drained).toEqual([1]);
  });
});
