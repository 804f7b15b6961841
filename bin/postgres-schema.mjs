// Derives PostgreSQL's schema from SQLite's models, which are the only ones that people edit. With --migration NAME it also
// writes the migration from the derived schema as it was to what it is now.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const FROM = join(root, "prisma/schema.prisma");
const TO = join(root, "prisma/postgres/schema.prisma");

/** The same models for PostgreSQL, with a client of their own. */
export function derived(sqlite) {
  return sqlite
    .replace(/^(?:\/\/.*\n)+/, "// Derived from ../schema.prisma by bin/postgres-schema.mjs; not edited by hand.\n")
    .replace(
      'engineType = "client"',
      'engineType = "client"\n  output     = "../../node_modules/.prisma/client-postgres"',
    )
    .replace('provider = "sqlite"', 'provider = "postgresql"');
}

function migrationFrom(before) {
  const folder = mkdtempSync(join(tmpdir(), "tandem-schema-"));
  try {
    const old = join(folder, "schema.prisma");
    if (before !== null) writeFileSync(old, before);
    const from = before === null ? ["--from-empty"] : ["--from-schema-datamodel", old];
    const prisma = join(dirname(createRequire(import.meta.url).resolve("prisma/package.json")), "build/index.js");
    return execFileSync(
      process.execPath,
      [prisma, "migrate", "diff", ...from, "--to-schema-datamodel", TO, "--script"],
      {
        cwd: root,
        encoding: "utf8",
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const before = existsSync(TO) ? readFileSync(TO, "utf8") : null;
  mkdirSync(dirname(TO), { recursive: true });
  writeFileSync(TO, derived(readFileSync(FROM, "utf8")));
  const [flag, name] = process.argv.slice(2);
  if (flag === "--migration" && name !== undefined) {
    const folder = join(root, "prisma/postgres/migrations", name);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "migration.sql"), migrationFrom(before));
  }
}
