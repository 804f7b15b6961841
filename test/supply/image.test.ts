import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync, lstatSync, readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import type { Lockfile } from "../../bin/licences.mjs";
import { until } from "../server/processes";
import { buildImage, type Image, PATH, words } from "./image";

let image: Image;

beforeAll(async () => {
  image = await buildImage();
}, 400_000);

afterAll(() => image?.remove());

interface Started {
  child: ChildProcess;
  said: () => string;
  exited: Promise<number | null>;
}

/** Starts a command in the image, as a container would with these variables. */
function start(command: string[] | null, env: Record<string, string> = {}): Started {
  const [program = "", ...args] = command ?? [];
  const own: Record<string, string> = { PATH, HOME: image.nowhere, TMPDIR: image.nowhere, ...image.stage.env, ...env };
  const child = spawn(program, args, {
    cwd: image.folder,
    env: own as NodeJS.ProcessEnv,
    stdio: ["ignore", "pipe", "pipe"],
    ...image.user,
  });
  const exited = once(child, "close").then(([code]) => code as number | null);
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await exited;
  });
  return { child, said: words(child), exited };
}

/** What whoever runs the container has to give. */
function operatorsEnv(): Record<string, string> {
  return {
    SHOPIFY_API_KEY: "tandem-test-key",
    SHOPIFY_API_SECRET: "tandem-test-secret",
    SHOPIFY_APP_URL: "https://tandem.example.com",
    ENCRYPTION_KEY: randomBytes(32).toString("base64"),
    LISTEN_HOST: "127.0.0.1",
  };
}

/** Every file that nobody may touch, with its size and when it was changed last. */
function everythingButTheVolume(): Map<string, string> {
  const found = new Map<string, string>();
  const look = (path: string) => {
    if (path === image.volume) return;
    const { size, mtimeMs, ctimeMs } = lstatSync(path);
    const isFolder = lstatSync(path).isDirectory();
    found.set(path, `${isFolder ? "folder" : size} ${mtimeMs} ${ctimeMs}`);
    if (isFolder) for (const name of readdirSync(path)) look(join(path, name));
  };
  look(image.folder);
  look(image.nowhere);
  return found;
}

async function freePort(): Promise<string> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  if (address === null || typeof address === "string") throw new Error("no port");
  return String(address.port);
}

it("holds what production needs, and nothing of development", () => {
  const needed = ["bin", "build", "data", "node_modules", "package.json", "prisma"];
  expect(readdirSync(image.folder).sort()).toEqual([...needed, "prisma.config.ts", "prisma.postgres.config.ts"]);
  const installed = Object.keys(lockfile(join(image.folder, "node_modules/.package-lock.json")).packages);
  expect(installed).toContain("node_modules/prisma");
  const { packages } = lockfile("package-lock.json");
  expect(installed.filter((path) => packages[path]?.dev !== undefined)).toEqual([]);
  const development = Object.keys(packages).filter((path) => packages[path]?.dev);
  expect(development).toContain("node_modules/capi-param-builder-nodejs");
  expect(development.filter((path) => existsSync(join(image.folder, path)))).toEqual([]);
});

it("installed no package's own downloads: no engine of Prisma is there", () => {
  const engines = join(image.folder, "node_modules/@prisma/engines");
  expect(readdirSync(engines).filter((name) => /engine/.test(name))).toEqual([]);
});

it("lets whoever runs it write to its volume, and nowhere else", async () => {
  const attempt = (path: string) =>
    start(["node", "-e", `require("node:fs").writeFileSync(${JSON.stringify(path)}, "x")`]).exited;
  for (const folder of ["", "bin", "build/server", "node_modules/.prisma/client", "prisma"]) {
    expect(await attempt(join(image.folder, folder, "trace")), `writing to /${folder}`).toBe(1);
  }
  expect(await attempt(join(image.nowhere, "trace"))).toBe(1);
  const trace = join(image.volume, "trace");
  expect(await attempt(trace)).toBe(0);
  expect(lstatSync(trace).uid).not.toBe(0);
});

it("starts with its files read-only, is healthy until it is told to stop, and leaves nothing outside its volume", async () => {
  const { healthcheck, command, stopSignal } = image.stage;
  const before = everythingButTheVolume();
  const env = { ...operatorsEnv(), PORT: await freePort() };
  const healthy = () => start(healthcheck, env).exited;
  expect(await healthy()).toBe(1);

  const server = start(command, env);
  await until(async () => server.child.exitCode !== null || (await healthy()) === 0, "it is healthy", 60_000);
  expect(server.child.exitCode, server.said()).toBeNull();
  expect(readdirSync(image.volume)).toContain("tandem.sqlite");

  server.child.kill(stopSignal ?? "SIGKILL");
  expect(await server.exited, server.said()).toBe(0);
  expect(await healthy()).toBe(1);
  expect(everythingButTheVolume()).toEqual(before);
});

it("does not start without a key: the image is production", async () => {
  const { ENCRYPTION_KEY: _key, ...without } = operatorsEnv();
  const server = start(image.stage.command, { ...without, PORT: "0" });
  expect(await server.exited).toBe(1);
  expect(server.said()).toBe("ENCRYPTION_KEY is required in production; make one with: openssl rand -base64 32\n");
});

function lockfile(path: string): Lockfile {
  return JSON.parse(readFileSync(path, "utf8")) as Lockfile;
}
