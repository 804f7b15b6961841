import { EnvError, processEnv } from "../env.server";
import { wordsOfCrash } from "../log.server";
import { MigrationError } from "../store/migrate.server";
import { SealError } from "../store/seal.server";
import { backfill } from "./backfill.server";
import { BadInput, type Command, type CommandContext, type ExitCode, type Terminal } from "./command.server";
import { doctor } from "./doctor.server";
import { keys } from "./keys.server";
import { ledger } from "./ledger.server";
import { matchKeys } from "./match-keys.server";
import { payload } from "./payload.server";
import { privacy } from "./privacy.server";
import { replay } from "./replay.server";
import { shop } from "./shop.server";
import { simulate } from "./simulate.server";
import { sweep } from "./sweep.server";

/** Every command of `npm run tandem --`, one row each. */
const COMMANDS: Record<string, Command> = {
  shop,
  payload,
  "match-keys": matchKeys,
  simulate,
  doctor,
  replay,
  sweep,
  backfill,
  keys,
  ledger,
  privacy,
};

const console: Terminal = {
  stdin: process.stdin,
  out: (data) => void process.stdout.write(data),
  err: (words) => void process.stderr.write(`${words}\n`),
};

interface MainDeps extends Partial<CommandContext> {
  /** The project's folder. */
  root: string;
}

/** Runs one command; answers its exit code: 0 done, 1 a check failed, 2 bad input. */
export async function main([name, ...args]: string[], deps: MainDeps): Promise<ExitCode> {
  const context: CommandContext = { terminal: console, env: processEnv(), now: Date.now, ...deps };
  const command = name !== undefined && Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) {
    context.terminal.err(help(name));
    return name === undefined || name === "--help" || name === "help" ? 0 : 2;
  }
  try {
    return await command.run(args, context);
  } catch (error) {
    if (error instanceof BadInput || error instanceof EnvError) {
      context.terminal.err(error.message);
      return 2;
    }
    if (error instanceof MigrationError || error instanceof SealError) {
      context.terminal.err(error.message);
      return 1;
    }
    context.terminal.err(wordsOfCrash(error));
    return 1;
  }
}

function help(unknown: string | undefined): string {
  const rows = Object.values(COMMANDS).map(({ usage, does }) => `${usage.replaceAll(/^/gm, "  ")}\n      ${does}`);
  const first =
    unknown === undefined || unknown === "help" || unknown === "--help" ? "" : `${unknown}: no such command\n`;
  return `${first}npm run --silent tandem -- <command>\n\n${rows.join("\n")}`;
}
