import tsconfigPaths from "vite-tsconfig-paths";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [tsconfigPaths()],
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/support/migrated-template.ts"],
    setupFiles: ["test/support/noise.ts", "test/support/seed.ts"],
    // Half of the time is waiting for browsers and servers.
    maxWorkers: "100%",
    // Real processes and a real database: a hung one must not hang the suite.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    allowOnly: false,
    reporters: ["default"],
  },
});
