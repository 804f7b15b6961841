import { describe, expect, it } from "vitest";
import { noSignal } from "~/consent/no-signal";
import { noSignalOf } from "~/diagnostics/no-signal.server";
import { order } from "../fixtures/order";
import { testPipeline } from "../support/pipeline";

describe("orders without a consent signal", () => {
  it.each([
    ["a day like the week before", { withheld: 70, orders: 700 }, { withheld: 10, orders: 100 }, false],
    ["twice the share, but of few", { withheld: 12, orders: 200 }, { withheld: 9, orders: 20 }, false],
    ["twice the share, but little of all", { withheld: 40, orders: 4_000 }, { withheld: 20, orders: 1_000 }, false],
    ["far more than before", { withheld: 90, orders: 700 }, { withheld: 60, orders: 100 }, true],
    ["all of them, where most were before", { withheld: 460, orders: 700 }, { withheld: 100, orders: 100 }, true],
    ["most of them, where most were before", { withheld: 430, orders: 700 }, { withheld: 70, orders: 100 }, false],
    ["much on the first day of all", { withheld: 50, orders: 100 }, { withheld: 50, orders: 100 }, false],
    ["nothing at all", { withheld: 0, orders: 0 }, { withheld: 0, orders: 0 }, false],
  ])("%s", (_, week, day, jump) => {
    expect(noSignal(week, day)).toEqual({ ...week, day, jump });
  });

  it("are counted from the day's endings, and no more once a later consent has brought them back", async () => {
    const pipeline = await testPipeline();
    const { db, clock } = pipeline;
    const shopId = pipeline.shop().id;
    await pipeline.webhook("orders/create", order({ country: "DE" }));
    await pipeline.webhook("orders/create", order({ id: 2, checkoutToken: "t2", country: "AU" }));
    await pipeline.drain();
    await pipeline.seal();
    const told = (withheld: number, orders: number) => ({ withheld, orders, day: { withheld, orders }, jump: false });
    expect(await noSignalOf(db, shopId, clock.now())).toEqual(told(1, 2));
    await pipeline.beacon({ name: "checkout_completed", checkout_token: "0123456789abcdef0123456789abcdef" });
    await pipeline.drain();
    await pipeline.seal();
    expect(await noSignalOf(db, shopId, clock.now())).toEqual(told(0, 2));
    expect(await noSignalOf(db, shopId, clock.now() + 8 * 86_400_000)).toEqual(told(0, 0));
  });
});
