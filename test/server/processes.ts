import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { createHmac, randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { onTestFinished } from "vitest";
import { openDatabase } from "~/db.server";
import { connect } from "~/settings/connect.server";
import { sealKey } from "~/store/seal.server";
import { openStore } from "~/store/store.server";
import { freshDatabase, prismaUrl } from "../support/database";
import { DATASET, SHOP, TOKEN } from "../support/pipeline";

/** Real processes of the production build, each on a temporary database and with no environment but its own. */

export const API_KEY = "tandem-test-key";
export const API_SECRET = "tandem-test-secret";

type Env = Record<string, string>;

export interface House {
  /** The SQLite file, or PostgreSQL's URL. */
  path: string;
  env: Env;
}

/** A migrated database and the environment of a server on it. */
export function freshHouse(over: Env = {}): House {
  const path = freshDatabase();
  const env = {
    SHOPIFY_API_KEY: API_KEY,
    SHOPIFY_API_SECRET: API_SECRET,
    SHOPIFY_APP_URL: "http://localhost",
    DATABASE_URL: prismaUrl(path),
    ENCRYPTION_KEY: randomBytes(32).toString("base64"),
    PORT: "0",
    ...over,
  };
  return { path, env };
}

/** Connects the tests' shop, before a server runs. */
export async function connectShop({ path, env }: House, shop = SHOP, dataset = DATASET): Promise<void> {
  const store = openStore(path);
  const key = sealKey(Buffer.from(env.ENCRYPTION_KEY ?? "", "base64"));
  await connect(
    store,
    [key],
    { shop, dataset, token: TOKEN, testCode: null, holdSeconds: 0, country: null },
    Date.now(),
  );
  await store.close();
}

/** Reads the database of a house. */
export async function read<T>({ path }: House, query: (db: ReturnType<typeof openDatabase>) => Promise<T>): Promise<T> {
  const db = openDatabase(prismaUrl(path));
  try {
    return await query(db);
  } finally {
    await db.$disconnect();
  }
}

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface Process {
  pid: number;
  stdout: () => string;
  stderr: () => string;
  stdin: ChildProcessWithoutNullStreams["stdin"];
  exited: Promise<Exit>;
  kill(signal: NodeJS.Signals): void;
}

/** Starts `node <args>` in the project's folder; it is killed when the test is over. */
export function startNode(args: readonly string[], env: Env, cwd = process.cwd()): Process {
  const { PATH = "", HOME = "", TMPDIR } = process.env;
  const own: Env = { PATH, HOME, ...(TMPDIR === undefined ? {} : { TMPDIR }), ...env };
  const child = spawn(process.execPath, args, {
    cwd,
    env: own as NodeJS.ProcessEnv,
    stdio: "pipe",
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  child.stdin.on("error", () => undefined);
  const exited = once(child, "close").then(([code, signal]): Exit => ({ code, signal }));
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await exited;
  });
  return {
    pid: child.pid ?? 0,
    stdout: () => stdout,
    stderr: () => stderr,
    stdin: child.stdin,
    exited,
    kill: (signal) => void child.kill(signal),
  };
}

export interface Server extends Process {
  origin: string;
}

/** A running server of the production build; `imports` are loaded before it. */
export async function startServer({ env }: House, imports: readonly string[] = []): Promise<Server> {
  const server = startNode([...imports.flatMap((path) => ["--import", path]), launcher("start")], env);
  return { ...server, origin: await origin(server, /"url":"(http[^"]+)"[^\n]*"listening"/, server.stdout) };
}

/** The path of bin/<name>.mjs, once it is sure that there is a build to launch. */
export function launcher(name: "start" | "tandem"): string {
  if (!existsSync("build/server/index.js")) {
    throw new Error("build/server/index.js is missing; make it with: npm run build");
  }
  return join("bin", `${name}.mjs`);
}

/** Where a process says it listens; throws with its words when it ends instead. */
export async function origin(started: Process, pattern: RegExp, words: () => string): Promise<string> {
  const ended = started.exited.then(({ code }) => {
    throw new Error(`the server ended with ${code}: ${started.stderr()}`);
  });
  const listening = until(() => pattern.exec(words())?.[1], "the server listens", 90_000).catch((error) => {
    throw new Error(`${error.message}; it said: ${words()}`);
  });
  return Promise.race([ended, listening]);
}

/** Waits until `look` answers something other than undefined and false. */
export async function until<T>(
  look: () => T | undefined | false | Promise<T | undefined | false>,
  what: string,
  ms = 20_000,
): Promise<T> {
  for (const deadline = performance.now() + ms; performance.now() < deadline; await sleep(20)) {
    const seen = await look();
    if (seen !== undefined && seen !== false) return seen;
  }
  throw new Error(`waited ${ms} ms in vain until ${what}`);
}

/** Posts a signed webhook; answers its status. */
export async function postWebhook(server: Server, topic: string, body: unknown, shop = SHOP): Promise<number> {
  const text = JSON.stringify(body);
  const { status } = await fetch(`${server.origin}/webhooks`, {
    method: "POST",
    body: text,
    headers: {
      "content-type": "application/json",
      "x-shopify-topic": topic,
      "x-shopify-shop-domain": shop,
      "x-shopify-api-version": "2026-07",
      "x-shopify-webhook-id": randomUUID(),
      "x-shopify-hmac-sha256": createHmac("sha256", API_SECRET).update(text).digest("base64"),
    },
  });
  return status;
}

/** The checkout token of the n-th order of a test. */
export function tokenOf(n: number): string {
  return n.toString(16).padStart(32, "0");
}
