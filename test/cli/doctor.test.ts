import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { describe, expect, inject, it, onTestFinished } from "vitest";
import { customerRedact } from "../fixtures/notices";
import { order } from "../fixtures/order";
import { DAY } from "../support/clock";
import { prismaUrl } from "../support/database";
import { DATASET, SHOP, type TestPipeline, TOKEN } from "../support/pipeline";
import { inPostgres } from "../support/psql";
import { openPractice, SCOPES } from "./doctor-examination";
import { tandem } from "./run";
import { testStore } from "./store";

const MINUTE = 60_000;
const POSTGRES = inject("store") === "postgres";

/** Several processes tell the time by their database. */
async function aServerStarts({ store, clock }: TestPipeline): Promise<void> {
  const now = POSTGRES ? await store.databaseNow() : clock.now();
  await store.takeServerLease("a server", now, now + MINUTE);
}

describe("doctor", () => {
  it("finds an installed shop in order, and has a row for everything it looked at", async () => {
    const practice = await openPractice({ tokens: { [DATASET]: TOKEN } });
    await practice.openSession();
    await practice.acceptPixel();
    const { code, ok, checks, failed, out } = await practice.examine();
    expect({ code, ok, failed }).toEqual({ code: 0, ok: true, failed: [] });
    expect(checks.map(({ check }) => check)).toEqual([
      "environment",
      "schema",
      "store",
      ...(POSTGRES ? [] : ["disk", "wal"]),
      "version",
      "graph_version",
      "writing",
      "keys",
      `datasets ${SHOP} ${DATASET}`,
      `token ${SHOP} ${DATASET}`,
      `scopes ${SHOP}`,
      `subscriptions ${SHOP}`,
      `pixel ${SHOP}`,
      "clock_meta",
      "clock_shopify",
      "server",
      "queue",
      "privacy",
    ]);
    expect(checks.find(({ name }) => name === "token")).toEqual({
      check: `token ${SHOP} ${DATASET}`,
      name: "token",
      shop: SHOP,
      dataset: DATASET,
      ok: true,
      says: "Meta takes it",
    });
    expect(checks.filter(({ says }) => says === "" || says.includes("\n"))).toEqual([]);
    expect(out).not.toContain(TOKEN);
  });

  it("says the same in lines for a person, through the command line's entry", async () => {
    const meta = await clockServer(new Date());
    const store = testStore();
    const env = { ...store.env, DATABASE_URL: prismaUrl(store.path), META_GRAPH_URL: meta };
    const { out } = await tandem(["doctor"], { env, now: Date.now() });
    expect(out).toMatch(/^ok {4}environment: .*\nok {4}schema: up to date\nok {4}store: /);
    expect(out).toMatch(/\nok {4}datasets: none connected\n/);
    expect(out).toMatch(/\nok {4}clock_meta: as Meta's\n/);
  });

  it("names every variable that is wrong in one line, and exits 1", async () => {
    const { code, out } = await tandem(["doctor"], {
      env: { DATABASE_URL: "mysql://x", ENCRYPTION_KEY: "short", MIGRATE: "yes" },
    });
    expect(code).toBe(1);
    expect(out).toMatch(/^FAIL {2}environment: DATABASE_URL .*; ENCRYPTION_KEY .*; MIGRATE .*\n$/);
  });

  it("refuses a flag it does not know with 2", async () => {
    const { code, err } = await testStore().tandem("doctor --fix");
    expect(code).toBe(2);
    expect(err).toMatch(/^--fix: /);
  });

  it("says whether a server runs; that none does is no fault", async () => {
    const practice = await openPractice();
    const said = async () => {
      const { failed, says } = await practice.examine();
      return [failed, says("server")];
    };
    // Any number works on PostgreSQL, and those that only receive are not known of.
    const [none, some] = POSTGRES
      ? [
          "no process that delivers is running on this database; one with ROLE=web would not show here",
          "at least one process that delivers is running on this database",
        ]
      : ["not running on this database", "running"];
    expect(await said()).toEqual([[], none]);
    await aServerStarts(practice.pipeline);
    expect(await said()).toEqual([[], some]);
  });
});

// What only a file has.
if (!POSTGRES) {
  describe("doctor on a SQLite file", () => {
    it("makes no database where there is none: a mistyped address must not look healthy", async () => {
      const { path, env } = testStore();
      const elsewhere = `${path}.elsewhere`;
      const { code, out } = await tandem(["doctor"], { env: { ...env, DATABASE_URL: `file:${elsewhere}` } });
      expect(code).toBe(1);
      expect(out).toContain(`FAIL  store: ${elsewhere} is not there: start the server once, or correct DATABASE_URL\n`);
      expect(out).not.toContain("schema");
    });

    it("says of a folder and of a file that is no database what they are", async () => {
      const { path, env } = testStore();
      const at = async (name: string) =>
        (await tandem(["doctor"], { env: { ...env, DATABASE_URL: `file:${join(dirname(path), name)}` } })).out;
      mkdirSync(join(dirname(path), "folder"));
      expect(await at("folder")).toMatch(/\nFAIL {2}store: .*folder is no file/);
      writeFileSync(join(dirname(path), "letter.txt"), "Dear operator, ".repeat(100));
      expect(await at("letter.txt")).toMatch(
        /\nFAIL {2}schema: cannot be read \(.*\): is DATABASE_URL Tandem's database/,
      );
    });

    it("counts the migrations that are missing and applies none", async () => {
      const { env, path } = testStore();
      writeFileSync(`${path}.empty`, "");
      const address = { ...env, DATABASE_URL: `file:${path}.empty` };
      for (const look of [1, 2]) {
        const { code, out } = await tandem(["doctor"], { env: address });
        expect([look, code]).toEqual([look, 1]);
        expect(out).toMatch(/\nFAIL {2}schema: \d+ migrations? missing: start the server, which applies them\n/);
      }
      expect((await tandem(["doctor"], { env: { ...address, MIGRATE: "0" } })).out).toContain(
        "start once with MIGRATE=1",
      );
    });

    it("finds a disk that is nearly full", async () => {
      const practice = await openPractice();
      const { failed, says } = await practice.examine({ freeBytes: async () => 499_000_000 });
      expect(failed).toEqual(["disk"]);
      expect(says("disk")).toMatch(/^only 499 MB free in /);
      expect((await practice.examine({ freeBytes: async () => 501_000_000 })).failed).toEqual([]);
    });

    it("says how long the write-ahead log is", async () => {
      const practice = await openPractice();
      await practice.pipeline.webhook("orders/create", order());
      expect((await practice.examine()).says("wal")).toMatch(/^the write-ahead log is 0\.[1-9] MB$/);
    });
  });
}

describe("doctor on PostgreSQL", () => {
  it("says that none answers, without its password, and looks no further", async () => {
    const { env } = testStore();
    const address = "postgresql://tandem:pa55word@localhost:9/tandem?sslpassword=pa55word";
    const { code, out } = await tandem(["doctor"], { env: { ...env, DATABASE_URL: address } });
    expect(code).toBe(1);
    expect(out).toContain("ok    environment: database postgresql://localhost:9/tandem, ");
    expect(out).toMatch(
      /\nFAIL {2}store: postgresql:\/\/localhost:9\/tandem cannot be read \(.*ECONNREFUSED.*\): is PostgreSQL running/,
    );
    expect(out).not.toMatch(/schema|queue|pa55word/);
  });
});

// What only a server has.
if (POSTGRES) {
  describe("doctor on a PostgreSQL that is there", () => {
    it("says where it answers, and nothing of files, disks or logs that are its own business", async () => {
      const { pipeline, examine } = await openPractice();
      const { checks, says } = await examine();
      expect(says("store")).toBe(`PostgreSQL answers at ${pipeline.path.replace("tandem@", "")}`);
      expect(checks.map((check) => check.says).join("\n")).not.toMatch(/file|write-ahead|MB/);
    });

    it("counts the migrations that are missing and applies none", async () => {
      const { path, env } = testStore();
      inPostgres(path, "DROP SCHEMA public CASCADE; CREATE SCHEMA public");
      for (const look of [1, 2]) {
        const { code, out } = await tandem(["doctor"], { env: { ...env, DATABASE_URL: path } });
        expect([look, code]).toEqual([look, 1]);
        expect(out).toMatch(/\nFAIL {2}schema: \d+ migrations? missing: start the server, which applies them\n/);
        expect(out).toContain("\nok    store: PostgreSQL answers at ");
      }
    });
  });
}

describe("doctor on privacy", () => {
  it("finds a request to erase data that nobody has acted on for an hour", async () => {
    const { pipeline, examine } = await openPractice();
    await pipeline.webhook("customers/redact", customerRedact);
    expect((await examine()).says("privacy")).toBe("no request to see or to erase data is left open");
    pipeline.clock.pass(180 * MINUTE);
    expect((await examine()).says("privacy")).toBe(
      "1 request to see or to erase data open, for 3 hours by now (customers/redact): start a server, or look for notice.failed in its log",
    );
  });
});

describe("doctor on keys", () => {
  it("finds a key that is missing before an order meets it; the old key beside the new one heals it", async () => {
    const { pipeline, examine } = await openPractice();
    const other = { ENCRYPTION_KEY: randomBytes(32).toString("base64") };
    const wrong = await examine({ env: other });
    expect(wrong.code).toBe(1);
    expect(wrong.failed).toEqual([`keys ${SHOP}`]);
    expect(wrong.says("keys")).toContain("add the old key to ENCRYPTION_KEYS_OLD");

    const old = pipeline.keyring[0];
    const healed = await examine({ env: { ...other, ENCRYPTION_KEYS_OLD: old.bytes.toString("base64") } });
    expect(healed.code).toBe(0);
    expect(healed.says("keys")).toBe(
      `every sealed token opens, but 1 data key of 1 still under an old key (${old.id}): ` +
        `keep it in ENCRYPTION_KEYS_OLD until keys rotate has run; ${SHOP}`,
    );
    expect((await examine()).says("keys")).toBe("every sealed token opens, 1 data key under the key in use");
  });
});

describe("doctor on versions", () => {
  it.each([
    ["v20.0", false, "Meta ended v20.0 on 2026-09-24; set META_GRAPH_VERSION=v26.0 and restart"],
    ["v21.0", true, "v21.0, which Meta ends on 2027-01-21: upgrade before"],
    ["v25.0", true, "v25.0, which Meta ends on 2028-07-29"],
    ["v26.0", true, "v26.0; Meta has not said when it ends"],
    ["v99.0", true, "v99.0, of which this release does not know when it ends"],
  ])("knows of Graph %s whether it has ended", async (version, ok, says) => {
    const { examine } = await openPractice();
    const { checks } = await examine({ env: { META_GRAPH_VERSION: version } });
    expect(checks.find(({ name }) => name === "graph_version")).toMatchObject({ ok, says });
  });

  it.each([
    ["v20.18.9", false],
    ["v20.19.0", true],
    ["v22.1.0", true],
    ["v18.20.4", false],
  ])("takes Node %s: %s", async (nodeVersion, ok) => {
    const { examine } = await openPractice();
    const { checks } = await examine({ nodeVersion });
    expect(checks.find(({ name }) => name === "version")).toMatchObject({ ok });
    expect(checks.find(({ name }) => name === "version")?.says).toMatch(`Tandem 0.1.0, Node ${nodeVersion}`);
  });
});

describe("doctor on datasets", () => {
  it("finds a token that Meta no longer takes before an order does, and sends no event for it", async () => {
    const { pipeline, examine } = await openPractice({ tokens: { [DATASET]: TOKEN } });
    expect((await examine()).failed).toEqual([]);
    pipeline.meta.setToken(DATASET, null);
    const { failed, says } = await examine();
    expect(failed).toEqual([`token ${SHOP} ${DATASET}`]);
    expect(says("token")).toBe(
      "meta_190_463: Meta no longer accepts the access token. Generate a new one in Events Manager and paste it in Settings.",
    );
    expect(pipeline.meta.received).toEqual([]);
    expect(await pipeline.db.attempt.count()).toBe(0);
  });

  it("says that Meta asks for patience, and blames no network for it", async () => {
    const { pipeline, examine } = await openPractice();
    pipeline.meta.weather.script([{ kind: "status", status: 429 }]);
    const { failed, says } = await examine();
    expect(failed).toEqual([`token ${SHOP} ${DATASET}`]);
    expect(says("token")).toMatch(/^meta_4: Meta asked us to slow down.* Ask again in a while$/);
  });

  it("says that Meta does not answer, and compares no clock with a silence", async () => {
    const { examine } = await openPractice();
    const { failed, says } = await examine({ env: { META_GRAPH_URL: "http://127.0.0.1:9" } });
    expect(failed).toEqual([`token ${SHOP} ${DATASET}`]);
    expect(says("token")).toMatch(/^network: .*Look at the network and META_GRAPH_URL/);
    expect(says("clock_meta")).toBe("Meta does not say what time it is at 127.0.0.1:9: not compared");
  });

  it("finds a dataset on hold, and says how many wait and for how long the oldest has been due", async () => {
    const { pipeline, examine } = await openPractice({ tokens: { [DATASET]: TOKEN } });
    pipeline.meta.setToken(DATASET, null);
    await pipeline.webhook("orders/create", order({ country: "AU" }));
    await pipeline.drain();
    pipeline.clock.pass(10 * MINUTE);
    expect((await examine()).says("queue")).toBe("1 waiting");
    pipeline.clock.pass(MINUTE);
    const { failed, says } = await examine();
    expect(failed).toEqual(["datasets", "token", "queue"].map((name) => `${name} ${SHOP} ${DATASET}`));
    expect(says("datasets")).toBe("on hold: meta_190_463; give it a new token with shop connect");
    expect(says("queue")).toBe("1 waiting, the oldest due for 11 minutes: meta_190_463 holds them");
  });

  it.each([
    ["no server is there", false, "no server is there to send them, start one"],
    ["the one that is there does not send them", true, "a server is running, see in its log what keeps it"],
  ])("finds what is due and stays, where %s", async (_what, alive, cause) => {
    const { pipeline, examine } = await openPractice();
    await pipeline.webhook("orders/create", order({ country: "AU" }));
    expect((await examine()).failed).toEqual([]);
    pipeline.clock.pass(3 * 60 * MINUTE);
    if (alive) await aServerStarts(pipeline);
    const { failed, says } = await examine();
    expect(failed).toEqual([`queue ${SHOP} ${DATASET}`]);
    expect(says("queue")).toBe(`1 waiting, the oldest due for 3 hours: ${cause}`);
  });
});

describe("doctor on clocks", () => {
  it.each([
    [4 * MINUTE, true, "4 minutes behind"],
    [6 * MINUTE, false, "6 minutes behind"],
    [-4 * MINUTE, true, "4 minutes ahead of"],
    [-6 * MINUTE, false, "6 minutes ahead of"],
  ])("compares ours with Meta's and Shopify's: %i ms", async (ahead, ok, words) => {
    const { examine } = await openPractice();
    const { failed, says } = await examine({ ahead });
    expect(failed).toEqual(ok ? [] : ["clock_meta", "clock_shopify"]);
    expect(says("clock_meta")).toContain(`${words} Meta's`);
    expect(says("clock_shopify")).toContain(`${words} Shopify's`);
  });
});

describe("doctor on Shopify", () => {
  it("asks nothing of a shop without a session, and that is no fault", async () => {
    const { examine, shopify } = await openPractice();
    const { failed, says } = await examine();
    expect(failed).toEqual([]);
    for (const name of ["scopes", "subscriptions", "pixel"]) expect(says(name)).toContain("no session of this shop");
    expect(shopify.graphql).toEqual([]);
  });

  it("names the scopes the session lacks; one to write is one to read", async () => {
    const practice = await openPractice();
    await practice.acceptPixel();
    await practice.openSession({ scope: SCOPES.replace("read_orders,", "").replace("read_markets", "read_themes") });
    const { failed, says } = await practice.examine();
    expect(failed).toEqual([`scopes ${SHOP}`]);
    expect(says("scopes")).toBe("read_orders, read_markets missing: open the app in the shop's admin and accept them");
  });

  it("finds subscriptions beside those of shopify.app.toml: they arrive twice, with fields nobody asked for", async () => {
    const subscriptions = [{ topic: "ORDERS_CREATE", uri: "https://old.example.com/webhooks" }];
    const practice = await openPractice({ facts: { subscriptions } });
    await practice.acceptPixel();
    await practice.openSession();
    const { failed, says } = await practice.examine();
    expect(failed).toEqual([`subscriptions ${SHOP}`]);
    expect(says("subscriptions")).toContain("beside them orders/create to https://old.example.com/webhooks: remove");
  });

  it("does not ask with a token that has run out, and says so", async () => {
    const practice = await openPractice();
    await practice.acceptPixel();
    await practice.openSession({ expires: new Date(DAY - 1_000) });
    const { failed, says } = await practice.examine();
    expect(failed).toEqual([]);
    expect(says("subscriptions")).toContain("the session's token has run out: open the app to renew it");
    expect(practice.shopify.graphql).toEqual([]);
  });

  it.each([
    "shpat_forged",
    "shpat_in\ntwo lines",
  ])("says that Shopify refused, never with which token", async (accessToken) => {
    const practice = await openPractice();
    await practice.acceptPixel();
    await practice.openSession({ accessToken });
    const { failed, out } = await practice.examine();
    expect(failed).toEqual([`subscriptions ${SHOP}`]);
    expect(out).not.toContain("shpat_");
  });

  it("says of a session that does not open that it does not", async () => {
    const practice = await openPractice();
    await practice.openSession();
    await practice.pipeline.db.session.updateMany({ data: { accessToken: "v1.damaged" } });
    expect((await practice.examine()).failed).toEqual([`session ${SHOP}`]);
  });

  it("knows the pixel's record as Overview does: none, refused, other than wanted, as wanted", async () => {
    const practice = await openPractice();
    const { store, shop, connect } = practice.pipeline;
    await practice.openSession();
    const pixel = async (env = {}) => (await practice.examine({ env })).checks.find(({ name }) => name === "pixel");
    expect(await pixel()).toMatchObject({ ok: false, says: expect.stringContaining("no pixel record") });
    await practice.acceptPixel();
    expect(await pixel()).toMatchObject({ ok: true, says: expect.stringContaining("since 2026-11-20T10:00:00.000Z") });
    const elsewhere = { SHOPIFY_APP_URL: "https://moved.example.com" };
    expect(await pixel(elsewhere)).toMatchObject({ ok: false, says: expect.stringContaining("other settings") });
    expect(await pixel({ SHOPIFY_APP_URL: "" })).toMatchObject({
      ok: true,
      says: expect.stringContaining("not compared"),
    });
    await connect({ dataset: "2345678901" });
    expect(await pixel()).toMatchObject({ ok: false, says: expect.stringContaining("other settings") });
    await store.webPixelFailed(shop().id, "Settings are invalid.");
    expect(await pixel()).toMatchObject({ ok: false, says: expect.stringContaining("Settings are invalid.") });
  });
});

/** Somebody who says what time it is. */
async function clockServer(at: Date): Promise<string> {
  const server = createServer((_request, response) => {
    response.setHeader("date", at.toUTCString());
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
