import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { contextOf, parseDockerfile, type Stage, type Step } from "./dockerfile";

/**
 * Builds the image as the Dockerfile says and without Docker: each stage in an empty folder, each RUN as nobody in
 * particular with nothing of this shell's environment. What is COPYed from another stage is taken out of it.
 */

type Env = Record<string, string>;

export interface Image {
  /** The last stage, whose words are what a container is started with. */
  stage: Stage;
  /** Its WORKDIR: read-only but for what the Dockerfile gives to its user. */
  folder: string;
  volume: string;
  /** An empty folder that nobody may write to: HOME and TMPDIR of a container without any. */
  nowhere: string;
  /** Who runs it; empty where the tests themselves do not run as root: then they do. */
  user: User;
  remove(): void;
}

interface User {
  uid?: number;
  gid?: number;
}

/** Builds it; npm's packages come from its cache and the registry, as this machine's npm knows them. */
export async function buildImage(): Promise<Image> {
  const stages = parseDockerfile(readFileSync("Dockerfile", "utf8"));
  const stage = stages.at(-1);
  if (stage?.user == null || stage.volume === null) throw new Error("the last stage names its user and its volume");
  const root = mkdtempSync(join(tmpdir(), "tandem-image-"));
  const user = process.getuid?.() === 0 ? stage.user : {};
  const home = join(root, "home");
  const image = {
    stage,
    folder: join(root, stage.name, stage.workdir),
    volume: join(root, stage.name, stage.volume),
    nowhere: join(root, "nowhere"),
    user,
    remove: () => remove(root),
  };
  try {
    chmodSync(root, 0o755);
    for (const folder of [home, image.nowhere]) mkdirSync(folder);
    const env = { PATH, HOME: home, TMPDIR: home, ...npmSettings(home) };
    give(home, user);
    for (const { name, workdir, steps, env: own } of stages) {
      const place: Place = { root, folder: join(root, name, workdir), user, env: { ...env, ...own } };
      mkdirSync(place.folder, { recursive: true });
      give(place.folder, user);
      for (const step of steps) await perform(step, place);
    }
    rmSync(home, { recursive: true });
    seal(image);
    return image;
  } catch (error) {
    image.remove();
    throw error;
  }
}

interface Place {
  root: string;
  folder: string;
  user: User;
  env: Env;
}

/** Where a bare machine has its programs, and the Node that runs the tests; no folder of the checkout. */
export const PATH = [dirname(process.execPath), "/usr/local/bin", "/usr/bin", "/bin"].join(":");

async function perform(step: Step, place: Place): Promise<void> {
  if (step.kind === "copy") return copy(step, place);
  const child = spawn("/bin/sh", ["-c", step.command], {
    cwd: place.folder,
    env: place.env as NodeJS.ProcessEnv,
    stdio: ["ignore", "pipe", "pipe"],
    ...place.user,
  });
  const said = words(child);
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`RUN ${step.command} ended with ${code}:\n${said()}`);
}

function copy({ from, sources, to }: Extract<Step, { kind: "copy" }>, { root, folder, user }: Place): void {
  const inContext = contextOf(readFileSync(".dockerignore", "utf8"));
  const into = sources.length > 1 || to.endsWith("/");
  for (const source of sources) {
    const target = into ? join(folder, to, basename(source)) : join(folder, to);
    mkdirSync(dirname(target), { recursive: true });
    if (from !== null) renameSync(join(root, from, source), target);
    else if (inContext(source)) cpSync(source, target, { recursive: true });
    else throw new Error(`COPY ${source}: .dockerignore keeps it out`);
    // Docker's RUN is root; ours is not, and has to reach its files.
    if (from === null) give(target, user);
  }
}

/** Read-only, and root's where the tests may say so; but for what the stage gives to the one who runs it. */
function seal({ stage, folder, nowhere, user }: Image): void {
  for (const tree of [folder, nowhere]) {
    if (user.uid !== undefined) execFileSync("chown", ["-R", "0:0", tree]);
    execFileSync("chmod", ["-R", "a-w", tree]);
  }
  for (const step of stage.steps) {
    if (step.kind === "run" || step.owner === null) continue;
    if (step.owner !== `${stage.user?.uid}:${stage.user?.gid}`) throw new Error(`${step.to} goes to ${step.owner}`);
    chmodSync(join(folder, step.to), 0o755);
    give(join(folder, step.to), user);
  }
}

function give(path: string, { uid, gid }: User): void {
  if (uid !== undefined && gid !== undefined) execFileSync("chown", ["-R", `${uid}:${gid}`, path]);
}

function remove(root: string): void {
  execFileSync("chmod", ["-R", "u+w", root]);
  rmSync(root, { recursive: true, force: true });
}

/** What a shell says of the way to the registry. */
const WAY_OUT = [
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "NO_PROXY",
  "http_proxy",
  "https_proxy",
  "no_proxy",
  "NODE_EXTRA_CA_CERTS",
];

/** Where npm finds packages on this machine; the cache is copied for somebody who may not write to ours. */
function npmSettings(home: string): Env {
  const asked = ["registry", "cafile", "cache"];
  const answer = execFileSync("npm", ["config", "get", ...asked], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const known = new Map(
    answer
      .trim()
      .split("\n")
      .map((line) => split(line)),
  );
  const cache = join(home, "npm-cache");
  const packages = join(known.get("cache") ?? "", "_cacache");
  mkdirSync(cache);
  // Not Node's own copying, which takes a minute for so many files.
  if (existsSync(packages)) execFileSync("cp", ["-R", packages, cache]);
  const cafile = known.get("cafile") ?? "null";
  return {
    ...Object.fromEntries(WAY_OUT.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : []))),
    npm_config_registry: known.get("registry") ?? "",
    ...(cafile === "null" ? {} : { npm_config_cafile: cafile }),
    npm_config_cache: cache,
    npm_config_prefer_offline: "true",
    npm_config_update_notifier: "false",
  };
}

function split(line: string): [string, string] {
  const at = line.indexOf("=");
  return [line.slice(0, at).trim(), line.slice(at + 1).trim()];
}

/** All that a process has said so far. */
export function words(child: ChildProcess): () => string {
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk) => {
      said += chunk;
    });
  return () => said;
}
