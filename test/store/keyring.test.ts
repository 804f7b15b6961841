import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { EnvError, storeEnv } from "~/env.server";
import { freshDataKey, loadKeyring, openDataKey } from "~/store/keyring.server";
import { SealError, sealKey } from "~/store/seal.server";

const SHOP = "example-shop.myshopify.com";

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "tandem-keys-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

function keyringIn(path: string, over: Record<string, string> = {}) {
  return loadKeyring(storeEnv({ DATABASE_URL: `file:${path}/data/tandem.sqlite`, ...over }));
}

const base64Key = () => randomBytes(32).toString("base64");

describe("without ENCRYPTION_KEY", () => {
  it("a key file is made beside the database, for its owner only", () => {
    const path = folder();
    const [key] = keyringIn(path);
    const file = join(path, "data/encryption.key");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(key.bytes.equals(Buffer.from(readFileSync(file, "utf8"), "base64"))).toBe(true);
    expect(key.bytes).toHaveLength(32);
  });

  it("the same key serves at the next start", () => {
    const path = folder();
    expect(keyringIn(path)[0].id).toBe(keyringIn(path)[0].id);
  });

  it("production refuses to start, and writes no key", () => {
    const path = folder();
    expect(() => keyringIn(path, { NODE_ENV: "production" })).toThrow(EnvError);
    expect(() => keyringIn(path, { NODE_ENV: "production" })).toThrow(/ENCRYPTION_KEY/);
    expect(() => statSync(join(path, "data/encryption.key"))).toThrow("ENOENT");
  });

  it("a damaged key file is refused rather than replaced: what it sealed would be lost", () => {
    const path = folder();
    keyringIn(path);
    writeFileSync(join(path, "data/encryption.key"), "AAAA");
    expect(() => keyringIn(path)).toThrow(EnvError);
    expect(readFileSync(join(path, "data/encryption.key"), "utf8")).toBe("AAAA");
  });
});

describe("with ENCRYPTION_KEY", () => {
  it("no file is made, in production or out of it", () => {
    for (const mode of ["production", "development"]) {
      const path = folder();
      const key = base64Key();
      expect(keyringIn(path, { ENCRYPTION_KEY: key, NODE_ENV: mode })[0].bytes.toString("base64")).toBe(key);
      expect(() => statSync(join(path, "data/encryption.key"))).toThrow("ENOENT");
    }
  });

  it("a key of another length is refused", () => {
    expect(() => keyringIn(folder(), { ENCRYPTION_KEY: randomBytes(16).toString("base64") })).toThrow(/32 bytes/);
  });

  it("old keys open what they sealed, and the new one seals", () => {
    const [older, old, fresh] = [base64Key(), base64Key(), base64Key()];
    const path = folder();
    const before = keyringIn(path, { ENCRYPTION_KEY: old });
    const sealed = freshDataKey(before, SHOP);

    const after = keyringIn(path, { ENCRYPTION_KEY: fresh, ENCRYPTION_KEYS_OLD: `${older}, ${old}` });
    expect(openDataKey(after, SHOP, sealed).id).toBe(openDataKey(before, SHOP, sealed).id);
    expect(freshDataKey(after, SHOP)).toContain(sealKey(Buffer.from(fresh, "base64")).id);

    const without = keyringIn(path, { ENCRYPTION_KEY: fresh });
    expect(() => openDataKey(without, SHOP, sealed)).toThrow(SealError);
  });

  it("old keys also open beside a key file", () => {
    const old = base64Key();
    const path = folder();
    const sealed = freshDataKey(keyringIn(path, { ENCRYPTION_KEY: old }), SHOP);
    expect(openDataKey(keyringIn(path, { ENCRYPTION_KEYS_OLD: old }), SHOP, sealed).bytes).toHaveLength(32);
  });
});

describe("a shop's data key", () => {
  it("is its own, and opens for no other shop", () => {
    const keyring = keyringIn(folder());
    const sealed = freshDataKey(keyring, SHOP);
    expect(openDataKey(keyring, SHOP, sealed).bytes).toHaveLength(32);
    expect(openDataKey(keyring, SHOP, freshDataKey(keyring, SHOP)).id).not.toBe(openDataKey(keyring, SHOP, sealed).id);
    expect(() => openDataKey(keyring, "other-shop.myshopify.com", sealed)).toThrow(SealError);
  });
});
