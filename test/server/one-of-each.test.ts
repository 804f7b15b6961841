import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { order } from "../fixtures/order";
import { type MetaStandIn, startMeta } from "../simulators/meta/server";
import {
  connectShop,
  freshHouse,
  type House,
  origin,
  postWebhook,
  read,
  type Server,
  startNode,
  startServer,
  tokenOf,
  until,
} from "./processes";
import { closing } from "./stand-ins";

/** The writer's connection and the one of Prisma. */
const CONNECTIONS = 2;
const COUNT_RUNTIMES = "./test/server/count-runtimes.mjs";

describe("one database client, one writer and one drain", () => {
  it("in the production build", async () => {
    const { meta, house } = await connectedHouse();
    const server = await startServer(house, [COUNT_RUNTIMES]);
    await expectOneOfEach(server, house, meta, 1);
    expect(runtimes(server)).toEqual([1]);
  });

  it("in development, after each of three reloads and after a file that did not parse", async () => {
    const { meta, house } = await connectedHouse();
    const project = copyOfProject();
    const started = startNode(["--import", resolve(COUNT_RUNTIMES), "bin/dev.mjs"], house.env, project);
    const server = { ...started, origin: await origin(started, /developing on (http\S+)/, started.stderr) };
    await expectOneOfEach(server, house, meta, 1);
    const holders = new Set([await holder(house)]);

    for (const reload of [1, 2, 3]) {
      await reloadWith(project, server, `alive after reload ${reload}`);
      await expectOneOfEach(server, house, meta, 1 + reload);
      holders.add(await holder(house));
    }
    expect(holders.size).toBe(4);
    // Each closed before the next one opened: never two at once. On a busy machine a watcher may take one write for two.
    const seen = runtimes(server);
    expect(seen.length).toBeGreaterThanOrEqual(7);
    expect(seen).toEqual(seen.map((_, index) => (index % 2 === 0 ? 1 : 0)));
    expect(seen.at(-1)).toBe(1);

    // A file that does not parse costs nothing that is due, and its repair brings the new code.
    const file = join(project, "app/http/reply.server.ts");
    const good = readFileSync(file, "utf8");
    writeFileSync(file, `${good}\nthis is no code`);
    await until(async () => (await fetch(`${server.origin}/healthz`)).status === 500, "the server says what is wrong");
    // A watcher takes two writes in a row for one.
    await sleep(200);
    writeFileSync(file, good);
    await until(async () => (await fetch(`${server.origin}/healthz`)).status === 200, "the server is back");
    await expectOneOfEach(server, house, meta, 5);

    server.kill("SIGTERM");
    expect((await server.exited).code).toBe(0);
    expect(runtimes(server).at(-1)).toBe(0);
    expect(await read(house, (db) => db.serverLease.count())).toBe(0);
  }, 180_000);
});

async function connectedHouse(): Promise<{ meta: MetaStandIn; house: House }> {
  const meta = closing(await startMeta());
  const house = freshHouse({ META_GRAPH_URL: meta.origin });
  await connectShop(house);
  return { meta, house };
}

/** The n-th order reaches Meta once, through the connections of one runtime and under one lease. */
async function expectOneOfEach(server: Server, house: House, meta: MetaStandIn, n: number): Promise<void> {
  const placed = order({ id: n, checkoutToken: tokenOf(n), at: new Date().toISOString() });
  expect(await postWebhook(server, "orders/create", placed)).toBe(200);
  await until(
    () => read(house, (db) => db.event.count({ where: { outcome: "accepted" } })).then((count) => count === n),
    "the order is settled",
  );
  expect(meta.received.map(({ event_id }) => event_id)).toEqual(
    Array.from({ length: n }, (_, index) => `purchase.${tokenOf(index + 1)}`),
  );
  if (existsSync("/proc/self/fd")) await expectConnections(server, house);
  expect(await read(house, (db) => db.serverLease.count())).toBe(1);
}

/** Counts open write-ahead logs: each connection has one. (SQLite keeps the main file's descriptors for a while.) */
async function expectConnections({ pid }: Server, { path }: House): Promise<void> {
  const open = () => openFiles(pid, `${path}-wal`);
  await until(() => open() === CONNECTIONS, `${CONNECTIONS} connections are open`, 3_000).catch(() => undefined);
  expect(open()).toBe(CONNECTIONS);
}

/** How often a process has a file open. */
function openFiles(pid: number, path: string): number {
  const folder = `/proc/${pid}/fd`;
  return readdirSync(folder).filter((fd) => {
    try {
      return readlinkSync(join(folder, fd)) === path;
    } catch {
      return false; // It was closed since the listing.
    }
  }).length;
}

function runtimes({ stderr }: Server): number[] {
  return [...stderr().matchAll(/^runtimes open: (\d+)$/gm)].map(([, open]) => Number(open));
}

function holder(house: House): Promise<string | undefined> {
  return read(house, (db) => db.serverLease.findFirst()).then((lease) => lease?.holder);
}

/** Changes what /healthz says, as somebody at an editor would, and waits until the server says it. */
async function reloadWith(project: string, server: Server, words: string): Promise<void> {
  const file = join(project, "app/http/front.server.ts");
  const code = readFileSync(file, "utf8").replace(
    /reply\(response, 200, "[^"]*"\)/,
    `reply(response, 200, "${words}")`,
  );
  // Put in place whole: a file that is being written is two changes, and the first of them is empty.
  writeFileSync(join(project, "next"), code);
  renameSync(join(project, "next"), file);
  await until(async () => (await (await fetch(`${server.origin}/healthz`)).text()) === words, "the new code answers");
}

const PARTS = [
  "app",
  "bin",
  "prisma",
  "extensions",
  "prisma.config.ts",
  "package.json",
  "tsconfig.json",
  "vite.config.ts",
];

/** A copy of the project to edit, on the packages of this one. */
function copyOfProject(): string {
  const project = mkdtempSync(join(tmpdir(), "tandem-project-"));
  onTestFinished(() => rmSync(project, { recursive: true, force: true }));
  for (const part of PARTS) cpSync(part, join(project, part), { recursive: true });
  // Linked one by one: what Vite caches in node_modules stays the copy's own.
  mkdirSync(join(project, "node_modules"));
  for (const name of readdirSync("node_modules")) {
    if (name !== ".vite" && name !== ".vite-temp")
      symlinkSync(resolve("node_modules", name), join(project, "node_modules", name));
  }
  return project;
}
