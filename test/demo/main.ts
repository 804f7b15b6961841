import { parseArgs } from "node:util";
import { OUTCOMES } from "~/events/outcome";
import { check } from "./check";
import { live } from "./live";
import { PortTaken } from "./stage";

/** npm run demo [-- --port-base P] [-- --check [--json]], npm run dev:offline [-- --port-base P] */

const { values } = parseArgs({
  options: {
    "port-base": { type: "string", default: "3000" },
    check: { type: "boolean", default: false },
    dev: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});

const tell = (words: string) => void process.stderr.write(`${words}\n`);

function portBase(): number {
  const port = Number(values["port-base"]);
  if (Number.isInteger(port) && port >= 1024 && port <= 65_000) return port;
  tell("--port-base must be a port number from 1024 to 65000");
  process.exit(2);
}

async function runCheck(): Promise<number> {
  const { result, faults, day } = await check(portBase(), tell);
  const { orders, counts, lost, double } = result;
  if (values.json) process.stdout.write(`${JSON.stringify(result)}\n`);
  else {
    for (const [index, line] of orders.entries()) {
      const { story = "" } = day[index] ?? {};
      const legs = line.legs.join("+") || "–";
      const end = line.reason === null ? line.outcome : `${line.outcome} (${line.reason})`;
      process.stdout.write(`${story.padEnd(56)} ${legs.padEnd(14)} ${end}\n`);
    }
    const ends = OUTCOMES.filter((outcome) => counts[outcome]).map((outcome) => `${counts[outcome]} ${outcome}`);
    process.stdout.write(`${orders.length} orders: ${[...ends, `${lost} lost`, `${double} double`].join(", ")}\n`);
  }
  for (const fault of faults) tell(fault);
  const unfinished = (counts.waiting ?? 0) + (counts.dead ?? 0);
  return faults.length + unfinished + lost + double === 0 ? 0 : 1;
}

const stopped = new Promise<void>((resolve) => {
  process.once("SIGINT", resolve);
  process.once("SIGTERM", resolve);
});

try {
  if (values.check) process.exitCode = await runCheck();
  else {
    await live({ portBase: portBase(), dev: values.dev, tell, stopped });
    process.exit(0);
  }
} catch (error) {
  if (!(error instanceof PortTaken)) throw error;
  tell(error.message);
  process.exitCode = 1;
}
