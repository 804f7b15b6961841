import { existsSync, statfsSync } from "node:fs";
import tsconfigPaths from "vite-tsconfig-paths";
import { defineConfig } from "vitest/config";
import { hasPostgres } from "./test/support/postgres";

/** What both stores promise alike: run once more on PostgreSQL. */
const ON_BOTH_STORES = [
  "test/store/{alert-messages,browser-copies,columns,contexts,coverage,copies-to-count,crowd,datasets,due,enrichment,held,lease,many-writers,newer-version,overlapping-consent,once,silent-server,claim-plan,products,quality,reclaim,reopen,replay,retention,rollups,server-lease,settle}.test.ts",
  "test/scheduler/*.test.ts",
  "test/server/many.test.ts",
  "test/cli/doctor.test.ts",
  "test/e2e/consent-table.test.ts",
  "test/abuse/abuse.test.ts",
  "test/faults/faults.test.ts",
  "test/settings/pixel-keeper.test.ts",
  "test/privacy/{canary,cut-short,redaction}.test.ts",
  "test/ledger/*.test.ts",
  "test/diagnostics/reconciliation.test.ts",
  "test/sweep/{sweep,backfill}.test.ts",
  "test/alerting/*.test.ts",
  "test/delivery/quality-watch.test.ts",
  "test/diagnostics/{parity-reads,detectors-reads,match-quality,meta-quality,no-signal,sent,flow}.test.ts",
  "test/pipeline/{datasets,hold,purchase,two-clocks,upsell,withdrawal}.test.ts",
];

/** Without it half of the promise is untested: said aloud on a developer's machine, a failure in CI. */
const withPostgres = process.env.CI === "true" || hasPostgres();
if (!withPostgres) {
  process.stderr.write("PostgreSQL is not installed (Debian: apt-get install postgresql): its store is NOT tested\n");
}

/** Each in a process of its own: they start processes and browsers, or change what a process shares. All others spare the loading. */
const ALONE = [
  "test/{abuse,e2e,faults,outgoing,server,simulators,supply}/**/*.test.ts",
  "test/privacy/canary.test.ts",
  "test/delivery/keep-alive.test.ts",
];

/** Not on SQLite, which is one process's. */
const ON_POSTGRES_ONLY = [
  "test/server/many.test.ts",
  "test/scheduler/cluster.test.ts",
  "test/store/{claim-plan,overlapping-consent,silent-server}.test.ts",
];

/** Databases live as long as their test: where memory has room for all of them, no disk is asked to keep them. */
const MEMORY = "/dev/shm";
if (process.env.TMPDIR === undefined && freeBytes(MEMORY) > 4 * 1024 ** 3) process.env.TMPDIR = MEMORY;

function freeBytes(folder: string): number {
  if (!existsSync(folder)) return 0;
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

const onSqlite = { globalSetup: ["test/support/migrated-template.ts"], provide: { store: "sqlite" as const } };

export default defineConfig({
  plugins: [tsconfigPaths()],
  test: {
    setupFiles: ["test/support/noise.ts", "test/support/seed.ts"],
    // More would wait for the same cores: browsers and servers are processes of their own.
    maxWorkers: "100%",
    // Real processes and a real database: a hung one must not hang the suite.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    allowOnly: false,
    // What one file puts in place of a browser's globals is not for the next.
    unstubGlobals: true,
    unstubEnvs: true,
    reporters: ["default"],
    projects: [
      {
        extends: true,
        test: {
          ...onSqlite,
          name: "sqlite",
          include: ["test/**/*.test.ts"],
          exclude: [...ALONE, ...ON_POSTGRES_ONLY],
          isolate: false,
        },
      },
      { extends: true, test: { ...onSqlite, name: "sqlite-alone", include: ALONE, exclude: ON_POSTGRES_ONLY } },
      ...(withPostgres
        ? [
            {
              extends: true as const,
              test: {
                name: "postgres",
                include: ON_BOTH_STORES,
                isolate: false,
                globalSetup: ["test/support/postgres-template.ts"],
                provide: { store: "postgres" as const },
              },
            },
          ]
        : []),
    ],
  },
});
