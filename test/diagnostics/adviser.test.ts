import { describe, expect, it } from "vitest";
import { adviceFor, mostValuable, type Potential } from "~/diagnostics/adviser";
import { type EventCoverage, gradeOf, type KeyName } from "~/diagnostics/match-quality";
import { MATCH_KEYS, tierOf } from "~/match-keys/keys";

const PLACE = { dataset: "1234567890", recognising: false };
const NOTHING_TOLD: ReadonlyMap<KeyName, Potential> = new Map();

/** A hundred events; `sent`: how many of them carried a key, all others none. */
function coverage(
  event: string,
  sent: Partial<Record<KeyName, number>>,
  known: Partial<Record<KeyName, number>> = {},
  events = 100,
): EventCoverage {
  const keys = MATCH_KEYS.map(({ key }) => ({ key, sent: sent[key] ?? 0, known: known[key] ?? 0, days: [] }));
  return { event, server: { events, keys }, browser: { events: 0, keys: [] }, twins: 0, days: [] };
}

const ALL: Partial<Record<KeyName, number>> = Object.fromEntries(MATCH_KEYS.map(({ key }) => [key, 100]));

function said(advice: ReturnType<typeof adviceFor>): string[] {
  return advice.map(({ key, kind, coverage: now, reach }) => `${kind} ${key} ${now} → ${reach}`);
}

describe("the adviser", () => {
  it("says of what is known here how far it would reach", () => {
    const advice = adviceFor(coverage("AddToCart", { ...ALL, ph: 12 }, { ph: 49 }), PLACE, NOTHING_TOLD);
    expect(said(advice)).toEqual(["setting ph 12 → 61"]);
    expect(advice[0]).toMatchObject({ url: "/app/datasets/1234567890", missing: 88, tier: "medium" });
  });

  it("does not advise what is switched on already", () => {
    const wanted = { ...PLACE, recognising: true };
    expect(said(adviceFor(coverage("AddToCart", { ...ALL, ph: 12 }, { ph: 49 }), wanted, NOTHING_TOLD))).toEqual([
      "possible ph 12 → 100",
    ]);
  });

  it("tells what can be known from what cannot, by the step at which the event happens", () => {
    const lacks = { ...ALL, zp: 10, db: 0 };
    expect(said(adviceFor(coverage("ViewContent", lacks), PLACE, NOTHING_TOLD))).toEqual([
      "impossible db 0 → 0",
      "impossible zp 10 → 10",
    ]);
    expect(said(adviceFor(coverage("Purchase", lacks), PLACE, NOTHING_TOLD))).toEqual([
      "possible zp 10 → 100",
      "impossible db 0 → 0",
    ]);
  });

  it("puts what can be done at once first, then Meta's priority, then what Meta expects of it", () => {
    const lacks = { ...ALL, em: 90, ph: 50, fbp: 50, external_id: 50, ln: 0 };
    const potentials = new Map([["external_id", { percentage: 12, description: null }]]) as Map<KeyName, Potential>;
    expect(adviceFor(coverage("PageView", lacks, { ph: 40 }), PLACE, potentials).map(({ key }) => key)).toEqual([
      "ph",
      "em",
      "external_id",
      "fbp",
      "ln",
    ]);
  });

  it("passes over what all but a few events carry, and over events that nobody has seen", () => {
    expect(adviceFor(coverage("Purchase", { ...ALL, em: 99 }), PLACE, NOTHING_TOLD)).toEqual([]);
    expect(adviceFor(coverage("Purchase", {}, {}, 0), PLACE, NOTHING_TOLD)).toEqual([]);
  });

  it("has something to say of each key at each step", () => {
    for (const event of ["PageView", "InitiateCheckout", "CompleteRegistration", "Purchase", "VipOrder"]) {
      for (const { how, url, action } of adviceFor(coverage(event, {}), PLACE, NOTHING_TOLD)) {
        expect(how).toMatch(/^[A-Z].*\.$/);
        expect(url === null).toBe(action === null);
      }
    }
  });

  it("names of all there is to do the most valuable, each thing once", () => {
    const carts = adviceFor(coverage("AddToCart", { ...ALL, em: 0, ph: 0 }, { em: 60, ph: 60 }), PLACE, NOTHING_TOLD);
    const orders = adviceFor(coverage("Purchase", { ...ALL, fbc: 20, ph: 30, db: 0 }), PLACE, NOTHING_TOLD);
    expect(mostValuable([...orders, ...carts], 3).map(({ event, key }) => `${event} ${key}`)).toEqual([
      "AddToCart em",
      "Purchase fbc",
      "Purchase ph",
    ]);
  });
});

describe("a grade", () => {
  const graded = (sent: Partial<Record<KeyName, number>>, events = 100) =>
    gradeOf(coverage("Purchase", sent, {}, events).server, tierOf);

  it.each([
    ["strong", { em: 60, external_id: 60, fbp: 60, country: 60 }],
    ["fair", { em: 60, external_id: 60, fbp: 60 }],
    ["fair", { fbc: 60 }],
    ["fair", { external_id: 60, fbp: 60, country: 60 }],
    ["weak", { em: 59, external_id: 60, fbp: 60, fn: 100, ln: 100 }],
    ["weak", {}],
  ])("is %s with %o", (grade, sent) => {
    expect(graded(sent)).toBe(grade);
  });

  it("is none of few events", () => {
    expect(graded({ em: 19 }, 19)).toBeNull();
    expect(graded({ em: 20 }, 20)).toBe("fair");
  });
});
