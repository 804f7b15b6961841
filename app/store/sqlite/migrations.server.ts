import { existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isBusy, openConnection } from "./connection.server";

/** How long a start waits for another process that is migrating. */
const PATIENCE_MS = 60_000;

/** The lock is a database beside the file, which the system lets go of when its holder dies. */
export async function whileMigratingSqlite(path: string, work: () => Promise<void>): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  const lock = openConnection(`${path}.migrating`);
  try {
    await patiently(() => lock.exec("BEGIN EXCLUSIVE"));
    await work();
    lock.exec("ROLLBACK");
  } finally {
    lock.close();
  }
}

/** Names of the migrations that the file has. */
export function sqliteMigrations(path: string): Promise<string[]> {
  return patiently(() => (existsSync(path) ? applied(path) : []));
}

function applied(path: string): string[] {
  const connection = openConnection(path);
  try {
    const [table] = connection.all(`SELECT 1 FROM sqlite_master WHERE name = '_prisma_migrations'`);
    if (table === undefined) return [];
    return connection
      .all<{ migration_name: string }>("SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL")
      .map((row) => row.migration_name);
  } finally {
    connection.close();
  }
}

/** Tries again while another process holds the file. */
async function patiently<T>(work: () => T): Promise<T> {
  for (let waited = 0; waited < PATIENCE_MS; waited += 100) {
    try {
      return work();
    } catch (error) {
      if (!isBusy(error)) throw error;
    }
    await sleep(100);
  }
  throw new Error("another process has been migrating this database for a minute");
}
