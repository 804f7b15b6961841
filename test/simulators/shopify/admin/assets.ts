import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { Answer } from "../http";
import { APP_BRIDGE_PATH, EMPTY_PATH } from "../swaps";
import { SHELL_STYLE } from "./shell-style";

const BROWSER = fileURLToPath(new URL("./browser/", import.meta.url));
const SCRIPT = { "content-type": "text/javascript; charset=utf-8", "cache-control": "no-cache" };
const STYLE = { "content-type": "text/css; charset=utf-8", "cache-control": "no-cache" };

let built: Promise<ReadonlyMap<string, Answer>> | undefined;

/** What is served under /stand-in: the admin's own script and style, and the stand-in for App Bridge. */
export function buildAssets(): Promise<ReadonlyMap<string, Answer>> {
  built ??= make();
  return built;
}

async function make(): Promise<ReadonlyMap<string, Answer>> {
  const [appBridge, shell] = await Promise.all([script("app-bridge.ts"), script("shell.ts")]);
  return new Map<string, Answer>([
    [APP_BRIDGE_PATH, appBridge],
    ["/stand-in/admin.js", shell],
    ["/stand-in/admin.css", { status: 200, headers: STYLE, body: SHELL_STYLE }],
    [EMPTY_PATH, { status: 200, headers: STYLE, body: "" }],
  ]);
}

async function script(entry: string): Promise<Answer> {
  const { outputFiles } = await build({
    entryPoints: [`${BROWSER}${entry}`],
    bundle: true,
    format: "iife",
    target: "es2022",
    write: false,
    logLevel: "silent",
  });
  return { status: 200, headers: SCRIPT, body: outputFiles.map(({ text }) => text).join("\n") };
}
