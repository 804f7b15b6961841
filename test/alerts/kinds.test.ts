import { describe, expect, it } from "vitest";
import { DETECTOR_KINDS } from "~/alerts/detectors";
import { ALERT_KIND_NAMES, ALERT_KINDS, type AlertKind, findingsOf } from "~/alerts/kinds";
import { nothingSeen, type Seen } from "~/alerts/seen";
import { DAY } from "../support/clock";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const nothing = nothingSeen(DAY);
const usual = () => undefined;
const found = (over: Partial<Seen>, chosen: (kind: AlertKind) => number | undefined = usual) =>
  findingsOf({ ...nothing, ...over }, chosen);

const HELD = { dataset: "1234567890", says: "Meta no longer accepts the access token.", waiting: 3, more: false };
const ended = (over: Partial<Seen["ended"]>) => ({ ended: { ...nothing.ended, ...over } });

describe("a shop where nothing is wrong", () => {
  it("has no alert", () => {
    expect(found({})).toEqual([]);
    expect(
      found({ accepted: 1_000, sweepFound: 4, stuck: { events: 5, more: false, since: DAY - 29 * MINUTE_MS } }),
    ).toEqual([]);
  });
});

describe("an alert is given", () => {
  it("for each dataset on hold, with what waits and when the first of it is lost", () => {
    const held = [
      { ...HELD, firstLost: DAY + 50 * HOUR_MS + 1 },
      { ...HELD, dataset: "2", waiting: 0, firstLost: null },
    ];
    expect(found({ held })).toEqual([
      {
        kind: "dataset_held",
        subject: "1234567890",
        measure: 3,
        says: "Nothing leaves for dataset 1234567890. Meta no longer accepts the access token. 3 events wait. The first can no longer be sent in 50 hours.",
      },
      {
        kind: "dataset_held",
        subject: "2",
        measure: 1,
        says: "Nothing leaves for dataset 2. Meta no longer accepts the access token. No event waits yet.",
      },
    ]);
  });

  it("for the first event that was given up, or that expired", () => {
    expect(found(ended({ dead: 1 }))).toEqual([
      { kind: "dead_events", subject: "", measure: 1, says: "1 event ended as dead in the last day." },
    ]);
    expect(found(ended({ expired: 2 }))).toMatchObject([{ kind: "expired", measure: 2 }]);
  });

  it("for a share of refused events, of twenty at the least", () => {
    expect(found({ ...ended({ rejected: 1 }), accepted: 18 })).toEqual([]);
    expect(found({ ...ended({ rejected: 1 }), accepted: 19 })).toMatchObject([
      { kind: "rejected_share", measure: 5, says: "1 of 20 events of the last day were refused: 5 %." },
    ]);
    expect(found({ ...ended({ rejected: 1 }), accepted: 20 })).toEqual([]);
  });

  it("for what has waited for half an hour though nothing holds it back", () => {
    const stuck = { events: 7, more: false, since: DAY - 30 * MINUTE_MS };
    expect(found({ stuck })).toMatchObject([
      { kind: "backlog", measure: 30, says: "7 events wait, the oldest for 30 minutes." },
    ]);
    expect(found({ stuck: { ...stuck, more: true } })[0]?.says).toMatch(/^More than 7 events wait/);
  });

  it("for each detector of Health that found something, once, with all that it found", () => {
    const leg = (event: string) => ({ kind: "no_leg" as const, says: `No ${event}.`, count: 12, since: null });
    const starved = { kind: "pixel_starved" as const, says: "Of 30 orders 2.", count: 28, since: null };
    expect(found({ health: [leg("PageView"), leg("Purchase"), starved] })).toMatchObject([
      { kind: "pixel_starved", subject: "", measure: 28, says: "Of 30 orders 2." },
      { kind: "no_leg", subject: "", measure: 24, says: "No PageView. No Purchase." },
    ]);
    expect(DETECTOR_KINDS.filter((kind) => !ALERT_KIND_NAMES.includes(kind))).toEqual([]);
  });

  it("for a pixel whose settings Shopify did not take, in the words of the fault", () => {
    expect(found({ pixelFault: "Shopify answered 403." })).toMatchObject([
      { kind: "pixel_fault", says: "Shopify answered 403." },
    ]);
  });

  it("for five orders that only the sweep found", () => {
    expect(found({ sweepFound: 5 })).toMatchObject([{ kind: "sweep_found", measure: 5 }]);
  });

  it.each([
    ["dead_events", ended({ dead: 9 }), 9],
    ["expired", ended({ expired: 9 }), 9],
    ["rejected_share", { ...ended({ rejected: 90 }), accepted: 910 }, 9],
    ["backlog", { stuck: { events: 1, more: false, since: DAY - 9 * MINUTE_MS } }, 9],
    ["sweep_found", { sweepFound: 9 }, 9],
  ] as const)("for %s from the shop's own threshold on", (kind, seen, measure) => {
    const at = (threshold: number) =>
      found(seen, (one) => (one === kind ? threshold : undefined)).map(({ kind }) => kind);
    expect(at(measure)).toContain(kind);
    expect(at(measure + 1)).not.toContain(kind);
  });
});

describe("the table", () => {
  it("says of every kind what it means and what to do, in sentences", () => {
    for (const name of ALERT_KIND_NAMES) {
      const { means, mend, label, page } = ALERT_KINDS[name];
      for (const words of [means, mend]) expect(words, name).toMatch(/^[A-Z].+\.$/);
      expect(label, name).toMatch(/^[A-Z].*[^.]$/);
      expect(page, name).toMatch(/^\/app\//);
    }
  });

  it("has a default within the limits of every threshold", () => {
    for (const name of ALERT_KIND_NAMES) {
      const { threshold } = ALERT_KINDS[name];
      if (threshold === null) continue;
      expect(threshold.default, name).toBeGreaterThanOrEqual(threshold.least);
      expect(threshold.default, name).toBeLessThanOrEqual(threshold.most);
    }
  });
});
