import { createHmac, randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { onTestFinished } from "vitest";
import { API_SECRET, type House, launcher, origin, type Process, type Server, startNode } from "../../server/processes";
import { bytesOf, type Evidence, filesIn, keepChanges, storeOf } from "./evidence";

export const METRICS_TOKEN = "canary-metrics-token";

/** What is typed after `tandem`, and what it is given to read. */
export type Command = readonly [args: string, stdin?: string];

export interface Asked extends Omit<RequestInit, "headers"> {
  headers?: Record<string, string>;
  /** By a merchant, in the admin. */
  asMerchant?: boolean;
}

/** A house whose every word is written down: what its processes say, answer, and leave behind. */
export interface Residence {
  house: House;
  /** Where its processes live, and where their temporary files go. */
  folder: string;
  /** Starts a server in a folder of its own. */
  start(): Promise<Server>;
  /** Runs these commands beside it, one after the other in one process of the build; answers their exit codes. */
  commands(name: string, all: readonly Command[]): Promise<number[]>;
  /** Asks whoever listens there, and keeps the answer; 0: it hung up. */
  ask(origin: string, path: string, init?: Asked): Promise<number>;
  /** All that was said and left behind so far, by where. */
  evidence(): Evidence;
  /** What merchants and operators asked to see: there the browser may stand in the open, a person may not. */
  shown(): Evidence;
}

/** How commands are called that print what would be sent. */
export const SHOWING = "commands that show";

/** `house`: a database, and the environment of whoever runs on it. */
export function openResidence(house: House): Residence {
  const folder = mkdtempSync(join(tmpdir(), "tandem-canary-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const from = keepChanges(house.path);
  const env = { ...house.env, TMPDIR: folder, LOG_LEVEL: "trace", METRICS_TOKEN };
  const processes: [string, Process][] = [];
  const answers: [string, string][] = [];
  const pages: [string, string][] = [];

  function run(name: string, args: readonly string[]): Process {
    const started = startNode(args, env, folder);
    processes.push([`${name} (${processes.length})`, started]);
    return started;
  }
  const preloaded = ["--import", resolve("./test/simulators/shopify/preload.mjs")];
  const isShown = ([name]: [string, unknown]) => name.startsWith(SHOWING);
  const saidBy = (some: [string, Process][]) =>
    some.flatMap(([name, { stdout, stderr }]): [string, string][] => [
      [`stdout of ${name}`, bytesOf(stdout())],
      [`stderr of ${name}`, bytesOf(stderr())],
    ]);

  return {
    house,
    folder,
    start: async () => {
      const crash = ["--import", resolve("./test/privacy/canary/crash.mjs")];
      const started = run("server", [...preloaded, ...crash, resolve(launcher("start"))]);
      return { ...started, origin: await origin(started, /"url":"(http[^"]+)"[^\n]*"listening"/, started.stdout) };
    },
    commands: async (name, all) => {
      const started = run(name, [...preloaded, resolve("./test/privacy/canary/commands.mjs")]);
      started.stdin.end(JSON.stringify(all));
      const { code } = await started.exited;
      if (code !== 0) throw new Error(`${name} ended with ${code}: ${started.stderr()}`);
      return [...started.stderr().matchAll(/^exit (\d)$/gm)].map(([, exit]) => Number(exit));
    },
    ask: async (where, path, { headers = {}, asMerchant = false, ...init } = {}) => {
      const place = `answer ${answers.length + pages.length} to ${init.method ?? "GET"} ${path.slice(0, 12)}`;
      try {
        const answer = await fetch(`${where}${path}`, { redirect: "manual", ...init, headers });
        const { status } = answer;
        const head = [...answer.headers].map((pair) => pair.join(": ")).join("\n");
        const text = `${status} ${answer.statusText}\n${head}\n\n${await answer.text()}`;
        (asMerchant ? pages : answers).push([`${place}: ${status}`, bytesOf(text)]);
        return status;
      } catch (error) {
        if (error instanceof TypeError && error.message === "fetch failed") return 0;
        throw error;
      }
    },
    evidence: () =>
      new Map([
        ...storeOf(house.path, from),
        ...filesIn(folder),
        ...saidBy(processes.filter((one) => !isShown(one))),
        ...answers,
      ]),
    shown: () => new Map([...saidBy(processes.filter(isShown)), ...pages]),
  };
}

/** What makes a body Shopify's; `over` replaces headers. */
export function signed(text: string, topic: string, shop: string, over: Record<string, string> = {}): Asked {
  return {
    method: "POST",
    body: text,
    headers: {
      "content-type": "application/json",
      "x-shopify-topic": topic,
      "x-shopify-shop-domain": shop,
      "x-shopify-api-version": "2026-07",
      "x-shopify-webhook-id": randomUUID(),
      "x-shopify-hmac-sha256": createHmac("sha256", API_SECRET).update(text).digest("base64"),
      ...over,
    },
  };
}
