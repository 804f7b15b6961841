import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { REASONS } from "~/events/outcome";
import { isPastWindow, timeOnArrival } from "~/outbox/window";
import { endOnArrival, recognise } from "~/pipeline/incoming.server";
import { prepare } from "~/pipeline/outgoing.server";
import { DEFAULT_SETTINGS } from "~/settings/settings";
import { parseJson } from "~/sources/json";
import { TOPICS, type Topic } from "~/sources/topics";
import { GIVEN } from "../fixtures/beacon";
import { type MetaStandIn, startMeta } from "../simulators/meta/server";
import { DAY } from "../support/clock";
import { BODIES } from "./bodies";
import { mutationsOf } from "./mutations";

const SEED = 20261120;
const PER_TOPIC = 500;
const SHOP = { country: "AU", primaryDomain: null };
/** Everything that can be switched on is: a mutant must not slip through because its event is off. */
const SETTINGS = { ...DEFAULT_SETTINGS, toggles: { CompleteRegistration: { browser: false, server: true } } };

/** What becomes of a body: the JSON that leaves, or why nothing does. */
function outcomeOf(topic: Topic, text: string): { json: string } | { reason: string } {
  const result = TOPICS[topic].read(parseJson(text), SHOP);
  if (!result.ok) return { reason: result.field };
  const { reading } = result;
  if (reading.kind !== "event") return { reason: "enriches_only" };
  const { event } = reading;
  const known = recognise(reading, event.time, SHOP.country);
  const end = endOnArrival(reading, SETTINGS);
  if (end !== null) return { reason: end.reason ?? "" };
  const time = timeOnArrival(event.time, DAY);
  if (time === "event_time_in_future") return { reason: time };
  if (isPastWindow({ actionSource: event.actionSource, eventTime: time.time }, DAY)) return { reason: "too_late" };
  const { name, id, actionSource, facts } = event;
  const prepared = prepare(
    { name, eventId: id, time: time.time, actionSource, facts, ...known, beacon: false },
    SHOP,
    GIVEN,
  );
  return prepared.ok ? { json: prepared.departure.json } : { reason: prepared.ending.reason ?? "" };
}

describe("hostile bodies", () => {
  it("never throw, and what leaves of them Meta takes", async () => {
    const meta = await startMeta({ now: () => DAY });
    onTestFinished(() => meta.close());
    const leaving = new Map<string, string>();
    const reasons = new Set<string>();
    let cases = 0;
    for (const [topic, body] of Object.entries(BODIES) as [Topic, Record<string, unknown>][]) {
      fc.assert(
        fc.property(mutationsOf(body), (text) => {
          cases += 1;
          const outcome = outcomeOf(topic, text);
          if ("json" in outcome) leaving.set(outcome.json, `${topic} ${text}`);
          else reasons.add(outcome.reason);
        }),
        { seed: SEED, numRuns: PER_TOPIC },
      );
    }

    expect(cases).toBeGreaterThanOrEqual(3_000);
    // The mutants did get through to both ends: hundreds of different events, and more than a few reasons.
    expect(leaving.size).toBeGreaterThan(200);
    expect(reasons.size).toBeGreaterThan(20);
    for (const reason of reasons)
      expect(reason in REASONS || /^[a-z_]+(\.[a-z_0-9]+)*$/.test(reason), reason).toBe(true);
    expect(await refused(meta, [...leaving.keys()])).toEqual([]);

    async function refused(standIn: MetaStandIn, events: string[]): Promise<unknown[]> {
      const found: unknown[] = [];
      for (let at = 0; at < events.length; at += 500) await post(standIn, events.slice(at, at + 500), found);
      return found;
    }

    /** Halves a refused batch until the events that are to blame stand alone. */
    async function post(standIn: MetaStandIn, events: string[], found: unknown[]): Promise<void> {
      const response = await fetch(`${standIn.origin}/v25.0/1234567890/events`, {
        method: "POST",
        headers: { "content-type": "application/json", authorization: "Bearer EAAtesttoken" },
        body: `{"data":[${events.join(",")}]}`,
      });
      const [only] = events;
      if (response.status === 200 || only === undefined) return;
      if (events.length === 1) {
        found.push({
          answer: await response.json(),
          event: JSON.parse(only),
          made_from: leaving.get(only)?.slice(0, 4_000),
        });
        return;
      }
      const half = Math.ceil(events.length / 2);
      await post(standIn, events.slice(0, half), found);
      await post(standIn, events.slice(half), found);
    }
  });
});
