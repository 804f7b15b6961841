import { fileURLToPath } from "node:url";

const build = await import("../build/server/index.js");
process.exitCode = await build.entry.module.cli(process.argv.slice(2), {
  root: fileURLToPath(new URL("..", import.meta.url)),
});
