import { type ChildProcess, fork } from "node:child_process";
import { basename, join } from "node:path";
import { buildSync } from "esbuild";
import { processEnv } from "~/env.server";

/** What a process of a bench can be asked: by name, each with one argument at the most. */
type Questions<Q> = { [Name in keyof Q]: (argument: never) => unknown };

/** A process of a bench's own; it is asked and answers. */
export interface Child<Q extends Questions<Q>> {
  pid: number;
  ask<Name extends keyof Q & string>(
    name: Name,
    ...argument: Parameters<Q[Name]>
  ): Promise<Awaited<ReturnType<Q[Name]>>>;
  /** Ends it at once, wherever it is. */
  kill(): Promise<void>;
}

interface Asked {
  n: number;
  name: string;
  argument: unknown;
}

interface Answered {
  n: number;
  answer?: unknown;
  /** Why there is no answer. */
  fault?: string;
}

/** Starts a script of test/bench that calls `answering`; `env` is added to our own environment, `settings` go to it as JSON. */
export async function startChild<Q extends Questions<Q>>(
  script: string,
  settings: object,
  env: Record<string, string> = {},
): Promise<Child<Q>> {
  const child = fork(built(script), [JSON.stringify(settings)], {
    env: processEnv(env),
    // What runs the bench itself, TypeScript's loader, is not what is measured.
    execArgv: [],
    // What it logs is for nobody.
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const waiting = new Map<number, { resolve: (answer: unknown) => void; reject: (fault: Error) => void }>();
  child.on("message", ({ n, answer, fault }: Answered) => {
    if (fault === undefined) waiting.get(n)?.resolve(answer);
    else waiting.get(n)?.reject(new Error(`${script}: ${fault}`));
    waiting.delete(n);
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  void ended.then(() => {
    for (const { reject } of waiting.values()) reject(new Error(`${script} has ended`));
    waiting.clear();
  });
  let asked = 0;
  const one: Child<Q> = {
    pid: child.pid ?? 0,
    ask: (name, ...[argument]) => {
      asked += 1;
      const question: Asked = { n: asked, name, argument };
      const answer = new Promise((resolve, reject) => waiting.set(question.n, { resolve, reject }));
      child.send(question);
      return answer as ReturnType<typeof one.ask>;
    },
    kill: async () => {
      child.kill("SIGKILL");
      await ended;
    },
  };
  endWithUs(child);
  await ready(child, script);
  return one;
}

const builds = new Map<string, string>();

/** The script as the production build would have it: plain JavaScript in one file, with the packages outside. */
function built(script: string): string {
  const known = builds.get(script);
  if (known !== undefined) return known;
  const outfile = join("node_modules/.tandem/bench", basename(script).replace(/\.ts$/, ".mjs"));
  builds.set(script, outfile);
  buildSync({
    entryPoints: [script],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "es2022",
    packages: "external",
    logLevel: "warning",
  });
  return outfile;
}

function ready(child: ChildProcess, script: string): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once("message", () => resolve());
    child.once("exit", (code) => reject(new Error(`${script} ended with ${code} before it was ready`)));
  });
}

/** Nothing of a bench may outlive it. */
function endWithUs(child: ChildProcess): void {
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  child.once("exit", () => process.off("exit", kill));
}

/** In the child: says that it is ready, and answers. */
export function answering(questions: Readonly<Record<string, (argument: never) => unknown>>): void {
  process.on("message", async ({ n, name, argument }: Asked) => {
    const answered: Answered = { n };
    try {
      answered.answer = await questions[name]?.(argument as never);
    } catch (error) {
      answered.fault = String(error);
    }
    process.send?.(answered);
  });
  // Who asked may have been killed.
  process.once("disconnect", () => process.exit());
  process.send?.({ n: 0 });
}

/** In the child: what it was started with. */
export function settingsOf<Settings>(): Settings {
  return JSON.parse(process.argv[2] ?? "{}");
}
