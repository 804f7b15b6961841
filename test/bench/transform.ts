import { joinBrowser } from "~/match-keys/join-browser";
import { recognise } from "~/pipeline/incoming.server";
import { prepare } from "~/pipeline/outgoing.server";
import { parseJson } from "~/sources/json";
import { TOPICS } from "~/sources/topics";
import { order } from "../fixtures/order";

export interface TransformResult {
  /** From the parsed body to the bytes that leave. */
  us_per_event: number;
  /** The same from the raw body. */
  us_per_event_from_body: number;
  events: number;
  keys_hashed: number;
}

const EVENTS = 20_000;
const ROUNDS = 5;
const SHOP = { country: "US", primaryDomain: "shop.example.com" };
const GIVEN = { analytics: true, marketing: true, preferences: true, saleOfData: true };

/** How long a web order takes from Shopify's words to Meta's, without store and network: the median of several rounds. */
export function benchTransform(): TransformResult {
  const text = JSON.stringify(order());
  const parsed = parseJson(text);
  transform(parsed, 2_000);
  return {
    us_per_event: medianOf(() => transform(parsed, EVENTS)),
    us_per_event_from_body: medianOf(() => {
      for (let n = 0; n < EVENTS; n += 1) transform(parseJson(text), 1);
    }),
    events: EVENTS,
    keys_hashed: keysHashed(parsed),
  };
}

function medianOf(round: () => void): number {
  const times = Array.from({ length: ROUNDS }, () => {
    const started = performance.now();
    round();
    return ((performance.now() - started) * 1_000) / EVENTS;
  });
  times.sort((a, b) => a - b);
  return Math.round((times[Math.floor(ROUNDS / 2)] ?? 0) * 10) / 10;
}

function transform(body: unknown, times: number): string {
  let json = "";
  for (let n = 0; n < times; n += 1) json = bytesOf(body);
  return json;
}

function bytesOf(body: unknown): string {
  const result = TOPICS["orders/create"].read(body, SHOP);
  if (!result.ok || result.reading.kind !== "event") throw new Error("the bench's order does not parse");
  const { event } = result.reading;
  const { keys, browser } = recognise(result.reading, event.time, SHOP.country);
  const prepared = prepare(
    {
      name: event.name,
      eventId: event.id,
      time: event.time,
      actionSource: event.actionSource,
      facts: event.facts,
      keys,
      browser: joinBrowser(browser, []),
      beacon: false,
    },
    SHOP,
    GIVEN,
  );
  if (!prepared.ok) throw new Error("the bench's order is not sent");
  return prepared.departure.json;
}

function keysHashed(body: unknown): number {
  const { user_data } = JSON.parse(bytesOf(body));
  return Object.values(user_data).filter((value) => Array.isArray(value)).length;
}
