import { randomBytes } from "node:crypto";
import { freshDatabase } from "../support/database";
import { type Ran, storeEnvOf, tandem } from "./run";

/** A command line on a database of its own. */
export interface TestStore {
  path: string;
  env: Record<string, string>;
  tandem(args: string, stdin?: string, now?: number): Promise<Ran>;
}

export function testStore(): TestStore {
  const path = freshDatabase();
  const env = storeEnvOf(path, randomBytes(32));
  return {
    path,
    env,
    tandem: (args, stdin = "", now) => tandem(args.split(" "), { stdin, env, ...(now === undefined ? {} : { now }) }),
  };
}

export const CONNECT = "shop connect --shop example-shop.myshopify.com --dataset 1234567890 --token-stdin";
