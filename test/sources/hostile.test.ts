import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ConsentSignal } from "~/events/event";
import { REASONS } from "~/events/outcome";
import { CLICK_LIFE_MS } from "~/match-keys/click-age";
import { joinBrowser } from "~/match-keys/join-browser";
import { checkedBrowser } from "~/pipeline/browser-context.server";
import { recognise } from "~/pipeline/incoming.server";
import type { Findings } from "~/pipeline/made-events.server";
import { type Supposed, wouldSend } from "~/pipeline/would-send.server";
import { beaconSchema, readBeacon } from "~/sources/beacon";
import { parseJson } from "~/sources/json";
import { TOPICS, type Topic } from "~/sources/topics";
import { checkoutStarted } from "../fixtures/beacon";
import { type MetaStandIn, startMeta } from "../simulators/meta/server";
import { DAY } from "../support/clock";
import { BODIES } from "./bodies";
import { DRAWN_BODIES, drawnBeacon } from "./drawn-bodies";
import { type DrawnShop, drawnFindings, drawnShop, drawnSignal } from "./drawn-shops";
import { mutationsOf } from "./mutations";

const SEED = 20261120;
const SHOPS = fc.sample(drawnShop, { seed: SEED, numRuns: 400 });

/** By what makes events and what does not; together above 20,000. */
const MUTANTS = { events: 1_500, others: 250 };
const DRAWN = 1_000;
const BEACONS = 2_500;

const ALL_TOPICS = Object.keys(TOPICS) as Topic[];
const TOPICS_DRAWN = Object.keys(DRAWN_BODIES) as (keyof typeof DRAWN_BODIES)[];

/** A message, and those it comes to. */
interface Case {
  text: string;
  drawn: DrawnShop;
  signal: ConsentSignal | null;
  findings: Findings;
}

function casesOf(text: fc.Arbitrary<string>): fc.Arbitrary<Case> {
  return fc.record({ text, drawn: fc.constantFrom(...SHOPS), signal: drawnSignal, findings: drawnFindings });
}

const asText = (body: fc.Arbitrary<unknown>) => body.map((drawn) => JSON.stringify(drawn));

/** What is known of the buyer of whose order a refund speaks. */
const KEYS_OF_PURCHASE = keysOf("orders/create", JSON.stringify(BODIES["orders/create"]));

/** Every message there was, all reasons it ended by, and what left of it with what it was made of. */
const tally = { cases: 0, reasons: new Set<string>(), names: new Set<string>(), left: 0 };

let meta: MetaStandIn;
beforeAll(async () => {
  meta = await startMeta({ now: () => DAY });
});
afterAll(() => meta.close());

describe("whatever arrives, nothing throws, and Meta takes what leaves:", () => {
  it.each(ALL_TOPICS)("%s, harmed in one to four places", async (topic) => {
    const numRuns = topic in DRAWN_BODIES ? MUTANTS.events : MUTANTS.others;
    await survives(topic, casesOf(mutationsOf(BODIES[topic])), numRuns);
  });

  it.each(TOPICS_DRAWN)("%s, drawn field by field", async (topic) => {
    await survives(topic, casesOf(asText(DRAWN_BODIES[topic])), DRAWN);
  });

  it("beacons, harmed and drawn", async () => {
    const good = { ...fc.sample(drawnBeacon, { seed: SEED, numRuns: 1 })[0], id: "sh-0000-0001", ...checkoutStarted };
    const harmed = mutationsOf({ ...good, timestamp: new Date(DAY).toISOString() });
    await survives("beacon", casesOf(fc.oneof(harmed, asText(drawnBeacon))), BEACONS);
  });

  it("and that was no idle exercise: both ends were reached, in many ways", () => {
    expect(tally.cases).toBeGreaterThanOrEqual(20_000);
    expect(tally.left).toBeGreaterThan(4_000);
    expect([...tally.reasons].filter((reason) => reason in REASONS).length).toBeGreaterThan(18);
    for (const name of ["Purchase", "InitiateCheckout", "CompleteRegistration", "Refund", "Subscribe", "Renewal"]) {
      expect(tally.names).toContain(name);
    }
    for (const reason of tally.reasons) {
      expect(reason in REASONS || /^[a-z_]+(\.[A-Za-z_0-9]+)*$/.test(reason), reason).toBe(true);
    }
  });
});

async function survives(topic: Topic | "beacon", cases: fc.Arbitrary<Case>, numRuns: number): Promise<void> {
  const leaving = new Map<string, string>();
  fc.assert(
    fc.property(cases, (one) => {
      tally.cases += 1;
      const supposed = topic === "beacon" ? ofBeacon(one) : ofWebhook(topic, one);
      if (typeof supposed === "string") return void tally.reasons.add(supposed);
      const { settings, shop, addressees } = one.drawn;
      const { events, skipped } = wouldSend(supposed, addressees, settings, shop);
      for (const { reason } of skipped) tally.reasons.add(reason ?? "");
      for (const event of events) {
        isInOrder(event, one);
        leaving.set(event, `${topic} ${one.text}`);
      }
    }),
    { seed: SEED, numRuns },
  );
  tally.left += leaving.size;
  expect(await refused(leaving)).toEqual([]);
}

/** Or why nothing comes of it. */
function ofWebhook(topic: Topic, { text, drawn, signal, findings }: Case): Supposed | string {
  const { settings, shop } = drawn;
  const renewalApps = settings.matrix.renewalApps;
  const result = TOPICS[topic].read(parseJson(text), { country: shop.country, renewalApps });
  if (!result.ok) return result.field;
  const { reading } = result;
  if (reading.kind !== "event") return "enriches_only";
  const { keys, browser } = recognise(reading, reading.event.time, shop.country, DAY);
  const known = topic === "refunds/create" ? KEYS_OF_PURCHASE : keys;
  return { told: reading, topic, keys: known, browser, signal, findings, now: DAY };
}

/** As the pipeline hears a beacon; the signal is its own. */
function ofBeacon({ text, findings }: Case): Supposed | string {
  const parsed = beaconSchema.safeParse(parseJson(text));
  if (!parsed.success) return parsed.error.issues[0]?.path.join(".") || "body";
  const { event, browser, matchKeys } = readBeacon(parsed.data, {
    ip: "2001:db8::7",
    userAgent: "Mozilla/5.0",
    globalPrivacyControl: false,
  });
  if (event === null) return "enriches_only";
  const told = { event, skip: null, order: null, account: null };
  const fresh = joinBrowser(checkedBrowser(browser), [], DAY);
  return { told, topic: "beacon", keys: matchKeys, browser: fresh, signal: browser.consent, findings, now: DAY };
}

function keysOf(topic: Topic, text: string): Supposed["keys"] {
  const result = TOPICS[topic].read(parseJson(text), { country: null, renewalApps: [] });
  if (!result.ok || result.reading.kind !== "event") throw new Error(`${topic} makes no event`);
  return recognise(result.reading, DAY, null, DAY).keys;
}

interface Sent {
  event_name: string;
  user_data: { fbc?: string };
  event_source_url?: string;
  referrer_url?: string;
  custom_data?: Record<string, unknown>;
}

/** What the stand-in cannot see: it does not know what was said, nor what the merchant wished. */
function isInOrder(json: string, { text, drawn }: Case): void {
  const event: Sent = JSON.parse(json);
  tally.names.add(event.event_name);
  // NUL and lone surrogates stand in JSON as escapes.
  if (/\\u(?:0000|d[89a-f])/i.test(json)) throw new Error(`cannot be stored: ${json}`);
  const { value, currency, ...custom } = event.custom_data ?? {};
  if (value !== undefined && !/^\d+(\.\d+)?$/.test(JSON.stringify(value))) throw new Error(`no plain sum: ${json}`);
  if (currency !== undefined && !text.toUpperCase().includes(`"${currency}`)) {
    throw new Error(`a currency that nobody said: ${json}`);
  }
  const clickedAt = Number(event.user_data.fbc?.split(".")[2] ?? DAY);
  if (DAY - clickedAt > CLICK_LIFE_MS) throw new Error(`too old a click: ${json}`);
  if (drawn.addressees.every(({ policy }) => policy.restricted)) {
    for (const url of [event.event_source_url, event.referrer_url]) {
      if (url !== undefined && new URL(url).origin !== url) throw new Error(`a path of a restricted shop: ${json}`);
    }
    for (const words of ["content_name", "content_category", "search_string", "customer_segmentation"]) {
      if (words in custom) throw new Error(`words of a restricted shop: ${json}`);
    }
  }
}

const MOST = 500;

/** What Meta refuses, alone, with the message it was made of. */
async function refused(leaving: ReadonlyMap<string, string>): Promise<unknown[]> {
  const events = [...leaving.keys()];
  const found: unknown[] = [];
  for (let at = 0; at < events.length; at += MOST) await post(events.slice(at, at + MOST));
  return found;

  /** Halves a refused batch until the events that are to blame stand alone. */
  async function post(batch: string[]): Promise<void> {
    const response = await fetch(`${meta.origin}/v25.0/1234567890/events`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: "Bearer EAAtesttoken" },
      body: `{"data":[${batch.join(",")}]}`,
    });
    const answer: unknown = await response.json();
    const [only] = batch;
    if (response.status === 200 || only === undefined) return;
    if (batch.length === 1) {
      found.push({ answer, event: JSON.parse(only), made_from: leaving.get(only)?.slice(0, 4_000) });
      return;
    }
    const half = Math.ceil(batch.length / 2);
    await post(batch.slice(0, half));
    await post(batch.slice(half));
  }
}
