import { describe, expect, it } from "vitest";
import {
  asksForWeeksBefore,
  DETECTOR_KINDS,
  DETECTORS,
  type DetectorKind,
  detect,
  type Senders,
  type Watched,
} from "~/alerts/detectors";

/** Seven of them, all alike. */
function weeks(orders: number, heard: number) {
  return Array.from({ length: 7 }, () => ({ orders, heard }));
}

const NOW = Date.UTC(2026, 10, 23, 12);
const DAY = 86_400_000;

/** A shop in which nothing is wrong. */
const WELL: Watched = {
  now: NOW,
  pixel: { orders: 100, heard: 60, before: weeks(100, 60), lastHeardAt: NOW - 60_000 },
  ordersOfDay: 15,
  legs: [{ event: "PageView", dataset: "1", heard: 900, lastHeardAt: null }],
  tokens: { orders: 500, without: 0, since: null },
  clock: { beacons: 1_000, ahead: 20, medianLagMs: 900, refused: 0, since: NOW - DAY },
  values: { compared: 400, unequal: 0, since: null },
  identity: { orders: 500, bare: 2, since: NOW - DAY },
  noSignal: { withheld: 3, orders: 100, day: { withheld: 0, orders: 14 }, jump: false },
  senders: [],
};

const PURCHASE = { event: "Purchase", coverage: { email: 90, fbp: 60 } };
const SENDERS: Senders = {
  dataset: "1",
  sent: ["Purchase", "AddToCart"],
  namedForMs: 8 * DAY,
  firstAt: NOW - 8 * DAY,
  overall: [PURCHASE],
  ours: [PURCHASE],
};
const others = (over: Partial<Senders>) => ({ senders: [{ ...SENDERS, ...over }] });
const pixel = (orders: number, heard: number, before = weeks(100, 60)) => ({
  pixel: { orders, heard, before, lastHeardAt: NOW - DAY },
});
const NO_WEEKS = weeks(0, 0);
/** It starved three weeks ago. */
const STARVED = [...weeks(100, 20).slice(0, 3), ...weeks(100, 60).slice(3)];
const clock = (over: Partial<Watched["clock"]>) => ({ clock: { ...WELL.clock, ...over } });
const silent = { legs: [{ event: "PageView", dataset: "1", heard: 0, lastHeardAt: NOW - 3 * DAY }] };

function found(change: Partial<Watched>): DetectorKind[] {
  return detect({ ...WELL, ...change }).map(({ kind }) => kind);
}

/** What is just enough to be said, and what is just not. */
const EDGES: [what: string, kind: DetectorKind, above: Partial<Watched>, below: Partial<Watched>][] = [
  ["a share under half of before", "pixel_starved", pixel(100, 29), pixel(100, 30)],
  ["a share under half of before, weeks later", "pixel_starved", pixel(100, 29, STARVED), pixel(100, 30, STARVED)],
  ["30 orders, for a share", "pixel_starved", pixel(30, 5), pixel(29, 5)],
  ["more than chance", "pixel_starved", pixel(40, 7, weeks(40, 20)), pixel(40, 9, weeks(40, 20))],
  [
    "60 orders in three weeks, for a share",
    "pixel_starved",
    pixel(70, 10, weeks(20, 14)),
    pixel(70, 10, weeks(19, 14)),
  ],
  ["no word at all of 20 orders", "pixel_starved", pixel(20, 0, NO_WEEKS), pixel(19, 0, NO_WEEKS)],
  ["no word at all, not one", "pixel_starved", pixel(20, 0, NO_WEEKS), pixel(20, 1, NO_WEEKS)],
  ["no word where 6 were due", "pixel_starved", pixel(40, 0, weeks(100, 15)), pixel(39, 0, weeks(100, 15))],
  ["5 of 100, without weeks to go by", "pixel_starved", pixel(100, 4, NO_WEEKS), pixel(100, 5, NO_WEEKS)],
  ["80 orders, without weeks to go by", "pixel_starved", pixel(80, 3, NO_WEEKS), pixel(79, 3, NO_WEEKS)],
  ["an event that is not ours", "second_sender", others({ ours: [] }), others({ overall: [] })],
  ["an event that Tandem sends", "second_sender", others({ ours: [] }), others({ ours: [], sent: ["AddToCart"] })],
  [
    "a match key in 10 points more of them",
    "second_sender",
    others({ ours: [{ event: "Purchase", coverage: { email: 80, fbp: 60 } }] }),
    others({ ours: [{ event: "Purchase", coverage: { email: 81, fbp: 60 } }] }),
  ],
  [
    "8 days under our name",
    "second_sender",
    others({ ours: [], namedForMs: 8 * DAY }),
    others({ ours: [], namedForMs: 8 * DAY - 1 }),
  ],
  ["10 orders on a day without it", "no_leg", { ...silent, ordersOfDay: 10 }, { ...silent, ordersOfDay: 9 }],
  [
    "an event nobody heard of",
    "no_leg",
    silent,
    { legs: [{ event: "PageView", dataset: "1", heard: 1, lastHeardAt: null }] },
  ],
  [
    "3 orders without a token",
    "no_checkout_token",
    { tokens: { orders: 20, without: 3, since: NOW } },
    { tokens: { orders: 20, without: 2, since: NOW } },
  ],
  [
    "one order in 20 without a token",
    "no_checkout_token",
    { tokens: { orders: 100, without: 5, since: NOW } },
    { tokens: { orders: 101, without: 5, since: NOW } },
  ],
  [
    "20 orders, for tokens",
    "no_checkout_token",
    { tokens: { orders: 20, without: 10, since: NOW } },
    { tokens: { orders: 19, without: 10, since: NOW } },
  ],
  ["3 orders refused as from the future", "clock_skew", clock({ refused: 3 }), clock({ refused: 2 })],
  ["more than half of the browsers ahead", "clock_skew", clock({ ahead: 501 }), clock({ ahead: 500 })],
  ["50 browsers, ahead", "clock_skew", clock({ beacons: 50, ahead: 50 }), clock({ beacons: 49, ahead: 49 })],
  [
    "half of the browsers 5 minutes behind",
    "clock_skew",
    clock({ medianLagMs: 300_000 }),
    clock({ medianLagMs: 299_999 }),
  ],
  [
    "50 browsers, behind",
    "clock_skew",
    clock({ beacons: 50, ahead: 0, medianLagMs: 300_000 }),
    clock({ beacons: 49, ahead: 0, medianLagMs: 300_000 }),
  ],
  [
    "3 orders of two values",
    "two_values",
    { values: { compared: 20, unequal: 3, since: NOW } },
    { values: { compared: 20, unequal: 2, since: NOW } },
  ],
  [
    "20 orders compared",
    "two_values",
    { values: { compared: 20, unequal: 20, since: NOW } },
    { values: { compared: 19, unequal: 19, since: NOW } },
  ],
  [
    "one order in 50 of two values",
    "two_values",
    { values: { compared: 200, unequal: 4, since: NOW } },
    { values: { compared: 201, unequal: 4, since: NOW } },
  ],
  [
    "a jump of orders without a signal",
    "withheld_jump",
    { noSignal: { withheld: 60, orders: 100, day: { withheld: 50, orders: 60 }, jump: true } },
    { noSignal: { withheld: 60, orders: 100, day: { withheld: 50, orders: 60 }, jump: false } },
  ],
  [
    "nine orders in ten without any customer data",
    "no_customer_data",
    { identity: { orders: 100, bare: 90, since: NOW } },
    { identity: { orders: 100, bare: 89, since: NOW } },
  ],
  [
    "20 orders, for customer data",
    "no_customer_data",
    { identity: { orders: 20, bare: 20, since: NOW } },
    { identity: { orders: 19, bare: 19, since: NOW } },
  ],
];

describe("a detector", () => {
  it("finds nothing in a shop that is well, nor in one that has nothing yet", () => {
    expect(found({})).toEqual([]);
    const nothing = { orders: 0, heard: 0, before: NO_WEEKS, lastHeardAt: null };
    expect(
      found({
        pixel: nothing,
        ordersOfDay: 0,
        ...silent,
        tokens: { orders: 0, without: 0, since: null },
        clock: { beacons: 0, ahead: 0, medianLagMs: 0, refused: 0, since: null },
        values: { compared: 0, unequal: 0, since: null },
        identity: { orders: 0, bare: 0, since: null },
        noSignal: { withheld: 0, orders: 0, day: { withheld: 0, orders: 0 }, jump: false },
      }),
    ).toEqual([]);
  });

  it.each(EDGES)("needs %s: %s", (_what, kind, above, below) => {
    expect(found(above)).toEqual([kind]);
    expect(found(below)).toEqual([]);
  });

  it("has an edge in this test, whatever it looks for", () => {
    expect(DETECTOR_KINDS.filter((kind) => !EDGES.some(([, of]) => of === kind))).toEqual([]);
  });

  it("says what is seen with its numbers, how many, and since when", () => {
    expect(detect({ ...WELL, ...pixel(100, 20) })).toEqual([
      {
        kind: "pixel_starved",
        says: "Of 100 orders of the last 7 days the pixel told of 20; of 300 orders in the best three of the seven weeks before, 180.",
        count: 80,
        since: NOW - DAY,
      },
    ]);
  });

  it("needs the weeks before only where the week itself does not settle it", () => {
    expect(
      [
        [19, 0],
        [20, 9],
        [20, 10],
        [20, 0],
      ].map(([orders = 0, heard = 0]) => asksForWeeksBefore({ orders, heard })),
    ).toEqual([false, true, false, true]);
    for (const heard of [50, 80, 100]) expect(found(pixel(100, heard, weeks(100, 100)))).toEqual([]);
  });

  it("says that a pixel which was never heard of may not be connected", () => {
    expect(detect({ ...WELL, ...pixel(25, 0, NO_WEEKS) })[0]?.says).toBe(
      "Of 25 orders of the last 7 days the pixel told of 0, and of none in the seven weeks before: it may not be connected.",
    );
  });

  it("names the place to mend it, in the shop's own admin", () => {
    expect(DETECTORS.pixel_starved.place("example-shop").url).toBe(
      "https://admin.shopify.com/store/example-shop/settings/customer_events",
    );
  });
});
