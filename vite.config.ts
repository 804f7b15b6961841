import { vitePlugin as remix } from "@remix-run/dev";
import { defineConfig } from "vite";
import tsconfigPaths from "vite-tsconfig-paths";
import { dependencies } from "./package.json";

/** Shaken down into the server's build: left in node_modules they are read whole by each process that starts. */
const BUNDLED = new Set([
  "@shopify/app-bridge-react",
  "@shopify/polaris",
  "@shopify/polaris-icons",
  "@shopify/shopify-app-remix",
  "zod",
]);

/** What package.json names is there at run time; what those bundled need themselves comes into the build with them. */
const external = [...Object.keys(dependencies).filter((name) => !BUNDLED.has(name)), "@remix-run/server-runtime"];

export default defineConfig(({ command }) => ({
  plugins: [
    remix({
      ignoredRouteFiles: ["**/.*"],
      future: {
        v3_fetcherPersist: true,
        v3_relativeSplatPath: true,
        v3_throwAbortReason: true,
        v3_lazyRouteDiscovery: true,
        v3_singleFetch: false,
        v3_routeConfig: true,
      },
    }),
    tsconfigPaths(),
  ],
  ...(command === "build" && { ssr: { external, noExternal: true as const } }),
  build: { assetsInlineLimit: 0, target: "es2022" },
  // Found late, they would make the first page of a fresh checkout load twice, with two Reacts.
  optimizeDeps: {
    include: [
      "@shopify/app-bridge-react",
      "@shopify/polaris",
      "@shopify/polaris-icons",
      "@shopify/shopify-app-remix/react",
      "@shopify/shopify-app-remix/server",
      "zod",
    ],
  },
}));
