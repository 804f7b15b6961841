import { describe, expect, it } from "vitest";
import { openLooking, sold, unasked } from "./support";

const MINUTE = 60_000;

describe("a shop whose question failed", () => {
  it.each([
    ["Shopify answers 500", "status 500"],
    ["Shopify throttles", "throttled"],
  ] as const)("is left alone for a minute: %s", async (_case, fault) => {
    const { lookups, shop, api, asked, clock } = await openLooking();
    api.books.orders.set("1", sold());
    api.weather.fail(1, fault);
    expect(await lookups.orders(shop, ["1"])).toEqual(unasked("1"));
    clock.pass(MINUTE - 1);
    expect(await lookups.orders(shop, ["1"])).toEqual(unasked("1"));
    expect(asked()).toEqual([1]);
    clock.pass(1);
    expect((await lookups.orders(shop, ["1"])).told.size).toBe(1);
    expect(asked()).toEqual([1, 1]);
  });

  it("is asked for nothing else in that minute either", async () => {
    const { lookups, shop, api, asked } = await openLooking();
    api.weather.fail(1, "status 500");
    await lookups.orders(shop, ["1"]);
    expect(await lookups.products(shop, ["1"])).toEqual(unasked("1"));
    expect(asked()).toEqual([1]);
  });

  it("keeps no other shop from being asked", async () => {
    const { lookups, shop, api, asked } = await openLooking();
    api.weather.fail(1, "status 500");
    await lookups.orders(shop, ["1"]);
    await lookups.orders({ ...shop, id: shop.id + 1 }, ["1"]);
    expect(asked()).toEqual([1, 1]);
  });

  it("is asked again at once after an answer: only the last question counts", async () => {
    const { lookups, shop, api, asked, clock } = await openLooking();
    api.weather.fail(1, "status 500");
    await lookups.orders(shop, ["1"]);
    clock.pass(MINUTE);
    await lookups.orders(shop, ["1"]);
    await lookups.orders(shop, ["1"]);
    expect(asked()).toEqual([1, 1, 1]);
  });

  it("is warned of once an outage", async () => {
    const { lookups, shop, api, clock, log } = await openLooking();
    const warnings = () => log.filter((line) => JSON.parse(line).level === 40);
    api.weather.fail(3, "status 500");
    for (let n = 0; n < 3; n += 1) {
      await lookups.orders(shop, ["1"]);
      clock.pass(MINUTE);
    }
    expect(warnings()).toHaveLength(1);
    expect(warnings()[0]).toContain("Shopify answered 500.");
    await lookups.orders(shop, ["1"]);
    api.weather.fail(1, "throttled");
    await lookups.orders(shop, ["1"]);
    expect(warnings()).toHaveLength(2);
  });
});

describe("a shop without a session", () => {
  it("is not asked, until it has one and the minute is over", async () => {
    const { lookups, shop, api, asked, clock, session } = await openLooking();
    api.books.orders.set("1", sold());
    session(false);
    expect(await lookups.orders(shop, ["1"])).toEqual(unasked("1"));
    session(true);
    expect(await lookups.orders(shop, ["1"])).toEqual(unasked("1"));
    expect(asked()).toEqual([]);
    clock.pass(MINUTE);
    expect((await lookups.orders(shop, ["1"])).told.size).toBe(1);
  });
});

describe("a Shopify that is slow", () => {
  it("is not waited for: what it did not answer in time is missing, and it is left alone for a minute", async () => {
    const { lookups, shop, api, asked } = await openLooking({ patienceMs: 50 });
    api.books.orders.set("1", sold());
    api.weather.fail(1, "timeout");
    const began = performance.now();
    expect(await lookups.orders(shop, ["1"])).toEqual(unasked("1"));
    expect(performance.now() - began).toBeLessThan(1_000);
    await lookups.orders(shop, ["1"]);
    expect(asked()).toEqual([1]);
  });

  it("is waited for three seconds in all, not for each question", async () => {
    const { lookups, shop, api, asked } = await openLooking();
    const ids = Array.from({ length: 60 }, (_, index) => String(index + 1));
    for (const id of ids) api.books.orders.set(id, sold());
    api.weather.delayMs = 2_000;
    const began = performance.now();
    const answers = await lookups.orders(shop, ids);
    expect(performance.now() - began).toBeLessThan(3_500);
    expect([...answers.told.keys()]).toEqual(ids.slice(0, 20));
    expect([...answers.unasked]).toEqual(ids.slice(20));
    expect(asked()).toEqual([20, 20]);
  });

  it("that answered some of it is no outage: the next are asked at once", async () => {
    const { lookups, shop, api, asked, log } = await openLooking({ patienceMs: 300 });
    const ids = Array.from({ length: 40 }, (_, index) => String(index + 1));
    for (const id of ids) api.books.orders.set(id, sold());
    api.weather.delayMs = 200;
    expect((await lookups.orders(shop, ids)).told.size).toBe(20);
    api.weather.delayMs = 0;
    expect((await lookups.orders(shop, ids)).told.size).toBe(40);
    expect(asked()).toEqual([20, 20, 20, 20]);
    expect(log.filter((line) => JSON.parse(line).level >= 40)).toEqual([]);
  });

  it("adds nothing to an answer that was given already, and asks no further", async () => {
    const { lookups, shop, api, asked } = await openLooking({ patienceMs: 300 });
    const ids = Array.from({ length: 60 }, (_, index) => String(index + 1));
    for (const id of ids) api.books.orders.set(id, sold());
    api.weather.delayMs = 200;
    const answers = await lookups.orders(shop, ids);
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect([answers.told.size, answers.unasked.size]).toEqual([20, 40]);
    expect(asked()).toEqual([20, 20]);
  });
});
