// Holds the lockfile against what may be installed, and what ships against the licences it may have:
// node bin/licences.mjs, as a part of npm run lint. Depends on nothing but Node.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** SPDX's names (https://spdx.org/licenses/) of licences that let Tandem, under MIT, carry the package. */
const ALLOWED = new Set([
  "0BSD",
  "Apache-2.0",
  "BlueOak-1.0.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "CC-BY-4.0",
  "CC0-1.0",
  "ISC",
  "MIT",
  "MIT and ISC",
  "MIT-0",
  "Python-2.0",
  "Unlicense",
]);

const POLARIS = "MIT's words, for apps that work with Shopify: Tandem is one";

/** Licences that were read, each at one version: with another version somebody reads it again. */
const READ = new Map([
  ["@shopify/polaris@13.9.5", POLARIS],
  ["@shopify/polaris-icons@9.3.1", POLARIS],
  ["@shopify/polaris-tokens@9.4.2", POLARIS],
]);

const METAS = "Meta's platform licence is for use with Meta's services only; tests hold our own words against it";

/** Test oracles, whatever licence they come to state. */
const NEVER_SHIPS = new Map([
  ["capi-param-builder-nodejs", METAS],
  ["facebook-nodejs-business-sdk", METAS],
]);

/** Development packages whose code ships all the same: bundled into what a browser runs. */
export const BUNDLED = new Set(["@shopify/web-pixels-extension"]);

/** One line per fault of the lockfile; `statedIn` reads the licence in an installed package, undefined where it is not. */
export function faults(lock, statedIn) {
  return Object.entries(lock.packages)
    .filter(([path, entry]) => path !== "" && !entry.link)
    .flatMap(([path, entry]) => {
      const name = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
      const found = origin(entry);
      if (!entry.dev || BUNDLED.has(name)) found.push(...licence(name, entry, statedIn(path)));
      return found.map((fault) => `${path}: ${fault}`);
    });
}

/** Without an address it comes from the registry of whoever installs, and the digest says that it is the same. */
function origin({ resolved, integrity }) {
  const found = [];
  if (integrity === undefined) found.push("no integrity: what is installed could be anything");
  else if (!/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity)) found.push(`integrity ${integrity} is not one sha512`);
  if (resolved !== undefined) found.push(`resolved to ${resolved}: only packages of the registry, without an address`);
  return found;
}

function licence(name, { version, license }, installed) {
  if (NEVER_SHIPS.has(name)) return [`must not ship: ${NEVER_SHIPS.get(name)}`];
  if (license === undefined) return ["states no licence"];
  if (installed !== undefined && installed !== license) {
    return [`the lockfile says ${license}, the package itself ${installed}`];
  }
  if (READ.has(`${name}@${version}`) || allowed(license)) return [];
  return [`${license} is not on the list: read it, then add it to bin/licences.mjs or do without ${name}@${version}`];
}

/** SPDX's expressions as far as packages use them: names joined by either word, AND before OR; not nested ones. */
function allowed(expression) {
  const bare = expression.replace(/^\(([^()]*)\)$/, "$1");
  if (/[()]/.test(bare)) return false;
  return bare.split(" OR ").some((choice) => choice.split(" AND ").every((name) => ALLOWED.has(name)));
}

function statedInFolder(path) {
  const manifest = join(root, path, "package.json");
  return existsSync(manifest) ? JSON.parse(readFileSync(manifest, "utf8")).license : undefined;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const found = faults(JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")), statedInFolder);
  for (const fault of found) process.stderr.write(`${fault}\n`);
  if (found.length > 0) process.exitCode = 1;
}
