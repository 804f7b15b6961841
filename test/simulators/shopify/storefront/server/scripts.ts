import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

const ENTRIES = { "storefront.js": "../browser/main.ts", "pixel-host.js": "../pixel/host.ts" } as const;

const built = new Map<string, string>();

/** A script for the browser, bundled once per process. */
export function script(name: keyof typeof ENTRIES): string {
  const ready = built.get(name);
  if (ready !== undefined) return ready;
  const { outputFiles } = buildSync({
    entryPoints: [fileURLToPath(new URL(ENTRIES[name], import.meta.url))],
    bundle: true,
    write: false,
    format: "iife",
    target: "es2022",
    // Not the project's: the app's path alias has no business in a browser.
    tsconfigRaw: { compilerOptions: {} },
  });
  const text = outputFiles[0]?.text ?? "";
  built.set(name, text);
  return text;
}
