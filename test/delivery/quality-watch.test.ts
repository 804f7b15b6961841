import { describe, expect, it } from "vitest";
import { openGraphPool } from "~/delivery/graph.server";
import { openQualityWatch, type QualityWatchDeps } from "~/delivery/quality-watch.server";
import { momentOf } from "~/delivery/token-check";
import { healthOf } from "~/diagnostics/detectors.server";
import { order } from "../fixtures/order";
import { postEvents, purchase } from "../simulators/meta/calls";
import { DATASET, type TestPipeline, TOKEN, testPipeline } from "../support/pipeline";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A watch over all datasets of a pipeline, as the server has it. */
function watchOf({ meta, store, clock, shop }: TestPipeline) {
  const pool = openGraphPool((dispatch) => dispatch);
  const watch = openQualityWatch(
    {
      graph: { url: meta.origin, fetch: pool.fetch },
      datasets: () => shop().datasets,
      askedAt: () => store.qualityAskedAt(),
      keep: (told) => store.qualityTold(told, clock.now()),
      keepRefusal: (id, refusal) => store.qualityRefused(id, refusal, clock.now()),
      onFault: (_dataset, error) => expect.unreachable(String(error)),
    },
    clock.now,
  );
  return {
    async look() {
      watch.tick();
      await watch.idle();
    },
    close: () => watch.stop().then(() => pool.close()),
  };
}

/** Goes on to just after the next moment of the shop's dataset, and looks. */
async function askInTime(pipeline: TestPipeline): Promise<void> {
  const { clock, shop } = pipeline;
  const moment = momentOf(shop().datasets[0]?.id ?? 0, HOUR);
  const next = Math.floor((clock.now() - moment) / HOUR + 1) * HOUR + moment;
  clock.pass(next + MINUTE - clock.now());
  const watch = watchOf(pipeline);
  await watch.look();
  await watch.close();
}

async function sell(pipeline: TestPipeline): Promise<void> {
  await pipeline.webhook("orders/create", order());
  await pipeline.drain();
}

/** Of made-up datasets, each minute of a time; answers when each was asked about. */
async function minutes(count: number, ids: readonly number[], over: Partial<QualityWatchDeps> = {}) {
  const asked = new Map<number, number[]>(ids.map((id) => [id, []]));
  let now = DAY;
  const watch = openQualityWatch(
    {
      graph: {
        url: "http://127.0.0.1:9",
        fetch: async () => ({ status: 200, headers: { get: () => null }, text: async () => '{"web":[]}' }),
      },
      datasets: () => ids.map((id) => ({ id, dataset: String(id), token: TOKEN })),
      askedAt: async () => new Map([...asked].map(([id, times]) => [id, times.at(-1) ?? 0])),
      keep: async ({ datasetId }) => void asked.get(datasetId)?.push(now),
      keepRefusal: async () => expect.unreachable(),
      onFault: (_dataset, error) => expect.unreachable(String(error)),
      ...over,
    },
    () => now,
  );
  for (let minute = 0; minute < count; minute += 1) {
    now = DAY + minute * MINUTE;
    watch.tick();
    await watch.idle();
  }
  await watch.stop();
  return asked;
}

describe("Meta is asked what it makes of events", () => {
  it("once an hour for each dataset, each at a moment of its own", async () => {
    const asked = await minutes(181, [1, 2, 3, 500]);
    for (const [id, times] of asked) {
      const late = times.slice(1).map((at) => (at - momentOf(id, HOUR)) % HOUR);
      expect([times.length >= 3, late.every((ms) => ms < MINUTE)]).toEqual([true, true]);
      expect(times.slice(2).map((at, n) => at - (times[n + 1] ?? 0))).toEqual(times.slice(2).map(() => HOUR));
    }
    const first = [...asked.values()].map(([, second]) => second);
    expect(new Set(first).size).toBe(4);
  });

  it("not about all at once by a server that was away", async () => {
    const ids = Array.from({ length: 60 }, (_, n) => n + 1);
    const asked = await minutes(1, ids);
    const atOnce = [...asked.values()].filter(({ length }) => length > 0).length;
    expect(atOnce).toBeGreaterThan(5);
    expect(atOnce).toBeLessThan(15);
  });

  it("of the others too, when one cannot be kept", async () => {
    const kept: number[] = [];
    const faults: (string | null)[] = [];
    await minutes(60, [1, 2], {
      keep: async ({ datasetId }) => {
        if (datasetId === 1) throw new Error("disk full");
        kept.push(datasetId);
      },
      onFault: (dataset) => faults.push(dataset),
    });
    expect([new Set(kept), new Set(faults)]).toEqual([new Set([2]), new Set(["1"])]);
  });
});

describe("what Meta said", () => {
  it("is kept whole, with when it first was asked; what has not changed is not written again", async () => {
    const pipeline = await testPipeline();
    await sell(pipeline);
    await askInTime(pipeline);
    const first = pipeline.clock.now();
    await askInTime(pipeline);
    const now = BigInt(pipeline.clock.now());
    expect(await pipeline.db.datasetQuality.findMany()).toMatchObject([
      { firstAt: BigInt(first), askedAt: now, answeredAt: now, fault: null },
    ]);
    const readings = await pipeline.db.qualityReading.findMany();
    expect(readings).toMatchObject([{ at: BigInt(first) }]);
    expect(JSON.parse(readings[0]?.reading ?? "")).toMatchObject([{ event_name: "Purchase" }]);
  });

  it("stands while Meta refuses, and why it refuses stands beside it until it answers", async () => {
    const pipeline = await testPipeline();
    const { meta, db, clock } = pipeline;
    await sell(pipeline);
    await askInTime(pipeline);
    const answeredAt = BigInt(clock.now());
    const [before] = await db.datasetQuality.findMany();
    meta.sayQuality(DATASET, { error: { code: 10 } });
    await askInTime(pipeline);
    const refusedAt = BigInt(clock.now());
    await askInTime(pipeline);
    expect(await db.datasetQuality.findMany()).toEqual([
      {
        ...before,
        askedAt: BigInt(clock.now()),
        answeredAt,
        fault: "no_permission",
        faultCode: 10,
        faultSubcode: null,
        faultAt: refusedAt,
      },
    ]);
    expect(await db.qualityReading.count()).toBe(1);
    meta.sayQuality(DATASET, null);
    await askInTime(pipeline);
    expect(await db.datasetQuality.findMany()).toMatchObject([{ fault: null, faultCode: null, faultAt: null }]);
  });

  it("of all senders is kept where it does not say it of us; who else sends is then as it was", async () => {
    const pipeline = await testPipeline();
    const { meta, db } = pipeline;
    await sell(pipeline);
    await askInTime(pipeline);
    const [before] = await db.datasetQuality.findMany();
    meta.sayQuality(DATASET, { error: { code: 100 }, ofAgent: true });
    await another(pipeline);
    await askInTime(pipeline);
    const [after] = await db.datasetQuality.findMany();
    expect([after?.overall, after?.ours]).toEqual([before?.overall, before?.ours]);
    expect([after?.fault, await db.qualityReading.count()]).toEqual([null, 2]);
  });

  it("goes with the shop", async () => {
    const pipeline = await testPipeline();
    const { store, shop, db } = pipeline;
    await askInTime(pipeline);
    for (let erased = 1; erased > 0; ) erased = await store.eraseOfShop(shop().id, 10);
    expect([await db.datasetQuality.count(), await db.qualityReading.count()]).toEqual([0, 0]);
  });

  it("finds a second sender once a week has gone out under our name", async () => {
    const pipeline = await testPipeline();
    const found = async () => {
      const { findings } = await healthOf(pipeline.db, pipeline.store, pipeline.shop(), pipeline.clock.now());
      return findings.map(({ kind }) => kind);
    };
    await sell(pipeline);
    await askInTime(pipeline);
    for (let day = 0; day < 8; day += 1) {
      expect(await found()).toEqual([]);
      if (day === 0) await another(pipeline);
      pipeline.clock.pass(DAY - HOUR);
      await askInTime(pipeline);
    }
    expect(await found()).toEqual(["second_sender"]);
  });
});

/** Another app's Purchase, with no more than an e-mail. */
function another({ meta, clock }: TestPipeline) {
  const event = purchase({ event_id: "theirs.1", event_time: Math.floor(clock.now() / 1_000) });
  return postEvents(meta.origin, [event], { dataset: DATASET, token: TOKEN });
}
