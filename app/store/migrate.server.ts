import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { isPostgres } from "../database-address";
import { processEnv } from "../env.server";
import { postgresMigrations, whileMigratingPostgres } from "./postgres/migrations.server";
import { sqliteMigrations, whileMigratingSqlite } from "./sqlite/migrations.server";

/** The database could not be brought up to date. */
export class MigrationError extends Error {
  override name = "MigrationError";
}

interface Place {
  /** As app/store opens it: the path of a SQLite file, or PostgreSQL's URL. */
  path: string;
  /** The project's folder, where prisma/ is. */
  root: string;
}

/** Applies the migrations the database does not have, in one process at a time. Throws MigrationError. */
export async function migrate({ path, root }: Place): Promise<void> {
  try {
    if ((await pending({ path, root })).length === 0) return;
    const alone = isPostgres(path) ? whileMigratingPostgres : whileMigratingSqlite;
    await alone(path, async () => {
      if ((await pending({ path, root })).length > 0) await deploy({ path, root });
      const missing = await pending({ path, root });
      if (missing.length > 0) throw new MigrationError(`${placeOf(path)} still lacks ${missing.join(", ")}`);
    });
  } catch (error) {
    if (error instanceof MigrationError) throw error;
    throw new MigrationError(`the database could not be migrated: ${error instanceof Error ? error.message : error}`, {
      cause: error,
    });
  }
}

/** Names of the migrations that the database does not have yet. */
export async function pending({ path, root }: Place): Promise<string[]> {
  const known = readdirSync(join(root, migrationsOf(path)), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  const applied = new Set(await (isPostgres(path) ? postgresMigrations : sqliteMigrations)(path));
  return known.filter((name) => !applied.has(name));
}

function migrationsOf(path: string): string {
  return isPostgres(path) ? "prisma/postgres/migrations" : "prisma/migrations";
}

async function deploy({ path, root }: Place): Promise<void> {
  const cli = join(dirname(createRequire(join(root, "package.json")).resolve("prisma/package.json")), "build/index.js");
  const config = isPostgres(path) ? ["--config", "prisma.postgres.config.ts"] : [];
  try {
    await promisify(execFile)(process.execPath, [cli, "migrate", "deploy", ...config], {
      cwd: root,
      env: processEnv({
        DATABASE_URL: isPostgres(path) ? path : `file:${path}`,
        PRISMA_HIDE_UPDATE_MESSAGE: "1",
        CHECKPOINT_DISABLE: "1",
      }),
    });
  } catch (error) {
    const words = error instanceof Error && "stderr" in error ? String(error.stderr) : String(error);
    throw new MigrationError(`migrations could not be applied to ${placeOf(path)}:\n${words.trim()}`, { cause: error });
  }
}

/** Without the password. */
function placeOf(path: string): string {
  return isPostgres(path) ? new URL(path).host + new URL(path).pathname : path;
}
