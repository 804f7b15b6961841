import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, inject, it, onTestFinished } from "vitest";
import { openConnection } from "~/store/sqlite/connection.server";
import { freshDatabase } from "../support/database";
import { inPostgres } from "../support/psql";

const THIS = "20261127000000_copies_to_count";
const onPostgres = inject("store") === "postgres";

/** A database without tables; answers what carries SQL out in it, and what reads one column of text. */
function emptyDatabase(): { exec(sql: string): void; read(sql: string): string[] } {
  if (onPostgres) {
    const url = freshDatabase();
    inPostgres(url, `DROP SCHEMA public CASCADE; CREATE SCHEMA public`);
    return { exec: (sql) => void inPostgres(url, sql), read: (sql) => inPostgres(url, sql).split("\n") };
  }
  const connection = openConnection(":memory:");
  onTestFinished(() => connection.close());
  return {
    exec: (sql) => connection.exec(sql),
    read: (sql) => connection.all<{ text: string }>(sql).map(({ text }) => text),
  };
}

it("a database of the version before keeps what was still to be counted, and what a copy had been counted as", () => {
  const { exec, read } = emptyDatabase();
  const folder = onPostgres ? "prisma/postgres/migrations" : "prisma/migrations";
  const names = readdirSync(folder).filter((name) => /^\d/.test(name));
  const migrate = (name: string) => exec(readFileSync(join(folder, name, "migration.sql"), "utf8"));
  for (const name of names.filter((one) => one < THIS)) migrate(name);
  exec(`
    INSERT INTO "BrowserCopy" ("shopId", "datasetId", "name", "eventId", "tr", "receivedAt", "countedAs", "uncounted")
    VALUES (1, 2, 'PageView', 'a', 'resolved', 1795000000000, NULL, true),
      (1, 2, 'PageView', 'b', 'threw', 1795000000001, 'not_attempted', true),
      (1, 2, 'PageView', 'c', 'resolved', 1795000000002, 'resolved', false)`);
  migrate(THIS);
  const waiting = read(`SELECT "copies" AS "text" FROM "CopiesToCount" WHERE "shopId" = 1 AND "datasetId" = 2`);
  expect(waiting.map((copies) => JSON.parse(copies)).sort()).toEqual([
    [["PageView", "resolved", null, 1795000000000]],
    [["PageView", "threw", "not_attempted", 1795000000001]],
  ]);
  expect(read(`SELECT "eventId" AS "text" FROM "BrowserCopy" ORDER BY "eventId"`)).toEqual(["a", "b", "c"]);
});
