import { parseArgs } from "node:util";
import { benchTransform } from "./transform";

/** npm run bench [-- transform] [-- --json]: figures for this machine; compare them only with figures of the same run. */
const { values, positionals } = parseArgs({
  options: { json: { type: "boolean", default: false } },
  allowPositionals: true,
});

const BENCHES: Record<string, () => object> = { transform: benchTransform };

const wanted = positionals.length === 0 ? Object.keys(BENCHES) : positionals;
const results: Record<string, object> = {};
for (const name of wanted) {
  const bench = BENCHES[name];
  if (bench === undefined) {
    process.stderr.write(`${name}: no such bench; there are ${Object.keys(BENCHES).join(", ")}\n`);
    process.exit(2);
  }
  results[name] = bench();
}
if (values.json) process.stdout.write(`${JSON.stringify(results)}\n`);
else {
  for (const [name, figures] of Object.entries(results)) {
    process.stdout.write(`${name}\n`);
    for (const [figure, value] of Object.entries(figures)) process.stdout.write(`  ${figure.padEnd(24)} ${value}\n`);
  }
}
