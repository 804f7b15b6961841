import tsconfigPaths from "vite-tsconfig-paths";
import { defineConfig } from "vitest/config";

/** What both stores promise alike: run once more on PostgreSQL. */
const ON_BOTH_STORES = [
  "test/store/{browser-copies,columns,contexts,crowd,datasets,enrichment,held,lease,once,products,reopen,rollups,server-lease,settle}.test.ts",
  "test/server/many.test.ts",
  "test/pipeline/{datasets,hold,purchase,upsell}.test.ts",
];

export default defineConfig({
  plugins: [tsconfigPaths()],
  test: {
    setupFiles: ["test/support/noise.ts", "test/support/seed.ts"],
    // Half of the time is waiting for browsers and servers.
    maxWorkers: "100%",
    // Real processes and a real database: a hung one must not hang the suite.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    allowOnly: false,
    reporters: ["default"],
    projects: [
      {
        extends: true,
        test: {
          name: "sqlite",
          include: ["test/**/*.test.ts"],
          exclude: ["test/server/many.test.ts"],
          globalSetup: ["test/support/migrated-template.ts"],
          provide: { store: "sqlite" },
        },
      },
      {
        extends: true,
        test: {
          name: "postgres",
          include: ON_BOTH_STORES,
          globalSetup: ["test/support/postgres-template.ts"],
          provide: { store: "postgres" },
        },
      },
    ],
  },
});
