import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { deliverWithBisection, type Judged } from "~/delivery/bisect";
import type { Judgement, Verdict } from "~/delivery/verdicts";

function judgementOf(verdict: Verdict): Judgement {
  return { verdict, reason: verdict === "accepted" ? null : verdict, says: "", tries: null, pause: null };
}

interface Delivery {
  judged: Judged<number>[];
  /** What each request carried. */
  requests: number[][];
  endedAs(verdict: Verdict): number[];
}

/** Delivers 0 … n−1 to a Meta that refuses a request whole for one bad event; `weather` overrides single answers. */
async function deliver(n: number, bad: ReadonlySet<number>, weather: Record<number, Verdict> = {}): Promise<Delivery> {
  const requests: number[][] = [];
  const judged = await deliverWithBisection(
    Array.from({ length: n }, (_, event) => event),
    async (items) => {
      const request = requests.push([...items]) - 1;
      const taken = items.some((item) => bad.has(item)) ? "rejected" : "accepted";
      return { judgement: judgementOf(weather[request] ?? taken), request };
    },
  );
  const endedAs = (verdict: Verdict) =>
    judged.flatMap(({ items, judgement }) => (judgement.verdict === verdict ? items : [])).sort((a, b) => a - b);
  return { judged, requests, endedAs };
}

function spread(k: number, n: number): Set<number> {
  return new Set(Array.from({ length: k }, (_, index) => Math.floor(((index + 0.5) * n) / k)));
}

describe("a batch with bad events", () => {
  it.each([
    { k: 0, most: 1 },
    { k: 1, most: 12 },
    { k: 2, most: 26 },
    { k: 3, most: 40 },
    { k: 5, most: 60 },
  ])("$k among 1,000: exactly those are rejected, within $most requests", async ({ k, most }) => {
    const bad = spread(k, 1_000);
    const { endedAs, requests } = await deliver(1_000, bad);
    expect(endedAs("rejected")).toEqual([...bad]);
    expect(endedAs("accepted")).toHaveLength(1_000 - k);
    expect(requests.length).toBeLessThanOrEqual(most);
  });

  it.each([
    { where: "first", bad: [0, 1, 2] },
    { where: "last", bad: [997, 998, 999] },
    { where: "at both ends", bad: [0, 500, 999] },
  ])("three bad ones $where cost at most 40 requests", async ({ bad }) => {
    const { endedAs, requests } = await deliver(1_000, new Set(bad));
    expect(endedAs("rejected")).toEqual(bad);
    expect(requests.length).toBeLessThanOrEqual(40);
  });

  it("of nothing but bad events: each is rejected", async () => {
    const { endedAs } = await deliver(16, new Set(Array.from({ length: 16 }, (_, n) => n)));
    expect(endedAs("rejected")).toHaveLength(16);
  });

  it("of one event: it is rejected without a second request", async () => {
    const { requests, endedAs } = await deliver(1, new Set([0]));
    expect(endedAs("rejected")).toEqual([0]);
    expect(requests).toHaveLength(1);
  });

  it("of no event: nothing is sent", async () => {
    expect((await deliver(0, new Set())).requests).toEqual([]);
  });
});

const scene = fc
  .integer({ min: 1, max: 300 })
  .chain((n) => fc.tuple(fc.constant(n), fc.uniqueArray(fc.nat({ max: n - 1 }), { maxLength: 6 })));

describe("whatever is bad", () => {
  it("exactly the bad are rejected, every other is accepted, and each event ends once", async () => {
    await fc.assert(
      fc.asyncProperty(scene, async ([n, bad]) => {
        const { judged, endedAs, requests } = await deliver(n, new Set(bad));
        expect(endedAs("rejected")).toEqual([...bad].sort((a, b) => a - b));
        expect(judged.flatMap(({ items }) => items)).toHaveLength(n);
        expect(requests.length).toBeLessThanOrEqual(1 + bad.length * (Math.ceil(Math.log2(n)) + 2));
      }),
    );
  });

  it("an event that Meta took is never sent again", async () => {
    await fc.assert(
      fc.asyncProperty(scene, async ([n, bad]) => {
        const { requests } = await deliver(n, new Set(bad));
        const taken = requests.filter((items) => !items.some((item) => bad.includes(item))).flat();
        expect(new Set(taken).size).toBe(taken.length);
      }),
    );
  });

  it("a half that must be bad because its sister was taken is never sent whole", async () => {
    await fc.assert(
      fc.asyncProperty(scene, async ([n, bad]) => {
        const { requests } = await deliver(n, new Set(bad));
        const sent = requests.map((items) => items.join());
        for (const [index, items] of requests.entries()) {
          const refusedWhole = items.some((item) => bad.includes(item));
          const half = requests[index + 1];
          if (!refusedWhole || half === undefined || half.some((item) => bad.includes(item))) continue;
          if (!half.every((item) => items.includes(item))) continue;
          const sister = items.filter((item) => !half.includes(item));
          // A sister of one is known to be the bad one: it is not sent either.
          expect(sent.slice(index + 2)).not.toContain(sister.join());
        }
      }),
    );
  });

  it("each event's judgement is the answer to a request that it travelled in", async () => {
    await fc.assert(
      fc.asyncProperty(scene, async ([n, bad]) => {
        const { judged, requests } = await deliver(n, new Set(bad));
        for (const { items, request } of judged) expect(requests[request ?? -1]).toEqual(expect.arrayContaining(items));
      }),
    );
  });
});

describe("when Meta stops answering in the middle", () => {
  it.each(["retry", "hold"] as const)("with %s, nothing more is sent and the rest waits", async (verdict) => {
    // 0: all refused · 1: first half refused · 2: a quarter meets the weather.
    const { requests, endedAs } = await deliver(100, new Set([10, 90]), { 2: verdict });
    expect(requests).toHaveLength(3);
    expect(endedAs(verdict)).toEqual(Array.from({ length: 100 }, (_, n) => n));
  });

  it("what had been taken before stays taken", async () => {
    // 0: all refused · 1: first half taken · 2: the third quarter meets the weather.
    const { requests, endedAs } = await deliver(100, new Set([90]), { 2: "retry" });
    expect(requests).toHaveLength(3);
    expect(endedAs("accepted")).toEqual(Array.from({ length: 50 }, (_, n) => n));
    expect(endedAs("retry")).toEqual(Array.from({ length: 50 }, (_, n) => 50 + n));
  });

  it("at once, all of it waits after one request", async () => {
    const { requests, endedAs } = await deliver(100, new Set([3]), { 0: "retry" });
    expect(requests).toHaveLength(1);
    expect(endedAs("retry")).toHaveLength(100);
  });

  it("at any request, no event is rejected that is not bad, and none is forgotten", async () => {
    await fc.assert(
      fc.asyncProperty(scene, fc.nat({ max: 30 }), async ([n, bad], at) => {
        const { judged, endedAs } = await deliver(n, new Set(bad), { [at]: "retry" });
        expect(endedAs("rejected").filter((item) => !bad.includes(item))).toEqual([]);
        expect(judged.flatMap(({ items }) => items).sort((a, b) => a - b)).toEqual(
          Array.from({ length: n }, (_, item) => item),
        );
      }),
    );
  });
});
