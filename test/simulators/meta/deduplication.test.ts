import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { BROWSER_PURCHASE, HOUR, hit, MINUTE, NOON, postEvents, purchase, SECOND } from "./calls";
import { countConversions } from "./deduplication";
import { type Leg, type MetaStandIn, type ReceivedCopy, startMeta } from "./server";

let meta: MetaStandIn;
let clock = NOON;

beforeEach(async () => {
  clock = NOON;
  meta = await startMeta({ now: () => clock });
});
afterEach(() => meta.close());

/** Sends copies of one Purchase: the leg, and how long after noon it arrives. */
async function arrive(copies: readonly (readonly [Leg, number])[]): Promise<string[]> {
  for (const [leg, after] of copies) {
    clock = NOON + after;
    if (leg === "browser") await hit(meta.origin, BROWSER_PURCHASE);
    else await postEvents(meta.origin, [purchase()]);
  }
  return meta
    .counted()
    .map(({ copies: kept, survivor }) => `${kept.map(({ leg }) => leg).join("+")}, ${survivor} kept`);
}

describe("copies of one event id", () => {
  it.each<[string, (readonly [Leg, number])[], string[]]>([
    ["a browser copy alone counts", [["browser", 0]], ["browser, browser kept"]],
    ["a server copy alone counts", [["server", 0]], ["server, server kept"]],
    [
      "browser then server count once",
      [
        ["browser", 0],
        ["server", HOUR],
      ],
      ["browser+server, browser kept"],
    ],
    [
      "server then browser within 5 minutes: the browser's survives",
      [
        ["server", 0],
        ["browser", 5 * MINUTE],
      ],
      ["server+browser, browser kept"],
    ],
    [
      "server then browser after 5 minutes: the first survives",
      [
        ["server", 0],
        ["browser", 5 * MINUTE + 1],
      ],
      ["server+browser, server kept"],
    ],
    [
      "both within 48 h count once",
      [
        ["browser", 0],
        ["server", 48 * HOUR],
      ],
      ["browser+server, browser kept"],
    ],
    [
      "after 48 h they count twice",
      [
        ["browser", 0],
        ["server", 48 * HOUR + 1],
      ],
      ["browser, browser kept", "server, server kept"],
    ],
    [
      "two server copies count twice",
      [
        ["server", 0],
        ["server", SECOND],
      ],
      ["server, server kept", "server, server kept"],
    ],
    [
      "two browser copies count twice",
      [
        ["browser", 0],
        ["browser", SECOND],
      ],
      ["browser, browser kept", "browser, browser kept"],
    ],
    [
      "one browser copy absorbs one of two server copies",
      [
        ["server", 0],
        ["server", SECOND],
        ["browser", MINUTE],
      ],
      ["server+browser, browser kept", "server, server kept"],
    ],
    [
      "two of each are two",
      [
        ["browser", 0],
        ["server", SECOND],
        ["server", MINUTE],
        ["browser", MINUTE],
      ],
      ["browser+server, browser kept", "server+browser, browser kept"],
    ],
    [
      "the 48 h run from the first copy of all, not from the partner",
      [
        ["server", 0],
        ["server", 47 * HOUR],
        ["browser", 49 * HOUR],
      ],
      ["server, server kept", "server, server kept", "browser, browser kept"],
    ],
    [
      "after the window a new pair merges again",
      [
        ["browser", 0],
        ["server", SECOND],
        ["server", 50 * HOUR],
        ["browser", 51 * HOUR],
      ],
      ["browser+server, browser kept", "server+browser, server kept"],
    ],
  ])("%s", async (_name, copies, counted) => {
    expect(await arrive(copies)).toEqual(counted);
  });
});

describe("copies that differ", () => {
  it.each([
    ["in their dataset", { id: "1002" }],
    ["in their event name", { ev: "purchase" }],
    ["in their event id", { eid: "purchase.ABC" }],
  ])("%s count twice", async (_name, difference) => {
    await postEvents(meta.origin, [purchase()]);
    await hit(meta.origin, { ...BROWSER_PURCHASE, ...difference });
    expect(meta.counted()).toHaveLength(2);
  });

  it("without an event id they stand alone", async () => {
    const { eid: _, ...anonymous } = BROWSER_PURCHASE;
    await hit(meta.origin, anonymous);
    await postEvents(meta.origin, [purchase({ event_id: undefined })]);
    expect(meta.counted()).toHaveLength(2);
  });
});

it("value and currency are the survivor's", async () => {
  await postEvents(meta.origin, [purchase()]);
  clock += MINUTE;
  await hit(meta.origin, { ...BROWSER_PURCHASE, "cd[value]": "99", "cd[currency]": "USD" });
  expect(meta.counted()).toMatchObject([{ survivor: "browser", value: 99, currency: "USD" }]);
});

it("a survivor without value leaves none behind", async () => {
  const { "cd[value]": _, "cd[currency]": __, ...worthless } = BROWSER_PURCHASE;
  await postEvents(meta.origin, [purchase()]);
  await hit(meta.origin, worthless);
  expect(meta.counted()[0]).not.toHaveProperty("value");
  expect(meta.counted()[0]).not.toHaveProperty("currency");
});

it("100,000 copies of one id are counted without going through them again and again", () => {
  const copy = (leg: Leg): ReceivedCopy => {
    const same = { dataset: "1", event_name: "A", event_id: "x", at: NOON, body: {}, test: false, warnings: [] };
    return { leg, ...same };
  };
  const copies = [
    ...Array.from({ length: 50_000 }, () => copy("server")),
    ...Array.from({ length: 50_000 }, () => copy("browser")),
  ];
  const began = performance.now();
  expect(countConversions(copies)).toHaveLength(50_000);
  expect(performance.now() - began).toBeLessThan(2000);
});
