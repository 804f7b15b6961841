import { describe, expect, it, onTestFinished } from "vitest";
import { openConnection } from "~/store/sqlite/connection.server";
import { openSqliteWriter } from "~/store/sqlite/writer.server";
import { all, run } from "~/store/statement";
import type { Writer } from "~/store/writer";
import { freshDatabase } from "../support/database";

function openNumbers(): { writer: Writer; numbers: () => number[] } {
  const path = freshDatabase();
  const connection = openConnection(path);
  connection.exec(`CREATE TABLE "Number" ("n" INTEGER PRIMARY KEY)`);
  const writer = openSqliteWriter(connection);
  const reader = openConnection(path);
  onTestFinished(() => reader.close());
  return {
    writer,
    numbers: () => reader.all<{ n: number }>(`SELECT "n" FROM "Number" ORDER BY "n"`).map(({ n }) => n),
  };
}

describe("a transaction", () => {
  it("runs alone, in the order asked for, and sees what the one before it wrote", async () => {
    const { writer } = openNumbers();
    const next = () =>
      writer.transaction(function* () {
        const [{ most } = { most: 0 }] = yield* all<{ most: number }>(
          `SELECT coalesce(max("n"), 0) AS "most" FROM "Number"`,
        );
        yield* run(`INSERT INTO "Number" VALUES (?)`, most + 1);
        return most + 1;
      });
    expect(await Promise.all(Array.from({ length: 20 }, next))).toEqual(Array.from({ length: 20 }, (_, n) => n + 1));
    await writer.close();
  });

  it("has been committed when it resolves", async () => {
    const { writer, numbers } = openNumbers();
    const answer = await writer.transaction(() => run(`INSERT INTO "Number" VALUES (7)`));
    expect(answer).toBe(1);
    expect(numbers()).toEqual([7]);
    await writer.close();
  });

  it("that throws writes nothing and does not stop the next one", async () => {
    const { writer, numbers } = openNumbers();
    const failed = writer.transaction(function* () {
      yield* run(`INSERT INTO "Number" VALUES (1)`);
      throw new Error("second thoughts");
    });
    const next = writer.transaction(() => run(`INSERT INTO "Number" VALUES (2)`));
    await expect(failed).rejects.toThrow("second thoughts");
    await next;
    expect(numbers()).toEqual([2]);
    await writer.close();
  });

  it("asked for before the writer closes still happens", async () => {
    const { writer, numbers } = openNumbers();
    const last = writer.transaction(() => run(`INSERT INTO "Number" VALUES (3)`));
    await writer.close();
    await last;
    expect(numbers()).toEqual([3]);
  });
});

describe("a group commit", () => {
  it("stores 256 concurrent writes in one transaction and answers each with its own result", async () => {
    const { writer, numbers } = openNumbers();
    const groups: number[] = [];
    const insert = writer.grouped<number, string>(function* (items) {
      groups.push(items.length);
      for (const n of items) yield* run(`INSERT INTO "Number" VALUES (?)`, n);
      return items.map((n) => `stored ${n}`);
    });
    const numbered = Array.from({ length: 256 }, (_, n) => n);
    expect(await Promise.all(numbered.map(insert))).toEqual(numbered.map((n) => `stored ${n}`));
    expect(groups).toEqual([256]);
    expect(numbers()).toEqual(numbered);
    await writer.close();
  });

  it("takes at most 256 writes; the next ones follow in the next group", async () => {
    const { writer, numbers } = openNumbers();
    const groups: number[] = [];
    const insert = writer.grouped<number, number>(function* (items) {
      groups.push(items.length);
      for (const n of items) yield* run(`INSERT INTO "Number" VALUES (?)`, n);
      return items;
    });
    await Promise.all(Array.from({ length: 600 }, (_, n) => insert(n)));
    expect(groups).toEqual([256, 256, 88]);
    expect(numbers()).toHaveLength(600);
    await writer.close();
  });

  it("has been committed when any of its writes resolves", async () => {
    const { writer, numbers } = openNumbers();
    const insert = writer.grouped<number, number>(function* (items) {
      for (const n of items) yield* run(`INSERT INTO "Number" VALUES (?)`, n);
      return items;
    });
    const seen = await Promise.all([1, 2, 3].map((n) => insert(n).then(() => numbers().length)));
    expect(seen).toEqual([3, 3, 3]);
    await writer.close();
  });

  it("refuses a write alone when its neighbours can be stored", async () => {
    const { writer, numbers } = openNumbers();
    const insert = writer.grouped<number, number>(function* (items) {
      for (const n of items) {
        if (n === 5) throw new Error("five is refused");
        yield* run(`INSERT INTO "Number" VALUES (?)`, n);
      }
      return items;
    });
    const answers = await Promise.allSettled(Array.from({ length: 11 }, (_, n) => insert(n)));
    expect(answers.flatMap(({ status }, n) => (status === "rejected" ? [n] : []))).toEqual([5]);
    expect(numbers()).toEqual([0, 1, 2, 3, 4, 6, 7, 8, 9, 10]);
    await writer.close();
  });

  it("waits for no neighbour: a lone write is stored within a turn", async () => {
    const { writer } = openNumbers();
    const insert = writer.grouped<number, number>(function* (items) {
      for (const n of items) yield* run(`INSERT INTO "Number" VALUES (?)`, n);
      return items;
    });
    const begun = performance.now();
    await insert(1);
    expect(performance.now() - begun).toBeLessThan(100);
    await writer.close();
  });
});
