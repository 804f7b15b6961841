import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { processEnv } from "../env.server";
import { isBusy, openConnection } from "./sqlite/connection.server";

/** The database could not be brought up to date. */
export class MigrationError extends Error {
  override name = "MigrationError";
}

interface Place {
  /** The SQLite file. */
  path: string;
  /** The project's folder, where prisma/ is. */
  root: string;
}

/** How long a start waits for another process that is migrating. */
const PATIENCE_MS = 60_000;

/**
 * Applies the migrations the file does not have, in one process at a time: the lock is a database beside the file, which
 * the system lets go of when its holder dies. Throws MigrationError.
 */
export async function migrate({ path, root }: Place): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  if ((await patiently(() => pending({ path, root }))).length === 0) return;
  const lock = openConnection(`${path}.migrating`);
  try {
    await patiently(() => lock.exec("BEGIN EXCLUSIVE"));
    if ((await patiently(() => pending({ path, root }))).length > 0) await deploy({ path, root });
    lock.exec("ROLLBACK");
  } finally {
    lock.close();
  }
}

/** Names of the migrations that the file does not have yet. */
export function pending({ path, root }: Place): string[] {
  const known = readdirSync(join(root, "prisma/migrations"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  if (!existsSync(path)) return known;
  const connection = openConnection(path);
  try {
    const [table] = connection.all(`SELECT 1 FROM sqlite_master WHERE name = '_prisma_migrations'`);
    if (table === undefined) return known;
    const rows = connection.all<{ migration_name: string }>(
      "SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL",
    );
    const applied = new Set(rows.map((row) => row.migration_name));
    return known.filter((name) => !applied.has(name));
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
  throw new MigrationError("another process has been migrating this database for a minute");
}

async function deploy({ path, root }: Place): Promise<void> {
  const cli = join(dirname(createRequire(join(root, "package.json")).resolve("prisma/package.json")), "build/index.js");
  try {
    await promisify(execFile)(process.execPath, [cli, "migrate", "deploy"], {
      cwd: root,
      env: processEnv({ DATABASE_URL: `file:${path}`, PRISMA_HIDE_UPDATE_MESSAGE: "1" }),
    });
  } catch (error) {
    const words = error instanceof Error && "stderr" in error ? String(error.stderr) : String(error);
    throw new MigrationError(`migrations could not be applied to ${path}:\n${words.trim()}`, { cause: error });
  }
}
