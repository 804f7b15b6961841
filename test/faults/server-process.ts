import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** A process of the production build. */
export interface ServerProcess {
  pid: number;
  /** http://127.0.0.1:…; null until it listens. */
  origin(): string | null;
  /** Waits until it listens. Throws with its words when it ends instead. */
  listening(): Promise<void>;
  /** Resolves with its last words when it has ended, whoever ended it. */
  ended: Promise<string>;
  /** Ends it at once, wherever it is. */
  kill(): Promise<void>;
  /** Ends it as an operator would; answers its exit code. */
  stop(): Promise<number | null>;
  /** The errors in its log, each once. */
  errors(): string[];
}

interface Options {
  env: Record<string, string>;
  /** ISO 8601: what time it is there; absent: what it is here. */
  clock?: string;
  /** Modules that are loaded before it, beside the clock. */
  imports?: readonly string[];
  /** Told all that it says, as it says it. */
  onWords?: (words: string) => void;
}

const LISTENS = /"url":"(http[^"]+)"[^\n]*"listening"/;
const BOOT_MS = 120_000;
const STOP_MS = 20_000;
const KEPT_WORDS = 20_000;
const LAST_WORDS = 1_000;

const ERROR_LINE = /^\{"level":[56]0,/;
const MOST_ERRORS = 10;

/** What happened and why, without time and stack, so that the same error is the same words. */
function shortly(line: string): string {
  const [, why = ""] = /"message":("[^"]*")/.exec(line) ?? [];
  const [, what = line] = /"msg":"([^"]*)"/.exec(line) ?? [];
  return `${what} ${why}`.trim();
}

/** Starts bin/start.mjs, with no environment but its own. */
export function startServerProcess(options: Options): ServerProcess {
  const child = launch(["bin/start.mjs"], options);
  let words = "";
  let line = "";
  const errors = new Set<string>();
  let origin: string | null = null;
  function hear(chunk: string): void {
    options.onWords?.(chunk);
    words = (words + chunk).slice(-KEPT_WORDS);
    origin ??= LISTENS.exec(words)?.[1] ?? null;
    const lines = (line + chunk).split("\n");
    line = lines.pop() ?? "";
    for (const said of lines) if (ERROR_LINE.test(said) && errors.size < MOST_ERRORS) errors.add(shortly(said));
  }
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding("utf8").on("data", hear);
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  return {
    pid: child.pid ?? 0,
    origin: () => (hasEnded() ? null : origin),
    errors: () => [...errors],
    ended: ended.then(() => words.slice(-LAST_WORDS)),
    listening: async () => {
      for (let waited = 0; waited < BOOT_MS && origin === null && !hasEnded(); waited += 10) await sleep(10);
      if (origin === null || hasEnded()) throw new Error(`the server does not listen; it said: ${words}`);
    },
    kill: async () => {
      child.kill("SIGKILL");
      await ended;
    },
    stop: async () => {
      child.kill("SIGTERM");
      const patience = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
      await ended;
      clearTimeout(patience);
      return child.exitCode;
    },
  };
}

/** Runs one command of the command line. Throws when it fails. */
export async function runCommand(args: readonly string[], options: Options, input: string): Promise<void> {
  const child = launch(["bin/tandem.mjs", ...args], options);
  let words = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (chunk: string) => {
      words += chunk;
    });
  }
  child.stdin?.end(input);
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  if (code !== 0) throw new Error(`tandem ${args.join(" ")} ended with ${code}: ${words}`);
}

function launch(args: readonly string[], { env, clock, imports = [] }: Options): ChildProcess {
  if (!existsSync("build/server/index.js")) throw new Error("there is no build to launch; make it with: npm run build");
  const { PATH = "", HOME = "", TMPDIR } = process.env;
  const temporary = TMPDIR === undefined ? {} : { TMPDIR };
  const own: Record<string, string> = { PATH, HOME, ...temporary, ...env };
  if (clock !== undefined) own.TEST_CLOCK_START = clock;
  const preloaded = [...(clock === undefined ? [] : ["./test/clock.mjs"]), ...imports].flatMap((path) => [
    "--import",
    path,
  ]);
  const child = spawn(process.execPath, [...preloaded, ...args], {
    env: own as NodeJS.ProcessEnv,
    stdio: "pipe",
  });
  child.stdin?.on("error", () => undefined);
  running.add(child);
  child.once("close", () => running.delete(child));
  return child;
}

const running = new Set<ChildProcess>();

/** Ends what this harness started and what is still alive. */
export function killAll(): void {
  for (const child of running) child.kill("SIGKILL");
}
