import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { dataFolder, EnvError, type StoreEnv } from "../env.server";
import { freshKey, open, type SealKey, seal, sealKey } from "./seal.server";

/** The keys under which every shop's data key is sealed: the first seals, all open. */
export type Keyring = readonly [SealKey, ...SealKey[]];

/**
 * Takes the keys from ENCRYPTION_KEY and ENCRYPTION_KEYS_OLD. Without one, outside production, a key file beside the
 * database serves (created once, readable by its owner only). Throws EnvError in production.
 */
export function loadKeyring(env: StoreEnv): Keyring {
  const old = (env.ENCRYPTION_KEYS_OLD ?? []).map((key) => sealKey(Buffer.from(key, "base64")));
  if (env.ENCRYPTION_KEY !== undefined) return [sealKey(Buffer.from(env.ENCRYPTION_KEY, "base64")), ...old];
  if (env.NODE_ENV === "production") {
    throw new EnvError("ENCRYPTION_KEY is required in production; make one with: openssl rand -base64 32");
  }
  return [sealKey(keyFile(join(dataFolder(env), "encryption.key"))), ...old];
}

function keyFile(path: string): Buffer {
  mkdirSync(dirname(path), { recursive: true });
  try {
    // `wx`: two processes starting at once must not each write a key and lose one of them.
    writeFileSync(path, randomBytes(32).toString("base64"), { mode: 0o600, flag: "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  const bytes = Buffer.from(readFileSync(path, "utf8").trim(), "base64");
  if (bytes.length !== 32) throw new EnvError(`${path} must hold 32 bytes in base64; restore it from a backup`);
  return bytes;
}

/** A new shop's data key, sealed for its row. */
export function freshDataKey(keyring: Keyring, shop: string): string {
  return seal(keyring[0], { shop, column: "Shop.dataKey" }, freshKey().bytes.toString("base64"));
}

/** The data key behind a shop's row. Throws SealError. */
export function openDataKey(keyring: Keyring, shop: string, sealed: string): SealKey {
  return sealKey(Buffer.from(open(keyring, { shop, column: "Shop.dataKey" }, sealed), "base64"));
}
