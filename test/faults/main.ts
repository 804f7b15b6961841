import { type Arguments, argumentsOf, BadArgument } from "./arguments";
import type { Recount } from "./recount";
import { isGood, runScenarios } from "./run";
import { misplacedOn, scenariosOn } from "./scenarios/all";
import { killAll } from "./server-process";
import { openStoreMaker, type StoreMaker, StoreMissing } from "./store";

/**
 * npm run faults -- [--seed S] [--kills N] [--store sqlite|postgres] [--only NAME,NAME] [--json]
 *
 * Breaks Tandem in every way we know and counts what came of it. Exit 0: nothing lost, nothing doubled; 1: something was;
 * 2: bad arguments; 3: the store is not to be had.
 */

const tell = (words: string) => void process.stderr.write(`${words}\n`);

/** More than a machine needs to have cores: half of the time is waiting. */
const LANES = 3;
const EVENTS = 400;

async function run({ seed, kills, store, only, json }: Arguments): Promise<number> {
  const stores = await openStoreMaker(store);
  opened = stores;
  for (const { name, because } of misplacedOn(store)) tell(`${name} is not played on ${store}: ${because}`);
  const scenarios = scenariosOn(store).filter(({ name }) => only === null || only.includes(name));
  const size = { kills, events: EVENTS, patient: true };
  const recounts = await runScenarios({ scenarios, seed, size, lanes: LANES, stores, tell });
  process.stdout.write(json ? `${asJson(recounts)}\n` : asTable(recounts));
  return recounts.every(isGood) ? 0 : 1;
}

function asJson(recounts: readonly Recount[]): string {
  const scenarios = recounts.map(({ result }) => result);
  return JSON.stringify({ scenarios, lost: sum(recounts, "lost"), doubled: sum(recounts, "doubled") });
}

const COLUMNS = ["acknowledged", "accepted", "rejected", "lost", "doubled", "window"] as const;

function sum(recounts: readonly Recount[], column: (typeof COLUMNS)[number]): number {
  return recounts.reduce((total, { result }) => total + result[column], 0);
}

function asTable(recounts: readonly Recount[]): string {
  const line = (name: string, cells: readonly (string | number)[]) =>
    `${name.padEnd(26)}${cells.map((cell) => String(cell).padStart(14)).join("")}\n`;
  return [
    line("", [...COLUMNS, "at most"]),
    ...recounts.map(({ result, bound }) => line(result.name, [...COLUMNS.map((column) => result[column]), bound])),
    line(
      "all",
      COLUMNS.map((column) => sum(recounts, column)),
    ),
  ].join("");
}

for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));
let opened: StoreMaker | null = null;
process.once("exit", () => {
  killAll();
  opened?.close();
});

try {
  process.exitCode = await run(argumentsOf(process.argv.slice(2)));
} catch (error) {
  if (error instanceof BadArgument) {
    tell(error.message);
    process.exitCode = 2;
  } else if (error instanceof StoreMissing) {
    tell(error.message);
    process.exitCode = 3;
  } else throw error;
}
