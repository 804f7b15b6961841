import { describe, expect, it } from "vitest";
import { openOutbox } from "./support/outbox";

describe("the server's lease", () => {
  it("is refused to a second server while the first is alive, and taken over when it is not", async () => {
    const { store } = await openOutbox();
    expect(await store.takeServerLease("first", 0, 5_000)).toBe(true);
    expect(await store.takeServerLease("second", 4_999, 9_999)).toBe(false);
    expect(await store.takeServerLease("second", 5_000, 10_000)).toBe(true);
    expect(await store.takeServerLease("first", 6_000, 11_000)).toBe(false);
  });

  it("is renewed by its holder, who keeps the time of the start", async () => {
    const { store, reader } = await openOutbox();
    await store.takeServerLease("first", 100, 5_100);
    expect(await store.takeServerLease("first", 1_100, 6_100)).toBe(true);
    expect(reader.all(`SELECT "until", "startedAt" FROM "ServerLease"`)).toMatchObject([
      { until: 6_100, startedAt: 100 },
    ]);
  });

  it("tells whether a server is alive", async () => {
    const { store } = await openOutbox();
    expect(await store.serverAlive(0)).toBe(false);
    await store.takeServerLease("first", 0, 5_000);
    expect(await store.serverAlive(4_999)).toBe(true);
    expect(await store.serverAlive(5_000)).toBe(false);
  });

  it("is dropped by its holder only", async () => {
    const { store } = await openOutbox();
    await store.takeServerLease("first", 0, 5_000);
    await store.dropServerLease("second");
    expect(await store.serverAlive(1)).toBe(true);
    await store.dropServerLease("first");
    expect(await store.serverAlive(1)).toBe(false);
    expect(await store.takeServerLease("second", 1, 5_001)).toBe(true);
  });
});

describe("the processes that take messages in", () => {
  it("are as many as have said so lately; one that went in peace counts no more at once", async () => {
    const { store } = await openOutbox();
    expect(await store.countReceivers("first", 0, 15_000)).toBe(1);
    expect(await store.countReceivers("second", 5_000, 20_000)).toBe(2);
    expect(await store.countReceivers("first", 5_000, 20_000)).toBe(2);
    expect(await store.countReceivers("first", 20_000, 35_000)).toBe(1);
    await store.countReceivers("second", 21_000, 36_000);
    await store.dropServerLease("first");
    expect(await store.countReceivers("second", 22_000, 37_000)).toBe(1);
    expect(await store.serverAlive(22_000)).toBe(false);
  });
});
