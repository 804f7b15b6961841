import { describe, expect, it } from "vitest";
import { answersOf } from "~/diagnostics/answers.server";
import { order } from "../fixtures/order";
import { later } from "../pipeline/seen";
import { testPipeline } from "../support/pipeline";

const DAY_MS = 86_400_000;

describe("what Meta answered to an event", () => {
  it("is told with its refusals by cause and with how long its yes took, of seven days", async () => {
    const pipeline = await testPipeline();
    const { db, shop, clock, meta } = pipeline;
    const place = async (n: number, ms: number) => {
      await pipeline.webhook("orders/create", order({ id: 6_000_000 + n, checkoutToken: `token${n}`, country: "AU" }));
      await later(pipeline, ms);
    };
    await place(1, 700);
    await place(2, 3_000);
    meta.weather.script([{ kind: "error", code: 100 }]);
    await place(3, 0);
    const answers = await answersOf(db, shop(), 1, "Purchase", clock.now());
    expect(answers).toMatchObject({
      accepted: 2,
      refused: [{ reason: "meta_100", count: 1 }],
      lag: { events: 2, p50: 1_000, p99: 5_000 },
    });
    expect(await answersOf(db, shop(), 1, "PageView", clock.now())).toMatchObject({ accepted: 0, refused: [] });
    expect(await answersOf(db, shop(), 1, "Purchase", clock.now() + 8 * DAY_MS)).toMatchObject({ accepted: 0 });
  });
});
