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

/** Without PostgreSQL half of the promise is untested: said aloud on a developer's machine, a failure in CI. */
export default async function setup(project: TestProject): Promise<(() => void) | undefined> {
  const postgres = await startPostgres();
  if (postgres === null) {
    const words = "PostgreSQL is not installed (Debian: apt-get install postgresql): its store is NOT tested";
    if (process.env.CI === "true") throw new Error(words);
    process.stderr.write(`\n${words}\n\n`);
    project.config.include = [];
    return undefined;
  }
  inPostgres(postgres.url("postgres"), `CREATE DATABASE "template"`);
  const template = postgres.url("template");
  await migrate({ path: template, root: process.cwd() });
  project.provide("templatePostgres", template);
  return postgres.stop;
}
