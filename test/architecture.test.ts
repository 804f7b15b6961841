import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, it } from "vitest";

/** Which rooms of app/ a room may import. A room is a folder, or a file at the top. What is not named here is not allowed. */
const STAGES = ["sources", "match-keys", "consent", "outbox", "delivery"];
const ARROWS: Record<string, string[]> = {
  events: [],
  "database-address.ts": [],
  "log.server.ts": [],
  "metrics.server.ts": [],
  "env.server.ts": ["database-address.ts"],
  "db.server.ts": ["database-address.ts"],
  sources: ["events"],
  "match-keys": ["events"],
  consent: ["events"],
  delivery: ["events"],
  store: ["events", "env.server.ts", "database-address.ts"],
  // The outbox's rules speak of its rows.
  outbox: ["events", "store"],
  // Where HTTP may go.
  outgoing: ["events", "log.server.ts"],
  "in-turn.ts": [],
  "nonce.ts": [],
  "counted.ts": [],
  // What a merchant is alerted to, as a table; pure.
  alerts: ["events", "consent", "delivery", "counted.ts"],
  settings: ["events", "consent", "alerts", "outgoing", "store", "log.server.ts", "in-turn.ts"],
  // Counts what alerts are decided by, and tells of them.
  alerting: ["events", "alerts", "consent", "diagnostics", "outgoing", "settings", "store", "log.server.ts"],
  // What webhooks do not say, asked of Shopify.
  lookup: ["events", "settings", "store", "in-turn.ts", "log.server.ts"],
  scheduler: ["outbox", "log.server.ts"],
  // The words of delivery's verdicts, which are a table; match keys, to read them back out of what was sent.
  diagnostics: ["events", "alerts", "consent", "settings", "store", "ledger", "delivery", "match-keys", "counted.ts"],
  pipeline: ["events", "settings", "store", "lookup", "log.server.ts", ...STAGES],
  "pipeline.server.ts": ["events", "settings", "store", "pipeline", ...STAGES],
  // Asks Shopify for orders, and hands them to the pipeline.
  sweep: ["events", "outbox", "pipeline.server.ts", "sources", "settings", "store", "log.server.ts"],
  // Follows a customer through what the pipeline has written.
  privacy: ["events", "match-keys", "outbox", "settings", "store", "pipeline", "counted.ts"],
  // Tells what became of the pipeline's orders.
  ledger: ["events", "outbox", "settings", "store", "pipeline"],
  "notices.server.ts": ["sources", "privacy", "settings", "store", "log.server.ts"],
  http: ["events", "pipeline.server.ts", "match-keys", "sources", "log.server.ts", "metrics.server.ts"],
  cli: [
    "database-address.ts",
    "counted.ts",
    "env.server.ts",
    "db.server.ts",
    "log.server.ts",
    "events",
    "settings",
    "store",
    "pipeline",
    "privacy",
    "ledger",
    "sweep",
    ...STAGES,
  ],
  "runtime.server.ts": [
    "database-address.ts",
    "pipeline.server.ts",
    "pipeline",
    "notices.server.ts",
    "ledger",
    "alerting",
    "settings",
    "lookup",
    "outbox",
    "outgoing",
    "store",
    "scheduler",
    "sweep",
    "consent",
    "delivery",
    "db.server.ts",
    "env.server.ts",
    "log.server.ts",
    "metrics.server.ts",
  ],
  "running.server.ts": ["runtime.server.ts"],
  "start.server.ts": [
    "http",
    "settings",
    "running.server.ts",
    "runtime.server.ts",
    // Which faults of it do not end the process.
    "scheduler",
    "shopify.server.ts",
    "store",
    "env.server.ts",
    "log.server.ts",
  ],
  "shopify.server.ts": ["running.server.ts", "in-turn.ts", "settings", "env.server.ts"],
  routes: [
    "http",
    "alerts",
    "alerting",
    "consent",
    "diagnostics",
    "events",
    "settings",
    "pipeline",
    "privacy",
    // How long what is kept, and what a replay may come to, which are tables.
    "outbox",
    "counted.ts",
    "running.server.ts",
    "shopify.server.ts",
    "env.server.ts",
    "components",
  ],
  // Only what it looks like: types.
  components: ["alerts", "events", "consent", "diagnostics", "outbox", "counted.ts"],
  "root.tsx": ["nonce.ts"],
  "routes.ts": [],
  "entry.server.tsx": ["start.server.ts", "shopify.server.ts", "running.server.ts", "http", "nonce.ts", "cli"],
};

/** Pure, and small enough for a shopper's browser: the pixel may import them. */
const FOR_THE_PIXEL = ["events", "match-keys/normalise"];

interface Import {
  from: string;
  specifier: string;
  /** Path inside app/, without extension; null for a package. */
  target: string | null;
}

const files = readdirSync("app", { recursive: true, encoding: "utf8" }).filter((name) => /\.tsx?$/.test(name));

function importsOf(file: string): Import[] {
  const text = readFileSync(join("app", file), "utf8");
  const found = text.matchAll(/(?:^|\n)\s*(?:import|export)\s[^;]*?from\s+"([^"]+)"|(?:^|\n)import\s+"([^"]+)"/g);
  return [...found].map((match) => {
    const specifier = match[1] ?? match[2] ?? "";
    return { from: file, specifier, target: targetOf(file, specifier) };
  });
}

function targetOf(file: string, specifier: string): string | null {
  if (specifier.startsWith("~/")) return specifier.slice(2);
  if (!specifier.startsWith(".")) return null;
  return relative("app", join("app", dirname(file), specifier));
}

/** The room a path lies in; a file at the top is its own. */
function roomOf(path: string): string {
  const [first = "", second] = path.split("/");
  if (second !== undefined) return first;
  return files.find((file) => file === first || file.replace(/\.tsx?$/, "") === first) ?? first;
}

const imports = files.flatMap(importsOf);

describe("the house", () => {
  it("has a row in the table for every room", () => {
    const rooms = [...new Set(files.map(roomOf))];
    expect(rooms.filter((room) => ARROWS[room] === undefined)).toEqual([]);
  });

  it("has only the arrows of the table: move the code to where it may stand, or say in the table why it may", () => {
    const wrong = imports.flatMap(({ from, specifier, target }) => {
      if (target === null) return [];
      const [here, there] = [roomOf(from), roomOf(target)];
      return here === there || ARROWS[here]?.includes(there) ? [] : [`app/${from} must not import ${specifier}`];
    });
    expect(wrong).toEqual([]);
  });

  it("keeps files without .server pure: they import no file with it and nothing of Node", () => {
    const pages = /^(routes\/|root\.tsx|routes\.ts|entry\.)/;
    const wrong = imports
      .filter(({ from }) => !from.includes(".server.") && !pages.test(from))
      .filter(({ specifier }) => specifier.includes(".server") || specifier.startsWith("node:"))
      .map(({ from, specifier }) => `app/${from} must not import ${specifier}: give it a .server name, or pass it in`);
    expect(wrong).toEqual([]);
  });

  it("keeps what the pixel imports free of packages", () => {
    const wrong = imports
      .filter(({ from }) => FOR_THE_PIXEL.some((folder) => from.startsWith(`${folder}/`)))
      .filter(({ target }) => target === null)
      .map(({ from, specifier }) => `app/${from} must not import ${specifier}: it runs in the shopper's browser`);
    expect(wrong).toEqual([]);
  });

  it("reads the environment in one file only", () => {
    const readers = files.filter((file) => readFileSync(join("app", file), "utf8").includes("process.env"));
    expect(readers).toEqual(["env.server.ts"]);
  });

  it("writes SQL in the store only", () => {
    const sql = /\b(?:SELECT\s+["*\w]|INSERT\s+INTO|UPDATE\s+"|DELETE\s+FROM)/;
    const writers = files.filter((file) => sql.test(readFileSync(join("app", file), "utf8")));
    expect(writers.filter((file) => !file.startsWith("store/"))).toEqual([]);
  });

  it("never imports a test or a stand-in", () => {
    expect(imports.filter(({ specifier }) => /(^|\/)test\//.test(specifier))).toEqual([]);
  });
});
