import { randomBytes } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { openDatabase } from "~/db.server";
import { openRegistry } from "~/settings/registry.server";
import { sealKey } from "~/store/seal.server";
import { openStore } from "~/store/store.server";
import { DAY } from "../support/clock";
import { freshDatabase, prismaUrl } from "../support/database";
import { type Ran, tandem } from "./run";

const base64 = () => randomBytes(32).toString("base64");
const SHOPS = Array.from({ length: 12 }, (_, n) => ({ shop: `shop-${n}.myshopify.com`, token: `EAAtoken${n}` }));

/** A database, and commands that meet it with one environment after the other. */
function drill() {
  const path = freshDatabase();
  const run = (args: string, keys: Record<string, string>, stdin = ""): Promise<Ran> =>
    tandem(args.split(" "), { stdin, env: { DATABASE_URL: prismaUrl(path), ...keys } });
  const connect = (n: number, keys: Record<string, string>) =>
    run(`shop connect --shop ${SHOPS[n]?.shop} --dataset 123${n} --token-stdin`, keys, SHOPS[n]?.token);
  return { path, run, connect };
}

/** Every token that opens, as a server with these keys reads them. */
async function tokens(path: string, ...keys: [string, ...string[]]): Promise<string[]> {
  const [inUse, ...old] = keys.map((key) => sealKey(Buffer.from(key, "base64")));
  if (inUse === undefined) throw new Error("no key");
  const store = openStore(path);
  const db = openDatabase(prismaUrl(path));
  const registry = await openRegistry({ db, keyring: [inUse, ...old], version: () => store.settingsVersion() });
  const opened = [...registry.all()].flatMap(({ datasets }) => datasets.map(({ token }) => token));
  await store.close();
  await db.$disconnect();
  return opened.sort();
}

const ALL = SHOPS.map(({ token }) => token).sort();

describe("keys rotate", () => {
  it("loses no token: what an old key sealed opens with the new one alone, and the old one alone opens nothing", async () => {
    const { path, run, connect } = drill();
    const [first, second, third] = [base64(), base64(), base64()];
    for (let n = 0; n < 6; n += 1) await connect(n, { ENCRYPTION_KEY: first });
    for (let n = 6; n < 12; n += 1) await connect(n, { ENCRYPTION_KEY: second, ENCRYPTION_KEYS_OLD: first });
    expect(await tokens(path, second, first)).toEqual(ALL);

    const ran = await run("keys rotate --json", { ENCRYPTION_KEY: third, ENCRYPTION_KEYS_OLD: `${second},${first}` });
    expect({ code: ran.code, ...JSON.parse(ran.out) }).toEqual({
      code: 0,
      key: sealKey(Buffer.from(third, "base64")).id,
      rotated: 12,
      current: 0,
      unreadable: [],
    });
    expect(await tokens(path, third)).toEqual(ALL);
    expect(await tokens(path, second, first)).toEqual([]);
    const again = await run("keys rotate --json", { ENCRYPTION_KEY: third });
    expect(JSON.parse(again.out)).toMatchObject({ rotated: 0, current: 12, unreadable: [] });
  });

  it("names the shops whose key it lacks, leaves them as they are, and rotates the others", async () => {
    const { path, run, connect } = drill();
    const [lost, known, fresh] = [base64(), base64(), base64()];
    await connect(0, { ENCRYPTION_KEY: lost });
    await connect(1, { ENCRYPTION_KEY: known });
    const ran = await run("keys rotate --json", { ENCRYPTION_KEY: fresh, ENCRYPTION_KEYS_OLD: known });
    expect(ran.code).toBe(1);
    expect(JSON.parse(ran.out)).toMatchObject({ rotated: 1, unreadable: [expect.stringContaining("shop-0")] });
    expect(ran.err).toContain("ENCRYPTION_KEYS_OLD");
    expect(await tokens(path, lost)).toEqual(["EAAtoken0"]);
    expect(await tokens(path, fresh)).toEqual(["EAAtoken1"]);
  });

  it.each(["keys", "keys turn", "keys rotate --json --all"])("%s is bad input", async (args) => {
    const { run } = drill();
    expect((await run(args, { ENCRYPTION_KEY: base64() })).code).toBe(2);
  });
});

describe("a key that lies in a file", () => {
  function fileDrill() {
    const open = drill();
    const file = join(dirname(open.path), "encryption.key");
    return { ...open, file, keys: () => readFileSync(file, "utf8").trim().split("\n") };
  }

  it("is made anew; the one before it stays in the file, for copies of the database that are older", async () => {
    const { path, run, connect, file, keys } = fileDrill();
    await connect(0, {});
    const before = keys();
    const ran = await run("keys rotate --json", {});
    expect({ code: ran.code, ...JSON.parse(ran.out) }).toMatchObject({ code: 0, rotated: 1 });
    const [fresh = "", ...others] = keys();
    expect(others).toEqual(before);
    expect(fresh).not.toBe(before[0]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(await tokens(path, fresh)).toEqual(["EAAtoken0"]);
    expect((await run("shop list --json", {})).code).toBe(0);
  });

  it("is left alone while a server runs that has read it", async () => {
    const { path, run, connect, keys } = fileDrill();
    await connect(0, {});
    const before = keys();
    const store = openStore(path);
    onTestFinished(() => store.close());
    await store.takeServerLease("a server", DAY, DAY + 8_000);
    const ran = await run("keys rotate", {});
    expect(ran).toMatchObject({ code: 2, out: "" });
    expect(ran.err).toContain("stop the server");
    expect(keys()).toEqual(before);
  });
});
