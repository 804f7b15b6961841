import { BadArgument } from "../faults/arguments";
import { killAll } from "../faults/server-process";
import { openStoreMaker, type StoreMaker, StoreMissing } from "../faults/store";
import { type Arguments, argumentsOf } from "./arguments";
import { KINDS } from "./kinds/all";
import { abuse, isClean, type Report } from "./run";
import type { Counts } from "./tally";

/**
 * npm run abuse -- [--seed S] [--requests N] [--store sqlite|postgres] [--json]
 *
 * Sends everything hostile that we know to a server of the production build and counts what came of it. Exit 0: nothing
 * broke, leaked or was taken for honest, and memory stayed flat; 1: something did; 2: bad arguments; 3: the store is not to
 * be had.
 */

const tell = (words: string) => void process.stderr.write(`${words}\n`);

async function run({ seed, requests, store, json }: Arguments): Promise<number> {
  const stores = await openStoreMaker(store);
  opened = stores;
  for (const { name, says } of KINDS) tell(`${name}: ${says}`);
  const report = await abuse(await stores.fresh(), { kinds: KINDS, seed, requests, patient: true, tell });
  process.stdout.write(json ? `${JSON.stringify(report)}\n` : asTable(report));
  return isClean(report) ? 0 : 1;
}

const COLUMNS = ["requests", "crashes", "leaks", "accepted_wrongly"] as const;

function asTable({ kinds, ...total }: Report): string {
  const line = (name: string, cells: readonly (string | number)[]) =>
    `${name.padEnd(26)}${cells.map((cell) => String(cell).padStart(18)).join("")}\n`;
  const row = (name: string, counts: Counts) =>
    line(
      name,
      COLUMNS.map((column) => counts[column]),
    );
  return [
    line("", COLUMNS),
    ...Object.entries(kinds).map(([name, counts]) => row(name, counts)),
    row("all", total),
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
