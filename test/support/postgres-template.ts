import type { TestProject } from "vitest/node";
import { migrate } from "~/store/migrate.server";
import { startPostgres } from "./postgres";
import { inPostgres } from "./psql";

declare module "vitest" {
  interface ProvidedContext {
    /** URL of a migrated database that each test copies. */
    templatePostgres: string;
  }
}

/** Migrates one database for the whole run; each test copies it. */
export default async function setup(project: TestProject): Promise<() => void> {
  const postgres = await startPostgres();
  inPostgres(postgres.url("postgres"), `CREATE DATABASE "template"`);
  const template = postgres.url("template");
  await migrate({ path: template, root: process.cwd() });
  project.provide("templatePostgres", template);
  return postgres.stop;
}
