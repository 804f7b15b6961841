import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { BUNDLED, faults, type Lockfile } from "../../bin/licences.mjs";

type Entry = Lockfile["packages"][string];

const INTEGRITY = `sha512-${"A".repeat(86)}==`;
const GOOD: Entry = { version: "1.0.0", license: "MIT", integrity: INTEGRITY };
const notInstalled = () => undefined;

/** What is said of a lockfile with this package in it. */
function faultsOf(
  entry: Entry,
  name = "thing",
  statedIn: (path: string) => string | undefined = notInstalled,
): string[] {
  return faults({ packages: { "": { version: "0.1.0" }, [`node_modules/${name}`]: entry } }, statedIn);
}

describe("what ships", () => {
  it.each([
    "MIT",
    "ISC",
    "0BSD",
    "(Apache-2.0 AND MIT)",
    "(GPL-3.0-only OR MIT)",
    "MIT OR Apache-2.0",
  ])("may be under %s", (license) => {
    expect(faultsOf({ ...GOOD, license })).toEqual([]);
  });

  it.each([
    "GPL-3.0-only",
    "AGPL-3.0-or-later",
    "MIT AND GPL-2.0-only",
    "SEE LICENSE IN LICENSE.md",
    "UNLICENSED",
    "(MIT OR GPL-2.0-only) AND (GPL-3.0-only)",
  ])("may not be under %s", (license) => {
    expect(faultsOf({ ...GOOD, license })).toEqual([
      `node_modules/thing: ${license} is not on the list: read it, then add it to bin/licences.mjs or do without thing@1.0.0`,
    ]);
  });

  it("says what its licence is", () => {
    const { license: _license, ...silent } = GOOD;
    expect(faultsOf(silent)).toEqual(["node_modules/thing: states no licence"]);
  });

  it("says the same in the package itself", () => {
    expect(faultsOf(GOOD, "thing", () => "GPL-3.0-only")).toEqual([
      "node_modules/thing: the lockfile says MIT, the package itself GPL-3.0-only",
    ]);
  });

  it("may be under words that somebody read, in the version they were read in", () => {
    const words = { ...GOOD, license: "SEE LICENSE IN LICENSE.md" };
    expect(faultsOf({ ...words, version: "13.9.5" }, "@shopify/polaris")).toEqual([]);
    expect(faultsOf({ ...words, version: "13.9.6" }, "@shopify/polaris")).toHaveLength(1);
  });

  it.each(["capi-param-builder-nodejs", "facebook-nodejs-business-sdk"])("is never Meta's %s", (name) => {
    const [fault] = faultsOf(GOOD, name);
    expect(fault).toMatch(/^node_modules\/[a-z-]+: must not ship: Meta's platform licence/);
    expect(faultsOf({ ...GOOD, dev: true }, name)).toEqual([]);
  });

  it("is looked at wherever it lies", () => {
    expect(faultsOf({ ...GOOD, license: "GPL-3.0-only" }, "other/node_modules/@scope/thing")).toEqual([
      expect.stringMatching(/^node_modules\/other\/node_modules\/@scope\/thing: .* do without @scope\/thing@1\.0\.0$/),
    ]);
  });

  it("is not what only development needs, unless it is bundled into what a browser runs", () => {
    const development = { ...GOOD, license: "GPL-3.0-only", dev: true };
    expect(faultsOf(development)).toEqual([]);
    expect(faultsOf(development, "@shopify/web-pixels-extension")).toHaveLength(1);
  });
});

describe("the lockfile", () => {
  it("holds a digest of every package, those for development too", () => {
    const { integrity: _integrity, ...open } = GOOD;
    expect(faultsOf({ ...open, dev: true })).toEqual([
      "node_modules/thing: no integrity: what is installed could be anything",
    ]);
    expect(faultsOf({ ...open, integrity: "sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=" })).toHaveLength(1);
    expect(faultsOf({ ...open, integrity: `sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk= ${INTEGRITY}` })).toHaveLength(1);
  });

  it.each([
    "https://packages.example.com/thing.tgz",
    "git+ssh://git@example.com/thing.git#0123456",
    "file:../thing",
  ])("takes no package from %s", (resolved) => {
    expect(faultsOf({ ...GOOD, dev: true, resolved })).toEqual([
      `node_modules/thing: resolved to ${resolved}: only packages of the registry, without an address`,
    ]);
  });

  it("of this checkout is in order", () => {
    const said = execFileSync(process.execPath, ["bin/licences.mjs"], { encoding: "utf8", stdio: "pipe" });
    expect(said).toBe("");
  });
});

/** Packages whose code the sources in a folder use; types are gone before anything ships. */
function packagesUsedIn(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => /\.tsx?$/.test(name));
  return files.flatMap((name) => {
    const text = readFileSync(join(folder, name), "utf8");
    const imports = text.matchAll(
      /(?:^|\n)(?:import|export)\s(?!type\b)(?:[^;"]*?from\s+)?"((?:@[^/"]+\/)?[^./~"@][^/"]*)/g,
    );
    return [...imports].map((match) => match[1] ?? "").filter((specifier) => !specifier.startsWith("node:"));
  });
}

it("a package whose code is used by what ships is looked at as shipping", () => {
  const lock = JSON.parse(readFileSync("package-lock.json", "utf8")) as Lockfile;
  const used = new Set(["app", "extensions", "theme"].flatMap(packagesUsedIn));
  expect(used).toContain("@shopify/web-pixels-extension");
  expect(used).toContain("zod");
  const unseen = [...used].filter((name) => lock.packages[`node_modules/${name}`]?.dev && !BUNDLED.has(name));
  // Read by the build alone: Remix asks it which files are routes.
  expect(unseen).toEqual(["@remix-run/fs-routes"]);
});

it("npm runs no package's own scripts here", () => {
  expect(execFileSync("npm", ["config", "get", "ignore-scripts"], { encoding: "utf8" }).trim()).toBe("true");
});
