import { parseRaw } from "../match-keys/parse-raw.server";
import { parseJson } from "../sources/json";
import { BadInput, type Command, flagsOf, readAll } from "./command.server";

/** Raw customer information in, Meta's user_data out: what is normalised and hashed, and how. */
export const matchKeys: Command = {
  usage: "match-keys < people.json",
  does: "normalises and hashes customer information (an object or an array) as it would be sent",
  async run(args, { terminal }) {
    flagsOf(args, {});
    const parsed = parseRaw(await input(terminal.stdin));
    if (!parsed.ok) throw new BadInput(parsed.field, parsed.says);
    terminal.out(`${JSON.stringify(parsed.value)}\n`);
    return 0;
  },
};

async function input(stdin: AsyncIterable<Buffer | string>): Promise<unknown> {
  try {
    return parseJson(await readAll(stdin));
  } catch {
    throw new BadInput("standard input", "must be JSON: an object, or an array of objects");
  }
}
