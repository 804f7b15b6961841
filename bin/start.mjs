import { fileURLToPath } from "node:url";

const build = await import("../build/server/index.js");
await build.entry.module.start(build, { root: fileURLToPath(new URL("..", import.meta.url)) });
