import { describe, expect, it } from "vitest";
import { openStore } from "~/store/store.server";
import { order } from "../fixtures/order";
import { DAY } from "../support/clock";
import { DATASET, SHOP, type TestPipeline, testPipeline } from "../support/pipeline";
import { switchOff } from "../support/settings";
import { type Ran, storeEnvOf, tandem } from "./run";
import { CONNECT, testStore } from "./store";

const HOUR_MS = 3_600_000;
const REPLAY = `replay --shop ${SHOP}`;

interface Refused extends TestPipeline {
  tandem(args: string): Promise<Ran>;
}

/** A shop with this many orders that Meta refused. */
async function refused(orders = 1): Promise<Refused> {
  const pipeline = await testPipeline();
  for (let n = 1; n <= orders; n += 1) {
    pipeline.meta.weather.script([{ kind: "error", code: 100, transient: false, count: 1 }]);
    await pipeline.webhook("orders/create", order({ id: 5550000 + n, checkoutToken: null }));
    await pipeline.drain();
    pipeline.clock.pass(HOUR_MS);
  }
  expect((await pipeline.events()).map(({ outcome }) => outcome)).toEqual(Array(orders).fill("rejected"));
  const env = storeEnvOf(pipeline.path, pipeline.keyring[0].bytes);
  return { ...pipeline, tandem: (args) => tandem(args.split(" "), { env, now: pipeline.clock.now() }) };
}

async function outcomes({ events }: Refused): Promise<string[]> {
  return (await events()).map(({ outcome }) => outcome);
}

describe("replay", () => {
  it("lets what Meta refused leave once more, and says how many", async () => {
    const shop = await refused(2);
    const { code, out, err } = await shop.tandem(`${REPLAY} --yes`);
    expect({ code, out }).toEqual({ code: 0, out: "replayed  2\n" });
    expect(err).toContain("no server is running on this database");
    await shop.drain();
    expect(await outcomes(shop)).toEqual(["accepted", "accepted"]);
    expect((await shop.tandem(`${REPLAY} --yes`)).out).toBe("replayed  0\n");
    await shop.drain();
    expect(shop.meta.received).toHaveLength(2);
  });

  it("says the same for a program", async () => {
    const shop = await refused();
    const { code, out } = await shop.tandem(`${REPLAY} --yes --json`);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({ dry_run: false, matched: 1, replayed: 1, not_replayed: {} });
  });

  it("says nothing about a missing server beside a running one", async () => {
    const shop = await refused();
    const server = openStore(shop.path);
    await server.takeServerLease("a server", shop.clock.now(), shop.clock.now() + 5_000);
    await server.close();
    expect((await shop.tandem(`${REPLAY} --yes`)).err).toBe("");
  });

  it("says why what cannot leave any more stays", async () => {
    const shop = await refused(2);
    shop.clock.pass(8 * 24 * HOUR_MS);
    const words = await shop.tandem(`${REPLAY} --yes`);
    expect(words.out).toBe("replayed  0\nnot replayed  2  past_window: older than Meta accepts\n");
    expect(words.err).toBe("");
    expect(JSON.parse((await shop.tandem(`${REPLAY} --json`)).out)).toMatchObject({
      matched: 2,
      replayed: 0,
      not_replayed: { past_window: 2 },
    });
    expect(await outcomes(shop)).toEqual(["rejected", "rejected"]);
  });

  it("changes nothing in a dry run, and says so", async () => {
    const shop = await refused();
    const { out, err } = await shop.tandem(`${REPLAY} --dry-run --json`);
    expect(JSON.parse(out)).toEqual({
      dry_run: true,
      matched: 1,
      replayed: 1,
      not_replayed: {},
      forecast: { alone: 1 },
      bytes: { same: 1 },
    });
    expect(err).toBe("nothing was changed: this was a dry run\n");
    expect(await outcomes(shop)).toEqual(["rejected"]);
  });

  it("sends nothing without a yes, and says what to add", async () => {
    const shop = await refused(2);
    const { code, out, err } = await shop.tandem(REPLAY);
    expect({ code, err }).toEqual({ code: 1, err: "nothing left: to let 2 events leave, add --yes\n" });
    expect(out).toContain("would leave  2\n");
    expect(await outcomes(shop)).toEqual(["rejected", "rejected"]);
  });

  it("lets what may be counted twice leave only where that is said, too", async () => {
    const shop = await refused(1);
    const [event] = await shop.events();
    await shop.db.attempt.updateMany({ data: { verdict: "retry", status: null, code: null } });
    const told = async (flags: string) => JSON.parse((await shop.tandem(`${REPLAY} ${flags} --json`)).out);
    expect(await told("--dry-run")).toMatchObject({
      replayed: 0,
      forecast: { may_double: 1 },
      not_replayed: { may_double: 1 },
    });
    expect(await told("--yes")).toEqual({ dry_run: false, matched: 1, replayed: 0, not_replayed: { may_double: 1 } });
    expect((await shop.tandem(`${REPLAY} --yes`)).out).toMatch(
      /^replayed {2}0\nnot replayed {2}1 {2}may_double: may be counted twice/,
    );
    expect((await shop.events())[0]?.outcome).toBe(event?.outcome);
    expect(await told("--yes --doubling")).toEqual({ dry_run: false, matched: 1, replayed: 1, not_replayed: {} });
    expect(await outcomes(shop)).toEqual(["waiting"]);
  });

  it("says in words what would become of what leaves in a dry run, and what consent would end", async () => {
    const shop = await refused(2);
    expect((await shop.tandem(`${REPLAY} --dry-run`)).out).toBe(
      "would leave  2\nof them  2  alone: no other copy of it is known to have left\n" +
        "of them  2  same: the same bytes as before: what refused them may refuse them again\n",
    );
    await switchOff(shop, "Purchase");
    const ended = "not replayed  2  ruled_out: a setting, a rule or our own check ends it again\n";
    expect((await shop.tandem(`${REPLAY} --dry-run`)).out).toBe(`would leave  0\n${ended}`);
    expect((await shop.tandem(`${REPLAY} --yes`)).out).toBe(`replayed  0\n${ended}`);
    expect(await outcomes(shop)).toEqual(["rejected", "rejected"]);
  });

  it("tells of what expired when it is asked for, and brings none of it back", async () => {
    const pipeline = await testPipeline();
    await pipeline.webhook("orders/create", order());
    pipeline.clock.pass(8 * 24 * HOUR_MS);
    await pipeline.drain();
    const env = storeEnvOf(pipeline.path, pipeline.keyring[0].bytes);
    const run = (args: string) => tandem(args.split(" "), { env, now: pipeline.clock.now() });
    expect(JSON.parse((await run(`${REPLAY} --json`)).out)).toMatchObject({ matched: 0 });
    expect(JSON.parse((await run(`${REPLAY} --outcome expired --json`)).out)).toMatchObject({
      matched: 1,
      replayed: 0,
      not_replayed: { past_window: 1 },
    });
    expect(await pipeline.events()).toMatchObject([{ outcome: "expired" }]);
  });

  it.each([
    [`--dataset ${DATASET}`, 2],
    ["--event Purchase", 2],
    ["--event PageView", 0],
    ["--outcome rejected", 2],
    ["--outcome dead", 0],
    ["--id purchase.o5550002", 1],
    ["--reason meta_100", 2],
    ["--reason no_money", 0],
  ])("takes only what is meant by %s", async (flags, replayed) => {
    const shop = await refused(2);
    expect(JSON.parse((await shop.tandem(`${REPLAY} ${flags} --yes --json`)).out)).toMatchObject({
      matched: replayed,
      replayed,
    });
    expect((await outcomes(shop)).filter((outcome) => outcome === "waiting")).toHaveLength(replayed);
  });

  it("takes what happened between two moments", async () => {
    const shop = await refused(1);
    const [event] = await shop.events();
    const at = Number(event?.eventTime);
    const iso = (ms: number) => new Date(ms).toISOString();
    const matched = async (flags: string) =>
      JSON.parse((await shop.tandem(`${REPLAY} --dry-run --json ${flags}`)).out).matched;
    expect(await matched(`--since ${iso(at)} --until ${iso(at)}`)).toBe(1);
    expect(await matched(`--since ${iso(at + 1)}`)).toBe(0);
    expect(await matched(`--until ${iso(at - 1)}`)).toBe(0);
  });

  it.each([
    ["--shop", "replay"],
    ["--shop", "replay --shop unknown-shop.myshopify.com"],
    ["--dataset", `${REPLAY} --dataset 999`],
    ["--outcome", `${REPLAY} --outcome accepted`],
    ["--since", `${REPLAY} --since yesterday`],
    ["--until", `${REPLAY} --until 2026-11-20`],
    ["--until", `${REPLAY} --since 2026-11-20T10:00:00Z --until 2026-11-20T09:00:00Z`],
    ["--id", `${REPLAY} --id purchase.o1`],
    ["--all", `${REPLAY} --all`],
    ["--yes", `${REPLAY} --yes --dry-run`],
    ["arguments", `${REPLAY} purchase.o1`],
  ])("refuses bad input and names %s: %s", async (field, args) => {
    const store = testStore();
    await store.tandem(CONNECT, "EAAone", DAY);
    const { code, out, err } = await store.tandem(args);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err.startsWith(`${field}:`), err).toBe(true);
  });
});
