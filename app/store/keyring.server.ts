import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { dataFolder, EnvError, type StoreEnv } from "../env.server";
import { freshKey, isUnder, open, SealError, type SealKey, seal, sealKey } from "./seal.server";

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
  const [inUse, ...before] = keyFile(keyFilePath(env));
  return [inUse, ...before, ...old];
}

function keyFilePath(env: StoreEnv): string {
  return join(dataFolder(env), "encryption.key");
}

/** One key a line; the first is in use, the others open. */
function keyFile(path: string): Keyring {
  mkdirSync(dirname(path), { recursive: true });
  try {
    // `wx`: two processes starting at once must not each write a key and lose one of them.
    writeFileSync(path, randomBytes(32).toString("base64"), { mode: 0o600, flag: "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  const lines = readFileSync(path, "utf8").trim().split("\n");
  const [inUse, ...before] = lines.map((line) => sealKey(Buffer.from(line.trim(), "base64")));
  if (inUse === undefined || [inUse, ...before].some(({ bytes }) => bytes.length !== 32)) {
    throw new EnvError(`${path} must hold 32 bytes in base64, one key a line; restore it from a backup`);
  }
  return [inUse, ...before];
}

/** Puts a fresh key before those of the key file, in one step: whoever reads it has all that anything is sealed under. */
export function renewKeyFile(env: StoreEnv): Keyring {
  const path = keyFilePath(env);
  const before = keyFile(path);
  const keyring: Keyring = [freshKey(), ...before];
  const fresh = `${path}.${process.pid}`;
  writeFileSync(fresh, keyring.map(({ bytes }) => bytes.toString("base64")).join("\n"), { mode: 0o600, flag: "wx" });
  renameSync(fresh, path);
  return keyring;
}

/** A new shop's data key, sealed for its row. */
export function freshDataKey(keyring: Keyring, shop: string): string {
  return seal(keyring[0], { shop, column: "Shop.dataKey" }, freshKey().bytes.toString("base64"));
}

/** The data key behind a shop's row. Throws SealError. */
export function openDataKey(keyring: Keyring, shop: string, sealed: string): SealKey {
  return sealKey(Buffer.from(open(keyring, { shop, column: "Shop.dataKey" }, sealed), "base64"));
}

/** A data key under the key in use. */
export interface Resealed {
  /** As it is to be stored from now on; null: it is under that key already, or does not open. */
  sealed: string | null;
  /** Why it does not open; null: it does. */
  fault: string | null;
}

/** The same data key, sealed under the first key of the ring; what it seals stays as it is. */
export function reseal(keyring: Keyring, shop: string, sealed: string): Resealed {
  const place = { shop, column: "Shop.dataKey" };
  try {
    const plain = open(keyring, place, sealed);
    return { sealed: isUnder(keyring[0], sealed) ? null : seal(keyring[0], place, plain), fault: null };
  } catch (error) {
    if (error instanceof SealError) return { sealed: null, fault: error.message };
    throw error;
  }
}
