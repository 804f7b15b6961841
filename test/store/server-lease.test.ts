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
