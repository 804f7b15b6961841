import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { migrate } from "~/store/migrate.server";

declare module "vitest" {
  interface ProvidedContext {
    templateDatabase: string;
    /** Which store the run is about. */
    store: "sqlite" | "postgres";
  }
}

/** Migrates one database for the whole run; each test copies it. */
export default async function setup(project: TestProject): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), "tandem-template-"));
  const path = join(folder, "template.sqlite");
  await migrate({ path, root: process.cwd() });
  project.provide("templateDatabase", path);
  return () => rmSync(folder, { recursive: true, force: true });
}
