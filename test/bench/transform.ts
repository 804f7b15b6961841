import type { MetaEvent } from "~/delivery/payload";
import { joinBrowser } from "~/match-keys/join-browser";
import { recognise } from "~/pipeline/incoming.server";
import { prepare } from "~/pipeline/outgoing.server";
import { DEFAULT_POLICY } from "~/settings/dataset-policy";
import { DEFAULT_SETTINGS } from "~/settings/settings";
import { parseJson } from "~/sources/json";
import type { EventReading } from "~/sources/reading";
import { TOPICS } from "~/sources/topics";
import { serverEventOf } from "./business-sdk";
import { median, rounded } from "./medians";
import { orderOf } from "./orders";

/** Microseconds are medians of all turns; a ratio is the median of what it was in each turn. */
export interface TransformResult {
  /** From the event as it was read to the JSON text that leaves. */
  us_per_event: number;
  /** The same from the raw body. */
  us_per_event_from_body: number;
  /** Measured of each kind. */
  events: number;
  keys_hashed: number;
  /** facebook-nodejs-business-sdk: normalise and stringify, for the same customer. */
  sdk_us_per_event: number;
  json_parse_us: number;
  body_bytes: number;
  /** us_per_event / sdk_us_per_event. */
  ratio: number;
  /** us_per_event_from_body / (json_parse_us + sdk_us_per_event). */
  ratio_from_body: number;
}

/** More people than a cache of ours could remember in a round, were there one. */
const CUSTOMERS = 2_000;
const TURN = 100;
const ROUNDS = 20;
const WARM_UP = 5;
const SHOP = {
  country: "US",
  primaryDomain: "shop.example.com",
  currency: "USD",
  taxesIncluded: false,
  renewalApps: [],
};
const GIVEN = { analytics: true, marketing: true, preferences: true, saleOfData: true };

/** How long a web order takes from Shopify's words to Meta's, without store and network, beside Meta's own library. */
export function benchTransform(): TransformResult {
  // Through bytes, as a body arrives.
  const bodies = Array.from({ length: CUSTOMERS }, (_, n) => Buffer.from(JSON.stringify(orderOf(n))).toString());
  const readings = bodies.map((text) => readingOf(parseJson(text)));
  const sent = readings.map((reading): MetaEvent => JSON.parse(payloadOf(reading)));
  const serverEvents = readings.map((reading, n) => serverEventOf(reading, sent[n] ?? JSON.parse(payloadOf(reading))));

  const turns = [];
  for (let round = 0; round < WARM_UP + ROUNDS; round += 1) {
    // In small turns, so that whatever else the machine does meets all four alike.
    for (let from = 0; from < CUSTOMERS; from += TURN) {
      const turn = <Item>(items: readonly Item[], step: (item: Item) => unknown) =>
        perItem(items.slice(from, from + TURN), step);
      const measured = {
        event: turn(readings, payloadOf),
        sdk: turn(serverEvents, (event) => JSON.stringify(event.normalize())),
        fromBody: turn(bodies, (text) => payloadOf(readingOf(parseJson(text)))),
        parse: turn(bodies, (text) => JSON.parse(text)),
      };
      if (round >= WARM_UP) turns.push(measured);
    }
  }

  return {
    us_per_event: rounded(median(turns.map(({ event }) => event)), 1),
    us_per_event_from_body: rounded(median(turns.map(({ fromBody }) => fromBody)), 1),
    events: CUSTOMERS * ROUNDS,
    keys_hashed: Math.min(...sent.map(keysHashed)),
    sdk_us_per_event: rounded(median(turns.map(({ sdk }) => sdk)), 1),
    json_parse_us: rounded(median(turns.map(({ parse }) => parse)), 1),
    body_bytes: Math.round(median(bodies.map((text) => Buffer.byteLength(text)))),
    ratio: rounded(median(turns.map(({ event, sdk }) => event / sdk)), 2),
    ratio_from_body: rounded(median(turns.map(({ fromBody, parse, sdk }) => fromBody / (parse + sdk))), 2),
  };
}

/** Microseconds that one takes. */
function perItem<Item>(items: readonly Item[], step: (item: Item) => unknown): number {
  const started = performance.now();
  for (const item of items) step(item);
  return ((performance.now() - started) * 1_000) / items.length;
}

function readingOf(body: unknown): EventReading {
  const result = TOPICS["orders/create"].read(body, SHOP);
  if (!result.ok || result.reading.kind !== "event") throw new Error("the bench's order does not parse");
  return result.reading;
}

function payloadOf(reading: EventReading): string {
  const { event } = reading;
  const { keys, browser } = recognise(reading, event.time, SHOP.country, event.time);
  const prepared = prepare(
    {
      name: event.name,
      base: event.name,
      eventId: event.id,
      time: event.time,
      actionSource: event.actionSource,
      facts: event.facts,
      keys,
      browser: joinBrowser(browser, [], event.time),
      beacon: false,
      firstOrder: null,
      decidedAt: event.time,
    },
    SHOP,
    { dataset: DEFAULT_POLICY, consent: DEFAULT_SETTINGS.consent },
    GIVEN,
  );
  if (!prepared.ok) throw new Error("the bench's order is not sent");
  return prepared.departure.json;
}

function keysHashed({ user_data }: MetaEvent): number {
  return Object.values(user_data).filter((value) => Array.isArray(value)).length;
}
