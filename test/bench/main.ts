import { parseArgs } from "node:util";
import { benchBacklog } from "./backlog";
import { benchCommit } from "./commit";
import { benchDiagnostics } from "./diagnostics";
import { benchDisk } from "./disk";
import { benchFlood } from "./flood";
import { benchIngest } from "./ingest";
import { benchLedger } from "./ledger";
import { benchScale } from "./scale";
import { benchSweep } from "./sweep";
import { benchTransform } from "./transform";

/** npm run bench [-- transform ingest commit scale flood backlog disk ledger sweep diagnostics] [-- --json]: figures for this machine; compare them only with figures of the same run. */
const { values, positionals } = parseArgs({
  options: { json: { type: "boolean", default: false } },
  allowPositionals: true,
});

// What was started ends with us.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));

const BENCHES: Record<string, () => object | Promise<object>> = {
  transform: benchTransform,
  ingest: benchIngest,
  commit: benchCommit,
  scale: benchScale,
  flood: benchFlood,
  backlog: benchBacklog,
  disk: benchDisk,
  ledger: benchLedger,
  sweep: benchSweep,
  diagnostics: benchDiagnostics,
};

const wanted = positionals.length === 0 ? Object.keys(BENCHES) : positionals;
const results: Record<string, object> = {};
for (const name of wanted) {
  const bench = BENCHES[name];
  if (bench === undefined) {
    process.stderr.write(`${name}: no such bench; there are ${Object.keys(BENCHES).join(", ")}\n`);
    process.exit(2);
  }
  results[name] = await bench();
}
if (values.json) process.stdout.write(`${JSON.stringify(results)}\n`);
else {
  for (const [name, figures] of Object.entries(results)) {
    process.stdout.write(`${name}\n`);
    for (const [figure, value] of Object.entries(figures))
      process.stdout.write(`  ${figure.padEnd(32)} ${wordsOf(value)}\n`);
  }
}

function wordsOf(value: unknown): string {
  if (typeof value !== "object" || value === null) return String(value);
  return Object.entries(value)
    .map(([figure, number]) => `${figure} ${number}`)
    .join(", ");
}
