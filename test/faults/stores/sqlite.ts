import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { migrate } from "~/store/migrate.server";
import type { FaultStore, StoreMaker } from "../store";
import { readingFrom } from "./reading";
import { withStoreAt } from "./with-store";

/** Migrates one file and copies it for each scenario. */
export async function sqliteFiles(): Promise<StoreMaker> {
  const folder = mkdtempSync(join(tmpdir(), "tandem-faults-"));
  const template = join(folder, "template.sqlite");
  await migrate({ path: template, root: process.cwd() });
  let made = 0;
  return {
    fresh: async () => {
      made += 1;
      const path = join(folder, `scenario-${made}.sqlite`);
      copyFileSync(template, path);
      return sqliteStore(path);
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function sqliteStore(path: string): FaultStore {
  const url = `file:${path}`;
  return {
    ...readingFrom(url),
    url,
    cluster: null,
    // It asks the process that it is opened in.
    setClock: async () => undefined,
    withStore: (work) => withStoreAt(path, work),
    remove: () => {
      for (const ending of ["", "-wal", "-shm"]) rmSync(path + ending, { force: true });
    },
  };
}
