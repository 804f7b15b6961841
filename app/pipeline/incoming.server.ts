import { needsSignal } from "../consent/decide";
import { type BrowserContext, type TandemEvent, unknownBrowser } from "../events/event";
import { type Ending, endingFor } from "../events/outcome";
import { collect } from "../match-keys/collect.server";
import { fbcFromUrl } from "../match-keys/normalise/click-id";
import type { MatchKeys } from "../match-keys/user-data";
import { holdOf } from "../outbox/hold";
import { isPastWindow, timeOnArrival } from "../outbox/window";
import { connectedDatasets, type Dataset, type Shop } from "../settings/registry.server";
import { isOn, type Settings } from "../settings/settings";
import type { BeaconReading } from "../sources/beacon";
import type { EnrichmentReading, EventReading, NoticeReading, Reading } from "../sources/reading";
import type { ContextWrite, IngestWrite, NewEvent } from "../store/rows";
import { beaconContexts, checkedBrowser, checkoutContexts, sealedBrowser } from "./browser-context.server";

/**
 * From a reading to what is written: who it was (hashed here, so that nothing raw is ever stored), what it waits for, and
 * one row per dataset.
 */

/** The message that brought it. */
export interface Arrival {
  /** A webhook topic, or `beacon`. */
  topic: string;
  webhookId: string | null;
  /** Epoch milliseconds. */
  receivedAt: number;
  triggeredAt: number | null;
}

/** An event with the person behind it hashed and the browser's words checked. */
export interface KnownEvent {
  event: TandemEvent;
  keys: MatchKeys;
  browser: BrowserContext;
}

/** Hashes the person and keeps of the browser only what Meta could use. */
export function recognise(
  { person, browser, landing }: Pick<EventReading, "person" | "browser" | "landing">,
  at: number,
  shopCountry: string | null,
): Pick<KnownEvent, "keys" | "browser"> {
  const checked = checkedBrowser(browser);
  return {
    keys: collect(person, shopCountry),
    browser: { ...checked, fbc: checked.fbc ?? fbcFromUrl(landing, at) },
  };
}

/** The rule that ends an event before it is even stored as waiting; null: it may go on. Time rules are separate. */
export function endOnArrival(reading: Pick<EventReading, "event" | "skip">, settings: Settings): Ending | null {
  if (reading.skip !== null) return endingFor(reading.skip);
  return isOn(settings, reading.event.name, "server") ? null : endingFor("event_off");
}

/** What a webhook writes; null: it says nothing that anybody keeps. */
export function writeOf(reading: Reading, shop: Shop, arrival: Arrival): IngestWrite | null {
  switch (reading.kind) {
    case "event":
      return eventWrite(reading, shop, arrival);
    case "enrichment":
      return enrichmentWrite(reading, shop, arrival);
    case "notice":
      return noticeWrite(reading, shop, arrival);
    case "off":
      return null;
  }
}

/** One row per dataset. */
function eventWrite(reading: EventReading, shop: Shop, arrival: Arrival): IngestWrite {
  const { keys, browser } = recognise(reading, reading.event.time, shop.country);
  const known = { event: reading.event, keys, browser };
  const end = endOnArrival(reading, shop.settings);
  return {
    ...nothing(),
    contexts: end === null ? contextsOf(known, known.event.checkoutToken, shop, arrival) : [],
    events: connectedDatasets(shop).map((dataset) => eventRow(known, end, dataset, shop, arrival)),
  };
}

/** Adds to the rows of an event, where there are any, and to what is known of its checkout. */
function enrichmentWrite(reading: EnrichmentReading, shop: Shop, arrival: Arrival): IngestWrite {
  const known = recognise(reading, arrival.receivedAt, shop.country);
  const { name, orderId, checkoutToken } = reading;
  return {
    ...nothing(),
    contexts: contextsOf(known, checkoutToken, shop, arrival),
    enrichments: [
      {
        shopId: shop.id,
        name,
        orderId,
        checkoutToken,
        matchKeys: JSON.stringify(known.keys),
        ...sealedBrowser(known.browser, shop),
      },
    ],
  };
}

/** Checkout webhooks speak of the checkout as a whole; an order's own row holds what it knows. */
function contextsOf(
  { keys, browser }: Pick<KnownEvent, "keys" | "browser">,
  checkoutToken: string | null,
  shop: Shop,
  { topic, receivedAt }: Arrival,
): ContextWrite[] {
  return topic.startsWith("checkouts/") ? checkoutContexts({ browser, keys, checkoutToken, receivedAt }, shop) : [];
}

function noticeWrite(reading: NoticeReading, shop: Shop, arrival: Arrival): IngestWrite {
  const { topic, webhookId, triggeredAt, receivedAt } = arrival;
  if (webhookId === null) throw new Error("a notice without a webhook id");
  // Whom it is about is kept as everything else knows them: hashed.
  const keys = collect(reading.person, shop.country);
  const body = shop.seal("Notice.body", JSON.stringify({ fields: reading.body, keys }));
  return { ...nothing(), notices: [{ shopId: shop.id, topic, webhookId, triggeredAt, receivedAt, body }] };
}

/** A body that does not parse: kept as rejected with the path of the field, never the body. */
export function unreadableWrite(eventName: string, field: string, shop: Shop, arrival: Arrival): IngestWrite {
  const events = connectedDatasets(shop).map(
    (dataset): NewEvent => ({
      ...emptyRow(shop, dataset, arrival),
      name: eventName,
      // Its own id cannot be trusted, and must not block a later copy that can be read.
      eventId: `unreadable.${arrival.webhookId}`,
      outcome: "rejected",
      reason: field,
      runAt: arrival.receivedAt,
    }),
  );
  return { ...nothing(), events };
}

/** What a beacon writes: what it tells of the browser, and the event that was born there. */
export function beaconWrite(reading: BeaconReading, shop: Shop, arrival: Arrival): IngestWrite {
  const { event, checkoutToken, copy } = reading;
  const { browser, keys } = toldByBeacon(reading);
  const { receivedAt } = arrival;
  const end = event === null ? null : endOnArrival({ event, skip: null }, shop.settings);
  return {
    ...nothing(),
    contexts: beaconContexts({ browser, keys, checkoutToken, receivedAt }, shop),
    events:
      event === null
        ? []
        : connectedDatasets(shop).map((dataset) => eventRow({ event, keys, browser }, end, dataset, shop, arrival)),
    browserCopies:
      copy === null || browser.consent?.marketing !== true
        ? []
        : datasetsOfPixel(shop).map(({ id }) => ({ ...copy, shopId: shop.id, datasetId: id, receivedAt })),
  };
}

/** The connected datasets that the pixel knows of: it sends to no other. */
function datasetsOfPixel(shop: Shop): Dataset[] {
  const { datasets } = shop.webPixel;
  return connectedDatasets(shop).filter(({ dataset }) => datasets?.includes(dataset) ?? true);
}

/** Of a shopper who refuses marketing nothing is kept but the refusal. */
function toldByBeacon({ browser, matchKeys }: BeaconReading): Pick<KnownEvent, "keys" | "browser"> {
  return browser.consent?.marketing === false
    ? { keys: {}, browser: { ...unknownBrowser(), consent: browser.consent } }
    : { keys: matchKeys, browser: checkedBrowser(browser) };
}

function eventRow(known: KnownEvent, end: Ending | null, dataset: Dataset, shop: Shop, arrival: Arrival): NewEvent {
  const { event, keys, browser } = known;
  const row: NewEvent = {
    ...emptyRow(shop, dataset, arrival),
    name: event.name,
    eventId: event.id,
    purchaseOrderId: event.name === "Purchase" ? event.facts.orderId : null,
    orderId: event.facts.orderId,
    checkoutToken: event.checkoutToken,
    actionSource: event.actionSource,
    eventTime: event.time,
    facts: JSON.stringify(event.facts),
  };
  const time = timeOnArrival(event.time, arrival.receivedAt);
  if (end !== null) return ended(row, end);
  if (time === "event_time_in_future") return ended(row, endingFor("event_time_in_future"));
  if (isPastWindow(row, arrival.receivedAt)) return ended(row, endingFor("too_late"));
  const hold = holdOf({
    name: event.name,
    topic: arrival.topic,
    actionSource: event.actionSource,
    checkoutToken: event.checkoutToken,
    browserKnown: browser.fbp !== null || browser.consent !== null,
    signalMissing: browser.consent === null && needsSignal(event.facts.country),
    holdSeconds: dataset.holdSeconds,
  });
  return {
    ...row,
    eventTime: time.time,
    runAt: Math.max(time.dueAt, arrival.receivedAt + (hold?.ms ?? 0)),
    hold: hold?.hold ?? null,
    matchKeys: JSON.stringify(keys),
    ...sealedBrowser(browser, shop),
    consenting: browser.consent?.marketing === true,
  };
}

/** Ended at receipt: nothing of the person is kept; the drain still counts it. */
function ended(row: NewEvent, { outcome, reason }: Ending): NewEvent {
  return { ...row, outcome, reason, runAt: row.receivedAt };
}

/** A row of which nothing is known but what brought it. */
export function emptyRow(shop: Shop, dataset: Dataset, { topic, webhookId, receivedAt }: Arrival): NewEvent {
  return {
    shopId: shop.id,
    datasetId: dataset.id,
    name: "",
    eventId: "",
    purchaseOrderId: null,
    orderId: null,
    checkoutToken: null,
    topic,
    webhookId,
    actionSource: "system_generated",
    eventTime: receivedAt,
    receivedAt,
    outcome: "waiting",
    reason: null,
    runAt: receivedAt,
    hold: null,
    facts: null,
    matchKeys: null,
    browser: null,
    consenting: false,
    fillBrowser: null,
  };
}

function nothing(): IngestWrite {
  return { contexts: [], events: [], enrichments: [], browserCopies: [], notices: [] };
}
