import { describe, expect, it } from "vitest";
import { readQuality } from "~/delivery/dataset-quality";
import { scoreOf } from "~/diagnostics/meta-quality";
import { metaQualityOf, scoreHistoryOf } from "~/diagnostics/meta-quality.server";
import { connectedDatasets } from "~/settings/registry.server";
import { DATASET, type TestPipeline, testPipeline } from "../support/pipeline";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Of each dataset that is connected. */
function quality({ db, shop }: TestPipeline) {
  return Promise.all(connectedDatasets(shop()).map((place) => metaQualityOf(db, place)));
}

function webOf(score: number | null, over: object = {}) {
  return [{ event_name: "AddToCart", event_match_quality: { composite_score: score }, ...over }];
}

/** Meta says so now. */
async function say({ store, clock }: TestPipeline, web: unknown[], datasetId = 1): Promise<void> {
  const reading = JSON.stringify(readQuality({ web }));
  await store.qualityTold({ datasetId, reading, senders: null }, clock.now());
}

describe("what Meta says of a shop's events", () => {
  it("is nothing before it was asked", async () => {
    const pipeline = await testPipeline();
    expect(await quality(pipeline)).toEqual([
      { dataset: DATASET, askedAt: null, answeredAt: null, refusal: null, events: [] },
    ]);
  });

  it("is shown in Meta's words, with what it did not say as null", async () => {
    const pipeline = await testPipeline();
    const share = { percentage: 12.5, description: "Advertisers like you saw 12.5%." };
    await say(pipeline, webOf(3.4, { acr: share }));
    const [told] = await quality(pipeline);
    expect(told).toMatchObject({ askedAt: pipeline.clock.now(), answeredAt: pipeline.clock.now(), refusal: null });
    expect(told?.events).toEqual(readQuality({ web: webOf(3.4, { acr: share }) }));
    expect(told?.events[0]).toMatchObject({ acr: share, event_coverage: null });
  });

  it("stays beside a refusal, which says since when and what to do", async () => {
    const pipeline = await testPipeline();
    const { store, clock } = pipeline;
    await say(pipeline, webOf(3.4));
    const answeredAt = clock.now();
    clock.pass(HOUR_MS);
    await store.qualityRefused(1, { reason: "expired_token", code: 190, subcode: 463 }, clock.now());
    const [told] = await quality(pipeline);
    expect(told).toMatchObject({ askedAt: clock.now(), answeredAt, events: [{ event_name: "AddToCart" }] });
    expect(told?.refusal).toMatchObject({ since: clock.now(), code: "190/463" });
    expect(told?.refusal?.says).toContain("access token");
    expect(told?.refusal?.steps.length).toBeGreaterThan(0);
  });

  it("of a reason that another version kept says that it cannot be read", async () => {
    const pipeline = await testPipeline();
    await pipeline.store.qualityRefused(
      1,
      { reason: "of_another_version", code: null, subcode: null },
      pipeline.clock.now(),
    );
    expect((await quality(pipeline))[0]?.refusal).toMatchObject({
      says: expect.stringContaining("no answer"),
      code: null,
    });
  });

  it("is of the shop's connected datasets, each its own", async () => {
    const pipeline = await testPipeline();
    await pipeline.connect({ dataset: "999" });
    await say(pipeline, webOf(3.4));
    await say(pipeline, webOf(8.8), 2);
    await say(pipeline, webOf(1.1), 3);
    const told = await quality(pipeline);
    expect(told.map((one) => [one.dataset, scoreOf(one, "AddToCart")])).toEqual([
      [DATASET, 3.4],
      ["999", 8.8],
    ]);
  });
});

describe("the history of a score", () => {
  it("has the last of each UTC day of thirty, and what stood as they began", async () => {
    const pipeline = await testPipeline();
    const { clock } = pipeline;
    const midnight = Math.floor(clock.now() / DAY_MS) * DAY_MS;
    const at = async (ms: number, score: number | null) => {
      clock.set(midnight + ms);
      await say(pipeline, webOf(score));
    };
    await at(-40 * DAY_MS, 1);
    await at(-35 * DAY_MS, 2);
    await at(-2 * DAY_MS, 3);
    await at(-2 * DAY_MS + HOUR_MS, 4);
    await at(-DAY_MS, null);
    await at(HOUR_MS, 5);
    const [told] = await quality(pipeline);
    const history = await scoreHistoryOf(pipeline.db, 1, "AddToCart", clock.now());
    expect(await scoreHistoryOf(pipeline.db, 1, "Purchase", clock.now())).toEqual([]);
    expect(history.map(({ at: when, event, score }) => [(when - midnight) / HOUR_MS, event, score])).toEqual([
      [-35 * 24, "AddToCart", 2],
      [-47, "AddToCart", 4],
      [1, "AddToCart", 5],
    ]);
    expect(told?.events[0]?.event_match_quality?.composite_score).toBe(5);
  });
});
