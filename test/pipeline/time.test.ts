import { describe, expect, it } from "vitest";
import { checkoutCompleted } from "../fixtures/beacon";
import { order } from "../fixtures/order";
import { testPipeline } from "../support/pipeline";
import { DAY_MS, later, MINUTE, SECOND, standing } from "./seen";

/** The held clock stands at 10:00. */
const aheadBy = (seconds: number) => new Date(Date.parse("2026-11-20T10:00:00Z") + seconds * 1_000).toISOString();

describe("an order dated in the future", () => {
  it.each([1, 59, 60])("by %i s is taken for now, and leaves at once", async (seconds) => {
    const pipeline = await testPipeline();
    await pipeline.webhook("orders/create", order({ country: "AU", at: aheadBy(seconds) }));
    await pipeline.drain();
    expect(pipeline.meta.received[0]?.body).toMatchObject({ event_time: Date.parse("2026-11-20T10:00:00Z") / 1_000 });
  });

  it.each([61, 5 * 60, 15 * 60])("by %i s waits until it is due, and keeps its time", async (seconds) => {
    const pipeline = await testPipeline();
    await pipeline.webhook("orders/create", order({ country: "AU", at: aheadBy(seconds) }));
    await later(pipeline, (seconds - 1) * SECOND);
    expect(await standing(pipeline)).toEqual(["waiting"]);
    await later(pipeline, SECOND);
    expect(await standing(pipeline)).toEqual(["accepted"]);
    expect(pipeline.meta.received[0]?.body).toMatchObject({ event_time: Date.parse(aheadBy(seconds)) / 1_000 });
  });

  it("by more than a quarter of an hour is refused, and nothing of the person is kept", async () => {
    const pipeline = await testPipeline();
    await pipeline.webhook("orders/create", order({ country: "AU", at: aheadBy(15 * 60 + 1) }));
    await pipeline.drain();
    expect(await standing(pipeline)).toEqual(["rejected event_time_in_future"]);
    expect((await pipeline.events())[0]).toMatchObject({ matchKeys: null, browser: null, countedAs: "rejected" });
  });

  it("still waits until due when its beacon comes after it", async () => {
    const pipeline = await testPipeline({ holdSeconds: 60 });
    await pipeline.webhook("orders/create", order({ country: "AU", at: aheadBy(5 * 60) }));
    await pipeline.beacon(checkoutCompleted);
    await pipeline.drain();
    expect(await standing(pipeline)).toEqual(["waiting"]);
    await later(pipeline, 5 * MINUTE);
    expect(await standing(pipeline)).toEqual(["accepted"]);
  });

  it("still waits until due when its beacon came before it", async () => {
    const pipeline = await testPipeline({ holdSeconds: 60 });
    await pipeline.beacon(checkoutCompleted);
    await pipeline.webhook("orders/create", order({ country: "AU", at: aheadBy(5 * 60) }));
    await pipeline.drain();
    expect(await standing(pipeline)).toEqual(["waiting"]);
    await later(pipeline, 5 * MINUTE);
    expect(await standing(pipeline)).toEqual(["accepted"]);
  });

  it("still waits until due when its dataset gets a new token", async () => {
    const pipeline = await testPipeline();
    await pipeline.webhook("orders/create", order({ country: "AU", at: aheadBy(5 * 60) }));
    await pipeline.connect({ token: "EAAanothertoken" });
    await pipeline.drain();
    expect(await standing(pipeline)).toEqual(["waiting"]);
    await later(pipeline, 5 * MINUTE);
    expect(await standing(pipeline)).toEqual(["accepted"]);
  });
});

describe("an event past Meta's window", () => {
  it.each([
    ["a web order after 7 days", "web", 7],
    ["a till's order after 62 days", "pos", 62],
  ])("%s comes too late on arrival", async (_kind, sourceName, days) => {
    const pipeline = await testPipeline({ country: "AU" });
    const at = (ms: number) => new Date(pipeline.clock.now() - ms).toISOString();
    const web = sourceName === "web" ? {} : { checkoutToken: null };
    await pipeline.webhook("orders/create", order({ country: "AU", sourceName, at: at(days * DAY_MS + 1), ...web }));
    await pipeline.webhook(
      "orders/create",
      order({ id: 2, country: "AU", sourceName, at: at(days * DAY_MS), checkoutToken: "b", ...web }),
    );
    await pipeline.drain();
    expect(await standing(pipeline)).toEqual(["expired too_late", "accepted"]);
    expect((await pipeline.events())[0]).toMatchObject({ matchKeys: null, browser: null, countedAs: "expired" });
  });

  it("expires when Meta could not be reached for so long", async () => {
    const pipeline = await testPipeline();
    pipeline.meta.weather.script([{ kind: "status", status: 503, count: 1_000 }]);
    await pipeline.webhook("orders/create", order({ country: "AU" }));
    await pipeline.drain();
    await later(pipeline, DAY_MS);
    expect((await standing(pipeline))[0]).toMatch(/^waiting /);
    await later(pipeline, 7 * DAY_MS);
    expect(await standing(pipeline)).toEqual(["expired meta_unreachable"]);
    expect((await pipeline.events())[0]).toMatchObject({ matchKeys: null, browser: null, countedAs: "expired" });
  });

  it("is not called too late on arrival when it was in time and we were not", async () => {
    const pipeline = await testPipeline();
    await pipeline.webhook("orders/create", order({ country: "AU" }));
    await later(pipeline, 8 * DAY_MS);
    const [row] = await pipeline.events();
    expect(row?.outcome).toBe("expired");
    expect(row?.reason).not.toBe("too_late");
  });
});
