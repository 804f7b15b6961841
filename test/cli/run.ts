import { main } from "~/cli/main.server";
import { DAY } from "../support/clock";
import { prismaUrl } from "../support/database";

export interface Ran {
  code: number;
  /** Data: what a program reads. */
  out: string;
  /** Words: what a person reads. */
  err: string;
}

interface Options {
  stdin?: string;
  env?: Record<string, string | undefined>;
  now?: number;
}

/** Runs `tandem <args>` through its real entry, on a terminal in memory. */
export async function tandem(args: readonly string[], { stdin = "", env = {}, now = DAY }: Options = {}): Promise<Ran> {
  const out: string[] = [];
  const err: string[] = [];
  async function* input(): AsyncGenerator<Buffer> {
    // In two pieces, cut by bytes: a character may arrive in halves.
    const bytes = Buffer.from(stdin);
    const middle = Math.floor(bytes.length / 2);
    yield bytes.subarray(0, middle);
    yield bytes.subarray(middle);
  }
  const code = await main([...args], {
    root: process.cwd(),
    env,
    now: () => now,
    terminal: { stdin: input(), out: (data) => void out.push(data), err: (words) => void err.push(`${words}\n`) },
  });
  return { code, out: out.join(""), err: err.join("") };
}

/** The environment of a command on a database of a test's own. */
export function storeEnvOf(path: string, encryptionKey: Buffer): Record<string, string> {
  return { DATABASE_URL: prismaUrl(path), ENCRYPTION_KEY: encryptionKey.toString("base64") };
}
