import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { openSync } from "node:fs";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";

export interface AppProcess {
  url: string;
  /** Ends it as an operator would and waits; answers its exit code. */
  stop(): Promise<number | null>;
}

interface Options {
  port: number;
  env: Record<string, string>;
  /** ISO 8601: the process lives at that time; absent: now. */
  clock?: string;
  /** Where its log goes. */
  logFile: string;
  /** Runs the sources with hot reload in place of the build. */
  dev: boolean;
}

const STAND_IN = ["--import", "./test/simulators/shopify/preload.mjs"];

/** Starts the app as a process of its own, with Shopify's stand-in in place of Shopify, and waits until it is ready. */
export async function startApp({ port, env, clock, logFile, dev }: Options): Promise<AppProcess> {
  const log = openSync(logFile, "a");
  const flags = clock === undefined ? [] : ["--import", "./test/clock.mjs"];
  const launcher = dev ? "bin/dev.mjs" : "bin/start.mjs";
  const child = spawn(process.execPath, [...flags, ...STAND_IN, launcher], {
    env: { ...process.env, ...env, PORT: String(port), ...(clock === undefined ? {} : { TEST_CLOCK_START: clock }) },
    stdio: ["ignore", log, log],
  });
  const url = `http://127.0.0.1:${port}`;
  await ready(url, child, logFile);
  return { url, stop: () => stop(child) };
}

async function ready(url: string, child: ChildProcess, logFile: string): Promise<void> {
  for (let waited = 0; waited < 30_000; waited += 50) {
    if (hasEnded(child)) throw new Error(`the app ended with ${child.exitCode ?? child.signalCode}; see ${logFile}`);
    const answer = await fetch(`${url}/readyz`).catch(() => undefined);
    if (answer?.status === 200) return;
    await sleep(50);
  }
  child.kill("SIGKILL");
  throw new Error(`the app was not ready within 30 s; see ${logFile}`);
}

/** One that was killed has no exit code. */
function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

function stop(child: ChildProcess): Promise<number | null> {
  if (hasEnded(child)) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => {
    child.once("exit", (code) => resolve(code));
    child.kill("SIGTERM");
  });
}

interface CommandOptions {
  input?: string;
  /** ISO 8601: it lives at that time, and Shopify's stand-in stands in Shopify's place; absent: now, and nobody does. */
  clock?: string;
}

/** Runs one command of the command line; answers its data. Throws when it fails. */
export async function tandem(
  args: string[],
  env: Record<string, string>,
  { input = "", clock }: CommandOptions = {},
): Promise<string> {
  const flags = clock === undefined ? [] : ["--import", "./test/clock.mjs", ...STAND_IN];
  const child = spawn(process.execPath, [...flags, "bin/tandem.mjs", ...args], {
    env: { ...process.env, ...env, ...(clock === undefined ? {} : { TEST_CLOCK_START: clock }) },
    stdio: "pipe",
  });
  child.stdin.end(input);
  const [data, words, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "exit") as Promise<[number | null]>,
  ]);
  if (code !== 0) throw new Error(`tandem ${args.join(" ")} failed (exit ${code}): ${words}${data}`);
  return data;
}
