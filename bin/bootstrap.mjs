// Brings a checkout to where a script can run: node bin/bootstrap.mjs [deps] [generate] [build] [embed] [pixel] [chromium]
// Depends on nothing but Node. Each step runs only when what it makes is missing or older than what it is made of. All
// words go to standard error, so that a command's output stays its own.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const root = fileURLToPath(new URL("..", import.meta.url));
const require = createRequire(join(root, "package.json"));

/** Every shopper downloads the pixel: https://shopify.dev/docs/apps/build/marketing-analytics/build-web-pixels */
const MOST_PIXEL_BYTES = 6_000;

/** And what the theme app embed runs, where the merchant has switched it on. */
const MOST_EMBED_BYTES = 1_500;

/** Each step with the steps it needs first, what it is made of, what it makes, and how. */
const STEPS = {
  deps: { needs: [], of: ["package-lock.json"], makes: ["node_modules/.package-lock.json"], run: installDependencies },
  generate: {
    needs: ["deps"],
    of: ["prisma/schema.prisma", "prisma/postgres/schema.prisma", "package-lock.json"],
    makes: ["node_modules/.prisma/client/index.js", "node_modules/.prisma/client-postgres/index.js"],
    run: generateClient,
  },
  build: {
    needs: ["generate"],
    of: ["app", "prisma/schema.prisma", "vite.config.ts", "tsconfig.json", "package-lock.json"],
    makes: ["build/server/index.js", "build/client/assets"],
    run: buildApp,
  },
  embed: {
    needs: ["deps"],
    of: ["theme", "app/match-keys/normalise/click-id.ts", "package-lock.json"],
    makes: ["extensions/cart-signals/assets/cart-signals.js"],
    run: buildEmbed,
  },
  pixel: {
    // Shopify's tool looks for the script that the embed's Liquid names.
    needs: ["deps", "embed"],
    of: ["extensions", "app/events", "app/match-keys/normalise", "shopify.app.toml", "package-lock.json"],
    makes: ["extensions/meta-pixel/dist/meta-pixel.js"],
    run: buildPixel,
  },
  chromium: { needs: [], of: [], makes: [], run: installChromium },
  postgres: { needs: [], of: [], makes: [], run: installPostgres },
};

const wanted = process.argv.slice(2);
for (const name of wanted) {
  if (!Object.hasOwn(STEPS, name)) fail(`bootstrap: no step ${name}; there are ${Object.keys(STEPS).join(", ")}`);
}
checkNode();
// Nothing is written, not even the lock, where there is nothing to do: a deployed tree may be read-only.
const steps = inOrder(wanted);
if (!steps.every(isFresh)) withLock(() => steps.forEach(bringUpToDate));

/** The wanted steps and those they need, each after what it needs. */
function inOrder(names) {
  return [...new Set(names.flatMap((name) => [...inOrder(STEPS[name].needs), name]))];
}

/** Looks again: an earlier step may have undone this one, and whoever held the lock before may have done it. */
function bringUpToDate(name) {
  if (isFresh(name)) return;
  // Gone before it begins: what is left half-made must not pass for fresh.
  rmSync(stampFile(name), { force: true });
  STEPS[name].run();
  if (STEPS[name].makes.length > 0) remember(name);
}

function checkNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19))
    fail(`Node 20.19 or newer is needed; this is ${process.versions.node}`);
}

function installDependencies() {
  say("installing dependencies");
  execute(process.platform === "win32" ? "npm.cmd" : "npm", ["ci", "--no-audit", "--no-fund"]);
}

function generateClient() {
  say("generating the database clients");
  for (const schema of ["prisma/schema.prisma", "prisma/postgres/schema.prisma"]) {
    execute(process.execPath, [bin("prisma", "prisma"), "generate", "--schema", schema]);
  }
}

function buildApp() {
  say("building");
  execute(process.execPath, [bin("@remix-run/dev", "remix"), "vite:build", "--logLevel", "warn"]);
}

/** A theme app extension may hold no sources: Shopify takes the script as it lies in assets/. */
function buildEmbed() {
  say("building the app embed");
  const [script] = STEPS.embed.makes;
  mkdirSync(dirname(join(root, script)), { recursive: true });
  require("esbuild").buildSync({
    absWorkingDir: root,
    entryPoints: ["theme/cart-signals/index.ts"],
    outfile: script,
    bundle: true,
    minify: true,
    // No name of it becomes the page's.
    format: "iife",
    target: "es2020",
    legalComments: "none",
    logLevel: "warning",
    // Not the project's: the app's path alias has no business in a browser.
    tsconfigRaw: { compilerOptions: {} },
  });
  checkSize("the app embed", script, MOST_EMBED_BYTES);
}

/** Shopify's own tool, offline: it checks all TOMLs and the theme's files, and bundles the pixel. */
function buildPixel() {
  say("building the pixel");
  execute(process.execPath, [bin("@shopify/cli", "shopify"), "app", "build", "--skip-dependencies-installation"]);
  checkSize("the pixel", STEPS.pixel.makes[0], MOST_PIXEL_BYTES);
}

function checkSize(what, file, most) {
  const bytes = gzipSync(readFileSync(join(root, file)), { level: 9 }).length;
  process.stderr.write(`${what} is ${bytes} bytes gzipped, of ${most} at the most\n`);
  if (bytes > most) fail(`${what} is too large`);
}

/** Browser tests drive the system's Chromium. Where it can be installed without asking, it is; else the command is printed. */
/** On Debian, as root; answers whether it was tried. */
function installPackage(name) {
  if (!existsSync("/etc/debian_version") || process.getuid?.() !== 0) return false;
  say(`installing ${name}`);
  const quiet = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  execute("apt-get", ["update", "-qq"], quiet);
  execute("apt-get", ["install", "-y", "-qq", "--no-install-recommends", name], quiet);
  return true;
}

/** Its tests say themselves where it is missing, and fail for it in CI only: not everybody can install a server. */
function installPostgres() {
  if (!existsSync("/usr/lib/postgresql")) installPackage("postgresql");
}

function installChromium() {
  const debian = existsSync("/etc/debian_version");
  if (installPackage("chromium") && chromiumPath() !== undefined) return;
  fail(
    `Chromium is missing. Install it${debian ? " with: sudo apt-get install -y chromium" : ""}, or name it in CHROMIUM_PATH.`,
  );
}

function chromiumPath() {
  const named = process.env.CHROMIUM_PATH;
  const known = [
    named,
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  ];
  return known.find((path) => path !== undefined && existsSync(path));
}

function bin(packageName, command) {
  const manifest = require.resolve(`${packageName}/package.json`);
  const { bin: bins } = JSON.parse(readFileSync(manifest, "utf8"));
  return join(dirname(manifest), typeof bins === "string" ? bins : bins[command]);
}

function execute(command, args, env = process.env) {
  // Standard output belongs to the command that called us: what the step prints goes to standard error.
  const { status, error } = spawnSync(command, args, { cwd: root, env, stdio: ["ignore", 2, 2] });
  if (error !== undefined) fail(`${command} could not be started: ${error.message}`);
  if (status !== 0) fail(`${command} ${args.join(" ")} failed (exit ${status})`);
}

/** A digest of files and folders by name and content. */
function digest(paths) {
  const hash = createHash("sha256");
  for (const path of paths) feed(hash, path);
  return hash.digest("hex");
}

function feed(hash, path) {
  if (!existsSync(path)) return;
  if (!statSync(path).isDirectory()) {
    hash.update(path.slice(root.length)).update(readFileSync(path));
    return;
  }
  for (const name of readdirSync(path).sort()) {
    if (name !== "node_modules" && name !== "dist") feed(hash, join(path, name));
  }
}

function stampFile(step) {
  return join(root, "node_modules/.tandem", `${step}.stamp`);
}

function isFresh(step) {
  if (step === "chromium") return chromiumPath() !== undefined;
  if (step === "postgres") return existsSync("/usr/lib/postgresql");
  const made = STEPS[step].makes
    .map((name) => join(root, name))
    .every((path) => existsSync(path) && statSync(path).size > 0);
  return made && existsSync(stampFile(step)) && readFileSync(stampFile(step), "utf8") === stampOf(step);
}

function remember(step) {
  mkdirSync(dirname(stampFile(step)), { recursive: true });
  writeFileSync(stampFile(step), stampOf(step));
}

function stampOf(step) {
  return digest(STEPS[step].of.map((name) => join(root, name)));
}

/** Two scripts started at once must not install or build into each other: the second waits. */
function withLock(work) {
  const lock = join(root, ".bootstrap.lock");
  const deadline = Date.now() + 10 * 60_000;
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: "wx" });
      break;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
      if (!holderAlive(lock)) rmSync(lock, { force: true });
      else if (Date.now() > deadline) fail(`another script is setting up; if none is, delete ${lock}`);
      else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
    }
  }
  process.on("exit", () => rmSync(lock, { force: true }));
  work();
}

function holderAlive(lock) {
  try {
    process.kill(Number(readFileSync(lock, "utf8")), 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

function say(words) {
  process.stderr.write(`${words} …\n`);
}

function fail(words) {
  process.stderr.write(`${words}\n`);
  process.exit(1);
}
