import { describe, expect, it } from "vitest";
import { TR_REPORTS } from "~/events/browser-copy";
import { checkoutCompleted } from "../fixtures/beacon";
import { order } from "../fixtures/order";
import { DATASET, testPipeline } from "../support/pipeline";
import { pixelRunsWith, standing } from "./seen";

const HOUR = 3_600_000;
const PAST_TWO_DAYS = 48 * HOUR + 1;

/** An order whose browser's copy fared so; Meta takes the server's only after a while. */
async function ordered(tr: (typeof TR_REPORTS)[number], after: number) {
  const pipeline = await testPipeline();
  await pipeline.beacon({ ...checkoutCompleted, tr });
  await pipeline.webhook("orders/create", order());
  pipeline.clock.pass(after);
  return pipeline;
}

const SECOND_DATASET = "2234567890";

describe("the browser's copy of an event, once Meta no longer merges the two", () => {
  it("stands: the server's is not sent for the first time", async () => {
    const pipeline = await ordered("resolved", PAST_TWO_DAYS);
    await pipeline.drain();
    expect(await standing(pipeline)).toEqual(["expired browser_copy_stands"]);
    expect(pipeline.meta.requests).toEqual([]);
  });

  it("stands: the server's is not tried again, even if Meta did not answer until then", async () => {
    const pipeline = await ordered("resolved", 0);
    pipeline.meta.weather.script([{ kind: "status", status: 503 }]);
    await pipeline.drain();
    expect(await standing(pipeline)).toEqual(["waiting meta_2"]);
    pipeline.clock.pass(PAST_TWO_DAYS);
    await pipeline.drain();
    expect(await standing(pipeline)).toEqual(["expired browser_copy_stands"]);
    expect(pipeline.meta.requests).toHaveLength(1);
  });

  it("merges for 48 hours to the millisecond", async () => {
    const pipeline = await ordered("resolved", PAST_TWO_DAYS - 1);
    await pipeline.drain();
    expect(await standing(pipeline)).toEqual(["accepted"]);
  });

  it.each(
    TR_REPORTS.filter((tr) => tr !== "resolved"),
  )("is not known to have left where it is %s: the server's leaves", async (tr) => {
    const pipeline = await ordered(tr, PAST_TWO_DAYS);
    await pipeline.drain();
    expect(await standing(pipeline)).toEqual(["accepted"]);
  });

  it("of another event keeps none from leaving", async () => {
    const pipeline = await testPipeline();
    await pipeline.beacon(checkoutCompleted);
    await pipeline.webhook("orders/create", order({ id: 77, checkoutToken: "f".repeat(32) }));
    pipeline.clock.pass(PAST_TWO_DAYS);
    await pipeline.drain();
    expect(await standing(pipeline)).toEqual(["accepted"]);
  });

  it("stands only for the datasets it may have left for: the server's of another is sent", async () => {
    const pipeline = await testPipeline();
    await pipeline.connect({ dataset: SECOND_DATASET });
    const unfiltered = { hosts: [], paths: [], countries: [] };
    await pixelRunsWith(pipeline, [
      { dataset: DATASET, events: ["Purchase"], ...unfiltered },
      { dataset: SECOND_DATASET, events: [], ...unfiltered },
    ]);
    await pipeline.beacon(checkoutCompleted);
    await pipeline.webhook("orders/create", order());
    pipeline.clock.pass(PAST_TWO_DAYS);
    await pipeline.drain();
    expect(await standing(pipeline)).toEqual(["expired browser_copy_stands", "accepted"]);
  });
});
