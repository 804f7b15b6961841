import { describe, expect, it } from "vitest";
import { type ReplayChoice, replayChoice, replayConfirmation, selectionOf } from "~/outbox/replay-choice";
import { bringBack, lookAhead, MOST_AT_ONCE, soonTooOld } from "~/pipeline/replaying.server";
import { order } from "../fixtures/order";
import { DATASET, NOBODY_TO_ASK, type TestPipeline, testPipeline } from "../support/pipeline";

const HOUR_MS = 3_600_000;
const refusal = (code: number, subcode?: number) =>
  ({ kind: "error", code, ...(subcode !== undefined && { subcode }), transient: false, count: 1 }) as const;

function chosen({ shop }: TestPipeline, choice: ReplayChoice) {
  const selection = selectionOf(choice, shop());
  if (selection === null) throw new Error("there is no such dataset");
  return selection;
}

async function refused(pipeline: TestPipeline, id: number, code: number, subcode?: number): Promise<void> {
  pipeline.meta.weather.script([refusal(code, subcode)]);
  await pipeline.webhook("orders/create", order({ id, checkoutToken: null }));
  await pipeline.drain();
}

const outcomes = async ({ events }: TestPipeline) => (await events()).map(({ outcome }) => outcome);

describe("a group of what ended for one cause", () => {
  it("is looked at and brought back by itself: one mend releases it and nothing else", async () => {
    const pipeline = await testPipeline();
    const { store, clock, shop, drain } = pipeline;
    await refused(pipeline, 5550001, 100);
    await refused(pipeline, 5550002, 100);
    await refused(pipeline, 5550003, 100, 2804009);
    expect(await outcomes(pipeline)).toEqual(["rejected", "rejected", "rejected"]);
    const causes = await store.causesOf(shop().id, clock.now());
    expect(causes.map(({ reason, events }) => [reason, events])[0]).toEqual(["meta_100", 2]);
    const selection = chosen(pipeline, {
      outcome: "rejected",
      reason: "meta_100",
      dataset: DATASET,
      event: "Purchase",
    });
    const { result, foretold } = await lookAhead(selection, shop(), {
      store,
      lookups: NOBODY_TO_ASK,
      now: clock.now(),
    });
    expect(result).toMatchObject({ matched: 2, replayed: 2, bytes: { same: 2 }, more: false });
    expect(foretold.map(({ orderId, fate }) => [orderId, fate])).toEqual([
      ["5550001", "alone"],
      ["5550002", "alone"],
    ]);
    expect(await outcomes(pipeline)).toEqual(["rejected", "rejected", "rejected"]);
    const confirmed = { upTo: result.last ?? 0, matched: 2, doubling: false };
    expect(await bringBack(selection, shop(), confirmed, { store, now: clock.now() })).toMatchObject({ replayed: 2 });
    await drain();
    expect(await outcomes(pipeline)).toEqual(["accepted", "accepted", "rejected"]);
  });

  it("may be a single one", async () => {
    const pipeline = await testPipeline();
    const { store, clock, shop, drain } = pipeline;
    for (const id of [5550001, 5550002, 5550003]) await refused(pipeline, id, 100);
    const [, second] = await pipeline.events();
    const selection = chosen(pipeline, { outcome: "rejected", delivery: second?.id });
    const deps = { store, lookups: NOBODY_TO_ASK, now: clock.now() };
    const { result, foretold } = await lookAhead(selection, shop(), deps);
    expect(result).toMatchObject({ matched: 1, replayed: 1, more: false });
    expect(foretold).toMatchObject([{ id: second?.id }]);
    await bringBack(selection, shop(), { upTo: second?.id ?? 0, matched: 1, doubling: false }, deps);
    await drain();
    expect(await outcomes(pipeline)).toEqual(["rejected", "accepted", "rejected"]);
    expect((await lookAhead(selection, shop(), deps)).result).toMatchObject({ matched: 0 });
  });

  it("is found behind any number of others that are too old or have another cause, which are counted", async () => {
    const pipeline = await testPipeline();
    const { store, clock, shop, db } = pipeline;
    for (const id of [5550001, 5550002, 5550003]) await refused(pipeline, id, 100);
    const [old, other, young] = await pipeline.events();
    await db.event.update({
      where: { id: Number(old?.id) },
      data: { eventTime: BigInt(clock.now() - 8 * 24 * HOUR_MS) },
    });
    await db.event.update({ where: { id: Number(other?.id) }, data: { reason: "meta_100_33" } });
    const portions: number[][] = [];
    const watched = {
      ...store,
      replayCandidates: async (...asked: Parameters<typeof store.replayCandidates>) => {
        const found = await store.replayCandidates(...asked);
        portions.push(found.map(({ id }) => id));
        return found;
      },
    };
    const selection = chosen(pipeline, { outcome: "rejected", reason: "meta_100" });
    const deps = { store: watched, lookups: NOBODY_TO_ASK, now: clock.now() };
    const { result } = await lookAhead(selection, shop(), deps);
    expect(result).toMatchObject({ matched: 2, replayed: 1, obstacles: { past_window: 1 }, last: young?.id });
    expect(portions.flat()).toEqual([young?.id]);
  });

  it("is brought back as it was seen: what ended since then stays, or is to be looked at first", async () => {
    const pipeline = await testPipeline();
    const { store, clock, shop, db } = pipeline;
    for (const id of [5550001, 5550002, 5550003]) await refused(pipeline, id, 100);
    const [first, second] = await pipeline.events();
    const deps = { store, now: clock.now() };
    const selection = chosen(pipeline, { outcome: "rejected" });
    await db.event.update({ where: { id: Number(first?.id) }, data: { reason: "currency" } });
    const seen = { upTo: second?.id ?? 0, matched: 1, doubling: false };
    expect(await bringBack(selection, shop(), seen, deps)).toBeNull();
    expect(await outcomes(pipeline)).toEqual(["rejected", "rejected", "rejected"]);
    expect(await bringBack(selection, shop(), { ...seen, matched: 2 }, deps)).toMatchObject({ replayed: 2 });
    expect(await outcomes(pipeline)).toEqual(["waiting", "waiting", "rejected"]);
  });

  it("is nobody's where the dataset is another shop's", async () => {
    const pipeline = await testPipeline();
    expect(selectionOf({ outcome: "dead", dataset: "999" }, pipeline.shop())).toBeNull();
  });
});

describe("what is soon too old", () => {
  it("can be tried at once, with what waits on purpose left alone", async () => {
    const pipeline = await testPipeline();
    const { store, clock, shop, db, drain } = pipeline;
    pipeline.meta.weather.script([{ kind: "status", status: 500, count: 1 }]);
    await pipeline.webhook("orders/create", order());
    await drain();
    const waits = { outcome: "waiting", tries: 1 };
    expect(await pipeline.events()).toMatchObject([waits]);
    const soon = () => soonTooOld(shop().id, { store, now: clock.now() }).then(({ replayed }) => replayed);
    expect(await soon()).toBe(0);
    const [event] = await pipeline.events();
    clock.set(Number(event?.eventTime) + 6.5 * 24 * HOUR_MS);
    await db.event.updateMany({ data: { runAt: BigInt(clock.now() + 2 * HOUR_MS) } });
    expect(await soon()).toBe(1);
    await drain();
    expect(await pipeline.events()).toMatchObject([waits]);
    const selection = chosen(pipeline, { outcome: "waiting" });
    const { foretold } = await lookAhead(selection, shop(), { store, lookups: NOBODY_TO_ASK, now: clock.now() });
    const seen = { upTo: foretold[0]?.id ?? 0, matched: 1 };
    // The first request had no answer of Meta's about it.
    expect(foretold).toMatchObject([{ fate: "may_double", bytes: "first" }]);
    const deps = { store, now: clock.now() };
    expect(await bringBack(selection, shop(), { ...seen, doubling: false }, deps)).toMatchObject({ replayed: 0 });
    expect(await bringBack(selection, shop(), { ...seen, doubling: true }, deps)).toMatchObject({ replayed: 1 });
    await drain();
    expect(await outcomes(pipeline)).toEqual(["accepted"]);
  });

  it("and held for a token is not brought back: it leaves by itself", async () => {
    const pipeline = await testPipeline();
    const { store, clock, shop, meta, drain } = pipeline;
    meta.setToken(DATASET, null);
    await pipeline.webhook("orders/create", order());
    await drain();
    await pipeline.registry.refresh();
    clock.pass(6.5 * 24 * HOUR_MS);
    const selection = chosen(pipeline, { outcome: "waiting" });
    const deps = { store, now: clock.now() };
    expect(await bringBack(selection, shop(), { upTo: 1, matched: 1, doubling: true }, deps)).toMatchObject({
      replayed: 0,
      obstacles: { on_hold: 1 },
    });
    meta.setToken(DATASET, "EAAfresh");
    await pipeline.connect({ token: "EAAfresh" });
    await drain();
    expect(await outcomes(pipeline)).toEqual(["accepted"]);
    expect(meta.received).toHaveLength(1);
  });
});

describe("a confirmation", () => {
  it.each([
    [{ outcome: "dead", matched: "3" }, "upTo"],
    [{ outcome: "dead", upTo: "9", matched: "-3" }, "matched"],
    [{ outcome: "sent", upTo: "9", matched: "3" }, "outcome"],
  ])("is refused where it is %j", (form, field) => {
    expect(replayConfirmation.safeParse(form).error?.issues.map(({ path }) => path[0])).toEqual([field]);
  });
});

describe("a choice in the page's address", () => {
  it.each([
    [{ outcome: "accepted" }, "outcome"],
    [{}, "outcome"],
    [{ outcome: "dead", dataset: "abc" }, "dataset"],
    [{ outcome: "dead", reason: "x".repeat(201) }, "reason"],
    [{ outcome: "dead", delivery: "0" }, "delivery"],
    [{ outcome: "dead", delivery: "4294967296" }, "delivery"],
  ])("is refused where it is %j", (query, field) => {
    const parsed = replayChoice.safeParse(query);
    expect(parsed.error?.issues.map(({ path }) => path[0])).toEqual([field]);
  });

  it("takes what is empty for what is not there", () => {
    expect(replayChoice.parse({ outcome: "dead", reason: "", dataset: "", event: "", embedded: "1" })).toEqual({
      outcome: "dead",
    });
    expect(MOST_AT_ONCE).toBe(2_000);
  });
});
