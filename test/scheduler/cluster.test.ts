import { setTimeout as sleep } from "node:timers/promises";
import { expect, it, vi } from "vitest";
import { FULL, openCluster } from "./support";

it("a process that only receives tells one that delivers, once for all that leaves together", async () => {
  const cluster = openCluster();
  const drained: number[] = [];
  await cluster.start({ drain: async (datasetId) => void drained.push(datasetId) });
  const messenger = await cluster.startMessenger();
  for (let n = 1; n < FULL; n += 1) messenger.wake([{ datasetId: 5, events: 1, withinMs: 300 }]);
  await vi.waitFor(() => expect(drained).toEqual([5]), { timeout: 5_000 });
  await sleep(1_500);
  expect(drained).toEqual([5]);
});

it("of two processes that deliver, one does a chore", async () => {
  const cluster = openCluster();
  const done: string[] = [];
  const choresOf = (name: string) => ({
    chores: { sweep: { every: "minute", run: async () => void done.push(name) } } as const,
  });
  const minute = () => Math.floor(Date.now() / 60_000);
  const first = minute();
  await Promise.all([cluster.start(choresOf("one")), cluster.start(choresOf("other"))]);
  await vi.waitFor(() => expect(done).not.toEqual([]), { timeout: 20_000 });
  // Longer than either takes to look for chores.
  await sleep(6_000);
  expect(done.length).toBeLessThanOrEqual(1 + minute() - first);
}, 45_000);

it("hints that nobody takes up wait for the next process that delivers", async () => {
  const cluster = openCluster();
  const messenger = await cluster.startMessenger();
  messenger.hurry([1, 2, 1]);
  await sleep(500);
  const drained: number[] = [];
  await cluster.start({ drain: async (datasetId) => void drained.push(datasetId) });
  await vi.waitFor(() => expect(drained.sort()).toEqual([1, 2]), { timeout: 5_000 });
});
