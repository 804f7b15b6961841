import { describe, expect, it } from "vitest";
import { askQualities, askQuality } from "~/delivery/dataset-quality.server";
import { type Fetch, openGraphPool, PARTNER_AGENT } from "~/delivery/graph.server";
import { momentOf } from "~/delivery/token-check";
import { healthOf } from "~/diagnostics/detectors.server";
import { order } from "../fixtures/order";
import { postEvents, purchase } from "../simulators/meta/calls";
import { DATASET, type TestPipeline, TOKEN, testPipeline } from "../support/pipeline";

const DAY = 86_400_000;

function destinationOf({ meta }: TestPipeline) {
  return { graphUrl: meta.origin, version: "v25.0", dataset: DATASET, token: TOKEN };
}

function ask(pipeline: TestPipeline, agent: string | null, fetch?: Fetch) {
  const pool = openGraphPool((dispatch) => dispatch);
  return askQuality(destinationOf(pipeline), agent, fetch ?? pool.fetch).finally(() => pool.close());
}

/** Asks at this dataset's moment, as the hourly chore does. */
async function askInTime({ meta, store, clock, shop }: TestPipeline): Promise<void> {
  const pool = openGraphPool((dispatch) => dispatch);
  const midnight = Math.ceil(clock.now() / DAY) * DAY;
  const moment = midnight + momentOf(shop().datasets[0]?.id ?? 0);
  clock.pass(moment + 60_000 - clock.now());
  await askQualities(
    {
      graph: { url: meta.origin, version: "v25.0", fetch: pool.fetch },
      datasets: shop().datasets,
      keep: (told) => store.qualityTold(told, clock.now()),
    },
    clock.now() - 3_600_000,
    clock.now(),
  );
  await pool.close();
}

/** Another app's Purchase, with no more than an e-mail. */
function another({ meta, clock }: TestPipeline) {
  const event = purchase({ event_id: "theirs.1", event_time: Math.floor(clock.now() / 1_000) });
  return postEvents(meta.origin, [event], { dataset: DATASET, token: TOKEN });
}

describe("what Meta says of a dataset's quality", () => {
  it("is of all senders, or of us alone: each of our requests says who we are", async () => {
    const pipeline = await testPipeline();
    await pipeline.webhook("orders/create", order());
    await pipeline.drain();
    expect((await another(pipeline)).status).toBe(200);
    const [ours] = (await ask(pipeline, PARTNER_AGENT)) ?? [];
    const [overall] = (await ask(pipeline, null)) ?? [];
    expect([ours?.event, ours?.coverage.phone, overall?.coverage.phone]).toEqual(["Purchase", 100, 50]);
    expect(await ask(pipeline, "somebody_1_0")).toEqual([]);
  });

  it.each<[string, Awaited<ReturnType<Fetch>> | Error]>([
    ["a refusal", answer(400, "{}")],
    ["what is no answer of Meta's", answer(200, '{"web":[{"event_name":7}]}')],
    ["what is no JSON", answer(200, "<html>")],
    ["silence", new Error("no route")],
  ])("is not known after %s", async (_what, said) => {
    const pipeline = await testPipeline();
    const fetch: Fetch = async () => {
      if (said instanceof Error) throw said;
      return said;
    };
    expect(await ask(pipeline, null, fetch)).toBeNull();
  });

  it("is asked for at the dataset's moment of the day, and kept with when that was first so", async () => {
    const pipeline = await testPipeline();
    await pipeline.webhook("orders/create", order());
    await pipeline.drain();
    await askInTime(pipeline);
    const first = pipeline.clock.now();
    await askInTime(pipeline);
    const rows = await pipeline.db.datasetQuality.findMany();
    expect(rows).toMatchObject([{ firstAt: BigInt(first), askedAt: BigInt(pipeline.clock.now()) }]);
  });

  it("goes with the shop", async () => {
    const pipeline = await testPipeline();
    const { store, shop, clock, db } = pipeline;
    await store.qualityTold({ datasetId: shop().datasets[0]?.id ?? 0, overall: "[]", ours: "[]" }, clock.now());
    expect(await store.eraseOfShop(shop().id, 10)).toBe(1);
    expect(await db.datasetQuality.count()).toBe(0);
  });

  it("is not asked for at another moment", async () => {
    const pipeline = await testPipeline();
    const { clock, shop } = pipeline;
    const fetch: Fetch = async () => {
      throw new Error("nobody should ask");
    };
    const from = momentOf(shop().datasets[0]?.id ?? 0) + 1;
    const keep = async () => expect.unreachable();
    await askQualities({ graph: { url: "", version: "", fetch }, datasets: shop().datasets, keep }, from, from + 1_000);
    expect(clock.now()).toBeGreaterThan(0);
  });

  it("finds a second sender once a week has gone out under our name", async () => {
    const pipeline = await testPipeline();
    const found = async () => {
      const { findings } = await healthOf(pipeline.db, pipeline.store, pipeline.shop(), pipeline.clock.now());
      return findings.map(({ kind }) => kind);
    };
    await pipeline.webhook("orders/create", order());
    await pipeline.drain();
    await askInTime(pipeline);
    for (let day = 0; day < 8; day += 1) {
      expect(await found()).toEqual([]);
      if (day === 0) await another(pipeline);
      await askInTime(pipeline);
    }
    expect(await found()).toEqual(["second_sender"]);
  });
});

function answer(status: number, text: string) {
  return { status, headers: { get: () => null }, text: async () => text };
}
