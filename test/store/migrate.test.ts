import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import Database from "libsql";
import { describe, expect, it, onTestFinished } from "vitest";
import { migrate, pending } from "~/store/migrate.server";
import { openConnection } from "~/store/sqlite/connection.server";
import { freshDatabase } from "../support/database";

const root = process.cwd();
const SCRIPT = fileURLToPath(new URL("support/migrate-once.ts", import.meta.url));

function newPath(): string {
  const folder = mkdtempSync(join(tmpdir(), "tandem-migrate-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, "data/tandem.sqlite");
}

function applied(path: string): { migration_name: string; finished: number }[] {
  const connection = openConnection(path);
  try {
    return connection.all(
      `SELECT "migration_name", "finished_at" IS NOT NULL AS "finished" FROM "_prisma_migrations" ORDER BY "migration_name"`,
    );
  } finally {
    connection.close();
  }
}

// Each run of Prisma is a process of its own, slow on a busy machine.
describe("migrate", { timeout: 60_000 }, () => {
  it("applies every migration once when two processes start at the same time", async () => {
    const path = newPath();
    const known = await pending({ path, root });
    expect(known.length).toBeGreaterThan(0);
    const start = () => promisify(execFile)(process.execPath, ["--import", "tsx", SCRIPT, path], { cwd: root });
    await Promise.all([start(), start()]);
    expect(applied(path)).toEqual(known.map((name) => expect.objectContaining({ migration_name: name, finished: 1 })));
    expect(await pending({ path, root })).toEqual([]);
  });

  it("lets go of its lock when it is done, although the process lives on", async () => {
    const path = newPath();
    await migrate({ path, root });
    const next = openConnection(`${path}.migrating`);
    expect(() => next.exec("BEGIN EXCLUSIVE")).not.toThrow();
    next.close();
  });

  it("waits while another process is writing the very tables it asks for", async () => {
    const path = freshDatabase();
    const other = new Database(path);
    // As Prisma leaves a file that it has just made: without a write-ahead log, so that a writer shuts readers out.
    other.prepare("PRAGMA journal_mode = DELETE").all();
    other.exec("BEGIN EXCLUSIVE");
    const written = sleep(200).then(() => {
      other.exec("COMMIT");
      other.close();
    });
    await expect(migrate({ path, root })).resolves.toBeUndefined();
    await written;
  });

  it("does nothing, and quickly, when the database is up to date", async () => {
    const path = freshDatabase();
    const begun = performance.now();
    await migrate({ path, root });
    expect(performance.now() - begun).toBeLessThan(200);
  });

  it("says which database could not be migrated, in Prisma's own words", async () => {
    const path = freshDatabase();
    const connection = openConnection(path);
    // The record of what was applied is lost, the tables are there: Prisma cannot go on from here.
    connection.exec(`DELETE FROM "_prisma_migrations"`);
    connection.close();
    await expect(migrate({ path, root })).rejects.toThrow(new RegExp(`${path}:\\n.*already exists`, "s"));
  });
});
