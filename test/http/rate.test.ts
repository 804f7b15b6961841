import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type BeaconRates, beaconRates } from "~/http/collect.server";
import { tokenBuckets } from "~/http/rate.server";
import { DAY, heldClock } from "../support/clock";
import { SHOP } from "../support/pipeline";
import { type OpenFront, openFront } from "./open-front";

const SECOND = 1_000;

/** How many of so many tries in a row pass. */
function passing(tries: number, passes: () => boolean): number {
  return Array.from({ length: tries }, passes).filter(Boolean).length;
}

describe("a rate", () => {
  it("lets a burst pass at once, and then nothing until time has passed", () => {
    const passes = tokenBuckets({ perSecond: 2, burst: 5 });
    expect(passing(20, () => passes("a", DAY))).toBe(5);
  });

  it("fills again by the clock, so many a second, and never beyond its burst", () => {
    const clock = heldClock();
    const passes = tokenBuckets({ perSecond: 2, burst: 5 });
    const now = () => passing(20, () => passes("a", clock.now()));
    now();
    clock.pass(SECOND / 2 - 1);
    expect(now()).toBe(0);
    clock.pass(1);
    expect(now()).toBe(1);
    clock.pass(2 * SECOND);
    expect(now()).toBe(4);
    clock.pass(3_600 * SECOND);
    expect(now()).toBe(5);
  });

  it("is shared by the processes that take messages in: each lets its part through, as many as there are by now", () => {
    const clock = heldClock();
    let processes = 1;
    const passes = tokenBuckets({ perSecond: 8, burst: 8 }, () => processes);
    const now = () => passing(20, () => passes("a", clock.now()));
    expect(now()).toBe(8);
    processes = 4;
    clock.pass(SECOND / 2);
    expect(now()).toBe(1);
    clock.pass(10 * SECOND);
    expect(now()).toBe(2);
    processes = 100;
    clock.pass(100 * SECOND);
    expect(now()).toBe(1);
  });

  it("is of each name alone", () => {
    const passes = tokenBuckets({ perSecond: 1, burst: 1 });
    expect(passes("a", DAY)).toBe(true);
    expect(passes("a", DAY)).toBe(false);
    expect(passes("b", DAY)).toBe(true);
  });

  it("does not punish who is refused: what is refused takes nothing", () => {
    const clock = heldClock();
    const passes = tokenBuckets({ perSecond: 1, burst: 1 });
    passes("a", clock.now());
    for (let eighth = 1; eighth < 8; eighth += 1) {
      clock.pass(SECOND / 8);
      expect(passes("a", clock.now())).toBe(false);
    }
    clock.pass(SECOND / 8);
    expect(passes("a", clock.now())).toBe(true);
  });

  it("gives nothing for a clock that is put back", () => {
    const clock = heldClock();
    const passes = tokenBuckets({ perSecond: 1, burst: 2 });
    passing(2, () => passes("a", clock.now()));
    clock.pass(-3_600 * SECOND);
    expect(passes("a", clock.now())).toBe(false);
    clock.pass(SECOND);
    expect(passing(5, () => passes("a", clock.now()))).toBe(1);
  });

  it("remembers so many names and no more: the one heard of longest ago is forgotten, and begins anew", () => {
    const passes = tokenBuckets({ perSecond: 1, burst: 1 }, undefined, 3);
    for (const name of ["a", "b", "c"]) expect(passes(name, DAY)).toBe(true);
    // Heard of again, though refused: now b is the oldest.
    expect(passes("a", DAY)).toBe(false);
    expect(passes("d", DAY)).toBe(true);
    expect(passes("a", DAY)).toBe(false);
    expect(passes("c", DAY)).toBe(false);
    expect(passes("d", DAY)).toBe(false);
    expect(passes("b", DAY)).toBe(true);
  });

  it("never lets more pass than its burst and what the time is worth, whatever the pauses", () => {
    const pauses = fc.array(fc.nat({ max: 700 }), { maxLength: 200 });
    fc.assert(
      fc.property(pauses, (sequence) => {
        const clock = heldClock();
        const passes = tokenBuckets({ perSecond: 3, burst: 4 });
        let passed = 0;
        for (const pause of sequence) {
          clock.pass(pause);
          if (passes("a", clock.now())) passed += 1;
        }
        expect(passed).toBeLessThanOrEqual(4 + (3 * (clock.now() - DAY)) / SECOND + 1e-6);
      }),
    );
  });
});

/** Rates of so many beacons at once, and none after. */
function burstsOf({ address, shop }: { address: number; shop: number }): BeaconRates {
  return {
    address: tokenBuckets({ perSecond: 1, burst: address }),
    shop: tokenBuckets({ perSecond: 1, burst: shop }),
  };
}

function beacon(front: OpenFront, over: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    v: 1,
    shop: SHOP,
    key: front.pipeline.shop().beaconKey,
    name: "product_viewed",
    id: "sh-0000-0001",
    timestamp: "2026-11-20T09:59:59.000Z",
    consent: { analytics: true, marketing: true, preferences: true, saleOfData: true },
    tr: "resolved",
    ...over,
  };
}

function collect(front: OpenFront, body: unknown, from: string | null) {
  return front.send({
    method: "POST",
    path: "/collect",
    headers: { "content-type": "text/plain", ...(from !== null && { "x-forwarded-for": from }) },
    body: JSON.stringify(body),
  });
}

/** Behind one proxy of ours, so that the tests may come from anywhere. */
function openBehindProxy(bursts: { address: number; shop: number }): Promise<OpenFront> {
  return openFront({ trustedProxies: 1, rates: burstsOf(bursts) });
}

describe("beacons over their rate", () => {
  it("are told to come again, counted, and nothing of them is stored or wakes the drain", async () => {
    const front = await openBehindProxy({ address: 1, shop: 100 });
    const first = await collect(front, beacon(front, { id: "sh-1" }), "203.0.113.7");
    const second = await collect(front, beacon(front, { id: "sh-2" }), "203.0.113.7");
    expect([first.status, second.status]).toEqual([204, 429]);
    expect(second.headers["retry-after"]).toBe("1");
    expect(second.headers).toMatchObject({ "access-control-allow-origin": "*" });
    expect(await front.counted("beacons")).toEqual(["over_rate → 1", "stored → 1"]);
    expect((await front.pipeline.events()).map(({ eventId }) => eventId)).toEqual(["sh-1"]);
    expect(await front.pipeline.db.browserCopy.count()).toBe(1);
    expect(await front.pipeline.db.browserContext.count()).toBe(0);
    expect(front.woken()).toBe(1);
  });

  it("flow again when the clock has filled the rate", async () => {
    const front = await openBehindProxy({ address: 1, shop: 100 });
    for (const id of ["sh-1", "sh-2"]) await collect(front, beacon(front, { id }), "203.0.113.7");
    front.pipeline.clock.pass(SECOND);
    await collect(front, beacon(front, { id: "sh-3" }), "203.0.113.7");
    expect((await front.pipeline.events()).map(({ eventId }) => eventId)).toEqual(["sh-1", "sh-3"]);
  });

  it("of one address do not cost another's", async () => {
    const front = await openBehindProxy({ address: 1, shop: 100 });
    for (const id of ["sh-1", "sh-2", "sh-3"]) await collect(front, beacon(front, { id }), "203.0.113.7");
    await collect(front, beacon(front, { id: "sh-4" }), "203.0.113.8");
    expect((await front.pipeline.events()).map(({ eventId }) => eventId)).toEqual(["sh-1", "sh-4"]);
  });

  it("are one address's also when it writes itself in IPv4 and, mapped, in IPv6", async () => {
    const front = await openBehindProxy({ address: 1, shop: 100 });
    await collect(front, beacon(front, { id: "sh-1" }), "203.0.113.7");
    await collect(front, beacon(front, { id: "sh-2" }), "::ffff:203.0.113.7");
    expect(await front.counted("beacons")).toEqual(["over_rate → 1", "stored → 1"]);
  });

  it.each([
    "127.0.0.1",
    "10.0.0.7",
    "192.168.1.7",
    "172.16.0.7",
    "100.64.0.7",
    "::1",
    "fd00::7",
    "::ffff:10.0.0.7",
    "no address",
  ])("are not told by %s, which is nobody's own: only the shop's rate counts there", async (from) => {
    const front = await openBehindProxy({ address: 1, shop: 3 });
    for (let n = 0; n < 4; n += 1) await collect(front, beacon(front, { id: `sh-${n}` }), from);
    expect(await front.counted("beacons")).toEqual(["over_rate → 1", "stored → 3"]);
  });

  it("of one shop do not cost another shop's, and are told whatever address they come from", async () => {
    const front = await openBehindProxy({ address: 100, shop: 2 });
    for (let n = 0; n < 3; n += 1) await collect(front, beacon(front, { id: `sh-${n}` }), `203.0.113.${n}`);
    await collect(front, beacon(front, { shop: "other-shop.myshopify.com" }), "203.0.113.9");
    expect(await front.counted("beacons")).toEqual(["over_rate → 1", "stored → 2", "unknown_shop → 1"]);
  });

  it("are not told by what a client writes in X-Forwarded-For where no proxy is trusted", async () => {
    const front = await openFront({ trustedProxies: 0, rates: burstsOf({ address: 1, shop: 100 }) });
    for (const id of ["sh-1", "sh-2"]) await collect(front, beacon(front, { id }), "203.0.113.7");
    expect(await front.counted("beacons")).toEqual(["stored → 2"]);
  });

  it("of an address that no longer may send do not use up the shop's rate", async () => {
    const front = await openBehindProxy({ address: 1, shop: 2 });
    for (let n = 0; n < 5; n += 1) await collect(front, beacon(front, { id: `sh-${n}` }), "203.0.113.7");
    await collect(front, beacon(front, { id: "sh-9" }), "203.0.113.8");
    expect(await front.counted("beacons")).toEqual(["over_rate → 4", "stored → 2"]);
  });

  it("are many: a house of shoppers behind one address is not over it", () => {
    const { address, shop } = beaconRates();
    expect(passing(500, () => address("203.0.113.7", DAY))).toBe(500);
    expect(passing(5_000, () => shop(SHOP, DAY))).toBe(5_000);
    expect(address("203.0.113.7", DAY)).toBe(false);
    expect(shop(SHOP, DAY)).toBe(false);
  });
});
