import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { migrate } from "~/store/migrate.server";
import { hasPostgres, startPostgres } from "../support/postgres";
import { inPostgres } from "../support/psql";

/** Where a bench gets its databases from: one is migrated, the others are copies of it. */
export interface Databases {
  name: "sqlite" | "postgres";
  /** The address of a fresh one, and what takes it away. */
  fresh(): { address: string; remove: () => void };
  close(): void;
}

/** Those that this machine has. */
export async function openDatabases(): Promise<Databases[]> {
  const sqlite = await sqliteFiles();
  return hasPostgres() ? [sqlite, await postgresCluster()] : [sqlite];
}

export async function sqliteFiles(): Promise<Databases> {
  const folder = mkdtempSync(join(tmpdir(), "tandem-bench-"));
  const template = join(folder, "template.sqlite");
  await migrate({ path: template, root: process.cwd() });
  let made = 0;
  return {
    name: "sqlite",
    fresh: () => {
      made += 1;
      const address = join(folder, `${made}.sqlite`);
      copyFileSync(template, address);
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

async function postgresCluster(): Promise<Databases> {
  const server = await startPostgres();
  const root = server.url("postgres");
  inPostgres(root, `CREATE DATABASE "template"`);
  await migrate({ path: server.url("template"), root: process.cwd() });
  let made = 0;
  return {
    name: "postgres",
    fresh: () => {
      made += 1;
      const name = `bench_${made}`;
      inPostgres(root, `CREATE DATABASE "${name}" TEMPLATE "template"`);
      return {
        address: server.url(name),
        remove: () => void inPostgres(root, `DROP DATABASE "${name}" WITH (FORCE)`),
      };
    },
    close: server.stop,
  };
}
