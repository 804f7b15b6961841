import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inject, onTestFinished } from "vitest";

/** The path of a fresh, migrated SQLite file of this test's own; gone when the test is. */
export function freshDatabase(): string {
  const folder = mkdtempSync(join(tmpdir(), "tandem-test-"));
  const path = join(folder, "tandem.sqlite");
  copyFileSync(inject("templateDatabase"), path);
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return path;
}
