import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { openConnection } from "~/store/sqlite/connection.server";
import { openSqliteWriter } from "~/store/sqlite/writer.server";
import { run } from "~/store/statement";
import { StoreBusy } from "~/store/writer";
import { freshDatabase } from "../support/database";
import { watchEventLoop } from "./support/event-loop";
import { holdLock } from "./support/lock";
import { openOutbox } from "./support/outbox";

/** Two seconds pass in one: the writer's patience of five seconds costs the test half of it. */
const HURRIED = { now: () => Date.now() * 2 };
const PATIENCE_MS = 2_500;

async function openHurriedWriter() {
  const { path, reader } = await openOutbox();
  const writer = openSqliteWriter(openConnection(path), HURRIED);
  onTestFinished(() => writer.close());
  const bump = () => writer.transaction(() => run(`UPDATE "SettingsVersion" SET "n" = "n" + 1`));
  const version = () => reader.all<{ n: number }>(`SELECT "n" FROM "SettingsVersion"`)[0]?.n;
  return { path, bump, version };
}

/** A write that waited for the lock inside SQLite would hold the event loop as long as it is held; a busy machine for less. */
const FAR_LESS_THAN_PATIENCE_MS = 1_000;

describe("while another process holds the write lock", () => {
  it("a write gives up as StoreBusy when its patience ends, and the event loop never stands still", async () => {
    const { path, bump, version } = await openHurriedWriter();
    const before = version();
    const lock = await holdLock(path);

    const stood = watchEventLoop();
    const begun = performance.now();
    await expect(bump()).rejects.toThrow(StoreBusy);
    expect(performance.now() - begun).toBeGreaterThanOrEqual(PATIENCE_MS - 50);
    expect(stood()).toBeLessThan(FAR_LESS_THAN_PATIENCE_MS);
    expect(version()).toBe(before);

    await lock.release();
    await bump();
    expect(version()).toBe(Number(before) + 1);
  });

  it("a write waits, and goes through once the lock is let go", async () => {
    const { path, store, reader, ingest, purchase, rows } = await openOutbox();
    const lock = await holdLock(path);

    const stood = watchEventLoop();
    let answered = false;
    const write = ingest(purchase()).then(() => {
      answered = true;
    });
    await sleep(1_500);
    expect(answered).toBe(false);
    // Reading needs no write lock: whoever asks in the meantime is served.
    expect(await store.uncountedDatasets(Date.now())).toEqual([]);
    expect(reader.all(`SELECT * FROM "Event"`)).toEqual([]);

    await lock.release();
    await write;
    expect(stood()).toBeLessThan(FAR_LESS_THAN_PATIENCE_MS);
    expect(rows()).toHaveLength(1);
  });

  it("a duplicate in the same flush is answered after the commit, like the first copy", async () => {
    const { path, ingest, purchase, rows } = await openOutbox();
    const lock = await holdLock(path);

    const seen: number[] = [];
    const copies = [purchase(), purchase({ topic: "orders/paid", webhookId: "webhook-2" })].map((copy) =>
      ingest(copy).then((result) => {
        seen.push(rows().length);
        return result;
      }),
    );
    await sleep(150);
    expect(seen).toEqual([]);

    await lock.release();
    expect((await Promise.all(copies)).map(({ inserted, absorbed }) => [inserted, absorbed])).toEqual([
      [1, 0],
      [0, 1],
    ]);
    expect(seen).toEqual([1, 1]);
  });

  it("a write that waits behind others gives up when its own patience ends, not after theirs", async () => {
    const { path, bump } = await openHurriedWriter();
    const lock = await holdLock(path);

    const begun = performance.now();
    const answers = await Promise.allSettled([bump(), bump(), bump(), bump()]);
    expect(performance.now() - begun).toBeLessThan(2 * PATIENCE_MS);
    expect(answers.map(({ status }) => status)).toEqual(Array(4).fill("rejected"));
    await lock.release();
  });

  it("SQLite itself waits for no more than a blink, on every connection", () => {
    const connection = openConnection(freshDatabase());
    onTestFinished(() => connection.close());
    const [row] = connection.all<{ timeout: number }>("PRAGMA busy_timeout");
    expect(row?.timeout).toBeGreaterThan(0);
    expect(row?.timeout).toBeLessThanOrEqual(50);
  });
});
