import { parseArgs } from "node:util";
import { SHOP_DOMAIN } from "../events/shop-domain";
import { instant } from "../sources/fields";

/** Where a command reads and writes: data on `out`, words on `err`. */
export interface Terminal {
  stdin: AsyncIterable<Buffer | string>;
  out(data: string): void;
  err(words: string): void;
}

export interface CommandContext {
  terminal: Terminal;
  /** The project's folder. */
  root: string;
  /** The process's environment. */
  env: Record<string, string | undefined>;
  now: () => number;
}

/** 0 done · 1 a check failed · 2 bad input */
export type ExitCode = 0 | 1 | 2;

export interface Command {
  /** How it is called, for the help. */
  usage: string;
  /** One line for the help. */
  does: string;
  run(args: string[], context: CommandContext): Promise<ExitCode>;
}

/** Input that a person must correct; `field` is the flag, variable or path. */
export class BadInput extends Error {
  override name = "BadInput";
  constructor(
    readonly field: string,
    says: string,
  ) {
    super(`${field}: ${says}`);
  }
}

type FlagKind = "string" | "boolean";

/** Flags of a command. Throws BadInput for an unknown flag, a missing value, or a word that belongs to no flag. */
export function flagsOf<Flags extends Record<string, FlagKind>>(
  args: string[],
  kinds: Flags,
): { [Name in keyof Flags]?: Flags[Name] extends "boolean" ? boolean : string } {
  const options = Object.fromEntries(Object.entries(kinds).map(([name, type]) => [name, { type }]));
  try {
    return parseArgs({ args, options, strict: true, allowPositionals: false }).values as ReturnType<
      typeof flagsOf<Flags>
    >;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new BadInput(/--[\w-]+/.exec(message)?.[0] ?? "arguments", message.split(". ")[0] ?? message);
  }
}

/** A flag that must be there. */
export function required(value: string | undefined, flag: string): string {
  if (value === undefined || value.trim() === "") throw new BadInput(flag, "is required");
  return value.trim();
}

/** A shop's domain. */
export function shopFlag(value: string | undefined): string {
  const shop = required(value, "--shop").toLowerCase();
  if (!SHOP_DOMAIN.test(shop)) throw new BadInput("--shop", "must be <name>.myshopify.com");
  return shop;
}

/** An instant, as epoch milliseconds; null where the flag is not given. */
export function instantFlag(value: string | undefined, flag: string): number | null {
  if (value === undefined) return null;
  const at = instant.safeParse(value);
  if (at.success) return at.data;
  throw new BadInput(flag, "must be an ISO 8601 time with an offset, such as 2026-11-20T10:00:00Z");
}

/** All of standard input. */
export async function readAll(stdin: Terminal["stdin"]): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString("utf8");
}
