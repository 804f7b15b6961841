import { randomUUID } from "node:crypto";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inject, onTestFinished } from "vitest";
import { inPostgres } from "./psql";

/** The address of a fresh, migrated database of this test's own, in the store that the run is about; gone when the test is. */
export function freshDatabase(): string {
  return inject("store") === "postgres" ? freshPostgres() : freshSqlite();
}

function freshSqlite(): string {
  const folder = mkdtempSync(join(tmpdir(), "tandem-test-"));
  const path = join(folder, "tandem.sqlite");
  copyFileSync(inject("templateDatabase"), path);
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return path;
}

function freshPostgres(): string {
  const template = inject("templatePostgres");
  const url = new URL(template);
  const name = `test_${randomUUID().replaceAll("-", "")}`;
  url.pathname = "/postgres";
  const server = url.href;
  inPostgres(server, `CREATE DATABASE "${name}" TEMPLATE "template"`);
  onTestFinished(() => void inPostgres(server, `DROP DATABASE "${name}" WITH (FORCE)`));
  url.pathname = `/${name}`;
  return url.href;
}

/** The same as Prisma wants it. */
export function prismaUrl(address: string): string {
  return address.startsWith("postgresql:") ? address : `file:${address}`;
}
