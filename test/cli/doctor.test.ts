import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { openStore } from "~/store/store.server";
import { order } from "../fixtures/order";
import { DAY } from "../support/clock";
import { testPipeline } from "../support/pipeline";
import { storeEnvOf, tandem } from "./run";
import { CONNECT, testStore } from "./store";

interface Report {
  ok: boolean;
  checks: { name: string; ok: boolean; says: string }[];
}

const failed = (out: string) => (JSON.parse(out) as Report).checks.filter(({ ok }) => !ok).map(({ name }) => name);

describe("doctor", () => {
  it("finds a fresh store in order", async () => {
    const store = testStore();
    await store.tandem(CONNECT, "EAAtesttoken");
    const { code, out, err } = await store.tandem("doctor --json");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const report: Report = JSON.parse(out);
    expect(report.ok).toBe(true);
    expect(report.checks.map(({ name }) => name)).toEqual([
      "environment",
      "schema",
      "keys",
      "datasets",
      "server",
      "queue",
    ]);
    for (const check of report.checks) {
      expect(check).toEqual({ name: expect.any(String), ok: true, says: expect.any(String) });
    }
    expect(out).not.toContain("EAAtesttoken");
  });

  it("says the same in lines for a person", async () => {
    const { code, out } = await testStore().tandem("doctor");
    expect(code).toBe(0);
    expect(out).toMatch(/^ok {4}environment: .*\nok {4}schema: up to date\n/);
  });

  it("names every variable that is wrong, and exits 1", async () => {
    const { code, out } = await tandem(["doctor", "--json"], {
      env: { DATABASE_URL: "mysql://x", ENCRYPTION_KEY: "short", MIGRATE: "yes" },
    });
    expect(code).toBe(1);
    const [check] = (JSON.parse(out) as Report).checks;
    expect(check?.says.split("\n").map((line) => line.split(" ")[0])).toEqual([
      "DATABASE_URL",
      "ENCRYPTION_KEY",
      "MIGRATE",
    ]);
  });

  it("finds a key that is missing before an order meets it; the old key beside the new one heals it", async () => {
    const store = testStore();
    await store.tandem(CONNECT, "EAAtesttoken");
    const other = storeEnvOf(store.path, randomBytes(32));
    const wrong = await tandem(["doctor", "--json"], { env: other });
    expect(wrong.code).toBe(1);
    expect(failed(wrong.out)).toEqual(["keys"]);
    const both = { ...other, ENCRYPTION_KEYS_OLD: store.env.ENCRYPTION_KEY };
    expect((await tandem(["doctor", "--json"], { env: both })).code).toBe(0);
  });

  it("finds a dataset on hold and a queue that nobody drains", async () => {
    const pipeline = await testPipeline({ tokens: { "1234567890": "EAAtesttoken" } });
    pipeline.meta.setToken("1234567890", null);
    await pipeline.webhook("orders/create", order({ country: "AU" }));
    await pipeline.drain();
    const env = storeEnvOf(pipeline.path, pipeline.keyring[0].bytes);
    const { code, out } = await tandem(["doctor", "--json"], { env, now: DAY + 11 * 60_000 });
    expect(code).toBe(1);
    expect(failed(out)).toEqual(["datasets", "queue"]);
    expect(out).toContain("meta_190_463");
  });

  it("says whether a server runs; that none does is no fault", async () => {
    const store = testStore();
    expect((await store.tandem("doctor --json")).out).toContain("not running on this database");
    const server = openStore(store.path);
    await server.takeServerLease("a server", DAY, DAY + 5_000);
    await server.close();
    expect((await store.tandem("doctor --json")).out).toContain('"says":"running"');
  });

  it("refuses a flag it does not know", async () => {
    const { code, err } = await testStore().tandem("doctor --fix");
    expect(code).toBe(2);
    expect(err).toMatch(/^--fix: /);
  });
});
