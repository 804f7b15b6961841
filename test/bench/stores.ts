import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { migrate } from "~/store/migrate.server";
import { hasPostgres, startPostgres } from "../support/postgres";
import { inPostgres } from "../support/psql";

/** Where a bench gets its databases from: one is migrated, the others are copies of it. */
export interface Databases {
  name: "sqlite" | "postgres";
  /** The address of a fresh one, and what takes it away; `empty`: it has no tables yet. */
  fresh(options?: { empty: boolean }): { address: string; remove: () => void };
  /** The ids of the database's own processes; SQLite has none. */
  processes(): number[];
  close(): void;
}

/** Those that this machine has. `fsync`: whether a commit of PostgreSQL waits for the disk; of SQLite it always does. */
export async function openDatabases(settings: { fsync: boolean } = { fsync: false }): Promise<Databases[]> {
  const sqlite = await sqliteFiles();
  return hasPostgres() ? [sqlite, await postgresCluster(settings)] : [sqlite];
}

export async function sqliteFiles(): Promise<Databases> {
  const folder = mkdtempSync(join(tmpdir(), "tandem-bench-"));
  const template = join(folder, "template.sqlite");
  await migrate({ path: template, root: process.cwd() });
  let made = 0;
  return {
    name: "sqlite",
    processes: () => [],
    fresh: ({ empty } = { empty: false }) => {
      made += 1;
      const address = join(folder, `${made}.sqlite`);
      if (!empty) copyFileSync(template, address);
      return {
        address,
        remove: () => {
          for (const ending of ["", "-wal", "-shm"]) rmSync(address + ending, { force: true });
        },
      };
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

async function postgresCluster(settings: { fsync: boolean }): Promise<Databases> {
  const server = await startPostgres(settings);
  const root = server.url("postgres");
  inPostgres(root, `CREATE DATABASE "template"`);
  await migrate({ path: server.url("template"), root: process.cwd() });
  let made = 0;
  return {
    name: "postgres",
    processes: () => server.processes(),
    fresh: ({ empty } = { empty: false }) => {
      made += 1;
      const name = `bench_${made}`;
      inPostgres(root, `CREATE DATABASE "${name}" TEMPLATE "${empty ? "template1" : "template"}"`);
      return {
        address: server.url(name),
        remove: () => void inPostgres(root, `DROP DATABASE "${name}" WITH (FORCE)`),
      };
    },
    close: server.stop,
  };
}
