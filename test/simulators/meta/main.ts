import { parseArgs } from "node:util";
import { startMeta } from "./server";

const { values } = parseArgs({ options: { port: { type: "string", default: "3002" } } });
const port = Number(values.port);
if (!Number.isInteger(port) || port < 0 || port > 65_535) {
  console.error(`--port: ${values.port} is not a port`);
  process.exit(2);
}

const meta = await startMeta({ port });
console.error(`Meta stand-in on ${meta.origin}`);

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.once(signal, () => void meta.close().then(() => process.exit(0)));
}
